"""Whatever ends an indexing process ends its workers and unlocks the index, and nothing committed is lost."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import pytest
from support.damage.campaign import check
from support.library import PATIENCE, ROOT, Tools, spaced, write_lines

import indexer
from indexer.store.durable_storage import OwnLock

EPISODES = 50
MARK = "PODSEEK_TEST_RUN"

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are found in /proc")

# A commit after every other file, and a long way to the last one.
CODE = """
import multiprocessing, sys, time
import indexer.update, indexer.workers
from cli import main
indexer.workers.available_cores = lambda: 3
multiprocessing.set_start_method(sys.argv[1])
indexer.update.BATCH_ATOMS = 30
write = indexer.update._write
indexer.update._write = lambda *all: time.sleep(0.3 if all[-1].added > 9 else 0) or write(*all)
main(sys.argv[2:])
"""


@pytest.fixture(scope="module")
def begun(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder of episodes, and an index of the first, with the tables that a new one takes half a second to get."""
    folder = tmp_path_factory.mktemp("dead").resolve()
    for number in range(EPISODES):
        lines = [f"第{number}集说语音识别", "用GPU训练1.5B的模型", f"再见{number}"]
        write_lines(folder / "show" / f"{number}.srt", spaced(lines, 3.0))
    return folder / "show", tools.index([folder / "show" / "0.srt"], folder / "index")


@pytest.fixture
def show(begun: tuple[Path, Path]) -> Path:
    return begun[0]


@pytest.fixture
def index(begun: tuple[Path, Path], tmp_path: Path) -> Path:
    """A copy, to be completed."""
    return Path(shutil.copytree(begun[1], tmp_path / "index"))


