"""An index is written into a folder of its own, never among the files of somebody else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from support.library import ROOT, Tools, indexed, podseek, subrip

from indexer.core.errors import IndexProblem


@pytest.fixture
def show(tmp_path: Path) -> Path:
    folder = tmp_path / "show"
    folder.mkdir()
    (folder / "talk.srt").write_text(subrip("今天聊茶"), "utf-8")
    return folder


def test_a_folder_with_other_files_is_refused_in_one_line_and_stays_as_it_is(show: Path) -> None:
    commands = (["index", show], ["watch", "--once", show], ["index", "--prune"])
    for words in commands:
        run = podseek(*words, "--index", show)
        assert (run.code, run.out, run.err.count("\n")) == (2, "", 1), words
        assert run.err.startswith(f"{show}: is no index, and there is talk.srt in it: ")
        assert [path.name for path in show.iterdir()] == ["talk.srt"]


def test_a_file_is_refused_as_an_index_in_one_line_and_stays_as_it_is(show: Path) -> None:
    file = show / "talk.srt"
    before = file.read_bytes()
    for words in (["index", show], ["index", "--rebuild", show]):
        run = podseek(*words, "--index", file)
        assert (run.code, run.out, run.err.count("\n")) == (2, "", 1), words
        assert run.err.startswith(f"{file}: is a file, and an index is a folder: ")
    assert file.read_bytes() == before


def test_what_comes_from_standard_input_is_refused_there_too(show: Path) -> None:
    program = [sys.executable, str(ROOT / "cli.py"), "index", "-", "--index", str(show)]
    run = subprocess.run(program, input=subrip("水").encode(), capture_output=True, timeout=60, check=False)
    assert (run.returncode, b"is no index" in run.stderr) == (2, True)
    assert [path.name for path in show.iterdir()] == ["talk.srt"]


@pytest.mark.parametrize(
    "names", [[], ["lexicon.toml"], ["lexicon.txt", "inbox/a.srt"], [".DS_Store", "lost+found/"], ["watch.json"]]
)
def test_an_empty_folder_and_what_belongs_to_an_index_is_taken(
    tools: Tools, show: Path, tmp_path: Path, names: list[str]
) -> None:
    folder = tmp_path / "index"
    folder.mkdir()
    for name in names:
        path = folder / name
        (path if name.endswith("/") else path.parent).mkdir(exist_ok=True)
        if not name.endswith("/"):
            path.write_text("", "utf-8")
    assert indexed(tools, tmp_path, show).added == 1


def test_an_index_stays_one_whatever_else_comes_into_its_folder(tools: Tools, show: Path, tmp_path: Path) -> None:
    indexed(tools, tmp_path, show)
    (tmp_path / "index" / "notes.txt").write_text("mine", "utf-8")
    assert indexed(tools, tmp_path, show).unchanged == 1


def test_what_a_killed_first_run_left_is_gone_on_with(tools: Tools, show: Path, tmp_path: Path) -> None:
    indexed(tools, tmp_path, show)
    (tmp_path / "index" / "podseek.json").unlink()
    try:
        indexed(tools, tmp_path, show)
    except IndexProblem as problem:  # it may be damaged; it is no stranger's folder
        assert "is no index, and" not in str(problem)
