"""Runs a command and measures its wall time, the CPU time of it and its children, and its memory.

Memory is the peak of the whole process tree, sampled ten times a second from /proc: the sum of the proportional set
sizes (PSS), in which a page that two processes share counts half in each. A peak between two samples is missed, so
the peak of the largest single process (the kernel's ru_maxrss) is reported as well. Without /proc only that is known.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

INTERVAL = 0.1
PROC = Path("/proc")
MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024
LAUNCHER = (
    "import os, resource, subprocess, sys\n"
    "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
)


ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""With bytecode: compiling the sources at each start would be half of a cold search, and peers come compiled."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process and its children took."""

    seconds: float
    cpu: float
    tree_mb: float
    """Peak of their total memory in MB; 0 if not sampled."""
    largest_mb: float
    """Peak of the largest of them."""
    output: str


def run(command: Sequence[str], sampled: bool = False, accepted: Collection[int] = (0, 1)) -> Usage:
    """Runs a command to its end. Raises SystemExit with what it wrote to stderr when it fails.

    `accepted` are the exit codes of success: 1 is that of a search that finds nothing, and of a traceback.
    """
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as complaints:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=complaints, text=True, env=ENVIRONMENT)
        sampler = Sampler(process.pid) if sampled and PROC.is_dir() else None
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        tree = sampler.stop() if sampler else 0.0
        out.seek(0)
        complaints.seek(0)
        if process.returncode not in accepted:
            raise SystemExit(f"{' '.join(command)[:300]}\nended with {process.returncode}: {complaints.read()[-2000:]}")
        largest = usage.ru_maxrss * MAXRSS_UNIT / 1e6
        return Usage(seconds, usage.ru_utime + usage.ru_stime, tree, largest, out.read())


def peak_mb(command: Sequence[str]) -> float:
    """Peak memory of a short command, of its largest process.

    A process inherits the peak of the one that started it: here an empty one, so less than about 11 MB cannot be
    measured.
    """
    launcher = [sys.executable, "-S", "-c", LAUNCHER, *command]
    launched = subprocess.run(launcher, capture_output=True, check=True, env=ENVIRONMENT)
    return int(launched.stdout) * MAXRSS_UNIT / 1e6


class Sampler:
    """Watches the memory of a process and its descendants until it is stopped."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._peak = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        """The peak in MB."""
        self._over.set()
        self._thread.join()
        return self._peak

    def _watch(self) -> None:
        while not self._over.wait(INTERVAL):
            self._peak = max(self._peak, sum(map(proportional_mb, tree(self._pid))))


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for parent in found:
        try:
            for thread in (PROC / str(parent) / "task").iterdir():
                found.extend(map(int, (thread / "children").read_text().split()))
        except OSError:
            continue  # it has ended
    return found


def cpu_of(pid: int) -> float:
    """The CPU seconds that a process has taken; 0 where there is no /proc."""
    try:
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_of(pid: int | str) -> float:
    """The peak in MB of a running process, of this one for "self". Needs /proc."""
    lines = (PROC / str(pid) / "status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("VmHWM:"))


def proportional_mb(pid: int) -> float:
    try:
        for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024 / 1e6
    except OSError:
        pass
    return 0.0