class Run:
    """A podseek that runs in a process group of its own."""

    def __init__(self, way: str, arguments: tuple[object, ...]) -> None:
        self._mark = uuid4().hex
        self.process = subprocess.Popen(
            [sys.executable, "-c", CODE, way, *map(str, arguments)],
            cwd=ROOT,
            env={**os.environ, MARK: self._mark},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def processes(self) -> set[int]:
        """Those that live, whosever children they are by now."""
        mark = f"{MARK}={self._mark}".encode()
        found = set()
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    found.add(int(folder.name))
            except OSError:  # it has just ended, or is somebody else's
                continue
        return found

    def has_workers(self) -> bool:
        return len(self.processes()) > 2

    def is_asleep(self) -> bool:
        return Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "S"

    def said(self) -> str:
        """All of its talk, when all of its processes have ended."""
        assert self.process.stderr is not None
        return self.process.stderr.read()

    def wait_for(self, is_so: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not is_so():
            assert time.monotonic() < deadline, f"not so after {PATIENCE} s: {what}"
            time.sleep(0.03)


@contextmanager
def running(*arguments: object, way: str = "fork") -> Iterator[Run]:
    run = Run(way, arguments)
    try:
        yield run
    finally:
        for process in run.processes():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        run.process.wait()
        for stream in (run.process.stdin, run.process.stderr):
            with suppress(OSError):
                if stream is not None:
                    stream.close()


def committed(index: Path) -> int:
    """The number of the last commit."""
    return max((int(path.stem.rpartition("_")[2]) for path in index.glob("_MAIN_*.toc")), default=0)


def completed(show: Path, index: Path) -> int:
    """Completes the index, and returns how many episodes were there already. All of it can be read."""
    report = indexer.index_paths([show], index, jobs=1)
    assert (report.failed, report.changed, report.added + report.unchanged) == (0, 0, EPISODES)
    assert check(index) == []
    return report.unchanged


WAYS = [
    *(pytest.param("fork", number, id=f"fork-{number.name}") for number in (signal.SIGKILL, signal.SIGTERM)),
    pytest.param("fork", signal.SIGHUP, id="fork-SIGHUP"),
    pytest.param("spawn", signal.SIGKILL, id="spawn-SIGKILL"),
    pytest.param("forkserver", signal.SIGKILL, id="forkserver-SIGKILL"),
]


@pytest.mark.usefixtures("loaded_tools")
@pytest.mark.parametrize(("way", "number"), WAYS)
@pytest.mark.parametrize("command", ["index", "watch"])
def test_a_main_process_that_ends_takes_its_workers_and_its_lock_along(
    show: Path, index: Path, way: str, number: signal.Signals, command: str
) -> None:
    jobs = ["--jobs", 3] if command == "index" else []
    with running(command, show, "--index", index, *jobs, way=way) as run:
        run.wait_for(lambda: committed(index) > 2 and run.has_workers(), "workers work")
        run.process.send_signal(number)
        run.process.wait(PATIENCE)
        run.wait_for(lambda: not run.processes(), "all processes are gone")
        said = run.said()
    kept = completed(show, index)
    assert kept > 1
    if number != signal.SIGKILL:
        assert kept < EPISODES, "it was over before it was told to end"
        assert run.process.returncode == (2 if command == "index" else 0)
        assert said.count("Interrupted") == (command == "index"), said
        assert "Traceback" not in said and "worker" not in said


@pytest.mark.usefixtures("loaded_tools")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT], ids=lambda number: str(number.name))
def test_a_signal_to_all_of_a_group_ends_a_run_in_the_same_way(show: Path, index: Path, number: signal.Signals) -> None:
    with running("index", show, "--index", index, "--jobs", 3) as run:
        run.wait_for(lambda: committed(index) > 2 and run.has_workers(), "workers work")
        os.killpg(run.process.pid, number)
        run.process.wait(PATIENCE)
        run.wait_for(lambda: not run.processes(), "all processes are gone")
        said = run.said()
    assert run.process.returncode == 2
    assert said.count("Interrupted") == 1 and "worker process died" not in said, said
    assert 1 < completed(show, index) < EPISODES


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=lambda number: str(number.name))
def test_before_anything_is_read_it_says_so_as_well(tmp_path: Path, number: signal.Signals) -> None:
    with running("index", "-", "--index", tmp_path / "index") as run:
        assert run.process.stdin is not None
        run.process.stdin.write("1\n" * 200_000)  # more than a pipe holds: it reads
        run.process.stdin.flush()
        run.wait_for(run.is_asleep, "it has read all there is, and waits for more")
        run.process.send_signal(number)
        run.process.wait(PATIENCE)
        said = run.said()
    assert run.process.returncode == 2
    assert said.strip().count("\n") == 0 and said.strip().startswith("Interrupted"), said


@pytest.mark.usefixtures("loaded_tools")
def test_when_a_worker_is_killed_what_was_ready_is_kept(show: Path, index: Path) -> None:
    with running("index", show, "--index", index, "--jobs", 3) as run:
        run.wait_for(lambda: committed(index) > 2 and run.has_workers(), "workers work")
        os.kill(random.choice(sorted(run.processes() - {run.process.pid})), signal.SIGKILL)
        run.process.wait(PATIENCE)
        said = run.said()
        run.wait_for(lambda: not run.processes(), "all processes are gone")
    assert run.process.returncode == 2
    assert said.count("a worker process died") == 1 and "Traceback" not in said
    assert 1 < completed(show, index) < EPISODES


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no process is forked here")
def test_a_forked_process_lets_go_of_the_lock_and_leaves_it_locked(tmp_path: Path) -> None:
    path = str(tmp_path / "lock")
    lock = OwnLock(path)
    assert lock.acquire()
    ready, go = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        os.write(ready[1], b"1")
        os.read(go[0], 1)  # as long as the parent wants
        os._exit(0 if lock.fd is None else 1)
    os.read(ready[0], 1)
    assert not OwnLock(path).acquire(), "the child has unlocked it"
    lock.release()
    other = OwnLock(path)
    assert other.acquire(), "the child holds it"
    other.release()
    os.write(go[1], b"1")
    assert os.waitpid(child, 0)[1] == 0
    for opened in (*ready, *go):
        os.close(opened)
