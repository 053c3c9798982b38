"""Finding transcripts: every one once, in a stable order, and nothing else."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from support.library import PATIENCE

from indexer.core.types import Complaint
from indexer.discovery.walk import find_transcripts


def found(*paths: Path) -> list[Path]:
    complaints: list[Complaint] = []
    files = find_transcripts(paths, complaints)
    assert complaints == []
    return files


@pytest.fixture
def folder(tmp_path: Path, write_srt: Callable[..., Path]) -> Path:
    root = tmp_path.resolve() / "shows"
    for name in ("b.srt", "a.srt", "deep/er/c.SRT", "deep/d.txt", ".hidden.srt", ".git/e.srt"):
        write_srt(root / name, "好")
    (root / "notes.txt").write_text("不是字幕", "utf-8")
    (root / "cover.png").write_bytes(b"\x89PNG")
    return root


def test_a_folder_gives_its_transcripts_sorted_and_no_hidden_ones(folder: Path) -> None:
    assert found(folder) == [folder / name for name in ("a.srt", "b.srt", "deep/d.txt", "deep/er/c.SRT")]


def test_a_file_named_directly_is_taken_whatever_it_is(folder: Path) -> None:
    assert found(folder / "notes.txt", folder / ".hidden.srt") == [folder / "notes.txt", folder / ".hidden.srt"]


def test_a_file_reached_twice_is_found_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert found(folder / "a.srt", Path("a.srt"), Path("deep/../a.srt"), folder) == found(folder)


def test_a_link_is_the_file_it_leads_to(folder: Path) -> None:
    (folder / "z.srt").symlink_to(folder / "a.srt")
    assert found(folder) == [folder / name for name in ("a.srt", "b.srt", "deep/d.txt", "deep/er/c.SRT")]
    assert found(folder / "z.srt") == [folder / "a.srt"]


def test_links_that_lead_nowhere_or_in_circles_are_passed_over(folder: Path) -> None:
    before = found(folder)
    (folder / "broken.srt").symlink_to(folder / "gone.srt")
    (folder / "circle.srt").symlink_to(folder / "circle.srt")
    (folder / "deep" / "up").symlink_to(folder)
    assert found(folder) == before


def test_a_folder_called_like_a_transcript_is_a_folder(tmp_path: Path, write_srt: Callable[..., Path]) -> None:
    path = write_srt(tmp_path.resolve() / "show.srt" / "a.srt", "好")
    assert found(tmp_path) == [path]


def test_a_missing_path_is_an_error_and_the_rest_is_found(folder: Path) -> None:
    complaints: list[Complaint] = []
    assert find_transcripts([folder / "gone", folder / "a.srt"], complaints) == [folder / "a.srt"]
    assert [(complaint.path, complaint.fatal) for complaint in complaints] == [(str(folder / "gone"), True)]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may open everything")
def test_a_closed_folder_is_an_error_and_the_rest_is_found(folder: Path) -> None:
    (folder / "deep").chmod(0)
    complaints: list[Complaint] = []
    try:
        assert find_transcripts([folder], complaints) == [folder / "a.srt", folder / "b.srt"]
    finally:
        (folder / "deep").chmod(0o700)
    assert [complaint.fatal for complaint in complaints] == [True]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_does_not_stop_the_walk(folder: Path) -> None:
    pipe = folder / "pipe.txt"
    os.mkfifo(pipe)
    walk = threading.Thread(target=found, args=(folder,), daemon=True)
    walk.start()
    walk.join(timeout=PATIENCE)
    stuck = walk.is_alive()
    if stuck:
        os.close(os.open(pipe, os.O_WRONLY))
        walk.join()
    assert not stuck


def test_no_paths_give_no_files() -> None:
    assert found() == []


def told(folder: Path) -> list[str]:
    complaints: list[Complaint] = []
    find_transcripts([folder], complaints)
    return [f"{complaint.what} / {complaint.action}" for complaint in complaints]


def test_a_folder_of_which_nothing_is_recognised_tells_what_is_there(tmp_path: Path) -> None:
    for name in ("a.json", "b.json", "c.txt", "README.md", "d.mp3", "cover.jpg", "e"):
        (tmp_path / name).write_text("{}", "utf-8")
    assert told(tmp_path) == [
        "none of 5 files here is recognised as a transcript (.json 2, no suffix 1, .md 1, .txt 1)"
        " / left out; name one to hear what is wrong with it"
    ]


def test_beside_transcripts_notes_are_passed_over_silently_and_other_subtitles_are_not(folder: Path) -> None:
    assert told(folder) == []
    (folder / "one.ttml").write_text("<tt/>", "utf-8")
    assert told(folder) == [
        "1 file with subtitles is in a format that podseek does not read (.ttml 1)"
        " / left out; name one to hear what is wrong with it"
    ]


def test_a_folder_of_audio_alone_is_nothing_to_complain_about(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_bytes(b"ID3")
    assert told(tmp_path) == []
