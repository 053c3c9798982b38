"""How well proposed chapters find where a new topic begins.

    python bench/borders.py FOLDER [--episodes 30] [--parts 8]

Where the transcripts in FOLDER have chapters by people (a feed, podcast.toml, headings), these are the truth. Else
episodes are put together of stretches of 3 to 8 minutes out of different transcripts, and their seams are the truth:
easier than real chapters, for speakers and recordings change as well, so only the order of the methods means much.
Each method proposes as many borders as there are; right is what lies within 30 s. Beside podseek stand equal spacing
and plain TextTiling (Hearst 1997: 20 words a sentence, 10 sentences a block, all words, smoothed once).
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import srt

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import indexer
import search
from indexer.discover import find_transcripts
from indexer.readers import read_bytes
from indexer.values import Cue
from search.explore.borders import _cosine, _depths, find_borders
from search.explore.words import Words

NEAR = 30.0
SENTENCE, BLOCK = 20, 10

Method = Callable[[Words, int, int], list[float]]


def by_podseek(words: Words, episode: int, most: int) -> list[float]:
    return [border.start for border in find_borders(words, episode, most)]


def equally(words: Words, episode: int, most: int) -> list[float]:
    length = words.postings.episode(episode).duration
    return [length * (number + 1) / (most + 1) for number in range(most)]


def by_texttiling(words: Words, episode: int, most: int) -> list[float]:
    """The deepest valleys of lexical cohesion between blocks of pseudo-sentences."""
    said, starts, times = words[episode], words.starts(episode), words.postings.times(episode)
    bags = [Counter(said[at : at + SENTENCE]) for at in range(0, len(said), SENTENCE)]
    alike = []
    for gap in range(len(bags)):
        before, after = Counter[int](), Counter[int]()
        for bag in bags[max(0, gap - BLOCK) : gap]:
            before.update(bag)
        for bag in bags[gap : gap + BLOCK]:
            after.update(bag)
        alike.append(_cosine(before, after))
    smooth = [sum(alike[max(0, n - 1) : n + 2]) / len(alike[max(0, n - 1) : n + 2]) for n in range(len(alike))]
    depths = _depths(smooth)
    kept: list[float] = []
    for gap in sorted(range(1, len(bags)), key=lambda gap: -depths[gap]):
        second = times.at(starts[gap * SENTENCE]) / 1000
        if len(kept) < most and all(abs(second - other) >= 90 for other in kept):
            kept.append(second)
    return sorted(kept)


METHODS: dict[str, Method] = {"podseek": by_podseek, "TextTiling": by_texttiling, "equal spacing": equally}


def put_together(
    files: Sequence[Path], folder: Path, episodes: int, parts: int, chance: random.Random
) -> Iterator[list[float]]:
    """Writes episodes of `parts` stretches each, and yields the seams of each, in seconds."""
    transcripts = [cues for path in files if len(cues := read_bytes(str(path), path.read_bytes()).cues) > 200]
    if not transcripts:
        sys.exit("no transcript of more than 200 cues")
    for number in range(episodes):
        lines: list[Cue] = []
        seams: list[float] = []
        at = 0.0
        for cues in chance.sample(transcripts, min(parts, len(transcripts))):
            first = chance.randrange(len(cues) // 2)
            until = cues[first].start + chance.uniform(180, 480)
            stretch = [cue for cue in cues[first:] if cues[first].start <= cue.start < until]
            seams.append(at)
            lines += [_moved(cue, at - cues[first].start) for cue in stretch]
            at = lines[-1].end
        subtitles = (srt.Subtitle(n, *_span(cue), cue.text) for n, cue in enumerate(lines, 1))
        (folder / f"{number:04}.srt").write_text(srt.compose(subtitles), "utf-8")
        yield seams[1:]


def _moved(cue: Cue, by: float) -> Cue:
    return cue._replace(start=cue.start + by, end=cue.end + by)


def _span(cue: Cue) -> tuple[timedelta, timedelta]:
    return timedelta(seconds=cue.start), timedelta(seconds=max(cue.start, cue.end))


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--episodes", type=int, default=30)
    parser.add_argument("--parts", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        made = Path(name, "made")
        made.mkdir()
        files = find_transcripts([options.folder], [])
        indexer.index_paths([options.folder], Path(name, "index"))
        with search.open_library(Path(name, "index")) as library:
            truths = {e.id: [c.start for c in e.facts.chapters if c.start > 0] for e in library.episodes()}
        kind = "chapters by people"
        if not any(truths.values()):
            kind = "seams of episodes put together"
            if len(files) < options.parts:
                sys.exit(f"{options.folder}: no chapters, and too few transcripts to put episodes together of")
            seams = list(put_together(files, made, options.episodes, options.parts, random.Random(options.seed)))
            indexer.index_paths([made], Path(name, "seams"))
            truths = {f"made/{number:04}": borders for number, borders in enumerate(seams)}
        with search.open_library(Path(name, "index" if kind.startswith("chapters") else "seams")) as library:
            words = library.explore.words
            numbers = {words.postings.episode(number).id: number for number in words.postings.episodes()}
            print(f"{sum(map(len, truths.values())):,} borders ({kind}); within {NEAR:.0f} s:")
            for title, method in METHODS.items():
                right = sum(found(t, method(words, numbers[id_], len(t))) for id_, t in truths.items() if t)
                print(f"  {title:<14} {right / max(1, sum(map(len, truths.values()))):.3f}")


if __name__ == "__main__":
    main()
