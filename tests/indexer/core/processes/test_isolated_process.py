"""A function in a child process of its own."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.library import PATIENCE, ROOT

from indexer.core.processes.isolated_process import run_in_child

_CODE = """
import os, sys, time
from indexer.core.processes.isolated_process import run_in_child

def work():
    print(os.getpid(), flush=True)
    time.sleep(10_000)

run_in_child(work)
"""


def test_it_returns_what_the_function_does() -> None:
    assert run_in_child(divmod, 7, 2) == (3, 1)


@pytest.mark.skipif(sys.platform != "linux", reason="only there is a process forked")
def test_the_child_ends_when_its_parent_is_killed() -> None:
    process = subprocess.Popen([sys.executable, "-c", _CODE], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    child = int(process.stdout.readline())
    process.kill()
    process.communicate(timeout=PATIENCE)  # the child holds the other end of the pipe
    until = time.monotonic() + PATIENCE
    while _lives(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _lives(child)


def _lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
