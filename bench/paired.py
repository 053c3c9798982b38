"""Ranking measured on recordings that were transcribed twice.

    python bench/paired.py INDEXED OTHER [--distractors FOLDER ...]

INDEXED and OTHER hold .srt files of the same names: two transcripts of the same recordings, say a raw
and a corrected one. Queries are drawn from OTHER and searched in INDEXED (and the distractors):
keywords are three of the ten rarest words within 18 s; sentences are runs of twelve atoms, anywhere. A
hit counts when it starts within 20 s before and 10 s after the place the query was drawn from.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import indexer
import search
from indexer.fold import Folding, opencc_table
from indexer.readers import read_bytes
from indexer.timeline import Timeline, lay_out
from indexer.words import Segmenter, place_words

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
    arguments = parser.parse_args()
    names = {path.name for path in arguments.indexed.glob("*.srt")}
    sources = read_sources(path for path in sorted(arguments.other.glob("*.srt")) if path.name in names)
    kinds = {
        "three keywords": list(keywords(sources, arguments.queries)),
        "sentences": list(sentences(sources, arguments.queries)),
    }
    with tempfile.TemporaryDirectory(prefix="podseek-bench-") as place:
        indexer.index_paths([arguments.indexed, *arguments.distractors], place)
        with search.open_library(place) as library:
            print(f"{len(library.episodes())} episodes, {len(sources)} of them transcribed twice")
            for kind, queries in kinds.items():
                print(f"{kind:16} {measured(library, queries)}")


def read_sources(paths: Iterator[Path]) -> dict[str, Source]:
    folding, segmenter = Folding(opencc_table()), Segmenter()
    sources = {}
    for path in paths:
        timeline = lay_out(read_bytes(str(path), path.read_bytes()).cues, folding)
        if len(timeline.units) > 1000:
            sources[path.stem] = Source(timeline, place_words(timeline, segmenter).positions)
    return sources


def keywords(sources: Mapping[str, Source], amount: int) -> Iterator[Query]:
    """Three of the ten rarest words within 18 s, in the order they are said."""
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


def measured(library: search.Library, queries: list[Query]) -> str:
    """success@1, success@10, MRR, median error of the start at rank 1, near-duplicates among the first ten."""
    ranks, errors, duplicates = [], [], 0
    for query in queries:
        found = library.search(query.text, limit=10)
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
