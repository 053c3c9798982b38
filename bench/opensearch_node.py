"""Real OpenSearch nodes on this machine, for trials, benchmarks and tests: built by Maven, stopped with the block.

    python bench/opensearch_node.py [--nodes 3]

starts a cluster, prints its address for a library named demo, and stops it with Ctrl-C; what was in it is then gone.

Needs Java 17 and Maven, nothing else; the first build downloads 46 MB from Maven Central.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

LAUNCHER = Path(__file__).resolve().parent.parent / "tests" / "opensearch" / "launcher"
_JAVA = ("-Xmx512m", "-XX:+UseSerialGC", "-XX:ActiveProcessorCount=1", "-Dlog4j2.disable.jmx=true")
_STARTS_WITHIN = 240.0
"""Seconds."""


class NodeProblem(Exception):
    """The node cannot be built or started, or refused a request."""


class Node:
    """A node that answers at `url`."""

    def __init__(self, url: str) -> None:
        self.url = url

    def call(self, method: str, path: str, body: object = None) -> Any:
        """Sends a request and returns the decoded answer; `body` is JSON, or lines of JSON for `_bulk`. Raises
        NodeProblem."""
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        kind = "application/x-ndjson" if isinstance(body, bytes) else "application/json"
        request = urllib.request.Request(self.url + path, data, {"Content-Type": kind}, method=method)
        try:
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise NodeProblem(f"{method} {path}: {error.read(1000).decode(errors='replace')}") from error

    def bulk(self, index: str, lines: Sequence[bytes]) -> None:
        """Adds documents, each an action line and a body. Raises NodeProblem if one is refused."""
        answer = self.call("POST", f"/{index}/_bulk", b"".join(lines))
        if answer["errors"]:
            raise NodeProblem(str(answer["items"][0])[:1000])


class Nodes:
    """A cluster of nodes, each a process with a data folder of its own, which outlives it."""

    def __init__(self, count: int, home: Path, settings: Mapping[str, object]) -> None:
        self._home = home
        self._settings = settings
        self._ports = [(_free_port(), _free_port()) for _ in range(count)]
        self._processes: list[subprocess.Popen[bytes] | None] = [None] * count

    @property
    def urls(self) -> list[str]:
        return [f"http://127.0.0.1:{port}" for port, _ in self._ports]

    def address(self, library: str) -> str:
        """The address of a library on all nodes."""
        return f"http://{','.join(f'127.0.0.1:{port}' for port, _ in self._ports)}/{library}"

    def process(self, number: int) -> int:
        """The id of the process of a running node."""
        process = self._processes[number]
        assert process is not None
        return process.pid

    def start(self, *numbers: int) -> None:
        """Starts nodes, and waits until each answers. Raises NodeProblem."""
        for number in numbers:
            self._processes[number] = self._started(number)
        for number in numbers:
            process = self._processes[number]
            assert process is not None
            if not _answers(Node(self.urls[number]), process):
                tail = (self._home / f"{number}.log").read_bytes()[-3000:].decode(errors="replace")
                raise NodeProblem(f"the node did not start:\n{tail}")

    def kill(self, number: int) -> None:
        """Ends a node at once, as kill -9 does."""
        process = self._processes[number]
        if process is not None:
            process.kill()
            process.wait()

    def stop(self) -> None:
        for process in self._processes:
            if process is not None:
                process.terminate()
        for process in self._processes:
            if process is not None:
                process.wait()

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
            "cluster.initial_cluster_manager_nodes": ",".join(names),
            "node.processors": 1,
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            **self._settings,
        }
        classes = f"{LAUNCHER}/target/classes:{LAUNCHER}/target/lib/*"
        values = [f"{name}={value}" for name, value in settings.items()]
        command = ["java", *_JAVA, "-cp", classes, "podseek.Launcher", str(self._home / str(number)), *values]
        with (self._home / f"{number}.log").open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log)


def build() -> None:
    """Builds the launcher, unless it is there. Raises NodeProblem where Java, Maven or its repository is missing."""
    for program in ("java", "mvn"):
        if shutil.which(program) is None:
            raise NodeProblem(f"{program} is not installed: OpenSearch needs Java 17 and Maven")
    if not (LAUNCHER / "target" / "lib").is_dir():
        command = ["mvn", "-q", "-B", "-Dstyle.color=never", "package"]
        if subprocess.run(command, cwd=LAUNCHER, check=False).returncode:
            raise NodeProblem("Maven did not build the launcher of OpenSearch")


@contextmanager
def started_nodes(count: int, settings: Mapping[str, object] | None = None) -> Iterator[Nodes]:
    """Builds and starts nodes with empty data folders. Raises NodeProblem."""
    build()
    with tempfile.TemporaryDirectory() as home:
        nodes = Nodes(count, Path(home), settings or {})
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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=int, default=3)
    parser.add_argument("--build", action="store_true", help="only build what starts a node")
    arguments = parser.parse_args()
    if arguments.build:
        try:
            build()
        except NodeProblem as problem:
            sys.exit(str(problem))
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt), started_nodes(arguments.nodes) as nodes:
        print(f"export PODSEEK_BACKEND={nodes.address('demo')}", flush=True)
        signal.pause()


if __name__ == "__main__":
    main()
