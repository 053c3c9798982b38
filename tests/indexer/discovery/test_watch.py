"""`podseek watch`, the real program: files come and go below it, and a signal ends it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.library import PATIENCE, ROOT, Tools, podseek, spaced, write_at_once, write_lines

import indexer
from indexer.core.files.sources import LARGEST_FILE
from indexer.store.writer import IndexWriter

posix = pytest.mark.skipif(os.name != "posix", reason="signals are sent as POSIX does")


def until(is_done: Callable[[], bool], what: str) -> None:
    """Waits for something that another process does."""
    end = time.monotonic() + PATIENCE
    while not is_done():
        assert time.monotonic() < end, what
        time.sleep(0.05)


class Watch:
    """A running `podseek watch`."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes]) -> None:
        self._folder = folder
        self.process = process

    @property
    def out(self) -> str:
        return (self._folder / "out").read_text("utf-8")

    @property
    def err(self) -> str:
        """Without the times."""
        return re.sub(r"(?m)^\d\d:\d\d:\d\d  ", "", (self._folder / "err").read_text("utf-8"))

    def says(self, text: str, times: int = 1) -> None:
        until(lambda: self.err.count(text) >= times, f"{text!r} is not in {self.err!r}")

    def prints(self, lines: int) -> list[str]:
        """The lines of its output, when there are so many whole ones."""
        until(lambda: self.out.count("\n") >= lines, f"fewer than {lines} lines: {self.out!r}; {self.err!r}")
        return self.out.splitlines()

    def end(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@contextmanager
def watching(folder: Path, index: Path, *arguments: object) -> Iterator[Watch]:
    """A watch that waits for changes already."""
    environment = {**os.environ, "PODSEEK_INDEX": str(index), "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, str(ROOT / "cli.py"), "watch", *map(str, arguments)]
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        try:
            watch = Watch(folder, process)
            watch.says("Watching")
            yield watch
        finally:
            process.kill()
            process.wait()


@pytest.fixture
def show(tmp_path: Path) -> Path:
    write_lines(tmp_path / "show" / "one.srt", spaced(["月亮出来了"]))
    return tmp_path.resolve() / "show"


@pytest.fixture
def index(tools: Tools, show: Path, tmp_path: Path) -> Path:
    return tools.index([show], tmp_path / "index")


def ids(index: Path) -> list[str]:
    return [json.loads(line)["episode"] for line in podseek("episodes", "--format", "jsonl", index=index).lines]


@posix
def test_what_comes_changes_and_goes_is_told_and_found(show: Path, index: Path, tmp_path: Path) -> None:
    pytest.importorskip("watchfiles", reason="the extra `watch` is not installed")
    with watching(tmp_path, index, show, "--query", "月亮", "--query", "太阳", "--format", "jsonl") as watch:
        assert watch.err.splitlines()[0] == "Episodes: 1 unchanged"
        write_lines(show / "two.srt", spaced(["月亮下去了", "太阳出来了"]))
        watch.says("Episodes: 1 added (2 cues read)")
        news = [json.loads(line) for line in watch.prints(2)]
        assert [(one["query"], one["episode"], one["rank"]) for one in news] == [
            ("月亮", "show/two", 1),
            ("太阳", "show/two", 1),
        ]
        write_at_once(show / "podcast.toml", 'episodes.two.title = "天上"\n')
        watch.says("Episodes: 1 read again")
        write_at_once(show / "lexicon.toml", 'words = ["月亮下去了"]\n')
        watch.says("lexicon.toml: 1 word is new")
        (show / "two.srt").unlink()
        watch.says("Episodes: 1 removed")
        assert watch.end() == 0
        assert len(watch.out.splitlines()) == 2
        assert "Traceback" not in watch.err
    assert ids(index) == ["show/one"]
    assert podseek("status", "--check", index=index).code == 0


@posix
def test_no_trouble_ends_a_watch(show: Path, index: Path, tmp_path: Path) -> None:
    pytest.importorskip("watchfiles", reason="the extra `watch` is not installed")
    with watching(tmp_path, index, show) as watch:
        other = IndexWriter(index)
        try:
            write_lines(show / "two.srt", spaced(["月亮下去了"]))
            (show / "huge.srt").touch()
            os.truncate(show / "huge.srt", LARGEST_FILE + 1)
            watch.says("another podseek is writing to this index: waiting for it")
        finally:
            other.close()
        watch.says("Episodes: 1 added, 1 not readable")
        assert watch.err.count("huge.srt") == 1
        write_at_once(show / "lexicon.toml", "words = [")
        watch.says("the lexicon cannot be read")
        (show / "lexicon.toml").unlink()
        show.rename(tmp_path / "away")
        watch.says(f"{show}: is not there any more")
        (tmp_path / "away").rename(show)
        watch.says(f"{show}: is there again")
        assert watch.err.count("huge.srt") == 1, "what was told is not told again"
        assert watch.end(signal.SIGTERM) == 0
    assert ids(index) == ["show/one", "show/two"]


def test_once_prints_what_came_since_the_last_time(show: Path, index: Path, tmp_path: Path) -> None:
    (tmp_path / "saved.txt").write_text("# 天上\n\n月亮\n", "utf-8")

    def once() -> list[str]:
        run = podseek("watch", "--once", show, "--queries", tmp_path / "saved.txt", "--format", "plain", index=index)
        assert run.code == 0, run.err
        return run.lines

    assert once() == [], "what was there before is no news"
    write_lines(show / "two.srt", spaced(["月亮下去了"]))
    assert once() == ["show/two:00:00:00: 月亮下去了"]
    assert once() == []
    write_lines(show / "three.srt", spaced(["月亮"]))
    run = podseek("watch", "--once", show, "--query", "月亮", "--format", "tsv", index=index)
    heading, row = (line.split("\t") for line in run.lines)
    assert dict(zip(heading, row, strict=True))["query"] == "月亮"
    write_lines(show / "four.srt", [(number * 200.0, number * 200.0 + 4, "月亮") for number in range(5)])
    run = podseek("watch", "--once", show, "--query", "月亮", "-n", 2, index=index)
    assert run.out.startswith("月亮  2 new moments\n  1  ")
    assert "月亮: 3 more new moments: -n 0 prints all" in run.err


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--query", "月亮 AND"], "月亮 AND: column 4: AND needs something on both sides"),
        (["--queries", "none.txt"], "none.txt"),
        (["gone"], "gone: no such file or folder"),
    ],
)
def test_what_was_typed_wrong_is_said_at_once(show: Path, index: Path, arguments: list[str], problem: str) -> None:
    pytest.importorskip("watchfiles", reason="the extra `watch` is not installed")
    run = podseek("watch", show, *arguments, index=index)
    assert (run.code, run.out) == (2, "")
    assert problem in run.err


