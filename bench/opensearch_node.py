"""Real OpenSearch nodes on this machine, for trials, benchmarks and tests: built by Maven, stopped with the block.

    python bench/opensearch_node.py [--nodes 3] [--engine opensearch3 | elasticsearch] [--home FOLDER] [--library demo]

starts a cluster, prints the address of a library in it, and stops it with Ctrl-C. With --home, its data stay in FOLDER,
and the same command starts it again with them; else they are gone then.

Needs Java 17 and Maven, nothing else; the first build downloads 46 MB from Maven Central.
"""

from __future__ import annotations

import argparse
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from shared.engines import ENGINES, OPENSEARCH, Engine, java_of
from shared.engines import NodeProblem as NodeProblem
from shared.engines import build as build
from shared.node import Access, Node

_JAVA = ("-XX:+UseSerialGC", "-XX:ActiveProcessorCount=1", "-Dlog4j2.disable.jmx=true")
_QUICK = ("-XX:TieredStopAtLevel=1",)
"""Half of the CPU time of a start, which compiles no more than it must; slower once it is warm."""
_RECOVERY = {
    "cluster.routing.allocation.node_concurrent_recoveries": 8,
    "indices.recovery.recovery_activity_timeout": "15s",
    "indices.recovery.internal_action_timeout": "10s",
}
"""A copy that waits for a node which died is made anew soon. OpenSearch waits for half an hour by itself, for which
such a cluster does not become green."""
_STARTS_WITHIN = 600.0
"""Seconds; a quiet machine needs ten."""
_PORTS, _TAKEN = range(20_000, 32_000), 1000
"""The ports for nodes, and how many that are not free are tried."""
_STOPS_WITHIN = 60.0
"""Seconds until nodes that do not end by themselves are killed."""


class Nodes:
    """A cluster of nodes, each a process with a data folder of its own, which outlives it."""

    def __init__(
        self,
        count: int,
        home: Path,
        settings: Mapping[str, object],
        heap_mb: int = 512,
        quick: bool = False,
        engine: Engine = OPENSEARCH,
        access: Access | None = None,
    ) -> None:
        """Nodes below the folder `home`, not yet started. `settings` are more of them; `quick` has Java compile little;
        with `access` they are asked by TLS."""
        self._access = access
        self._home = home
        self._engine = engine
        self._settings = settings
        self._java = [f"-Xmx{heap_mb}m", *_JAVA, *engine.java, *(_QUICK if quick else ())]
        ports = iter(_free_ports(2 * count))
        self._ports = list(zip(ports, ports, strict=True))
        self._processes: list[subprocess.Popen[bytes] | None] = [None] * count

    @property
    def urls(self) -> list[str]:
        return [f"{self._scheme}://127.0.0.1:{port}" for port, _ in self._ports]

    def node(self, number: int) -> Node:
        return Node(self.urls[number], self._access)

    @property
    def _scheme(self) -> str:
        return "https" if self._access else "http"

    def address(self, library: str) -> str:
        """The address of a library on all nodes."""
        return f"{self._scheme}://{','.join(f'127.0.0.1:{port}' for port, _ in self._ports)}/{library}"

    def home(self, number: int) -> Path:
        """The folder of a node, with its config and data."""
        return self._home / str(number)

    def process(self, number: int) -> int:
        """The id of the process of a running node."""
        process = self._processes[number]
        assert process is not None
        return process.pid

    def start(self, *numbers: int) -> None:
        """Starts nodes, and waits until each answers. Raises NodeProblem."""
        self.launch(*numbers)
        self.await_answers(*numbers)

    def launch(self, *numbers: int) -> None:
        """Starts nodes, which answer some time later."""
        for number in numbers:
            self._processes[number] = self._started(number)

    def await_answers(self, *numbers: int) -> None:
        """Waits until each of these nodes answers. Raises NodeProblem."""
        for number in numbers:
            process = self._processes[number]
            assert process is not None
            if not _answers(self.node(number), process):
                tail = (self._home / f"{number}.log").read_bytes()[-3000:].decode(errors="replace")
                raise NodeProblem(f"the node did not start:\n{tail}")

    def kill(self, number: int) -> None:
        """Ends a node at once, as kill -9 does."""
        process = self._processes[number]
        if process is not None:
            process.kill()
            _gone(process)

    def stop(self) -> None:
        """Ends all nodes: by SIGTERM, and those that do not heed it by SIGKILL."""
        running = [process for process in self._processes if process is not None]
        for process in running:
            process.terminate()
        until = time.monotonic() + _STOPS_WITHIN
        for process in running:
            try:
                process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
            _gone(process)

    def _started(self, number: int) -> subprocess.Popen[bytes]:
        http, transport = self._ports[number]
        names = [f"node{one}" for one in range(len(self._ports))]
        settings = {
            "cluster.name": "podseek-test",
            "node.name": names[number],
            "network.host": "127.0.0.1",
            "http.port": http,
            "transport.port": transport,
            "discovery.seed_hosts": ",".join(f"127.0.0.1:{port}" for _, port in self._ports),
            self._engine.managers: ",".join(names),
            "node.processors": 1,
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            **_RECOVERY,
            **self._settings,
        }
        values = [f"{name}={value}" for name, value in settings.items()]
        home, classes = str(self.home(number)), self._engine.class_path
        command = [java_of(self._engine), *self._java, "-cp", classes, "podseek.Launcher", home, *values]
        with (self._home / f"{number}.log").open("ab") as log:
            return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log)


