"""What came from standard input outlives whatever happens to the index."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import indexer
from indexer.core.errors import IndexBusy
from indexer.core.types import Episode
from indexer.discovery import inbox
from indexer.store.writer import IndexWriter
from search import open_library

WriteSrt = Callable[..., Path]

pytestmark = pytest.mark.usefixtures("loaded_tools")

SAID = "1\n00:00:00,000 --> 00:00:02,000\n从管道来的一句\n".encode()


@pytest.fixture
def show(tmp_path: Path, write_srt: WriteSrt) -> Path:
    return write_srt(tmp_path / "show" / "1.srt", "大家好").parent


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def run(index: Path, *paths: Path, prune: bool = False, rebuild: bool = False) -> indexer.Report:
    report = indexer.index_paths(paths, index, jobs=1, prune=prune, rebuild=rebuild)
    assert report.exit_code == 0, report.complaints
    return report


def pipe(index: Path, name: str = "piped.srt", data: bytes = SAID) -> Path:
    kept = inbox.store_transcript(inbox.home_of(index), data, name)
    run(index, kept)
    return kept


def episodes(index: Path) -> dict[str, Episode]:
    with open_library(index) as library:
        return {episode.id: episode for episode in library.episodes()}


def test_it_lies_beside_the_index(index: Path) -> None:
    assert pipe(index) == index.with_name("index.kept") / "inbox" / "piped.srt"
    assert set(episodes(index)) == {"inbox/piped"}


def test_an_index_made_anew_in_the_place_of_a_removed_one_has_it(index: Path, show: Path) -> None:
    pipe(index)
    shutil.rmtree(index)
    run(index, show)
    assert set(episodes(index)) == {"inbox/piped", "show/1"}


def test_what_no_run_has_read_is_read_by_the_next(index: Path, show: Path) -> None:
    run(index, show)
    inbox.store_transcript(inbox.home_of(index), SAID)
    report = run(index, show)
    assert (report.added, report.unchanged) == (1, 1)
    assert (run(index, show).added, run(index, show).unchanged) == (0, 1)


def test_pruning_leaves_it_and_removes_what_was_removed_from_it(index: Path, show: Path) -> None:
    kept = pipe(index)
    run(index, show, prune=True)
    run(index, prune=True)
    run(index, prune=True, rebuild=True)
    assert set(episodes(index)) == {"inbox/piped", "show/1"}
    kept.unlink()
    run(index, show, prune=True)
    assert set(episodes(index)) == {"show/1"}


def test_what_is_forgotten_is_put_away_and_does_not_come_back(index: Path, show: Path) -> None:
    put_away = index.with_name("index.kept") / "forgotten"
    for data in (SAID, SAID + b"\n"):
        pipe(index, data=data)
        indexer.forget(["inbox/piped"], index)
        run(index, show)
        run(index, index.parent)  # a folder that has all of it in it
        assert set(episodes(index)) == {"show/1"}
    assert sorted(file.read_bytes() for file in put_away.iterdir()) == [SAID, SAID + b"\n"]
    pipe(index)
    assert set(episodes(index)) == {"inbox/piped", "show/1"}


def test_a_forgotten_file_of_the_user_stays(index: Path, show: Path) -> None:
    run(index, show)
    indexer.forget(["show/1"], index)
    assert (show / "1.srt").is_file()


def test_what_lies_in_the_index_itself_is_moved_and_keeps_its_id(index: Path, show: Path) -> None:
    before = index / "inbox" / "piped.srt"
    before.parent.mkdir(parents=True)
    before.write_bytes(SAID)
    # As an earlier podseek left it: read, when its inbox was no place to look into.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inbox, "move_beside_index", lambda index: None)
        run(index, before, show)
    assert {episode.path for episode in episodes(index).values()} >= {str(before)}
    report = run(index, show)
    (piped,) = (episode for episode in episodes(index).values() if episode.id == "inbox/piped")
    assert piped.path == str(index.with_name("index.kept") / "inbox" / "piped.srt")
    assert Path(piped.path).read_bytes() == SAID and not before.exists()
    assert (report.changed, report.added, report.unchanged) == (1, 0, 1)


def test_where_nothing_can_be_made_beside_the_index_it_is_kept_in_it(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox.os, "access", lambda path, mode: False)
    assert pipe(index) == index / "inbox" / "piped.srt"
    assert set(episodes(index)) == {"inbox/piped"}


def test_while_another_process_writes_it_is_kept_for_the_next_run(index: Path, show: Path) -> None:
    run(index, show)
    writer = IndexWriter(index)
    try:
        with pytest.raises(IndexBusy):
            pipe(index)
    finally:
        writer.close()
    assert run(index, show).added == 1
