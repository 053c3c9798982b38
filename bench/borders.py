"""Accuracy of proposed chapters: how close their borders are to known changes of topic.

    python bench/borders.py FOLDER... [--half tune|held] [--sentences] [--floor] [--index DIR] [--meaning]
        [--episodes 30] [--parts 8] [--seed 1...]

FOLDER has transcripts. If they have chapters by people (NAME.chapters.json beside NAME.srt, a feed, podcast.toml, or
headings between paragraphs), these are the ground truth. Otherwise, episodes are concatenated from passages of 3 to 8
minutes of different transcripts, and the seams are the ground truth: this is easier than real chapters, since speakers
and recordings change as well, so only the order of the methods is meaningful. With --floor, the ground truth is where
another speaker, as labelled by people, takes the floor for a minute and a half: real data, but a debate may stay on
topic, and a speech may change it. No method sees the speakers then.

Chapters that are headings between paragraphs would be given away by where a paragraph begins: with --sentences, the
paragraphs are cut into cues of a sentence, at times in proportion to their length. --half keeps half of the shows
(folders), or half of the episodes of a single show: tune on the first. --index keeps the index in DIR, or takes it from
there; --meaning makes the vectors that it lacks. With vectors, podseek is also measured with them.

Each method proposes as many borders as there are; "own number" those that `podseek chapters` shows. A border is correct
within 30 s; "by episode" each episode counts as much as another, or long ones with many chapters would decide; P_k is
how often two points half a section apart are wrongly classified as being in the same section or not (Beeferman, Berger
and Lafferty, 1999; lower is better). The baselines are TextTiling (texttiling.py), with default and with the best
parameters on seed 1, and equal spacing.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from shared.border_truth import Truth, of_chapters, of_floors, of_seams
from shared.texttiling import TextTiling

import search
from search.exploration.chapters.chapter_detection import find_borders
from search.exploration.counting.words import Words

if TYPE_CHECKING:
    from search.retrieval.meaning.space import Space

NEAR = 30.0

Method: TypeAlias = Callable[[Words, int, int], list[float]]


def by_podseek(words: Words, episode: int, most: int | None, space: Space | None = None) -> list[float]:
    return [border.start for border in find_borders(words, episode, most, space)]


def of_its_own_number(words: Words, episode: int, _: int, space: Space | None = None) -> list[float]:
    return by_podseek(words, episode, None, space)


def equally(words: Words, episode: int, most: int) -> list[float]:
    length = words.snapshot.episode(episode).duration
    return [length * (number + 1) / (most + 1) for number in range(most)]


METHODS: dict[str, Method] = {
    "podseek": by_podseek,
    "podseek, own number": of_its_own_number,
    "TextTiling": TextTiling(),
    "TextTiling, tuned": TextTiling(sentence=10, block=10, around=2, content=True),
    "equal spacing": equally,
}


def found(truth: Sequence[float], proposed: Sequence[float]) -> int:
    """How many true borders have a proposed one within 30 s, each of which counts once."""
    left = sorted(proposed)
    right = 0
    for border in sorted(truth):
        at = bisect_left(left, border - NEAR)
        if at < len(left) and left[at] <= border + NEAR:
            del left[at]
            right += 1
    return right


def p_k(truth: Sequence[float], proposed: Sequence[float], length: float) -> float:
    """How often two points half a section apart are wrongly classified (same section or not), of all such pairs a
    second apart."""
    apart = length / (len(truth) + 1) / 2
    places = range(max(1, int(length - apart)))
    return sum(_parted(truth, at, at + apart) != _parted(proposed, at, at + apart) for at in places) / len(places)


def _parted(borders: Sequence[float], begin: float, end: float) -> bool:
    """Whether a border lies between two places; borders are in order."""
    return bisect_left(borders, begin) < bisect_left(borders, end)


def measure(truth: Truth) -> Iterator[tuple[str, float, float, float, int]]:
    """Of each method the share of borders that it finds, of all and averaged over the episodes, its P_k, averaged over
    them, too, and how many borders it proposes."""
    known = truth.borders
    with search.open_library(truth.index) as library:
        words, space = library.explore.words, library.explore.space
        numbers = {words.snapshot.episode(number).id: number for number in words.snapshot.episodes()}
        lengths = {id_: words.snapshot.episode(numbers[id_]).duration for id_ in known}
        methods = dict(METHODS)
        if space is not None:
            methods["podseek, vectors"] = partial(by_podseek, space=space)
            methods["vectors, own number"] = partial(of_its_own_number, space=space)
        for title, method in methods.items():
            proposed = {id_: sorted(method(words, numbers[id_], len(borders))) for id_, borders in known.items()}
            right = {id_: found(borders, proposed[id_]) for id_, borders in known.items()}
            shares = sum(right[id_] / len(borders) for id_, borders in known.items())
            wrong = sum(p_k(borders, proposed[id_], lengths[id_]) for id_, borders in known.items())
            total = sum(map(len, known.values()))
            averages = sum(right.values()) / total, shares / len(known), wrong / len(known)
            yield title, *averages, sum(map(len, proposed.values()))


def truths_of(folder: Path, options: argparse.Namespace, work: Path) -> list[Truth]:
    """What is known of a folder. Ends the program if --floor or --sentences finds nothing to know."""
    index = options.index or work / "index"
    if options.floor:
        truth = of_floors(folder, index, work)
        return [truth] if truth.borders else sys.exit(f"{folder}: nobody who is named takes the floor")
    truth = of_chapters(folder, index, options.sentences, work)
    if truth.borders:
        return [truth]
    if options.sentences or options.index:
        sys.exit(f"{folder}: no chapters: leave out --sentences and --index to measure seams")
    return [of_seams(folder, work, options.episodes, options.parts, seed) for seed in options.seed]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--episodes", type=int, default=30)
    parser.add_argument("--parts", type=int, default=8)
    parser.add_argument("--seed", type=int, nargs="+", default=[1])
    parser.add_argument("--floor", action="store_true")
    parser.add_argument("--sentences", action="store_true")
    parser.add_argument("--half", choices=("tune", "held"))
    parser.add_argument("--index", type=Path)
    parser.add_argument("--meaning", action="store_true")
    options = parser.parse_args()
    if options.index and len(options.folders) > 1:
        parser.error("--index keeps the index of one folder")
    if missing := [str(folder) for folder in options.folders if not folder.is_dir()]:
        parser.error(f"no folder: {', '.join(missing)}")
    for folder in options.folders:
        with tempfile.TemporaryDirectory(prefix="podseek-bench-") as name:
            for whole in truths_of(folder, options, Path(name)):
                if options.meaning:
                    with search.open_library(whole.index) as library:
                        library.add_meaning()
                truth = whole.half(options.half)
                shows = len({truth.shows[id_] for id_ in truth.borders})
                count = sum(map(len, truth.borders.values()))
                print(f"{folder.name}, {truth.kind}: {count:,} borders, {len(truth.borders)} episodes, {shows} shows")
                print(f"  {'':<20} within {NEAR:.0f} s  by episode   P_k  proposed")
                for title, right, by_episode, wrong, proposed in measure(truth):
                    print(
                        f"  {title:<20}    {right:.3f}       {by_episode:.3f}   {wrong:.3f}  {proposed:8,}", flush=True
                    )


if __name__ == "__main__":
    main()
