"""Where topics really change, for `borders.py`: chapters by people, floors that speakers take, and seams.

Each source of truth takes or writes transcripts in which nothing gives the borders away, indexes them, and tells the
borders of each episode. Transcripts that are written lie in a folder for each show, so that halves can be of shows.
"""

from __future__ import annotations

import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain, groupby, pairwise
from pathlib import Path
from zlib import crc32

import srt

import indexer
import search
from indexer.core.types import Cue
from indexer.discovery.walk import find_transcripts
from indexer.readers import read_bytes

FLOOR, INTERJECTION = 90.0, 15.0
"""Seconds that somebody has the floor, and those that others may speak meanwhile."""
LEAST_CUES = 200
"""Cues of a transcript that passages are taken from."""


@dataclass(frozen=True, slots=True)
class Truth:
    """An index, and of its episodes by id the borders in seconds and the show."""

    kind: str
    index: Path
    borders: Mapping[str, Sequence[float]]
    shows: Mapping[str, str]

    def half(self, half: str | None) -> Truth:
        """Half of the shows, by the number of their borders; of one show half of the episodes, by a digest of their
        ids. All if `half` is None, else "tune" or "held"."""
        if half is None:
            return self
        sizes: defaultdict[str, int] = defaultdict(int)
        for id_, borders in self.borders.items():
            sizes[self.shows[id_]] += len(borders)
        if len(sizes) == 1:
            kept = {id_ for id_ in self.borders if crc32(id_.encode()) % 2 == (half == "held")}
        else:
            halves: dict[str, list[str]] = {"held": [], "tune": []}
            for show in sorted(sizes, key=lambda show: (-sizes[show], show)):
                lesser = min(halves, key=lambda name: sum(sizes[one] for one in halves[name]))
                halves[lesser].append(show)
            kept = {id_ for id_ in self.borders if self.shows[id_] in halves[half]}
        return replace(self, borders={id_: borders for id_, borders in self.borders.items() if id_ in kept})


def of_chapters(folder: Path, index: Path, by_sentences: bool, work: Path) -> Truth:
    """The chapters that the transcripts have, from chapter files, feeds or headings."""
    if not by_sentences:
        return _read(index, folder)
    made, borders = work / "sentences", {}
    with search.open_library(_indexed(folder, work / "paragraphs")) as library:
        for episode in library.episodes():
            if starts := sorted(one.start for one in episode.facts.chapters if one.start > 0):
                path = Path(episode.path)
                cues = chain.from_iterable(map(_sentences, read_bytes(str(path), path.read_bytes()).cues))
                written = made / (episode.facts.show or path.parent.name).replace("/", "-") / f"{path.stem}.vtt"
                _write(written, "\n\n".join(("WEBVTT", *cues)))
                borders[_key(written)] = starts
    return _known("chapters by people", made, index, borders)


def of_floors(folder: Path, index: Path, work: Path) -> Truth:
    """Where somebody takes the floor in transcripts that name speakers, which are then indexed without the names."""
    made, borders = work / "floors", {}
    for path in map(Path, find_transcripts([folder], [])):
        cues = read_bytes(str(path), path.read_bytes()).cues
        if taken := floors(cues):
            written = made / path.parent.name / f"{path.stem.strip()}.srt"
            _write(written, srt.compose(srt.Subtitle(n, *_span(cue), cue.text) for n, cue in enumerate(cues, 1)))
            borders[_key(written)] = taken
    return _known("floors taken", made, index, borders)


def of_seams(folder: Path, work: Path, episodes: int, parts: int, seed: int) -> Truth:
    """The seams of episodes that are put together from passages of `parts` transcripts each."""
    files = [Path(path) for path in find_transcripts([folder], [])]
    made = work / f"made{seed}"
    borders = {}
    for number, seams in enumerate(put_together(files, made, episodes, parts, random.Random(seed))):
        borders[f"{made.name}/{number:04}"] = seams
    return _known(f"seams, seed {seed}", made, work / f"seams{seed}", borders)


def put_together(
    files: Sequence[Path], folder: Path, episodes: int, parts: int, chance: random.Random
) -> Iterator[list[float]]:
    """Writes episodes of `parts` passages each, and yields the seams of each, in seconds."""
    transcripts = [cues for path in files if len(cues := read_bytes(str(path), path.read_bytes()).cues) > LEAST_CUES]
    if len(transcripts) < parts:
        sys.exit(f"no chapters, and {len(transcripts)} transcripts of more than 200 cues: episodes need {parts}")
    for number in range(episodes):
        lines: list[Cue] = []
        seams: list[float] = []
        at = 0.0
        for cues in chance.sample(transcripts, parts):
            first = chance.randrange(len(cues) // 2)
            until = cues[first].start + chance.uniform(180, 480)
            passage = [cue for cue in cues[first:] if cues[first].start <= cue.start < until]
            seams.append(at)
            lines += [_moved(cue, at - cues[first].start) for cue in passage]
            at = lines[-1].end
        subtitles = (srt.Subtitle(n, *_span(cue), cue.text) for n, cue in enumerate(lines, 1))
        _write(folder / f"{number:04}.srt", srt.compose(subtitles))
        yield seams[1:]


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


def _known(kind: str, made: Path, index: Path, borders: Mapping[str, Sequence[float]]) -> Truth:
    """The truth about transcripts that were made, by the names of their files."""
    if not borders:
        return Truth(kind, index, {}, {})
    with search.open_library(_indexed(made, index)) as library:
        episodes = [one for one in library.episodes() if _key(Path(one.path)) in borders]
    shows = {one.id: Path(one.path).parent.name for one in episodes}
    return Truth(kind, index, {one.id: borders[_key(Path(one.path))] for one in episodes}, shows)


def _read(index: Path, folder: Path) -> Truth:
    """The chapters that are in an index."""
    with search.open_library(_indexed(folder, index)) as library:
        episodes = library.episodes()
    chapters = {one.id: sorted(c.start for c in one.facts.chapters if c.start > 0) for one in episodes}
    shows = {one.id: one.facts.show or Path(one.path).parent.name for one in episodes}
    return Truth("chapters by people", index, {id_: starts for id_, starts in chapters.items() if starts}, shows)


def _key(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def _indexed(folder: Path, index: Path) -> Path:
    if not index.exists():
        indexer.index_paths([folder], index)
    return index


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _moved(cue: Cue, by: float) -> Cue:
    return cue._replace(start=cue.start + by, end=cue.end + by)


def _span(cue: Cue) -> tuple[timedelta, timedelta]:
    return timedelta(seconds=cue.start), timedelta(seconds=max(cue.start, cue.end))


def _sentences(cue: Cue) -> Iterator[str]:
    """The sentences of a cue in WebVTT."""
    parts = [part for part in re.split(r"(?<=[.?!。？！])\s*|\n+", cue.text) if part.strip()]
    whole, at = sum(map(len, parts)), cue.start
    for part in parts:
        end = at + (cue.end - cue.start) * len(part) / whole
        times = (f"{second // 3600:02.0f}:{second // 60 % 60:02.0f}:{second % 60:06.3f}" for second in (at, end))
        yield f"{' --> '.join(times)}\n<v {cue.speaker or '-'}>{part}"
        at = end
