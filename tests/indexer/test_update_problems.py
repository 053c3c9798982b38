"""Indexing with a lexicon, an index or files that are not right: what is wrong is reported, and the rest is done."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.transcripts.shows import WriteSrt, counts, places, records, run

import indexer
from indexer import update
from indexer.core.errors import IndexProblem
from indexer.core.files.sealed_json import sealed, unsealed
from indexer.store import manifest
from search.backends.embedded.snapshot import EmbeddedSnapshot

pytestmark = pytest.mark.usefixtures("loaded_tools")


# --- the lexicon ----------------------------------------------------------------------------------------


def test_the_lexicon_beside_the_transcripts_keeps_words_whole(
    tmp_path: Path, index: Path, write_srt: WriteSrt, opened: Callable[[], EmbeddedSnapshot]
) -> None:
    write_srt(tmp_path / "tea" / "one.srt", "欢迎来到樂小鹿茶館")
    (tmp_path / "tea" / "lexicon.txt").write_text("# 店名\n樂小鹿茶館 100 nz  # 一家店\n\n", "utf-8")
    run(index, tmp_path / "tea")
    assert places(opened(), "乐小鹿茶馆", 0) == [4]


def test_new_words_are_refused_with_the_cure_until_rebuilt(
    shows: Path, index: Path, tmp_path: Path, opened: Callable[[], EmbeddedSnapshot]
) -> None:
    run(index, shows)
    words = tmp_path / "words.txt"
    words.write_text("下着小雨\n", "utf-8")
    with pytest.raises(IndexProblem, match=r"words\.txt: 1 word is new .*下着小雨.* --rebuild"):
        run(index, shows, lexicon=words)
    assert opened().word_episodes("下着小雨") == {}
    assert counts(run(index, lexicon=words, rebuild=True)) == {"changed": 4}
    assert len(opened().word_episodes("下着小雨")) == 1
    assert counts(run(index, shows, lexicon=words)) == {"unchanged": 4}
    assert counts(run(index, shows)) == {"unchanged": 4}


def test_an_index_without_episodes_takes_new_words(
    shows: Path, index: Path, tmp_path: Path, opened: Callable[[], EmbeddedSnapshot]
) -> None:
    # The first run found silence, or had no room on the disk.
    (tmp_path / "silent.srt").write_text("", "utf-8")
    assert counts(run(index, tmp_path / "silent.srt")) == {"without_cues": 1}
    words = tmp_path / "words.txt"
    words.write_text("下着小雨\n", "utf-8")
    assert counts(run(index, shows, lexicon=words)) == {"added": 4}
    assert len(opened().word_episodes("下着小雨")) == 1


def test_a_lexicon_that_cannot_be_read_is_refused(shows: Path, index: Path, tmp_path: Path) -> None:
    with pytest.raises(IndexProblem, match="lexicon cannot be read"):
        run(index, shows, lexicon=tmp_path / "gone.txt")
    assert counts(run(index, shows)) == {"added": 4}


def test_rebuild_reads_every_episode_again_without_new_words_too(shows: Path, index: Path) -> None:
    run(index, shows)
    assert counts(run(index, shows, rebuild=True)) == {"changed": 4}


# --- an index that is not right ----------------------------------------------------------------------------


def change_manifest(index: Path, **values: object) -> None:
    path = index / manifest.FILE
    path.write_bytes(sealed({**unsealed(path.read_bytes())[0], **values}))


def test_another_format_is_refused_with_the_cure(shows: Path, index: Path) -> None:
    run(index, shows)
    change_manifest(index, format=99)
    for column in index.glob("*.marks.col"):  # its files may be others as well
        column.unlink()
    for action in (
        lambda: run(index, shows),
        lambda: indexer.forget(["tea/one"], index),
        lambda: EmbeddedSnapshot(index),
    ):
        with pytest.raises(IndexProblem, match=r"format 99.*: upgrade podseek"):
            action()


def test_another_jieba_is_refused_with_the_cure(shows: Path, index: Path) -> None:
    run(index, shows)
    change_manifest(index, packages={"jieba": "0.1"})
    with pytest.raises(IndexProblem, match=r"jieba 0\.1.*--rebuild"):
        run(index, shows)
    assert counts(run(index, shows, rebuild=True)) == {"changed": 4}


def test_an_index_keeps_its_own_character_table(
    shows: Path, index: Path, opened: Callable[[], EmbeddedSnapshot]
) -> None:
    run(index, shows)
    change_manifest(index, folding=["甲", "乙"])
    assert opened().folding.fold("甲網") == "乙網"
    assert counts(run(index, shows)) == {"changed": 4}


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"{}", b"3", b"\xff", b'{"format": 1}', b'{"format": 1, "folding": ["ab", "c"]}']
)
def test_a_damaged_manifest_is_an_index_problem(shows: Path, index: Path, content: bytes) -> None:
    run(index, shows)
    (index / manifest.FILE).write_bytes(content)
    with pytest.raises(IndexProblem, match=r"podseek\.json|format"):
        run(index, shows)


def test_a_damaged_table_of_contents_is_an_index_problem(shows: Path, index: Path) -> None:
    run(index, shows)
    for path in index.glob("_MAIN_*.toc"):
        path.write_bytes(path.read_bytes()[:30])
    for action in (lambda: run(index, shows), lambda: EmbeddedSnapshot(index)):
        with pytest.raises(IndexProblem, match="podseek index --rebuild"):
            action()


def remove_segments(index: Path) -> None:
    for path in index.glob("MAIN_*.*"):
        path.unlink()


def test_missing_segment_files_are_an_index_problem_for_a_reader(shows: Path, index: Path) -> None:
    run(index, shows)
    remove_segments(index)
    with pytest.raises(IndexProblem, match="podseek index --rebuild"):
        EmbeddedSnapshot(index)


def test_missing_segment_files_are_an_index_problem_for_a_writer(shows: Path, index: Path) -> None:
    run(index, shows)
    remove_segments(index)
    with pytest.raises(IndexProblem):
        run(index, shows)


@pytest.mark.parametrize("place", [".", "below"])
def test_a_file_where_the_index_should_be_is_an_index_problem(shows: Path, tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(IndexProblem):
        run(tmp_path / "file" / place, shows)


def test_the_lock_is_free_again_after_a_problem(shows: Path, index: Path) -> None:
    run(index, shows)
    content = (index / manifest.FILE).read_bytes()
    (index / manifest.FILE).write_bytes(b"{")
    with pytest.raises(IndexProblem):
        run(index, shows)
    (index / manifest.FILE).write_bytes(content)
    assert counts(run(index, shows)) == {"unchanged": 4}


# --- files that are not right --------------------------------------------------------------------------------


def test_an_unreadable_file_is_reported_and_the_rest_is_done(
    shows: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = os.open

    def refuse_one(path: Any, *how: Any, **more: Any) -> int:
        if path == shows / "tea" / "one.srt":
            raise PermissionError(13, "Permission denied")
        return opened(path, *how, **more)

    monkeypatch.setattr(os, "open", refuse_one)
    report = run(index, shows)
    assert counts(report) == {"added": 3, "failed": 1}
    assert report.exit_code == 2
    (complaint,) = report.complaints
    assert complaint.path == str(shows / "tea" / "one.srt")
    assert "Permission denied" in complaint.what


def test_an_episode_stays_as_it_was_when_its_file_cannot_be_read(
    shows: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(index, shows)
    before = records(index)

    opened = os.open

    def refuse(path: Any, *how: Any, **more: Any) -> int:
        if str(path).endswith(".srt"):
            raise PermissionError(13, "Permission denied")
        return opened(path, *how, **more)

    os.utime(shows / "tea" / "one.srt", (1, 1))
    monkeypatch.setattr(os, "open", refuse)
    assert counts(run(index, shows)) == {"unchanged": 3, "failed": 1}
    assert records(index) == before


def test_a_missing_path_is_reported_and_the_rest_is_done(shows: Path, index: Path) -> None:
    report = run(index, shows / "gone", shows)
    assert counts(report) == {"added": 4}
    assert report.exit_code == 2
    assert report.complaints[0].path == str(shows / "gone")


def test_irregular_files_are_complained_about_and_indexed(shows: Path, index: Path) -> None:
    (shows / "tea" / "one.srt").write_text("页眉\n1\n00:00:09,000 --> 00:00:01,000\n好\n", "utf-8")
    report = run(index, shows)
    assert counts(report) == {"added": 4}
    assert report.exit_code == 0
    assert [complaint.line for complaint in report.complaints] == [1, 3]


def test_the_default_index_is_where_the_environment_says(
    shows: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PODSEEK_INDEX", str(tmp_path / "mine"))
    indexer.index_paths([shows / "tea" / "one.srt"], jobs=1)
    assert len(records(tmp_path / "mine")) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other data directories")
def test_the_default_index_is_in_the_data_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PODSEEK_INDEX")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert update.default_index() == tmp_path / "data" / "podseek" / "index"


def test_a_sidecar_that_breaks_leaves_the_indexed_facts_alone(shows: Path, index: Path) -> None:
    (shows / "tea" / "podcast.toml").write_text('show = "两杯茶"\n', "utf-8")
    run(index, shows)
    (shows / "tea" / "podcast.toml").write_text('show = "', "utf-8")
    report = run(index, shows)
    assert counts(report) == {"unchanged": 4}
    assert report.exit_code == 2
    assert {record["facts"]["show"] for record in records(index).values() if "tea" in record["id"]} == {"两杯茶"}


def test_a_file_with_more_names_than_a_stream_can_code_does_not_stop_the_others(shows: Path, index: Path) -> None:
    words = " ".join(f"w{number}x" for number in range(180_000))
    (shows / "tea" / "many.srt").write_text(f"1\n00:00:01,000 --> 00:00:02,000\n{words}\n", "utf-8")
    assert counts(run(index, shows)) == {"added": 4, "failed": 1}


def test_what_was_removed_leaves_the_disk(shows: Path, index: Path) -> None:
    run(index, shows)
    before = sum(path.stat().st_size for path in index.iterdir())
    for _ in range(3):
        run(index, shows, rebuild=True)
    assert sum(path.stat().st_size for path in index.iterdir()) < 1.2 * before