def _gone(process: subprocess.Popen[bytes]) -> None:
    """Waits for the end of a node, and closes the pipe at whose end it ends, too."""
    process.wait()
    if process.stdin is not None:
        process.stdin.close()


@contextmanager
def interrupted_by_sigterm() -> Iterator[None]:
    """SIGTERM ends a block as Ctrl-C does, by KeyboardInterrupt, so that all it started is stopped. Signals belong to
    the main thread; in another one nothing changes."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def folder_for(kept: Path | None) -> Iterator[Path]:
    """The folder `kept`, made if it is missing; without one, a folder that ends with the block."""
    if kept is None:
        with tempfile.TemporaryDirectory(prefix="podseek-nodes-") as place:
            yield Path(place)
    else:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept


@contextmanager
def started_nodes(
    count: int,
    settings: Mapping[str, object] | None = None,
    heap_mb: int = 512,
    quick: bool = False,
    engine: Engine = OPENSEARCH,
    home: Path | None = None,
) -> Iterator[Nodes]:
    """Builds and starts nodes, with the data in the folder `home`, which stay there, or with none. SIGTERM interrupts
    the block. Raises NodeProblem."""
    build(engine)
    with interrupted_by_sigterm(), folder_for(home) as place:
        nodes = Nodes(count, place, settings or {}, heap_mb, quick, engine)
        try:
            nodes.start(*range(count))
            yield nodes
        finally:
            nodes.stop()


@contextmanager
def started_node() -> Iterator[Node]:
    """A cluster of one node. Raises NodeProblem where Java or Maven is missing."""
    with started_nodes(1) as nodes:
        yield Node(nodes.urls[0])


def _answers(node: Node, process: subprocess.Popen[bytes]) -> bool:
    until = time.monotonic() + _STARTS_WITHIN
    while process.poll() is None and time.monotonic() < until:
        try:
            node.call("GET", "/_cluster/health?wait_for_status=yellow")
        except (OSError, NodeProblem):  # it is not there yet, or still recovers what it has
            time.sleep(0.2)
        else:
            return True
    return False


def _free_ports(count: int) -> list[int]:
    """As many different ports that are free, and stay so while a node starts or is dead: the system gives connections
    other ones. Raises NodeProblem if there are not as many among those that are tried."""
    found: list[int] = []
    for port in random.sample(_PORTS, count + _TAKEN):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            found.append(port)
        if len(found) == count:
            return found
    raise NodeProblem(f"no {count} of {count + _TAKEN} ports from {_PORTS[0]} to {_PORTS[-1]} are free")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=int, default=3)
    parser.add_argument("--engine", choices=[*ENGINES], default="opensearch")
    parser.add_argument("--home", type=Path, help="where the data of the nodes are kept")
    parser.add_argument("--heap", type=int, default=512, help="megabytes of each node")
    parser.add_argument("--library", default="demo", help="the library in the address")
    parser.add_argument("--build", action="store_true", help="only build what starts a node")
    arguments = parser.parse_args()
    if arguments.build:
        try:
            build(ENGINES[arguments.engine])
        except NodeProblem as problem:
            sys.exit(str(problem))
        return
    engine, home = ENGINES[arguments.engine], arguments.home
    started = started_nodes(arguments.nodes, heap_mb=arguments.heap, engine=engine, home=home)
    with suppress(KeyboardInterrupt), started as nodes:
        print(f"export PODSEEK_BACKEND={nodes.address(arguments.library)}", flush=True)
        signal.pause()


if __name__ == "__main__":
    main()
