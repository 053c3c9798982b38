"""Kills nodes of a cluster and processes that index into it, at random moments, while others search; checks that every
answer is right or says that it is not whole, and that the library ends as if nothing had happened.

    PYTHONPATH=.:tests:bench python tests/support/kills/chaos.py --minutes 10 [--seed 1]

Three nodes with data of their own, and two libraries. One is complete and stays as it is: its answers must be those of
an index in a folder. Into the other, two processes index a half each (`--part`), first undisturbed, then again and
again, because its transcripts change whenever both are done; each line of a transcript tells its version, and no moment
may mix two. Nodes (any, the cluster manager, or all at once) and processes are killed, and started again. At the end
both libraries are checked, and the second is compared with one that the same transcripts make undisturbed. Prints what
broke, then what it did as JSON: the answers of both libraries apart, for on a busy machine processes that index may be
killed so often that few of them end.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from opensearch_node import Node, NodeProblem, Nodes, started_nodes

import indexer
from indexer.cluster.operations import index_into_cluster
from indexer.store.cluster.checking import faults
from indexer.store.cluster.documents.reading import each_episode, each_hit
from indexer.store.cluster.leftovers import sweep
from indexer.store.cluster.library.meta import existing_epoch
from indexer.store.cluster.transport.client import Cluster, connect
from indexer.store.cluster.transport.retry_policy import RetryPolicy
from search import open_library
from support.kills.chaos_world import Asking, World, answered, shown
from support.library import CORPUS

ROOT = Path(__file__).resolve().parents[3]
PARTS = 2
SHOWN = 20
KINDS = ("any", "manager", "all")
LEFT_AFTER = 60.0
"""Seconds after the end of a worker in which all that it started must end, too."""
GREEN_WITHIN = 600.0
"""Seconds until a cluster whose nodes all run has all copies; far more than it needs."""
FINISHED_WITHIN = 600.0
"""Seconds until undisturbed workers have indexed all; far more than they need."""


class Workers:
    """Processes that index a part each of the growing library, until all have done so after the last change."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self._finished: set[int] = set()
        self.done: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._said = ""
        """The last words of the worker that gave up last."""

    def step(self) -> bool:
        """Starts who ended too early again; returns True once all have done their part."""
        for part in range(1, PARTS + 1):
            process = self._processes.get(part)
            if process is not None and process.poll() is not None:
                del self._processes[part]
                self._ended(part, process)
            if part not in self._processes and part not in self._finished:
                self._processes[part] = self._started(part)
        return len(self._finished) == PARTS

    def changed(self) -> None:
        self._finished.clear()
        self.done["rounds"] += 1

    def kill(self, part: int) -> None:
        process = self._processes.get(part)
        if process is not None and process.poll() is None:
            process.kill()
            self.done["killed"] += 1

    def finish(self) -> None:
        """Runs until all is indexed, or for FINISHED_WITHIN seconds, which is wrong."""
        until = time.monotonic() + FINISHED_WITHIN
        while not self.step():
            if time.monotonic() > until:
                self.wrong.append(f"the workers did not end in {FINISHED_WITHIN:.0f} seconds: {self._said}")
                return
            time.sleep(0.2)

    def stop(self) -> None:
        """Kills those that run."""
        for process in self._processes.values():
            process.kill()
        for process in self._processes.values():
            try:
                process.communicate(timeout=LEFT_AFTER)
            except subprocess.TimeoutExpired:
                self.wrong.append(f"worker {process.pid} left a process that lives on")
        self._processes.clear()

    def _ended(self, part: int, process: subprocess.Popen[bytes]) -> None:
        try:
            said = process.communicate(timeout=LEFT_AFTER)[1].decode(errors="replace")
        except subprocess.TimeoutExpired:
            self.wrong.append(f"worker {process.pid} left a process that lives on")
            return
        if process.returncode == 0:
            self._finished.add(part)
            self.done["done"] += 1
        elif process.returncode > 0:
            self.done["gave up"] += 1
            self._said = said[-2000:]
            if process.returncode != 2 or "Traceback" in said:
                self.wrong.append(f"a worker ended with {process.returncode}: {said[-2000:]}")

    def _started(self, part: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, str(ROOT / "cli.py"), "-q", "index", "--prune", "-j1", "--part", f"{part}/{PARTS}"]
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PODSEEK_BACKEND": self._world.growing,
            "PODSEEK_BACKEND_FOLDER": str(self._world.home / f"worker{part}"),
        }
        return subprocess.Popen(
            [*command, str(self._world.corpus)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )


def disturbed(
    nodes: Nodes, world: World, seconds: float, seed: int, askers: int = 2
) -> tuple[list[str], dict[str, Any]]:
    """Kills and searches for so long, on a cluster that has the steady library; returns what broke, and counts of what
    was done. Raises NodeProblem for a node that does not start again."""
    chance = random.Random(seed)
    workers = Workers(world)
    asking = [Asking(world, seed + number) for number in range(askers)]
    killed: Counter[str] = Counter()
    try:
        workers.finish()  # or searches find no library, where the machine is so busy that no worker ends
        world.change()
        workers.changed()
        for one in asking:
            one.start()
        _kill_at_random(nodes, world, workers, chance, seconds, killed)
        for one in asking:
            one.stop()
        await_green(nodes)
        workers.finish()
    finally:
        workers.stop()
    wrong = [*_lost(world, nodes), *workers.wrong, *(line for one in asking for line in one.wrong)]
    return wrong, {
        "nodes killed": dict(killed),
        "workers": dict(workers.done),
        "answers": dict(sum((one.done for one in asking), Counter[str]())),
        "longest answer, s": round(max(one.longest for one in asking), 1),
        "wrong": len(wrong),
    }


def _kill_at_random(
    nodes: Nodes, world: World, workers: Workers, chance: random.Random, seconds: float, done: Counter[str]
) -> None:
    """Kills nodes and workers for so long, and until nodes died in each way; starts all again."""
    longest = min(120.0, seconds / 2)
    began = time.monotonic()
    back: dict[int, float] = {}
    """When a dead node is to be started."""
    next_node, next_worker = began + chance.uniform(3, 6), began + chance.uniform(2, 10)
    kinds = _kinds(chance)
    kind = next(kinds)
    while (now := time.monotonic()) < began + seconds or back or len(done) < len(KINDS):
        for number in [number for number, at in back.items() if at <= now]:
            del back[number]
            nodes.launch(number)
        if now >= next_node and (victims := _victims(nodes, kind, chance, back)):
            for number in victims:
                nodes.kill(number)
                back[number] = now + chance.uniform(0, 8)
            done[kind] += len(victims)
            kind = next(kinds)
            next_node = now + chance.uniform(0.1, 0.5) * longest
        if now >= next_worker:
            workers.kill(chance.randint(1, PARTS))
            next_worker = now + chance.uniform(2, 16)
        if workers.step():
            world.change()
            workers.changed()
        time.sleep(0.1)


def _kinds(chance: random.Random) -> Iterator[str]:
    """What dies next: one of each kind first, then by chance."""
    yield from KINDS
    while True:
        yield chance.choice((*KINDS, "any", "any", "manager"))


def _victims(nodes: Nodes, kind: str, chance: random.Random, dead: Mapping[int, float]) -> list[int]:
    """Which nodes to kill; none while there is none of this kind."""
    alive = [number for number in range(len(nodes.urls)) if number not in dead]
    if kind == "all" or not alive:
        return alive
    number = manager_of(nodes) if kind == "manager" else chance.choice(alive)
    return [number] if number in alive else []


def manager_of(nodes: Nodes) -> int:
    """The number of the node that manages the cluster; -1 if none is known."""
    for url in nodes.urls:
        try:
            listed = Node(url).call("GET", "/_cat/master?format=json&master_timeout=1s", seconds=2)
        except (OSError, NodeProblem):
            continue
        return int(listed[0]["node"].removeprefix("node")) if listed else -1
    return -1


def await_green(nodes: Nodes) -> None:
    """Waits until all nodes answer and each shard has its copies. Raises NodeProblem, and TimeoutError."""
    nodes.await_answers(*range(len(nodes.urls)))
    until = time.monotonic() + GREEN_WITHIN
    path = f"/_cluster/health?wait_for_status=green&wait_for_nodes={len(nodes.urls)}&timeout=10s"
    while time.monotonic() < until:
        try:
            Node(nodes.urls[0]).call("GET", path)
        except (OSError, NodeProblem):
            time.sleep(0.5)
        else:
            return
    raise TimeoutError("the cluster does not become green")


def _lost(world: World, nodes: Nodes) -> Iterator[str]:
    """What is not as it would be undisturbed."""
    again = nodes.address("undisturbed")
    report = index_into_cluster([world.corpus], again, jobs=1)
    if report.exit_code:
        yield f"the undisturbed library: {report.complaints[:1]}"
    contents = []
    for address in (world.growing, again):
        with connect(address, RetryPolicy(tries=20)) as cluster:
            contents.append(content(cluster))
            epoch = existing_epoch(cluster)
            sweep(cluster, epoch.index_name, age=-60)
            yield from (f"{address}: {fault}" for fault in faults(cluster, epoch))
    if contents[0] != contents[1]:
        yield f"not as undisturbed: {set(map(str, contents[0])) ^ set(map(str, contents[1]))}"[:2000]
    with open_library(world.steady) as library:
        for query, expected in world.expected.items():
            found, incomplete = answered(library, query)
            if incomplete or shown(found) != shown(expected):
                yield f"{query}: after all, another answer {incomplete}"


def content(cluster: Cluster) -> list[object]:
    """The digest of each episode, and the count of each word and character."""
    epoch = existing_epoch(cluster)
    digests: list[object] = [
        (hit["fields"]["id"][0], hit["fields"]["sum"][0])
        for hit in each_episode(cluster, epoch.index_name, ["id", "sum"])
    ]
    words = each_hit(cluster, epoch.words_name, {"match_all": {}}, [{"key": "asc"}, {"kind": "asc"}], 2000)
    fields = ("kind", "term", "count", "episodes")
    return [epoch.episodes, epoch.atoms, *digests, *(tuple(one["_source"][name] for name in fields) for one in words)]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--askers", type=int, default=2)
    given = parser.parse_args(arguments)
    with TemporaryDirectory(prefix="podseek-chaos-") as folder, started_nodes(3, quick=True) as nodes:
        os.environ["PODSEEK_BACKEND_FOLDER"] = str(Path(folder) / "local")
        index, steady = Path(folder) / "index", nodes.address("steady")
        index_into_cluster([CORPUS], steady, jobs=1)
        indexer.index_paths([CORPUS], index, jobs=1)
        world = World(Path(folder), nodes.address("growing"), steady, index, random.Random(given.seed))
        wrong, done = disturbed(nodes, world, given.minutes * 60, given.seed, given.askers)
    for line in list(dict.fromkeys(wrong))[:SHOWN]:
        print(line[:500])
    print(json.dumps(done, ensure_ascii=False))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
