"""Memory of the process that counts the words of a library, and its processor time.

    python bench/term_memory.py INDEX [--times 6]

INDEX is an index in a folder. The words and characters of each of its episodes are counted as a run into a cluster
counts those that it reads there (`indexer.store.cluster.term_counts`); with --times, so often, each time with other
words. Prints the different terms, the megabytes by which the process grew at most, beyond those of reading the index,
and seconds of its processor.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from shared.processes import peak_of

from indexer.core.positions.token_stream import is_basic
from indexer.store.cluster.term_counts import MOST_TERMS, TermCounts
from search.backends.embedded.snapshot import EmbeddedSnapshot

_EVERYTHING = 10**9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--times", type=int, default=1)
    arguments = parser.parse_args()
    reading = measured(arguments.index, 0, 0)[1]
    for what, most in (("in memory", _EVERYTHING), (f"at most {MOST_TERMS:,} in memory", MOST_TERMS)):
        terms, grown, cpu = measured(arguments.index, arguments.times, most)
        print(f"{what}: {terms:,} terms, {grown - reading:.0f} MB, {cpu:.1f} s")


def measured(index: Path, times: int, most: int) -> tuple[int, float, float]:
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        return process.submit(counted, index, times, most).result()


def counted(index: Path, times: int, most: int) -> tuple[int, float, float]:
    """Different terms, megabytes and seconds."""
    snapshot = EmbeddedSnapshot(index)
    begun, cpu = peak_of("self"), 0.0
    with TermCounts(most) as counts:
        for number in snapshot.episodes():
            words, characters = terms_of(snapshot, number)
            began = time.process_time()
            for copy in range(times):
                counts.add("w", {f"{word}{copy or ''}": count for word, count in words.items()})
                counts.add("c", characters)
            cpu += time.process_time() - began
        began = time.process_time()
        terms = sum(1 for _ in counts.totals())
        cpu += time.process_time() - began
    return terms, peak_of("self") - begun, cpu


def terms_of(snapshot: EmbeddedSnapshot, number: int) -> tuple[Counter[str], Counter[str]]:
    """The words of an episode, and its characters."""
    stream, begins = snapshot.stream(number), snapshot.marks(number).begins
    atoms = list(stream.atoms(0, len(stream)))
    starts = [at for at, mark in enumerate(begins) if mark == "1"]
    words = ("".join(atoms[begin:end]) for begin, end in zip(starts, [*starts[1:], len(atoms)], strict=True))
    return Counter(word for word in words if not is_basic(word)), Counter(filter(is_basic, atoms))


if __name__ == "__main__":
    main()