@pytest.mark.parametrize(("command", "package"), [("watch", "watchfiles"), ("mcp", "mcp")])
def test_a_missing_package_is_named_with_what_installs_it(tmp_path: Path, command: str, package: str) -> None:
    program = f"import sys; sys.modules[{package!r}] = None; import cli; cli.main(sys.argv[1:])"
    arguments = [str(tmp_path)] if command == "watch" else []
    run = subprocess.run(
        [sys.executable, "-c", program, command, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE
    )
    assert (run.returncode, run.stdout) == (2, "")
    assert f"pip install 'podseek[{command}]'" in run.stderr
    assert len(run.stderr.splitlines()) == 1


@pytest.fixture
def unattended(tools: Tools, show: Path, index: Path) -> Callable[[], indexer.Report]:
    def run() -> indexer.Report:
        with tools.loaded():
            return indexer.index_paths([show], index, jobs=1, prune=True, unattended=True)

    return run


def test_nothing_is_pruned_where_no_transcript_is_left(unattended: Callable[[], indexer.Report], show: Path) -> None:
    write_lines(show / "two.srt", spaced(["月亮下去了"]))
    assert unattended().added == 1
    (show / "two.srt").rename(show.parent / "two.srt")
    report = unattended()
    assert (report.removed, report.missing) == (1, 0)
    (show / "one.srt").unlink()
    report = unattended()
    assert (report.removed, report.missing) == (0, 1)
    (show.parent / "two.srt").rename(show / "two.srt")
    report = unattended()
    assert (report.added, report.removed, report.missing) == (1, 1, 0)


def test_new_words_wait_for_a_rebuild_and_stop_nothing(unattended: Callable[[], indexer.Report], show: Path) -> None:
    (show / "lexicon.txt").write_text("月亮湖\n", "utf-8")
    write_lines(show / "two.srt", spaced(["月亮湖"]))
    report = unattended()
    assert (report.added, report.exit_code) == (1, 0)
    (complaint,) = map(str, report.complaints)
    assert "lexicon.txt: 1 word is new" in complaint
    assert "`podseek index --rebuild`" in complaint
