"""Measures `podseek serve` under concurrent requests.

    python bench/serve.py INDEX [--people 50] [--pause 2] [--seconds 60] [--processes 1] [--fresh]

Starts the server on a free port and lets each person do what people do: type a query (results alone, as the script of
the page asks for them), load the page of results, open a moment in the reader, and pause in between, `--pause` seconds
on average. Queries are of words that the index really has: one, two or three of them, and runs of its text.
They share 300 queries, so that many are asked again, by others; with `--fresh` each query is asked once, or twice by
one who opens one of its moments, so that no answer is known before.
Prints how many answers a second that makes, the median and the 95th percentile of their times by kind, the share
refused with 503, any other error, the processor time of the server, and its memory before and after.

Fair: a real server process, real connections, every answer read whole. Unfair: the clients take part of the same
machine, and their queries are not those of people.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from time import perf_counter
from urllib.parse import quote, urlsplit

from shared.figures import percentile
from shared.processes import cpu_of

from search import Library, open_library
from search.frontends.web.served.examples import example_words

ROOT = Path(__file__).resolve().parent.parent


def queries_from(library: Library, amount: int, seed: int) -> list[str]:
    """Queries of words of the index, and exact runs of its text."""
    chance = random.Random(seed)
    words = list(example_words(library.explore.snapshot, 400))
    episodes = library.episodes()
    found: list[str] = []
    while len(found) < amount:
        kind = chance.random()
        if kind < 0.2:
            episode = chance.choice(episodes)
            at = chance.uniform(0, max(0.0, episode.duration - 60))
            texts = [cue.text for cue in library.read(episode.id, at, at + 30)[1] if len(cue.text) > 5]
            found += [f'"{chance.choice(texts)[:8]}"'] if texts else []
        else:
            found.append(" ".join(chance.sample(words, chance.choice((1, 1, 2, 3)))))
    return found


class Answers:
    """What was measured: seconds of each answer by kind, and statuses."""

    def __init__(self) -> None:
        self.times: defaultdict[str, list[float]] = defaultdict(list)
        self.statuses: Counter[int] = Counter()


class Person:
    """One connection that asks one thing after the other."""

    def __init__(self, address: str, figures: Answers, chance: random.Random) -> None:
        self._host = urlsplit(address).netloc
        self._figures = figures
        self._chance = chance

    async def live(self, queries: Sequence[str] | Iterator[str], pause: float, until: float) -> None:
        """Asks random queries of a sequence, or the next ones of an iterator."""
        reader, writer = await self.connected()
        while perf_counter() < until:
            await asyncio.sleep(self._chance.expovariate(1 / pause) if pause else 0)
            if reader.at_eof():  # the server closes connections that were idle for long
                writer.close()
                reader, writer = await self.connected()
            query = quote(next(queries) if isinstance(queries, Iterator) else self._chance.choice(queries))
            kind, path = self._chance.choices(
                (("typing", f"/search?q={query}&part=results"), ("page", f"/search?q={query}"), ("reader", "")),
                (6, 3, 2),
            )[0]
            if kind == "reader":
                _, html = await self.get(reader, writer, "typing", f"/search?q={query}&part=results")
                links = re.findall(r'class="open" href="([^"#]*)', html)
                if not links:
                    continue
                path = unescape(self._chance.choice(links))
            await self.get(reader, writer, kind, path)
        writer.close()

    async def connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host, _, port = self._host.rpartition(":")
        return await asyncio.open_connection(host, int(port), limit=1 << 22)

    async def get(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, kind: str, path: str
    ) -> tuple[int, str]:
        begin = perf_counter()
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {self._host}\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        status = int(head.split(" ", 2)[1])
        (length,) = re.findall(r"content-length: (\d+)", head)
        body = await reader.readexactly(int(length))
        self._figures.statuses[status] += 1
        if status == 200:
            self._figures.times[kind].append(perf_counter() - begin)
        return status, body.decode()


async def measured(
    address: str, queries: Sequence[str] | Iterator[str], people: int, pause: float, seconds: float
) -> Answers:
    figures = Answers()
    until = perf_counter() + seconds
    crowd = [Person(address, figures, random.Random(number)) for number in range(people)]
    await asyncio.gather(*(one.live(queries, pause, until) for one in crowd))
    return figures


@contextmanager
def serving(index: Path, processes: int) -> Iterator[tuple[str, int]]:
    """Runs a server of an index on a free port; its address, and the id of its first process."""
    command = [sys.executable, str(ROOT / "cli.py"), "serve", str(index), "--port", "0", "--processes", str(processes)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        try:
            yield address, server.pid
        finally:
            server.terminate()


def family_of(pid: int) -> list[int]:
    """A process and its children; itself where there is no /proc."""
    try:
        return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
    except OSError:
        return [pid]


def memory_of(pid: int) -> float:
    """The memory that a process takes for itself, in MB; 0 where there is no /proc."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return sum(int(size) for size in re.findall(r"RssAnon:\s+(\d+)", status)) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--pause", type=float, default=2.0)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--fresh", action="store_true", help="ask no query twice")
    options = parser.parse_args()
    with open_library(options.index) as library:
        queries: Sequence[str] | Iterator[str] = queries_from(library, 300, seed=1)
        if options.fresh:
            queries = iter(dict.fromkeys(queries_from(library, 20_000, seed=1)))
    with serving(options.index, options.processes) as (address, pid):
        asyncio.run(measured(address, queries, 1, 0, 5))  # one person warms it up
        family = family_of(pid)
        before, worked = sum(map(memory_of, family)), sum(map(cpu_of, family))
        begin = perf_counter()
        figures = asyncio.run(measured(address, queries, options.people, options.pause, options.seconds))
        took = perf_counter() - begin
        after, worked = sum(map(memory_of, family)), sum(map(cpu_of, family)) - worked
    amount = sum(figures.statuses.values())
    print(f"{options.people} people, {amount} answers in {took:.0f} s: {amount / took:.1f} a second")
    print(f"processor time of the server: {worked / amount * 1000:.0f} ms an answer, {worked / took:.0%} of one core")
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    for kind, times in sorted(figures.times.items()):
        half, most = percentile(times, 0.5), percentile(times, 0.95)
        print(f"{kind:8} {len(times):6} answers   p50 {half * 1000:6.0f} ms   p95 {most * 1000:6.0f} ms")
    print("statuses: " + ", ".join(f"{status}: {count}" for status, count in sorted(figures.statuses.items())))
    print(f"memory: {before:.0f} MB before, {after:.0f} MB after")


if __name__ == "__main__":
    main()
