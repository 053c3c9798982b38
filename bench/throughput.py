"""How many queries a second podseek answers, with 1, 2, 8 and 32 people who ask without a pause.

    python bench/throughput.py INDEX [--askers 1 2 8 32] [--seconds 10] [--processes 2] [--only threads http]

- threads: as many threads of one process share one open library.
- http: as many connections ask `podseek serve --processes 2` for `/api/v1/search`.

The queries are those of bench/serve.py, mixed: two in five are one word, a fifth each two words, three words, and an
exact run of text. Each is asked once, so that no answer is known before; a part of them is asked before, uncounted, so
that what is kept of words and episodes is there. Ten moments each, tolerance switched on.

Prints for each number of askers the answers a second, the median and 95th percentile of their times, the processor time
an answer (of the server's processes alone over HTTP), and how many cores that took. Where other programs run, too, the
processor time says more than the answers a second: two cores give at most 2000 / it, one process of threads hardly more
than 1000 / it, since only the compiled search of texts runs beside other threads.

Fair: every answer is made in full, as moments with context and highlights. Unfair: over HTTP the clients take part of
the same machine, and the queries are not those of people.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from threading import Thread
from time import perf_counter, process_time
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from serve import Answers, Person, family_of, queries_from, serving
from shared.figures import percentile
from shared.processes import cpu_of

from search import Library, open_library

KIND = "search"
WARMING = 300
"""Queries asked before any is counted."""
DRAWN = 20_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--askers", type=int, nargs="+", default=[1, 2, 8, 32])
    parser.add_argument("--seconds", type=float, default=10.0, help="for each number of askers")
    parser.add_argument("--processes", type=int, default=2, help="of the server")
    parser.add_argument("--only", choices=("threads", "http"), nargs="+", default=["threads", "http"])
    options = parser.parse_args()
    with open_library(options.index) as library:
        drawn = list(dict.fromkeys(queries_from(library, DRAWN, seed=1)))
    print(
        f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; {len(drawn):,} queries", flush=True
    )
    if "threads" in options.only:
        by_threads(options.index, iter(drawn), options.askers, options.seconds)
    if "http" in options.only:
        over_http(options.index, iter(drawn), options.askers, options.seconds, options.processes)


def by_threads(index: Path, queries: Iterator[str], numbers: list[int], seconds: float) -> None:
    with open_library(index) as library:
        for query in islice(queries, WARMING):
            library.search(query)
        for askers in numbers:
            figures = Answers()
            begin, worked = perf_counter(), process_time()
            crowd = [Thread(target=ask, args=(library, queries, begin + seconds, figures)) for _ in range(askers)]
            for one in crowd:
                one.start()
            for one in crowd:
                one.join()
            report("threads of one process", askers, figures, perf_counter() - begin, process_time() - worked)


def ask(library: Library, queries: Iterator[str], until: float, figures: Answers) -> None:
    """Asks one query after the other; several threads may share the iterator of a list."""
    while (begin := perf_counter()) < until and (query := next(queries, None)) is not None:
        library.search(query)
        figures.times[KIND].append(perf_counter() - begin)


def over_http(index: Path, queries: Iterator[str], numbers: list[int], seconds: float, processes: int) -> None:
    with serving(index, processes) as (address, pid):
        warming = islice(queries, WARMING * processes)
        asyncio.run(asked(address, warming, processes, perf_counter() + 600, Answers()))
        family = family_of(pid)
        for askers in numbers:
            figures = Answers()
            begin, worked = perf_counter(), sum(map(cpu_of, family))
            asyncio.run(asked(address, queries, askers, begin + seconds, figures))
            took, worked = perf_counter() - begin, sum(map(cpu_of, family)) - worked
            report(f"http, {processes} processes", askers, figures, took, worked)


async def asked(address: str, queries: Iterator[str], askers: int, until: float, figures: Answers) -> None:
    crowd = [Asker(address, figures, random.Random(number)) for number in range(askers)]
    await asyncio.gather(*(one.ask(queries, until) for one in crowd))


class Asker(Person):
    """A connection that asks for answers as JSON, one after the other."""

    async def ask(self, queries: Iterator[str], until: float) -> None:
        reader, writer = await self.connected()
        while perf_counter() < until and (query := next(queries, None)) is not None:
            await self.get(reader, writer, KIND, f"/api/v1/search?q={quote(query)}")
        writer.close()


def report(place: str, askers: int, figures: Answers, took: float, worked: float) -> None:
    times = figures.times[KIND]
    amount = len(times)
    refused = sum(count for status, count in figures.statuses.items() if status != 200)
    half, most = (percentile(times, share) * 1000 for share in (0.5, 0.95))
    print(
        f"{place:22} {askers:3} askers: {amount / took:6.1f} a second, p50 {half:5.0f} ms, p95 {most:5.0f} ms, "
        f"processor {worked / amount * 1000:5.1f} ms an answer on {worked / took:.2f} cores"
        + (f", {refused} refused" if refused else ""),
        flush=True,
    )


if __name__ == "__main__":
    main()
