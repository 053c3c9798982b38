"""Ranking measured on recordings that were transcribed twice.

    python bench/transcribed_twice.py INDEXED OTHER [--distractors FOLDER ...] [--noise 10]

INDEXED and OTHER hold .srt files of the same names: two transcripts of the same recordings, say a raw
and a corrected one. Queries are drawn from OTHER and searched in INDEXED (and the distractors):
keywords are three of the ten rarest words within 18 s; sentences are runs of twelve atoms, anywhere. A
hit counts when it starts within 20 s before and 10 s after the place the query was drawn from. Each kind is
searched with tolerance and without. --noise replaces so many of 100 characters of all that is indexed by
homophones (bench/shared/noise.py).
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from shared.noise import Noise

import indexer
import search
from indexer.core.positions.timeline import Timeline, lay_out
from indexer.core.text.folding import Folding, opencc_table
from indexer.readers import read_bytes
from indexer.segmentation.pinyin import pypinyin_readings
from indexer.segmentation.segmenter import Segmenter
from indexer.segmentation.words import place_words

BEFORE, AFTER = 20.0, 10.0


@dataclass(frozen=True, slots=True)
class Query:
    text: str
    stem: str
    start: float


@dataclass(frozen=True, slots=True)
class Source:
    timeline: Timeline
    words: Mapping[str, list[int]]

    def seconds(self, position: int) -> float:
        times = self.timeline.times
        return times.starts[times.cue_at(position)] / 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("indexed", type=Path)
    parser.add_argument("other", type=Path)
    parser.add_argument("--distractors", type=Path, nargs="*", default=[])
    parser.add_argument("--queries", type=int, default=300, help="queries of each kind")
    parser.add_argument("--noise", type=int, default=0, help="characters in 100 to replace")
    arguments = parser.parse_args()
    names = {path.name for path in arguments.indexed.glob("*.srt")}
    sources = read_sources(path for path in sorted(arguments.other.glob("*.srt")) if path.name in names)
    kinds = {
        "three keywords": list(keywords(sources, arguments.queries)),
        "sentences": list(sentences(sources, arguments.queries)),
    }
    with tempfile.TemporaryDirectory(prefix="podseek-bench-") as place:
        folders = [arguments.indexed, *arguments.distractors]
        if arguments.noise:
            folders = list(corrupted(folders, Path(place) / "noisy", arguments.noise))
        indexer.index_paths(folders, Path(place) / "index")
        with search.open_library(Path(place) / "index") as library:
            print(f"{len(library.episodes())} episodes, {len(sources)} of them transcribed twice")
            for kind, queries in kinds.items():
                for exact in (False, True):
                    print(f"{kind:16} {'exact' if exact else 'tolerant':9} {measured(library, queries, exact)}")


def corrupted(folders: Sequence[Path], place: Path, percent: int) -> Iterator[Path]:
    """Copies of the transcripts with homophones in them, one folder for each."""
    table = opencc_table()
    texts = {path: Folding(table).fold(path.read_text("utf-8")) for folder in folders for path in folder.glob("*.srt")}
    noise, chance = Noise(pypinyin_readings(table), texts.values()), random.Random(percent)
    for number, folder in enumerate(folders):
        target = place / str(number)
        target.mkdir(parents=True)
        for path in sorted(folder.glob("*.srt")):
            (target / path.name).write_text(noise.corrupt(texts[path], percent / 100, chance), "utf-8")
        yield target


def read_sources(paths: Iterator[Path]) -> dict[str, Source]:
    folding, segmenter = Folding(opencc_table()), Segmenter()
    sources = {}
    for path in paths:
        timeline = lay_out(read_bytes(str(path), path.read_bytes()).cues, folding)
        if len(timeline.units) > 1000:
            sources[path.stem] = Source(timeline, place_words(timeline, segmenter).positions())
    return sources


def keywords(sources: Mapping[str, Source], amount: int) -> Iterator[Query]:
    """Returns three of the ten rarest words within 18 s, in spoken order."""
    chooser = random.Random(7)
    counts: Counter[str] = Counter()
    for source in sources.values():
        counts.update({word: len(positions) for word, positions in source.words.items()})
    common = counts.total() / 2000
    while amount:
        stem, source, position = place(sources, chooser)
        until = source.seconds(position) + 18
        said = {
            word: min(p for p in positions if p >= position)
            for word, positions in source.words.items()
            if counts[word] < common and any(position <= p and source.seconds(p) <= until for p in positions)
        }
        if len(said) < 6:
            continue
        chosen = chooser.sample(sorted(said, key=lambda word: (counts[word], word))[:10], min(3, len(said)))
        chosen.sort(key=said.__getitem__)
        amount -= 1
        yield Query(" ".join(chosen), stem, source.seconds(said[chosen[0]]))


def sentences(sources: Mapping[str, Source], amount: int, size: int = 12) -> Iterator[Query]:
    chooser = random.Random(8)
    while amount:
        stem, source, position = place(sources, chooser)
        atoms = source.timeline.stream.atoms(position, position + size)
        if len(set(atoms)) < size * 3 // 4:
            continue  # a loop of the recogniser
        amount -= 1
        text = "".join(f" {atom} " if len(atom) > 1 else atom for atom in atoms)
        yield Query(text.strip(), stem, source.seconds(position))


def place(sources: Mapping[str, Source], chooser: random.Random) -> tuple[str, Source, int]:
    stem = chooser.choice(sorted(sources))
    source = sources[stem]
    return stem, source, chooser.randrange(200, len(source.timeline.units) - 200)


def measured(library: search.Library, queries: list[Query], exact: bool) -> str:
    """success@1, success@10, MRR, median error of the start at rank 1, near-duplicates among the first ten."""
    ranks, errors, duplicates = [], [], 0
    for query in queries:
        found = library.search(query.text, limit=10, exact=exact)
        duplicates += sum(
            one.episode.id == other.episode.id and abs(one.start - other.start) < 30
            for number, one in enumerate(found)
            for other in found[:number]
        )
        rank = next((m.rank for m in found if hits(m, query)), 0)
        ranks.append(rank)
        if rank == 1:
            errors.append(abs(found[0].start - query.start))
    first = sum(rank == 1 for rank in ranks) / len(ranks)
    ten = sum(rank > 0 for rank in ranks) / len(ranks)
    reciprocal = sum(1 / rank for rank in ranks if rank) / len(ranks)
    error = statistics.median(errors) if errors else float("nan")
    return f"S@1 {first:.3f}  S@10 {ten:.3f}  MRR {reciprocal:.3f}  start error {error:.1f} s  duplicates {duplicates}"


def hits(moment: search.Moment, query: Query) -> bool:
    found = Path(moment.episode.path).stem == query.stem
    return found and -BEFORE <= moment.start - query.start <= AFTER


if __name__ == "__main__":
    main()
