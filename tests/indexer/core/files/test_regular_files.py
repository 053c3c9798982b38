"""A pipe, a device or a folder in place of a file is reported, and never waited for."""

from __future__ import annotations

import gzip
import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.front_ends.commands import called
from support.library import Run, Tools

from indexer.core.configuration.toml import loads
from indexer.core.errors import IndexProblem
from indexer.core.files import regular_files, sources
from indexer.core.files.regular_files import open_regular, read_regular, read_stream
from indexer.core.words.lexicon import MOST_ALIASES, read_lexicon

CUE = "1\n00:00:01,000 --> 00:00:03,000\n海底的光\n"
HANG_GUARD = 120
"""Seconds. Far more than any of these takes; a process that waits for a pipe would take for ever."""

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")


@pytest.fixture
def podseek(tools: Tools) -> Iterator[Callable[..., Run]]:
    """Runs a command in this process, and gives up when it waits."""

    def wait_no_longer(*_: object) -> None:
        raise TimeoutError("the command waits for ever")

    before = signal.signal(signal.SIGALRM, wait_no_longer)
    signal.alarm(HANG_GUARD)
    with tools.loaded():
        yield called
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def said_once(run: Run, what: str) -> None:
    assert (run.err.count(what), "Traceback" in run.err) == (1, False), run.err


@pytest.fixture
def show(tmp_path: Path) -> Path:
    folder = tmp_path / "show"
    folder.mkdir()
    (folder / "a.srt").write_text(CUE, "utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "what", "code"),
    [
        ("podcast.toml", "podcast.toml: cannot be read: [Errno 22] a pipe, not a file", 2),
        ("a.chapters.json", "a pipe, not a file", 2),
        ("lexicon.toml", "", 0),
        ("b.srt", "", 0),
        ("c.zip", "", 0),
        ("d.srt.gz", "", 0),
    ],
)
def test_pipes_in_a_folder_are_not_waited_for(
    show: Path, tmp_path: Path, podseek: Callable[..., Run], name: str, what: str, code: int
) -> None:
    os.mkfifo(show / name)
    run = podseek("index", show, "--jobs", 1, "--index", tmp_path / "index")
    assert "1 added" in run.err
    assert what in run.err
    assert run.code == code, run.err


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["index", "{pipe}"], "neither a file nor a folder"),
        (["index", "{show}", "--feed", "{pipe}"], "a pipe, not a file"),
        (["index", "{show}", "--feed", "/dev/zero"], "a device, not a file"),
        (["index", "{show}", "--lexicon", "{pipe}"], "a pipe, not a file"),
        (["index", "{show}", "--lexicon", "/dev/zero"], "a device, not a file"),
        (["index", "{show}", "--lexicon", "{show}"], "Is a directory"),
        (["watch", "--once", "{show}", "--queries", "/dev/zero"], "a device, not a file"),
    ],
)
def test_pipes_and_devices_that_are_named_are_one_line(
    show: Path, tmp_path: Path, podseek: Callable[..., Run], arguments: list[str], what: str
) -> None:
    os.mkfifo(tmp_path / "pipe")
    given = [one.format(pipe=tmp_path / "pipe", show=show) for one in arguments]
    run = podseek(*given, "--index", tmp_path / "index")
    said_once(run, what)
    assert run.code == 2


def test_queries_come_out_of_a_pipe_that_is_named(show: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=("海底\n# no query\n", "utf-8"), daemon=True)
    writer.start()
    assert read_stream(pipe, 1000).decode() == "海底\n# no query\n"
    writer.join(HANG_GUARD)


def test_a_pipe_into_which_nobody_writes_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regular_files, "SILENT_SECONDS", 0.1)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="nobody wrote"):
        read_stream(tmp_path / "pipe", 1000)


def test_only_regular_files_of_a_size_are_opened(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert read_regular(tmp_path / "a", 3) == read_stream(tmp_path / "a", 3) == b"abc"
    with pytest.raises(OSError, match="larger than"):
        read_regular(tmp_path / "a", 2)
    with pytest.raises(IsADirectoryError):
        open_regular(tmp_path)
    with pytest.raises(FileNotFoundError):
        open_regular(tmp_path / "b")


def test_a_gzip_file_that_grows_as_no_text_does_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"\0" * (8 << 20)))
    with pytest.raises(OSError, match="more than 200 times its size when unpacked"):
        sources.read(path, 64 << 20)
    assert sources.read(path, 1000) == b"\0" * 1000
    path.write_bytes(gzip.compress(os.urandom(5 << 20)))
    assert len(sources.read(path, 64 << 20)) == 5 << 20


@pytest.mark.parametrize("text", ["a." * 50_000 + "a = 1", "[" + "a." * 50_000 + "a]", '"\\"".' * 50_000 + "a = 1"])
def test_a_key_of_many_parts_is_refused_before_it_fills_the_memory(text: str) -> None:
    with pytest.raises(ValueError, match="parts"):
        loads(text)


def test_texts_with_points_are_no_keys() -> None:
    text = 'link = "https://a.b.c/d"\nnotes = """\n' + "等等...... 1.2.3.4 v1.2.3\n" * 20 + '"""\n"a.b".c.d = 1\n'
    assert loads(text)["a.b"] == {"c": {"d": 1}}


def test_a_lexicon_has_a_limit(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.toml"
    group = ", ".join(f'"词{number}"' for number in range(40))
    path.write_text(f"synonyms = [{f'[{group}], ' * (MOST_ALIASES // 1560 + 1)}]", "utf-8")
    with pytest.raises(IndexProblem, match="more than 100,000 pairs"):
        read_lexicon(path)
    with path.open("wb") as file:
        file.truncate((16 << 20) + 1)
    with pytest.raises(IndexProblem, match="larger than 16 MB"):
        read_lexicon(path)
