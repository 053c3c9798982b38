"""Two versions of podseek compared in pairs: CPU seconds of cold searches, warm searches and indexing.

    python bench/before_after.py OLD NEW --text FOLDER [--indexes OLD_INDEX NEW_INDEX] [--pairs 20]

OLD and NEW are checkouts, each with podseek installed in its own .venv (`git worktree add`, `make .venv/installed`).
Both index FOLDER, unless --indexes names their indexes of it; then indexing is not measured. Queries of one word, two
words and a phrase are drawn from FOLDER (bench/shared/queries.py), questions are those of bench/questions.tsv; eight of
each.

- cold: `podseek search` in a new process, a query in each pair; CPU of the process and its children
- warm: one process of each version asks the eight queries of a kind in turn, so that no plan is reused
- indexing: `podseek index FOLDER` into a new folder; CPU of the process and its workers

The versions take turns, and change who is first. A row has the medians of both, and the median and the middle half of
the ratios new / old of the pairs.

Fair: CPU time, same machine, files and queries, in turn. Unfair: other processes share the caches of the processor, so
ratios closer to 1 than the middle half mean nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from shared.processes import ENVIRONMENT
from shared.queries import draw, questions

QUERIES = 8
"""Of each kind: more than the plans that an open library keeps."""
DRAWN = {"word": "common word", "two words": "two words", "phrase": "phrase"}
WORKER = """
import json, sys, time
from search import open_library
library = open_library(sys.argv[1])
for line in sys.stdin:
    queries = json.loads(line)
    start = time.process_time()
    for query in queries:
        library.search(query)
    print(time.process_time() - start, flush=True)
"""


@dataclass(frozen=True, slots=True)
class Version:
    """A checkout and its index."""

    folder: Path
    index: Path

    @property
    def python(self) -> str:
        return str(self.folder / ".venv" / "bin" / "python")

    @property
    def podseek(self) -> str:
        return str(self.folder / ".venv" / "bin" / "podseek")


def cpu_of(command: Sequence[str]) -> float:
    """The CPU seconds of a process and its children. Raises SystemExit if it fails."""
    process = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode > 1:
        raise SystemExit(f"exit code {process.returncode}: {command}")
    return usage.ru_utime + usage.ru_stime


def index_text(version: Version, text: Path, _number: int) -> float:
    """Indexes a folder anew, and returns the CPU seconds."""
    shutil.rmtree(version.index, ignore_errors=True)
    return cpu_of([version.podseek, "index", str(text), "--index", str(version.index)])


def cold(version: Version, queries: Sequence[str], number: int) -> float:
    return cpu_of([version.podseek, "search", queries[number % len(queries)], "--index", str(version.index)])


class Warm:
    """A process of one version with an open library."""

    def __init__(self, version: Version) -> None:
        command = [version.python, "-c", WORKER, str(version.index)]
        self._process = subprocess.Popen(
            command, env=ENVIRONMENT, cwd=version.folder, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def ask(self, queries: Sequence[str], _number: int) -> float:
        """The CPU seconds of a query, on average."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(queries) + "\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline()) / len(queries)

    def close(self) -> None:
        self._process.communicate()


def in_pairs(old: Callable[[int], float], new: Callable[[int], float], pairs: int) -> Iterator[tuple[float, float]]:
    """The figures of both in each round; who is first changes. One round before the first is not counted."""
    for number in range(-1, pairs):
        if number % 2:
            after, before = new(number), old(number)
        else:
            before, after = old(number), new(number)
        if number >= 0:
            yield before, after


def show(name: str, old: Callable[[int], float], new: Callable[[int], float], pairs: int) -> None:
    """Prints a line of the table, in milliseconds."""
    found = list(in_pairs(old, new, pairs))
    if found:
        before, after = (1000 * statistics.median(side) for side in zip(*found, strict=True))
        low, middle, high = statistics.quantiles([new / old for old, new in found], n=4)
        print(f"{name:<18} {before:10,.2f} {after:10,.2f} {middle:7.3f}  {low:.3f} to {high:.3f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--text", type=Path, required=True)
    parser.add_argument("--indexes", type=Path, nargs=2)
    parser.add_argument("--pairs", type=int, default=20)
    parser.add_argument("--only", nargs="+", choices=["cold", "warm", "indexing"], default=["cold", "warm", "indexing"])
    typed = parser.parse_args()
    if typed.pairs < 2:
        parser.error("--pairs: two or more, of which the middle half is told")
    drawn = draw(typed.text, QUERIES)
    kinds = {name: [" ".join(one.words) for one in drawn[kind]] for name, kind in DRAWN.items()}
    kinds["phrase"] = [f'"{query}"' for query in kinds["phrase"]]
    asked = questions()
    kinds["question"] = asked[:: len(asked) // QUERIES][:QUERIES]
    print(f"{'CPU milliseconds':<18} {'old':>10} {'new':>10} {'ratio':>7}  middle half of {typed.pairs} pairs")
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        indexes = typed.indexes or [Path(scratch) / "old", Path(scratch) / "new"]
        old, new = Version(typed.old.resolve(), indexes[0]), Version(typed.new.resolve(), indexes[1])
        if not typed.indexes:
            rounds = typed.pairs if "indexing" in typed.only else 0
            show("indexing", partial(index_text, old, typed.text), partial(index_text, new, typed.text), rounds)
        if "cold" in typed.only:
            for name, queries in kinds.items():
                show(f"cold {name}", partial(cold, old, queries), partial(cold, new, queries), typed.pairs)
        if "warm" in typed.only:
            before, after = Warm(old), Warm(new)
            stack.callback(before.close)
            stack.callback(after.close)
            for name, queries in kinds.items():
                show(f"warm {name}", partial(before.ask, queries), partial(after.ask, queries), typed.pairs)


if __name__ == "__main__":
    main()
