"""Searches of a library in a cluster: requests, megabytes, episodes read and milliseconds, by kind of query.

    python bench/cluster.py INDEX BACKEND [--queries 5] [--seed 1] [--exact] [--rows FILE]

INDEX is an index in a folder of the same transcripts as the library at BACKEND (https://host:9200/library). Queries are
drawn from it: words of three frequencies, quotes, operators, a word nobody says, a name nobody writes, a sentence, a
question. For each kind: the median and the maximum of requests, of megabytes of answers, and of episodes read; the
median milliseconds from the cluster, of them CPU time here, and from the folder; the most megabytes by which a process
grew that asked; and how many answers differ in a moment, a score or the order, which must be none. The same goes, as
lines of JSON, to the end of FILE, from which `bench/cluster_model.py` makes tables.

Fair: a real cluster, every query with an empty memory of bodies. Unfair: the cluster may share this machine, and a
folder has its pages in memory.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from shared.processes import peak_of

from indexer.core.positions.tokens import is_single
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
class Asking:
    """Queries of one kind: medians, and the most."""

    cues: int
    kind: str
    queries: int
    requests: float
    most_requests: int
    megabytes: float
    most_megabytes: float
    episodes: float
    most_episodes: int
    ms: float
    cpu_ms: float
    folder_ms: float
    memory_mb: float
    """The most by which a process that asked grew."""
    whole: int
    """Answers that were not cut off at a limit."""
    different: int
    """Of these."""
    node_cpu_ms: float | None = None
    """The mean that a query took of the processors of all nodes, where these are known."""


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
    parser.add_argument("--rows", type=Path, help="where lines of JSON go")
    arguments = parser.parse_args()
    with open_library(arguments.index) as near:
        remote = open_index(arguments.backend)
        print(f"{remote.episode_count:,} episodes, {remote.total_atoms:,} atoms")
        print(
            "kind | requests, max | MB, max | episodes, max | ms there (CPU here), here | MB of memory, max | different"
        )
        drawn, cues = Drawn(near.snapshot, arguments.seed), near.status().cues
        for kind, draw in list(drawn.kinds()):
            rows = [measured(near, arguments.backend, draw(), arguments.exact) for _ in range(arguments.queries)]
            asking = summed(cues, kind, rows)
            print(line_of(asking), flush=True)
            note(asking, arguments.rows)


def measured(near: Library, backend: str, query: str, exact: bool, limit: int = LIMIT) -> Measured:
    """What a query costs a process that knows the answers to no other."""
    began = time.perf_counter()
    expected = shown(near.search(make_request(query, limit=limit, exact=exact)))
    here = time.perf_counter() - began
    with ProcessPoolExecutor(1, get_context("fork")) as process:
        far = process.submit(answered, backend, query, exact, limit).result()
    costs = far.requests, far.megabytes, far.episodes, far.milliseconds, far.cpu, far.memory
    return Measured(*costs, here * 1000, far.moments == expected, far.is_whole)


def answered(backend: str, query: str, exact: bool, limit: int = LIMIT) -> Answered:
    """Asks a library in a cluster. Needs Linux (/proc)."""
    far = RemoteSearcher(open_index(backend), Searcher)
    _ = far.snapshot.folding, far.search(make_request("x", exact=True))  # what a process does once
    Path("/proc/self/clear_refs").write_text("5")  # the peak is now what there is
    memory, before, began, cpu = peak_of("self"), far.cost(), time.perf_counter(), time.process_time()
    result = far.search(make_request(query, limit=limit, exact=exact))
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


def summed(cues: int, kind: str, rows: Sequence[Measured], node_ms: float | None = None) -> Asking:
    whole = [one for one in rows if one.is_whole]
    return Asking(
        cues,
        kind,
        len(rows),
        statistics.median(row.requests for row in rows),
        max(row.requests for row in rows),
        round(statistics.median(row.megabytes for row in rows), 3),
        round(max(row.megabytes for row in rows), 3),
        statistics.median(row.episodes for row in rows),
        max(row.episodes for row in rows),
        round(statistics.median(row.there for row in rows), 1),
        round(statistics.median(row.cpu for row in rows), 1),
        round(statistics.median(row.here for row in rows), 1),
        round(max(row.memory for row in rows), 1),
        len(whole),
        sum(not one.is_same for one in whole),
        node_ms,
    )


def line_of(asking: Asking) -> str:
    """A line of the table."""
    return (
        f"{asking.kind} | {asking.requests:.0f}, {asking.most_requests}"
        f" | {asking.megabytes:.2f}, {asking.most_megabytes:.2f}"
        f" | {asking.episodes:.0f}, {asking.most_episodes}"
        f" | {asking.ms:.0f} ({asking.cpu_ms:.0f}), {asking.folder_ms:.0f}"
        f" | {asking.memory_mb:.0f}"
        f" | {asking.different} of {asking.whole}"
    )


def note(row: Any, file: Path | None) -> None:
    """Appends a row, a dataclass, to a file."""
    if file:
        line = json.dumps({"row": type(row).__name__, **asdict(row)}, ensure_ascii=False)
        with file.open("a", encoding="utf-8") as lines:
            lines.write(line + "\n")


if __name__ == "__main__":
    main()
