"""Nodes of a cluster for trials and tests (`bench/opensearch_node.py`) and processes that index into it end with what
started them. Scripts take the place of Java and of podseek."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

import opensearch_node
from opensearch_node import NodeProblem, Nodes
from shared import engines
from support.kills import chaos
from support.nodes.secured import secured_node

BENCH = Path(opensearch_node.__file__).parent
LONG = 60.0
"""Seconds that a loaded machine may take for what takes none."""
WAITING = """
import os, time
def wait(*_):
    Path(os.environ["PLACE"], "waiting").write_text("yes")
    time.sleep(100)
opensearch_node.Nodes.await_answers = wait
with opensearch_node.started_nodes(1):
    pass
"""
"""Starts a node, and tells when it waits for its answer."""


def java(folder: Path, script: str) -> str:
    """Writes a program named java; returns the PATH that finds it first."""
    program = folder / "java"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def starting(code: str, folder: Path, path: str) -> subprocess.Popen[bytes]:
    """A process that starts nodes, and whose own input does not end."""
    text = f"import opensearch_node\nfrom pathlib import Path\nopensearch_node.build = lambda engine: None\n{code}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(BENCH), "PLACE": str(folder)}
    return subprocess.Popen(
        [sys.executable, "-c", text], env=environment, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


def test_ports_are_different_and_free(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        busy = taken.getsockname()[1]
        free = opensearch_node._free_ports(3)
        monkeypatch.setattr(opensearch_node, "_TAKEN", 1)
        monkeypatch.setattr(opensearch_node, "_PORTS", [busy, *free])
        assert sorted(opensearch_node._free_ports(3)) == sorted(free)
        assert len(set(free)) == 3


def test_where_no_ports_are_free_no_node_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setattr(opensearch_node, "_PORTS", [taken.getsockname()[1]] * 3)
        monkeypatch.setattr(opensearch_node, "_TAKEN", 1)
        with pytest.raises(NodeProblem, match="no 2 of 3 ports"):
            opensearch_node._free_ports(2)


def text_of(path: Path) -> str:
    """The text of a file, once it has one."""
    until = time.monotonic() + LONG
    while not (path.exists() and path.read_text()):
        assert time.monotonic() < until, f"there is no {path.name}"
        time.sleep(0.01)
    return path.read_text()


def test_nodes_end_when_the_process_that_started_them_is_killed(tmp_path: Path) -> None:
    path = java(tmp_path, 'cat > "$PLACE/input"; echo yes > "$PLACE/ended"')
    code = f"import os\nopensearch_node.Nodes(1, Path({str(tmp_path)!r}), {{}}).launch(0)\nos.kill(os.getpid(), 9)"
    with starting(code, tmp_path, path) as process:
        assert process.wait(LONG) == -signal.SIGKILL
        assert text_of(tmp_path / "ended") == "yes\n"


def test_sigterm_stops_nodes(tmp_path: Path) -> None:
    path = java(tmp_path, 'echo $$ > "$PLACE/started"; exec sleep 100')
    with starting(WAITING, tmp_path, path) as process:
        text_of(tmp_path / "waiting")  # before, it may not know yet what it started
        node = int(text_of(tmp_path / "started"))
        process.send_signal(signal.SIGTERM)
        assert process.wait(LONG) == -signal.SIGINT
    with pytest.raises(ProcessLookupError):
        os.kill(node, signal.SIGKILL)


def test_a_node_that_does_not_heed_sigterm_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLACE", str(tmp_path))
    monkeypatch.setenv("PATH", java(tmp_path, "trap '' TERM; echo yes > \"$PLACE/started\"; exec sleep 100"))
    monkeypatch.setattr(opensearch_node, "_STOPS_WITHIN", 0.05)
    nodes = Nodes(1, tmp_path, {})
    nodes.launch(0)
    text_of(tmp_path / "started")
    nodes.stop()
    (process,) = nodes._processes
    assert process is not None and process.returncode == -signal.SIGKILL


def workers(monkeypatch: pytest.MonkeyPatch, script: str, output: int = subprocess.DEVNULL) -> chaos.Workers:
    """Workers that are a script; the first line of its output is awaited."""

    def started(self: object, part: int) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(["sh", "-c", script], stdout=output, stderr=subprocess.PIPE)
        if process.stdout is not None:
            process.stdout.readline()
        return process

    monkeypatch.setattr(chaos.Workers, "_started", started)
    return chaos.Workers(SimpleNamespace())  # type: ignore[arg-type]


def test_workers_that_always_give_up_are_wrong_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chaos, "FINISHED_WITHIN", 0.1)
    hopeless = workers(monkeypatch, "echo no cluster >&2; exit 2")
    hopeless.finish()
    hopeless.stop()
    (line,) = hopeless.wrong
    assert "did not end" in line


def test_what_a_killed_worker_leaves_behind_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chaos, "LEFT_AFTER", 0.05)
    leaving = workers(monkeypatch, "sleep 20 & echo started; wait", subprocess.PIPE)
    leaving.step()
    leaving.stop()
    assert len(leaving.wrong) == chaos.PARTS
    assert all("lives on" in line for line in leaving.wrong)


def test_a_secured_node_needs_openssl(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NodeProblem, match="openssl is not installed"), secured_node("podcasts"):
        pass


def test_opensearch_3_takes_a_java_that_is_new_enough(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(engines, "_JAVAS", tmp_path)
    for version in ("17.0.15", "21.0.2"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin" / "javac").touch()
        (tmp_path / version / "release").write_text(f'IMPLEMENTOR="x"\nJAVA_VERSION="{version}"\n')
    assert engines.java_of(engines.OPENSEARCH_3) == str(tmp_path / "21.0.2" / "bin" / "java")
    assert engines.java_of(engines.OPENSEARCH) == "java"
    (tmp_path / "21.0.2" / "bin" / "javac").unlink()
    with pytest.raises(NodeProblem, match="Java 21 or later, with its compiler, is not installed"):
        engines.java_of(engines.OPENSEARCH_3)
