"""A real OpenSearch node on this machine, for benchmarks and tests: built by Maven, stopped with the block.

Needs Java 17 and Maven, nothing else; the first build downloads 46 MB from Maven Central.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

LAUNCHER = Path(__file__).resolve().parent.parent / "tests" / "opensearch" / "launcher"
_JAVA = ("-Xmx512m", "-XX:+UseSerialGC", "-XX:ActiveProcessorCount=1", "-Dlog4j2.disable.jmx=true")
_STARTS_WITHIN = 120.0
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


@contextmanager
def started_node() -> Iterator[Node]:
    """Builds and starts a node with an empty data folder. Raises NodeProblem where Java or Maven is missing."""
    for program in ("java", "mvn"):
        if shutil.which(program) is None:
            raise NodeProblem(f"{program} is not installed: OpenSearch needs Java 17 and Maven")
    subprocess.run(["mvn", "-q", "-B", "-Dstyle.color=never", "package"], cwd=LAUNCHER, check=True)
    http, transport = _free_port(), _free_port()
    settings = {
        "cluster.name": "podseek-test",
        "node.name": "one",
        "network.host": "127.0.0.1",
        "http.port": http,
        "transport.port": transport,
        "cluster.initial_cluster_manager_nodes": "one",
        "node.processors": 1,
        "cluster.routing.allocation.disk.threshold_enabled": "false",
    }
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryFile() as log:
        classes = f"{LAUNCHER}/target/classes:{LAUNCHER}/target/lib/*"
        values = [f"{name}={value}" for name, value in settings.items()]
        command = ["java", *_JAVA, "-cp", classes, "podseek.Launcher", home, *values]
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            node = Node(f"http://127.0.0.1:{http}")
            if not _answers(node, process):
                log.seek(0)
                raise NodeProblem(f"the node did not start:\n{log.read()[-3000:].decode(errors='replace')}")
            yield node
        finally:
            process.terminate()
            process.wait()


def _answers(node: Node, process: subprocess.Popen[bytes]) -> bool:
    until = time.monotonic() + _STARTS_WITHIN
    while process.poll() is None and time.monotonic() < until:
        try:
            node.call("GET", "/_cluster/health?wait_for_status=yellow")
        except OSError:
            time.sleep(0.2)
        else:
            return True
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
