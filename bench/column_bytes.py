"""What the columns of an episode weigh when a cluster sends them: bytes as stored, and as the nodes compress them.

    python bench/column_bytes.py INDEX [--episodes 40] [--seed 1]

INDEX is an index in a folder, which stores the same columns as a library in a cluster. Of some of its episodes, for
each column: the mean in KB, as it is and compressed by itself at the level of the nodes, and the bytes an atom. The
same of what a cluster stores beside them, made here of the columns: the clock and the decks, all of an episode and a
single one. Then the processor time that these take: to make, an episode, and to open, of decks a few together.

Fair: the bytes that a cluster stores. Unfair: the nodes compress a whole answer, in which columns of several episodes
share what they repeat, and which takes a little less (decks a fifth).
"""

from __future__ import annotations

import argparse
import json
import random
import time
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from indexer.core.memory.paused_collection import collection_paused
from indexer.store import schema
from indexer.store.cluster.documents.decks import deal
from indexer.store.fields.clock import pack_clock, unpack_clock
from search.backends.embedded.snapshot import EmbeddedSnapshot
from search.retrieval.remote.held.partial_text import PartialText

T = TypeVar("T")

LEVEL = 3
"""`http.compression_level` of OpenSearch by default."""
FEW = 8
"""Decks that are opened together, the largest of an episode: as many as a query of four characters may read."""
COLUMNS = (schema.STREAM, schema.SOUNDS, schema.TIMES, schema.MARKS, schema.TEXT, schema.DAMPED, schema.TITLES)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--episodes", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    snapshot = EmbeddedSnapshot(arguments.index)
    numbers = random.Random(arguments.seed).sample(range(snapshot.episode_count), arguments.episodes)
    atoms = sum(map(snapshot.atoms, numbers))
    print(f"{len(numbers)} of {snapshot.episode_count:,} episodes, {atoms / len(numbers):,.0f} atoms each")
    print("column | KB | compressed | bytes an atom")
    for name in COLUMNS:
        told(name, [bytes(snapshot._stored.value(name, number)) for number in numbers], atoms)
    told("record", [json.dumps(snapshot.record(number)).encode() for number in numbers], atoms)
    told_derived(snapshot, numbers, atoms)


def told_derived(snapshot: EmbeddedSnapshot, numbers: Sequence[int], atoms: int) -> None:
    """Prints the lines of clocks and decks."""
    times = [snapshot.times(number) for number in numbers]
    columns = [(snapshot.stream(number), snapshot.sounds(number), snapshot.marks(number)) for number in numbers]
    clocks, packing = timed(lambda: [pack_clock(one) for one in times])
    dealt, dealing = timed(lambda: [deal(*one) for one in columns])
    decks = [deck for one in dealt for deck in one.values()]
    told("clock", clocks, atoms)
    told("decks", [b"".join(one.values()) for one in dealt], atoms)
    told("deck", decks, atoms)
    _, telling = timed(lambda: [unpack_clock(one) for one in clocks])
    largest = [dict(sorted(one.items(), key=lambda deck: len(deck[1]))[-FEW:]) for one in dealt]
    sizes = list(map(snapshot.atoms, numbers))
    _, laying = timed(lambda: [PartialText(*one).marks() for one in zip(largest, sizes, strict=True)])
    cues = sum(map(len, times))
    print(f"to make: clock {packing / len(numbers) / 1000:.1f} ms, decks {dealing / len(numbers) / 1000:.1f} ms")
    print(f"to open: clock {telling / cues * 1000:.0f} µs a thousand cues, {FEW} decks {laying / len(numbers):.0f} µs")
    print(f"{sum(map(len, clocks)) / cues:.2f} bytes a cue, {atoms / len(decks):.0f} entries a deck")


def timed(work: Callable[[], list[T]]) -> tuple[list[T], float]:
    """What it returns, and the processor time in µs, the least of three, without the collector as in a search."""
    least = float("inf")
    with collection_paused():
        for _ in range(3):
            begin = time.process_time()
            found = work()
            least = min(least, time.process_time() - begin)
    return found, least * 1e6


def told(name: str, values: Sequence[bytes], atoms: int) -> None:
    """Prints the line of a column."""
    size = sum(map(len, values))
    packed = sum(len(zlib.compress(value, LEVEL)) for value in values)
    print(f"{name} | {size / len(values) / 1000:.2f} | {packed / len(values) / 1000:.2f} | {size / atoms:.2f}")


if __name__ == "__main__":
    main()
