"""Tests that need a program which is missing are skipped, and the end of the run says so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.library import PATIENCE, ROOT
from support.programs import is_installed, summary

TESTS = """
import pytest

@pytest.mark.needs("nosuch", "python-of-none")
def test_both(): ...

@pytest.mark.needs("nosuch")
@pytest.mark.parametrize("n", [1, 2])
def test_one(n): ...

@pytest.fixture
def explosive():
    raise AssertionError("a fixture of a test that is skipped was made")

@pytest.mark.needs("nosuch")
def test_no_fixture(explosive): ...

def test_none(): ...
"""


def run_of(folder: Path, tests: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A run of pytest of its own, with the project's settings, that ignores signals as under nohup and as in the
    background of a script."""
    (folder / "tests").mkdir()
    (folder / "tests" / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text("utf-8"), "utf-8")
    (folder / "tests" / "test_it.py").write_text(tests, "utf-8")
    (folder / "setup.cfg").write_text((ROOT / "setup.cfg").read_text("utf-8"), "utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments, "tests"]
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path, **variables},
        preexec_fn=_ignore if os.name == "posix" else None,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def _ignore() -> None:
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def test_what_lacks_a_program_is_skipped_and_a_run_in_parallel_ends_by_saying_so(tmp_path: Path) -> None:
    done = run_of(tmp_path, TESTS, "-n", "1")
    assert done.returncode == 0, done.stdout
    *_, told, last = done.stdout.splitlines()
    assert told == "Not installed: nosuch (4), python-of-none (1): 4 tests that need them did not run"
    assert last.startswith("1 passed, 4 skipped")


def test_nothing_is_said_where_nothing_is_missing() -> None:
    assert summary([]) == ""


def test_a_program_is_looked_for_in_the_path() -> None:
    assert is_installed(Path(sys.executable).as_posix())
    assert not is_installed("nosuch")


SEES = """
import pytest

@pytest.mark.needs("nosuch")
def test_skipped(): ...

import os, subprocess, sys

CODE = "import signal; print(*(signal.getsignal(n) in (signal.SIG_DFL, signal.default_int_handler) for n in (1, 2)))"

def test_it():
    assert subprocess.check_output([sys.executable, "-c", CODE]) == b"True True\\n"
    assert os.environ["TERM"] == "xterm-256color"
    assert not {"NO_COLOR", "COLUMNS", "PODSEEK_PLAYER", "LC_ALL", "http_proxy"} & set(os.environ)
"""


@pytest.mark.skipif(os.name != "posix", reason="signals are ignored as POSIX does")
def test_no_variable_and_no_ignored_signal_of_who_runs_the_tests_reaches_the_program(tmp_path: Path) -> None:
    """A run in one process, which also ends by saying what is missing."""
    odd = {"NO_COLOR": "1", "COLUMNS": "9", "PODSEEK_PLAYER": "x", "LC_ALL": "C", "http_proxy": "http://x"}
    done = run_of(tmp_path, SEES, TERM="dumb", **odd)
    assert done.returncode == 0, done.stdout
    assert "Not installed: nosuch (1): 1 test that needs them did not run" in done.stdout.splitlines()
