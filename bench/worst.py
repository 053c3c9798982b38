"""CPU seconds of the queries that are hardest to answer: many and very common words, joined in every way.

    python bench/worst.py INDEX [--only TEXT] [--timeout SECONDS]

Besides a search: what counting takes (`-c`, `Result.total`), and the time to the first moment of all of them (`-n 0`).
The words are the most frequent ones of the index. Each query runs in a process of its own, so nothing is cached by the
one before; a Library that stays open answers sooner. A search that reached its timeout is marked.

Fair: CPU time of the search and of everything it reads, without starting Python. Unfair: most of these queries are
unrealistic.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator
from heapq import nlargest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import itertools
from itertools import islice
from typing import Any

from search import Deadline, Library, open_library
from search.backends.embedded.snapshot import EmbeddedSnapshot

MOST = 100
"""Terms of a query."""


def worst(index: Path) -> Iterator[tuple[str, str, dict[str, object]]]:
    """(what it is, query, options of the search)."""
    snapshot = EmbeddedSnapshot(index)
    vocabulary = ((snapshot.word_count(word), word) for word in snapshot.words())
    words = [word for _, word in nlargest(3 * MOST, vocabulary)]
    one, two, three, four, *_ = words
    runs = [f'"{a}{b}"' for a, b in itertools.pairwise(words)]
    yield "a common word", one, {}
    yield "three common words", f"{one} {two} {three}", {}
    yield "100 common words", " ".join(words[:MOST]), {}
    yield "pasted text", "".join(words[: 2 * MOST]), {}
    yield "OR of 16", " OR ".join(words[:16]), {}
    yield "OR of 60", " OR ".join(words[:60]), {}
    yield "AND of 3", f"{one} AND {two} AND {three}", {}
    yield "AND of 10", " AND ".join(words[:10]), {}
    yield "NOT", f"{one} -{two}", {}
    yield "NOT of OR", f"({one} OR {two}) -({three} OR {four})", {}
    yield "NEAR/10s twice", f"{one} NEAR/10s {two} NEAR/10s {three}", {}
    yield "NEAR/10s of four", f"{one} NEAR/10s {two} NEAR/10s {three} NEAR/10s {four}", {}
    yield "NEAR/99999s", f"{one} NEAR/99999s {two}", {}
    yield "NEAR/99999s twice", f"{one} NEAR/99999s {two} NEAR/99999s {three}", {}
    yield "NEAR/8", f"{one} NEAR/8 {two}", {}
    yield "NEAR of itself", f"{one} NEAR/5s {one}", {}
    yield "NEAR of OR", f"({' OR '.join(words[:8])}) NEAR/5s ({' OR '.join(words[8:16])})", {}
    yield "NEAR AND NEAR", f"{one} NEAR/5s {two} AND {three} NEAR/5s {four}", {}
    yield "NEAR -NEAR", f"{one} NEAR/5s {two} -({three} NEAR/5s {four})", {}
    yield "brackets", "(" * 10 + one + "".join(f" OR {word})" for word in words[1:11]) + f" AND {two}", {}
    yield "AND in OR in NEAR", f"(({one} AND {two}) OR {three}) NEAR/5s {four}", {}
    yield "a* and a common character*", f"a* {one[0]}*", {}
    yield "prefix NEAR prefix", f"{one[0]}* NEAR/5 {two[0]}*", {}
    yield "100 phrases", " ".join(runs[:MOST]), {}
    yield "60 phrases, OR", " OR ".join(runs[:60]), {}
    yield "100 of ~", " ".join(f"~{word}" for word in words[:MOST]), {}
    yield "8 of ~", " ".join(f"~{word}" for word in words[:8]), {}
    yield "8 of ~, OR", " OR ".join(f"~{word}" for word in words[:8]), {}
    yield "--exact", " ".join(words[:MOST]), {"exact": True}
    yield "-C 3600", f"{one} OR {two}", {"context": 3600.0}
    yield "-n 0", one, {"limit": None}
    yield "-n 0 of OR", f"{one} OR {two}", {"limit": None}
    for asked in ("-c", "total", "first of -n 0"):
        yield f"{asked}, a common word", one, {"asked": asked}
        yield f"{asked}, three common words", f"{one} {two} {three}", {"asked": asked}
        yield f"{asked}, OR of 2", f"{one} OR {two}", {"asked": asked}
        yield f"{asked}, AND of 2", f"{one} AND {two}", {"asked": asked}


def ask(index: Path, name: str, timeout: float | None) -> None:
    """Asks one of them in this process, and prints what it took."""
    query, options = next((query, options) for known, query, options in worst(index) if known == name)
    deadline = Deadline(timeout)
    with open_library(index) as library:
        taken, amount = _asked(library, query, options.pop("asked", "search"), {**options, "timeout": deadline})
    print(f"{taken:7.2f}  {amount:6}  {name}  {deadline.reason or ''}".rstrip(), flush=True)


def _asked(library: Library, query: str, asked: object, options: dict[str, Any]) -> tuple[float, int]:
    """The CPU seconds of one question, and the number of moments in the answer. What it takes to count the `total` is
    without the search before it."""
    before = time.process_time()
    match asked:
        case "-c":
            amount = sum(one.moments for one in library.count(query, **options))
        case "total":
            result = library.search(query, limit=1, **options)
            before = time.process_time()
            amount = result.total
        case "first of -n 0":
            amount = len(list(islice(library.each(query, **options)[1], 1)))
        case _:
            amount = len(library.search(query, **options))
    return time.process_time() - before, amount


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--only", default="", metavar="TEXT", help="only queries whose name has TEXT")
    parser.add_argument("--timeout", type=float, default=60.0, metavar="SECONDS")
    parser.add_argument("--ask", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.ask is not None:
        ask(arguments.index, arguments.ask, arguments.timeout or None)
        return
    print("CPU s    moments  query")
    for name, _, _ in worst(arguments.index):
        if arguments.only in name:
            command = [sys.executable, __file__, str(arguments.index), f"--ask={name}"]
            subprocess.run([*command, "--timeout", str(arguments.timeout)], check=True)


if __name__ == "__main__":
    main()
