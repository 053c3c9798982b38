"""Searches of a library in a cluster: requests, megabytes, episodes read and milliseconds, by kind of query.

    python bench/cluster.py INDEX BACKEND [--queries 5] [--seed 1] [--exact]

INDEX is an index in a folder of the same transcripts as the library at BACKEND (https://host:9200/library). Queries are
drawn from it: words of three frequencies, quotes, operators, a word nobody says, a name nobody writes, a sentence, a
question. For each kind: the median and the maximum of requests, of megabytes of answers, and of episodes read; the
median milliseconds from the cluster, of them CPU time here, and from the folder; the most megabytes by which a process
grew that asked; and how many answers differ in a moment, a score or the order, which must be none.

Fair: a real cluster, every query with an empty memory of bodies. Unfair: the cluster may share this machine, and a
folder has its pages in memory.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from processes import peak_of

from indexer.core.tokens import is_single
from search.api import Moment, make_request
from search.backends.opensearch.index import open_index
from search.backends.snapshot import Snapshot
from search.library import Library, open_library
from search.retrieval.remote.remote_searcher import RemoteSearcher
from search.searcher import Searcher

LIMIT = 10
BANDS = (("very common", 340.0), ("common", 45.0), ("rarer", 2.0))
"""The least occurrences per million atoms."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one query cost."""

    requests: int
    megabytes: float
    episodes: int
    there: float
    cpu: float
    memory: float
    """Megabytes by which the process that asked grew at most."""
    here: float
    is_same: bool
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """What a library in a cluster answered to one query, and what that cost."""

    requests: int
    megabytes: float
    episodes: int
    milliseconds: float
    cpu: float
    memory: float
    moments: list[object]
    is_whole: bool


class Drawn:
    """Queries of what an index holds."""

    def __init__(self, snapshot: Snapshot, seed: int) -> None:
        self._chance = random.Random(seed)
        self._words: defaultdict[str, list[str]] = defaultdict(list)
        known = set(snapshot.names)
        self._unwritten = [name[::-1] for name in snapshot.names if len(name) > 5 and name[::-1] not in known]
        for word in snapshot.words():
            if len(word) > 1 and is_single(word[0]):
                rate = snapshot.word_count(word) / snapshot.total_atoms * 1e6
                band = next((name for name, least in BANDS if rate >= least), None)
                if band is not None:
                    self._words[band].append(word)
        numbers = self._chance.sample(snapshot.episodes(), min(12, snapshot.episode_count))
        self._texts = ["".join(snapshot.text(number)[0]) for number in numbers]

    def word(self, band: str) -> str:
        return self._chance.choice(self._words[band])

    def said(self, size: int) -> str:
        text = self._chance.choice(self._texts)
        at = self._chance.randrange(max(1, len(text) - size))
        return text[at : at + size].replace('"', "")

    def kinds(self) -> Iterable[tuple[str, Callable[[], str]]]:
        """The name of each kind, and a function that draws a query of it."""
        common, rarer = "common", "rarer"
        for bands in (
            ("very common",),
            (common,),
            (rarer,),
            ("very common", "very common"),
            (common, "very common"),
            (rarer, common),
            ("very common",) * 3,
            (common, common, "very common", rarer),
            (common,) * 6,
        ):
            yield " + ".join(bands), lambda bands=bands: " ".join(map(self.word, bands))  # type: ignore[misc]
        yield '"4 characters"', lambda: f'"{self.said(4)}"'
        yield '"12 characters", one wrong', lambda: f'"{self.said(6)}某{self.said(5)}"'
        yield "common OR rarer", lambda: f"{self.word(common)} OR {self.word(rarer)}"
        yield "common NEAR/10s common", lambda: f"{self.word(common)} NEAR/10s {self.word(common)}"
        yield "rarer -common", lambda: f"{self.word(rarer)} -{self.word(common)}"
        yield "a word nobody says", lambda: self.word(common)[::-1]
        yield "a name nobody writes", lambda: self._chance.choice(self._unwritten)
        yield "a sentence", lambda: self.said(16)
        yield "a question", lambda: f"为什么{self.word(common)}的{self.word('very common')}会{self.word(common)}呢"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index")
    parser.add_argument("backend")
    parser.add_argument("--queries", type=int, default=5, help="queries of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--exact", action="store_true", help="without what only sounds or is spelled alike")
    arguments = parser.parse_args()
    with open_library(arguments.index) as near:
        remote = open_index(arguments.backend)
        print(f"{remote.episode_count:,} episodes, {remote.total_atoms:,} atoms")
        print(
            "kind | requests, max | MB, max | episodes, max | ms there (CPU here), here | MB of memory, max | different"
        )
        drawn = Drawn(near.snapshot, arguments.seed)
        for kind, draw in list(drawn.kinds()):
            rows = [measured(near, arguments.backend, draw(), arguments.exact) for _ in range(arguments.queries)]
            print(row(kind, rows), flush=True)


def measured(near: Library, backend: str, query: str, exact: bool) -> Measured:
    """What a query costs a process that knows the answers to no other."""
    began = time.perf_counter()
    expected = shown(near.search(make_request(query, limit=LIMIT, exact=exact)))
    here = time.perf_counter() - began
    with ProcessPoolExecutor(1, get_context("fork")) as process:
        far = process.submit(answered, backend, query, exact).result()
    costs = far.requests, far.megabytes, far.episodes, far.milliseconds, far.cpu, far.memory
    return Measured(*costs, here * 1000, far.moments == expected, far.is_whole)


def answered(backend: str, query: str, exact: bool) -> Answered:
    """Asks a library in a cluster. Needs Linux (/proc)."""
    far = RemoteSearcher(open_index(backend), Searcher)
    _ = far.snapshot.folding, far.search(make_request("x", exact=True))  # what a process does once
    Path("/proc/self/clear_refs").write_text("5")  # the peak is now what there is
    memory, before, began, cpu = peak_of("self"), far.cost(), time.perf_counter(), time.process_time()
    result = far.search(make_request(query, limit=LIMIT, exact=exact))
    there, cpu, after = time.perf_counter() - began, time.process_time() - cpu, far.cost()
    return Answered(
        after[0] - before[0],
        (after[1] - before[1]) / 1e6,
        far.read_last,
        there * 1000,
        cpu * 1000,
        peak_of("self") - memory,
        shown(result),
        result.incomplete is None,
    )


def shown(moments: Iterable[Moment]) -> list[object]:
    return [(one.episode.id, one.start, round(one.score, 9), one.matches, one.cues, one.chapter) for one in moments]


def row(kind: str, rows: Sequence[Measured]) -> str:
    """A line of the table."""

    def median(of: Callable[[Measured], float]) -> float:
        return statistics.median(map(of, rows))

    whole = [one for one in rows if one.is_whole]
    return (
        f"{kind} | {median(lambda r: r.requests):.0f}, {max(r.requests for r in rows)}"
        f" | {median(lambda r: r.megabytes):.2f}, {max(r.megabytes for r in rows):.2f}"
        f" | {median(lambda r: r.episodes):.0f}, {max(r.episodes for r in rows)}"
        f" | {median(lambda r: r.there):.0f} ({median(lambda r: r.cpu):.0f}), {median(lambda r: r.here):.0f}"
        f" | {max(r.memory for r in rows):.0f}"
        f" | {sum(not one.is_same for one in whole)} of {len(whole)}"
    )


if __name__ == "__main__":
    main()
