"""Where transcripts lie: in compressed files, and on standard input."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest
from support.library import PATIENCE, ROOT, Tools, indexed, podseek, subrip

import search
from indexer.discovery import inbox


def test_a_compressed_transcript_is_read(tools: Tools, tmp_path: Path) -> None:
    path = tmp_path / "2025-01-02 开源.srt.gz"
    path.write_bytes(gzip.compress(subrip("今天聊开源").encode()))
    indexed(tools, tmp_path, tmp_path)
    with search.open_library(tmp_path / "index") as library:
        (moment,) = library.search('"今天聊开源"')
        assert (moment.episode.title, moment.episode.date) == ("开源", "2025-01-02")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (gzip.compress(subrip("好" * 500).encode())[:-9], "not a whole gzip file"),
        (b"PK", "not a whole gzip file"),
        (gzip.compress(bytes(13 << 20)) * 5, "too many for a transcript"),
    ],
    ids=["cut short", "of another kind", "far too large"],
)
def test_a_bad_compressed_file_is_told_in_one_line(tools: Tools, tmp_path: Path, data: bytes, what: str) -> None:
    path = tmp_path / "a.srt.gz"
    path.write_bytes(data)
    report = indexed(tools, tmp_path, path)
    assert report.exit_code == 2
    (complaint,) = report.complaints
    assert what in str(complaint)


def piped(text: str, *arguments: str, index: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "cli.py"), "--index", str(index), "index", *arguments]
    return subprocess.run(command, input=text, capture_output=True, encoding="utf-8", timeout=PATIENCE, check=False)


def test_standard_input_is_kept_and_read_again_by_a_rebuild(tmp_path: Path) -> None:
    done = piped(subrip("今天聊开源"), "-", "--name", "2025-01-02 开源.srt", index=tmp_path / "index")
    assert done.returncode == 0, done.stderr
    assert podseek("index", "--rebuild", index=tmp_path / "index").code == 0
    with search.open_library(tmp_path / "index") as library:
        (moment,) = library.search('"今天聊开源"')
        assert (moment.episode.title, moment.episode.date) == ("开源", "2025-01-02")


@pytest.mark.parametrize("name", ["../a.srt", "a/b.srt", "", ".a.srt", "a\nb.srt"])
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    done = piped(subrip("好"), "-", "--name", name, index=tmp_path / "index")
    assert done.returncode == 2
    assert "is no file name" in done.stderr
    assert not (tmp_path / "a.srt").exists()


@pytest.mark.parametrize(("text", "what"), [("", ": nothing came in"), ("什么也不是", ", talk.txt: not a transcript")])
def test_what_has_no_cues_is_told_and_takes_nobodys_place(tmp_path: Path, text: str, what: str) -> None:
    good = inbox.store_transcript(tmp_path / "index", subrip("好").encode(), "talk.txt")
    done = piped(text, "-", "--name", "talk.txt", index=tmp_path / "index")
    assert done.returncode == 2
    assert done.stderr.startswith(f"standard input{what}")
    assert good.read_text("utf-8") == subrip("好")
    assert [path for path in good.parent.rglob("*") if path.is_file()] == [good]


@pytest.mark.parametrize("name", ["talk.srt", "talk.srt.gz"])
def test_the_name_of_what_comes_in_tells_the_format_that_is_missing(tmp_path: Path, name: str) -> None:
    data = "什么也不是".encode()
    with pytest.raises(inbox.InboxProblem, match=rf"^standard input, {name}:1: no line with two times and an arrow"):
        inbox.store_transcript(tmp_path, gzip.compress(data) if name.endswith(".gz") else data, name)


def test_a_compressed_transcript_may_come_in_as_well(tmp_path: Path) -> None:
    data = gzip.compress(subrip("好").encode())
    assert inbox.store_transcript(tmp_path, data, "talk.srt.gz").read_bytes() == data
    with pytest.raises(inbox.InboxProblem, match="not a whole gzip file"):
        inbox.store_transcript(tmp_path, data[:-9], "half.srt.gz")


@pytest.mark.skipif(sys.platform == "win32", reason="no shell that closes it")
def test_a_closed_standard_input_is_told(tmp_path: Path) -> None:
    command = f'"{sys.executable}" "{ROOT / "cli.py"}" --index "{tmp_path / "index"}" index - <&-'
    done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 2
    assert "standard input" in done.stderr
