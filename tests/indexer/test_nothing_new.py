"""A run that finds nothing new looks at each file and little else; links are followed as before."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from support.transcripts.shows import WriteSrt, counts, run

from indexer.discovery import inbox
from indexer.intake import queue
from indexer.metadata.fact_finder import FactFinder
from search import open_library

pytestmark = pytest.mark.usefixtures("loaded_tools")


def resolved(monkeypatch: pytest.MonkeyPatch, work: Callable[[], object]) -> int:
    """How often a path is resolved, folder by folder, meanwhile."""
    asked = 0
    real = os.path.realpath

    def realpath(*arguments: object, **options: object) -> object:
        nonlocal asked
        asked += 1
        return real(*arguments, **options)  # type: ignore[call-overload]

    with monkeypatch.context() as patched:
        patched.setattr(os.path, "realpath", realpath)
        work()
    return asked


def test_more_files_in_a_folder_resolve_no_more_paths(
    tmp_path: Path, write_srt: WriteSrt, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shows = tmp_path / "shows"
    write_srt(shows / "0.srt", "大家好")
    run(index, shows)
    few = resolved(monkeypatch, lambda: run(index, shows))
    for number in range(1, 30):
        write_srt(shows / f"{number}.srt", "大家好")
    run(index, shows)
    assert resolved(monkeypatch, lambda: counts(run(index, shows))) == few


def test_a_link_to_a_file_has_the_facts_of_its_place(tmp_path: Path, write_srt: WriteSrt) -> None:
    write_srt(tmp_path / "回声机房" / "海底的光.srt", "大家好")
    link = tmp_path / "links" / "一.srt"
    link.parent.mkdir()
    link.symlink_to(tmp_path / "回声机房" / "海底的光.srt")
    write_srt(tmp_path / "links" / "二.srt", "大家好")
    finder = FactFinder(())
    shows = [facts.show for path in sorted(link.parent.iterdir()) if (facts := finder.facts(path)[0])]
    assert shows == ["回声机房", "links"]


def test_a_linked_file_is_indexed_once_under_its_own_path(tmp_path: Path, write_srt: WriteSrt, index: Path) -> None:
    file = write_srt(tmp_path / "shows" / "one.srt", "大家好")
    (file.parent / "two.srt").symlink_to(file)
    assert counts(run(index, file.parent)) == {"added": 1}
    with open_library(index) as library:
        assert [episode.path for episode in library.episodes()] == [str(file.resolve())]


def test_what_lies_in_the_inbox_of_an_earlier_version_is_found_beside_the_index(tmp_path: Path) -> None:
    index = tmp_path / "index"
    moved = inbox.beside(index) / inbox.FOLDER / "a.srt"
    moved.parent.mkdir(parents=True)
    moved.write_text("", "utf-8")
    inside = index / inbox.FOLDER
    elsewhere = str(tmp_path / "index" / "inbox-of-mine" / "a.srt")
    asked = [str(inside / "a.srt"), str(inside / "gone.srt"), elsewhere]
    assert list(inbox.current_paths(index, asked)) == [str(moved), asked[1], elsewhere]


def test_forgotten_files_are_left_out(tmp_path: Path) -> None:
    index = tmp_path / "index"
    kept = [tmp_path / "a.srt", inbox.beside(index) / "forgotten-by-me" / "a.srt"]
    put_away = inbox.beside(index) / inbox.FORGOTTEN / "a.srt"
    assert inbox.without_forgotten(index, [*kept, put_away]) == kept


def test_without_audio_and_feeds_the_queue_reads_no_index(
    tmp_path: Path, write_srt: WriteSrt, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_srt(tmp_path / "shows" / "one.srt", "大家好")
    run(index, file.parent)

    def unexpected(folder: Path) -> list[str]:
        raise AssertionError("the index was read")

    with monkeypatch.context() as patched:
        patched.setattr(queue, "known_paths", unexpected)
        assert queue.read_queue(index) == queue.Queue((), ())
    (file.parent / "two.MP3").write_bytes(b"sound")
    (waiting,) = queue.read_queue(index).waiting
    assert waiting.audio == str(file.parent.resolve() / "two.MP3")
