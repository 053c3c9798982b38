"""Accuracy of proposed chapters: how close their borders are to known changes of topic.

    python bench/borders.py FOLDER... [--episodes 30] [--parts 8] [--seed 1...] [--floor] [--half tune|held]
        [--sentences] [--index DIR]

If the transcripts in a folder have chapters by people (from a feed, podcast.toml or headings), these are the ground
truth. Otherwise, episodes are concatenated from passages of 3 to 8 minutes of different transcripts, and the seams are
the ground truth: this is easier than real chapters, since speakers and recordings change as well, so only the order of
the methods is meaningful. With --floor, the ground truth is where another speaker, as labelled by people, takes the
floor for a minute and a half: real data, but a debate may stay on topic, and a speech may change it. No method sees
the speakers then.

Chapters that are headings between paragraphs would be given away by where a paragraph begins: with --sentences, the
paragraphs are cut into cues of a sentence, at times in proportion to their length. --half keeps half of the episodes,
by a digest of their ids: tune on the first. --index keeps the index (of chapters or floors) in DIR, or takes it from
there; if it has vectors (podseek index --meaning), podseek is also measured with them.

Each method proposes as many boundaries as there are. A boundary is correct within 30 s; P_k is how often two points
half a section apart are wrongly classified as being in the same section or not (Beeferman, Berger and Lafferty, 1999;
lower is better). The baselines are TextTiling (texttiling.py), with default and with the best parameters on seed 1,
and equal spacing.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from itertools import chain, groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import srt

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from texttiling import TextTiling

import indexer
import search
from indexer.core.types import Cue
from indexer.discovery.walk import find_transcripts
from indexer.readers import read_bytes
from search.analysis.chapter_detection import find_borders
from search.analysis.words import Words

if TYPE_CHECKING:
    from search.retrieval.meaning.space import Space

NEAR = 30.0
FLOOR, INTERJECTION = 90.0, 15.0

Method = Callable[[Words, int, int], list[float]]


def by_podseek(words: Words, episode: int, most: int, space: Space | None = None) -> list[float]:
    return [border.start for border in find_borders(words, episode, most, space)]


def equally(words: Words, episode: int, most: int) -> list[float]:
    length = words.snapshot.episode(episode).duration
    return [length * (number + 1) / (most + 1) for number in range(most)]


METHODS: dict[str, Method] = {
    "podseek": by_podseek,
    "TextTiling": TextTiling(),
    "TextTiling, tuned": TextTiling(sentence=10, block=10, around=2, content=True),
    "equal spacing": equally,
}


def put_together(
    files: Sequence[Path], folder: Path, episodes: int, parts: int, chance: random.Random
) -> Iterator[list[float]]:
    """Writes episodes of `parts` stretches each, and yields the seams of each, in seconds."""
    transcripts = [cues for path in files if len(cues := read_bytes(str(path), path.read_bytes()).cues) > 200]
    if len(transcripts) < parts:
        sys.exit(f"no chapters, and {len(transcripts)} transcripts of more than 200 cues: episodes need {parts}")
    for number in range(episodes):
        lines: list[Cue] = []
        seams: list[float] = []
        at = 0.0
        for cues in chance.sample(transcripts, parts):
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


def floors(cues: Sequence[Cue]) -> list[float]:
    """Where somebody else begins to speak for long; what others say for a moment in between does not end it."""
    turns: list[tuple[str, float, float]] = []
    for speaker, said in groupby(cues, lambda cue: cue.speaker):
        spoken = list(said)
        begin, end = spoken[0].start, spoken[-1].end
        if not speaker or end - begin < INTERJECTION:
            continue
        if turns and turns[-1][0] == speaker:
            begin = turns.pop()[1]
        turns.append((speaker, begin, end))
    long = [(speaker, begin) for speaker, begin, end in turns if end - begin >= FLOOR]
    return [begin for (before, _), (speaker, begin) in pairwise(long) if speaker != before]


def p_k(truth: Sequence[float], proposed: Sequence[float], length: float) -> float:
    """How often two points half a section apart are wrongly classified (same section or not), of all such pairs a
    second apart."""
    apart = length / (len(truth) + 1) / 2
    places = range(max(1, int(length - apart)))
    return sum(_parted(truth, at, at + apart) != _parted(proposed, at, at + apart) for at in places) / len(places)


def _parted(borders: Sequence[float], begin: float, end: float) -> bool:
    """Whether a border lies between two places; borders are in order."""
    return bisect_left(borders, begin) < bisect_left(borders, end)


@dataclass(frozen=True, slots=True)
class Truth:
    """An index, and the borders of its episodes by id, of one kind."""

    kind: str
    index: Path
    borders: Mapping[str, Sequence[float]]


def of_people(folder: Path, work: Path, by_floor: bool, kept: Path | None, by_sentences: bool) -> Truth:
    """Chapters that the transcripts have, or where somebody takes the floor in them; the index is kept in `kept`."""
    if by_sentences:
        made, chapters = in_sentences(folder, work)
        index = _indexed(made, kept or work / "sentences-index")
        with search.open_library(index) as library:
            return Truth("chapters by people", index, {e.id: chapters[Path(e.path).name] for e in library.episodes()})
    if by_floor:
        made, taken = without_speakers(folder, work)
        index = _indexed(made, kept or work / "floors-index")
        with search.open_library(index) as library:
            return Truth("floors taken", index, {e.id: taken[Path(e.path).name] for e in library.episodes()})
    index = _indexed(folder, kept or work / "index")
    with search.open_library(index) as library:
        chapters = {e.id: sorted(c.start for c in e.facts.chapters if c.start > 0) for e in library.episodes()}
        return Truth("chapters by people", index, chapters)


def _indexed(folder: Path, index: Path) -> Path:
    if not index.exists():
        indexer.index_paths([folder], index)
    return index


def in_sentences(folder: Path, work: Path) -> tuple[Path, dict[str, list[float]]]:
    """Writes the transcripts that have chapters with a sentence a cue; returns the folder, and for each file where its
    chapters begin."""
    made, chapters = work / "sentences", {}
    made.mkdir()
    with search.open_library(_indexed(folder, work / "paragraphs")) as library:
        for episode in library.episodes():
            if starts := sorted(chapter.start for chapter in episode.facts.chapters if chapter.start > 0):
                path = Path(episode.path)
                name = f"{episode.id.replace('/', '--')}.vtt"
                cues = chain.from_iterable(map(_sentences, read_bytes(str(path), path.read_bytes()).cues))
                (made / name).write_text("\n\n".join(("WEBVTT", *cues)), "utf-8")
                chapters[name] = starts
    return made, chapters


def without_speakers(folder: Path, work: Path) -> tuple[Path, dict[str, list[float]]]:
    """Writes the transcripts in which somebody takes the floor without the names of speakers; returns the folder, and
    for each file where that is."""
    made, taken = work / "floors", {}
    made.mkdir()
    for number, path in enumerate(find_transcripts([folder], [])):
        cues = read_bytes(str(path), path.read_bytes()).cues
        if borders := floors(cues):
            name = f"{number:04} {path.stem}.srt"
            lines = (srt.Subtitle(n, *_span(cue), cue.text) for n, cue in enumerate(cues, 1))
            (made / name).write_text(srt.compose(lines), "utf-8")
            taken[name] = borders
    return made, taken


def _sentences(cue: Cue) -> Iterator[str]:
    """The sentences of a cue in WebVTT."""
    parts = [part for part in re.split(r"(?<=[.?!。？！])\s*|\n+", cue.text) if part.strip()]
    whole, at = sum(map(len, parts)), cue.start
    for part in parts:
        end = at + (cue.end - cue.start) * len(part) / whole
        times = (f"{second // 3600:02.0f}:{second // 60 % 60:02.0f}:{second % 60:06.3f}" for second in (at, end))
        yield f"{' --> '.join(times)}\n<v {cue.speaker or '-'}>{part}"
        at = end


def of_seams(folder: Path, work: Path, episodes: int, parts: int, seed: int) -> Truth:
    """Episodes put together."""
    files = find_transcripts([folder], [])
    made = work / f"made{seed}"
    made.mkdir()
    seams = list(put_together(files, made, episodes, parts, random.Random(seed)))
    index = work / f"seams{seed}"
    indexer.index_paths([made], index)
    borders = {f"{made.name}/{number:04}": borders for number, borders in enumerate(seams)}
    return Truth(f"seams, seed {seed}", index, borders)


def measure(truth: Truth) -> Iterator[tuple[str, float, float]]:
    """Of each method the share of borders that it finds, and its P_k, averaged over the episodes."""
    known = {id_: borders for id_, borders in truth.borders.items() if borders}
    with search.open_library(truth.index) as library:
        words, space = library.explore.words, library.explore.space
        numbers = {words.snapshot.episode(number).id: number for number in words.snapshot.episodes()}
        with_vectors = {"podseek, vectors": partial(by_podseek, space=space)} if space is not None else {}
        for title, method in {**with_vectors, **METHODS}.items():
            proposed = {id_: sorted(method(words, numbers[id_], len(borders))) for id_, borders in known.items()}
            right = sum(found(borders, proposed[id_]) for id_, borders in known.items())
            lengths = {id_: words.snapshot.episode(numbers[id_]).duration for id_ in known}
            wrong = sum(p_k(borders, proposed[id_], lengths[id_]) for id_, borders in known.items())
            yield title, right / sum(map(len, known.values())), wrong / len(known)


def _half(borders: Mapping[str, Sequence[float]], half: str | None) -> Mapping[str, Sequence[float]]:
    """The borders of half of the episodes, or of all."""
    wanted = {"tune": 0, "held": 1}.get(half or "")
    return {id_: some for id_, some in borders.items() if wanted is None or crc32(id_.encode()) % 2 == wanted}


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
    options = parser.parse_args()
    for folder in options.folders:
        with tempfile.TemporaryDirectory() as name:
            truths = [of_people(folder, Path(name), options.floor, options.index, options.sentences)]
            if not any(truths[0].borders.values()):
                truths = [of_seams(folder, Path(name), options.episodes, options.parts, seed) for seed in options.seed]
            for whole in truths:
                truth = replace(whole, borders=_half(whole.borders, options.half))
                count = sum(map(len, truth.borders.values()))
                print(f"{folder.name}, {truth.kind}: {count:,} borders; within {NEAR:.0f} s, P_k")
                for title, right, wrong in measure(truth):
                    print(f"  {title:<18} {right:.3f}  {wrong:.3f}")


if __name__ == "__main__":
    main()
