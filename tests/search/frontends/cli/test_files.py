"""Files of results are whole, never written over another one unasked, and named when there is no room for them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.library import PATIENCE, ROOT, Run, podseek

from search.frontends.formats.files import NotWritten, write_lines


@pytest.fixture
def tiny_podseek(tiny_index: Path, tmp_path: Path) -> Any:
    def run(*arguments: object) -> Run:
        return podseek(*arguments, index=tiny_index, cwd=tmp_path)

    return run


@pytest.mark.parametrize(
    "arguments",
    [
        ["search", "晚安", "-o", "there.csv"],
        ["read", "sleep", "--all", "-o", "there.csv"],
        ["episodes", "--format", "plain", "-o", "there.csv"],
        ["trend", "晚安", "--plot", "there.svg"],
        ["dispersion", "晚安", "--plot", "there.svg"],
        ["trend", "晚安", "--format", "tsv", "-o", "there.csv", "--plot", "new.svg"],
    ],
)
def test_a_file_that_is_there_is_kept(tiny_podseek: Any, tmp_path: Path, arguments: list[str]) -> None:
    for name in ("there.csv", "there.svg"):
        (tmp_path / name).write_text("old", "utf-8")
    run = tiny_podseek(*arguments)
    assert (run.code, run.out) == (2, "")
    assert re.fullmatch(r"there\.(csv|svg): is there already: kept: --force overwrites it\n", run.err)
    assert {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()} == {
        "there.csv": "old",
        "there.svg": "old",
    }


@pytest.mark.parametrize("place", ["before", "after"])
def test_a_file_that_is_there_is_overwritten_when_that_is_asked_for(
    tiny_podseek: Any, tmp_path: Path, place: str
) -> None:
    (tmp_path / "hits.txt").write_text("old", "utf-8")
    force = (["--force"], []) if place == "before" else ([], ["--force"])
    assert tiny_podseek("search", *force[0], "晚安", "-n", "1", "-o", "hits.txt", *force[1]).code == 0
    assert (tmp_path / "hits.txt").read_text("utf-8").startswith("bridge/sleep:")
    assert [path.name for path in tmp_path.iterdir()] == ["hits.txt"]


def test_a_file_that_comes_meanwhile_is_kept(tmp_path: Path) -> None:
    def lines() -> Iterator[str]:
        yield "new"
        (tmp_path / "a.txt").write_text("of another", "utf-8")

    with pytest.raises(NotWritten, match="is there already"):
        write_lines(tmp_path / "a.txt", lines())
    assert {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()} == {"a.txt": "of another"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
@pytest.mark.parametrize(
    "arguments", [["search", "晚安"], ["status"], ["search", "晚安", "-n", "0", "--format", "json"]]
)
def test_where_nothing_more_can_be_printed_it_is_said_where(tiny_index: Path, arguments: list[str]) -> None:
    program = [sys.executable, str(ROOT / "cli.py"), *arguments, "--index", str(tiny_index)]
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(program, stdout=full, stderr=subprocess.PIPE, text=True, timeout=PATIENCE, check=False)
    cure = "make room there and run the same command again"
    assert (run.returncode, run.stderr) == (2, f"standard output: No space left on device: {cure}\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
def test_a_file_that_has_no_room_is_named(tiny_podseek: Any) -> None:
    run = tiny_podseek("search", "晚安", "--format", "plain", "-o", "/dev/full")
    assert (run.code, run.err.startswith("/dev/full: No space left on device: ")) == (2, True)


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits of POSIX")
@pytest.mark.parametrize("kilobytes", [20, 200])
def test_an_index_that_has_no_room_is_named(tmp_path: Path, kilobytes: int) -> None:
    import resource

    program = [sys.executable, str(ROOT / "cli.py"), "index", str(ROOT / "corpus"), "--index", str(tmp_path / "new")]
    limit = kilobytes << 10

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    run = subprocess.run(program, preexec_fn=bounded, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert run.returncode == 2
    assert re.fullmatch(rf"{re.escape(str(tmp_path))}/new[^:]*: File too large: [^\n]+\n", run.stderr), run.stderr
