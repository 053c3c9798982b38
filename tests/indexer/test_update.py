"""Indexing again does what is needed and no more, and the index holds what the files say."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import indexer
from indexer import update
from indexer.core.errors import IndexProblem
from indexer.core.sealed_json import sealed, unsealed
from indexer.core.tokens import split_atoms
from indexer.metadata.sidecar import SIDECAR
from indexer.store import manifest
from indexer.store.writer import IndexWriter
from indexer.update import Report
from search.backends.embedded.snapshot import EmbeddedSnapshot
from search.matching.sources import WordSource

WriteSrt = Callable[..., Path]

pytestmark = pytest.mark.usefixtures("loaded_tools")


@pytest.fixture
def shows(tmp_path: Path, write_srt: WriteSrt) -> Path:
    """Two shows of two episodes."""
    root = tmp_path.resolve() / "shows"
    write_srt(root / "tea" / "one.srt", "今天的茶是热的", "我们慢慢喝")
    write_srt(root / "tea" / "two.srt", "语音识别的原理")
    write_srt(root / "rain" / "one.srt", "窗外下着小雨")
    write_srt(root / "rain" / "two.srt", "GPU训练1.5B的模型")
    return root


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def run(index: Path, *paths: Path, **options: Any) -> Report:
    return indexer.index_paths(paths, index, jobs=1, **options)


def counts(report: Report) -> dict[str, int]:
    """The counts of a report that are not zero."""
    names = ("added", "changed", "unchanged", "removed", "without_cues", "failed", "missing")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def records(index: Path) -> dict[str, dict[str, Any]]:
    """path -> record. Fails when two episodes share a path or an id."""
    with closing(IndexWriter(index)) as writer:
        found = writer.records()
    assert len({record["id"] for record in found}) == len({record["path"] for record in found}) == len(found)
    return {record["path"]: record for record in found}


def places(snapshot: EmbeddedSnapshot, word: str, episode: int) -> list[int]:
    """The positions of a word in an episode."""
    return WordSource(snapshot, split_atoms(word)).positions(episode)


def ids(index: Path) -> set[str]:
    return {record["id"] for record in records(index).values()}


@pytest.fixture
def opened(index: Path) -> Iterator[Callable[[], EmbeddedSnapshot]]:
    readers = []

    def open_index() -> EmbeddedSnapshot:
        readers.append(EmbeddedSnapshot(index))
        return readers[-1]

    yield open_index
    for reader in readers:
        reader.close()


# --- what is new or changed is read ---------------------------------------------------------------


def test_new_files_are_added(shows: Path, index: Path) -> None:
    report = run(index, shows)
    assert counts(report) == {"added": 4}
    assert report.cues == 5
    assert report.exit_code == 0
    assert ids(index) == {"tea/one", "tea/two", "rain/one", "rain/two"}


def test_an_episode_is_stored_whole(shows: Path, index: Path, opened: Callable[[], EmbeddedSnapshot]) -> None:
    run(index, shows / "rain" / "two.srt")
    snapshot = opened()
    (number,) = snapshot.episodes()
    record = snapshot.record(number)
    assert (record["id"], record["cues"], record["characters"], record["duration"]) == ("rain/two", 1, 12, 3.0)
    assert record["facts"]["show"] == "rain"
    texts, speakers = snapshot.text(number)
    assert (list(texts), speakers) == (["GPU训练1.5B的模型"], [""])
    assert snapshot.stream(number).atoms() == ["gpu", "训", "练", "1.5", "b", "的", "模", "型"]
    times = snapshot.times(number)
    assert (list(times.first), list(times.starts), list(times.durations)) == ([0, 8], [0], [3000])
    assert snapshot.atoms(number) == record["atoms"] == 8
    assert places(snapshot, "模型", number) == [6]
    assert places(snapshot, "1.5", number) == [3]
    assert snapshot.char_episodes("训") == {number: 1}
    assert snapshot.word_count("模型") == snapshot.char_count("训") == 1
    assert snapshot.word_count("没有") == 0


def test_files_seen_before_are_left_alone(shows: Path, index: Path) -> None:
    run(index, shows)
    before = records(index)
    assert counts(run(index, shows)) == {"unchanged": 4}
    assert records(index) == before


def test_a_touched_file_with_the_same_content_is_left_alone(shows: Path, index: Path) -> None:
    run(index, shows)
    os.utime(shows / "tea" / "one.srt", (1, 1))
    assert counts(run(index, shows)) == {"unchanged": 4}


def test_a_changed_file_replaces_its_episode(
    shows: Path, index: Path, write_srt: WriteSrt, opened: Callable[[], EmbeddedSnapshot]
) -> None:
    run(index, shows)
    path = write_srt(shows / "tea" / "one.srt", "换了一壶咖啡")
    assert counts(run(index, shows)) == {"changed": 1, "unchanged": 3}
    assert records(index)[str(path)]["cues"] == 1
    snapshot = opened()
    assert len(snapshot.episodes()) == 4
    assert snapshot.char_episodes("茶").keys().isdisjoint(snapshot.episodes())
    assert len(snapshot.word_episodes("咖啡")) == 1


def test_a_change_that_keeps_size_and_differs_in_time_is_seen(shows: Path, index: Path, write_srt: WriteSrt) -> None:
    run(index, shows)
    path = write_srt(shows / "tea" / "two.srt", "语音识别的道理")
    os.utime(path, ns=(1, 1))
    assert counts(run(index, shows)) == {"changed": 1, "unchanged": 3}


def test_changed_facts_are_read_again(shows: Path, index: Path) -> None:
    run(index, shows)
    (shows / "tea" / SIDECAR).write_text('show = "茶馆"\n', "utf-8")
    assert counts(run(index, shows)) == {"changed": 2, "unchanged": 2}
    assert records(index)[str(shows / "tea" / "one.srt")]["facts"]["show"] == "茶馆"
    assert counts(run(index, shows)) == {"unchanged": 4}


def test_an_offset_moves_all_times_and_none_before_zero(
    shows: Path, index: Path, opened: Callable[[], EmbeddedSnapshot]
) -> None:
    (shows / "tea" / SIDECAR).write_text("offset = -2\n", "utf-8")
    run(index, shows / "tea" / "one.srt")
    times = opened().times(0)
    assert [(times.starts[i], times.end(i)) for i in (0, 1)] == [(0, 1000), (1000, 4000)]


def test_only_the_paths_named_are_looked_at(shows: Path, index: Path) -> None:
    assert counts(run(index, shows / "tea")) == {"added": 2}
    assert counts(run(index, shows / "rain" / "one.srt")) == {"added": 1}
    assert counts(run(index, shows)) == {"added": 1, "unchanged": 3}


def test_one_file_by_two_names_is_one_episode(shows: Path, index: Path) -> None:
    (shows / "rain" / "link.srt").symlink_to(shows / "rain" / "one.srt")
    (shows.parent / "other").symlink_to(shows)
    assert counts(run(index, shows, shows.parent / "other")) == {"added": 4}
    assert counts(run(index, shows.parent / "other" / "rain" / "link.srt")) == {"unchanged": 1}


def test_several_processes_write_the_same_index_as_one(shows: Path, index: Path, tmp_path: Path) -> None:
    run(index, shows)
    report = indexer.index_paths([shows], tmp_path / "parallel", jobs=2)
    assert counts(report) == {"added": 4}
    assert records(tmp_path / "parallel") == records(index)


def test_progress_is_told_after_each_file(shows: Path, index: Path) -> None:
    told: list[tuple[int, int, str]] = []
    run(index, shows, progress=lambda done, total, name: told.append((done, total, Path(name).name)))
    assert [(done, total) for done, total, _ in told] == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_an_interrupted_run_keeps_what_was_ready_and_the_next_brings_the_rest(shows: Path, index: Path) -> None:
    def interrupt(done: int, total: int, name: str) -> None:
        if done == 2:
            os.kill(os.getpid(), signal.SIGINT)

    report = run(index, shows, progress=interrupt)
    assert report.interrupted
    assert report.exit_code == 2
    assert len(records(index)) == 2
    assert counts(run(index, shows)) == {"added": 2, "unchanged": 2}


def test_many_small_runs_lose_nothing(
    shows: Path, index: Path, write_srt: WriteSrt, opened: Callable[[], EmbeddedSnapshot]
) -> None:
    for number in range(20):
        write_srt(shows / "many" / f"{number}.srt", f"第{number}集语音")
        run(index, shows / "many")
    snapshot = opened()
    assert len(snapshot.episodes()) == 20
    for number in snapshot.episodes():
        (text,), _ = snapshot.text(number)
        assert text == f"第{snapshot.record(number)['facts']['title']}集语音"
        assert places(snapshot, "语音", number) == [3]


# --- what is gone -----------------------------------------------------------------------------------


def test_a_missing_file_stays_until_pruned(shows: Path, index: Path) -> None:
    run(index, shows)
    (shows / "tea" / "one.srt").unlink()
    assert counts(run(index, shows)) == {"unchanged": 3, "missing": 1}
    assert "tea/one" in ids(index)
    assert counts(run(index, shows, prune=True)) == {"unchanged": 3, "removed": 1}
    assert ids(index) == {"tea/two", "rain/one", "rain/two"}


def test_pruning_is_confined_to_the_named_folders(shows: Path, index: Path) -> None:
    run(index, shows)
    (shows / "tea" / "one.srt").unlink()
    (shows / "rain" / "one.srt").unlink()
    assert counts(run(index, shows / "tea", prune=True)) == {"unchanged": 1, "removed": 1}
    assert ids(index) == {"tea/two", "rain/one", "rain/two"}


def test_pruning_without_paths_removes_all_that_is_gone(shows: Path, index: Path) -> None:
    run(index, shows)
    (shows / "tea" / "one.srt").unlink()
    (shows / "rain" / "one.srt").unlink()
    assert counts(run(index, prune=True)) == {"removed": 2}


def test_a_moved_file_is_a_new_episode_and_pruning_removes_the_old(shows: Path, index: Path) -> None:
    run(index, shows)
    (shows / "tea" / "one.srt").rename(shows / "rain" / "three.srt")
    assert counts(run(index, shows, prune=True)) == {"added": 1, "unchanged": 3, "removed": 1}
    assert ids(index) == {"tea/two", "rain/one", "rain/two", "rain/three"}


def test_a_show_moved_as_a_whole_and_pruned_keeps_its_ids(shows: Path, index: Path) -> None:
    run(index, shows)
    (shows / "tea").rename(shows.parent / "tea")
    run(index, shows, shows.parent / "tea", prune=True)
    assert ids(index) == {"tea/one", "tea/two", "rain/one", "rain/two"}


def test_a_file_that_lost_its_cues_leaves_the_index(shows: Path, index: Path) -> None:
    run(index, shows)
    (shows / "tea" / "one.srt").write_bytes(b"")
    report = run(index, shows)
    assert counts(report) == {"unchanged": 3, "without_cues": 1}
    assert report.exit_code == 0
    assert "tea/one" not in ids(index)


def test_forget_removes_by_id_and_by_path(shows: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(index, shows)
    monkeypatch.chdir(shows)
    removed, unknown = indexer.forget(["tea/one", str(shows / "tea" / "two.srt"), "rain/two.srt", "nobody"], index)
    assert {episode.id for episode in removed} == {"tea/one", "tea/two", "rain/two"}
    assert unknown == ["nobody"]
    assert ids(index) == {"rain/one"}
    assert (shows / "tea" / "one.srt").exists()


def test_forget_without_an_index_is_refused_and_makes_none(index: Path) -> None:
    with pytest.raises(IndexProblem, match="podseek index"):
        indexer.forget(["tea/one"], index)
    assert not index.exists()


# --- ids ----------------------------------------------------------------------------------------------


def test_files_with_the_same_names_get_different_ids(shows: Path, index: Path, write_srt: WriteSrt) -> None:
    for parent in ("a", "b", "c"):
        write_srt(shows / parent / "tea" / "one.srt", "好")
    run(index, shows)
    assert len(ids(index)) == 7
    before = records(index)
    run(index, *sorted(shows.iterdir(), reverse=True))
    assert records(index) == before


def test_an_id_from_the_sidecar_replaces_the_readable_one(shows: Path, index: Path) -> None:
    run(index, shows)
    (shows / "tea" / SIDECAR).write_text('[episodes.one]\nid = "first"\n', "utf-8")
    assert counts(run(index, shows)) == {"changed": 1, "unchanged": 3}
    assert ids(index) == {"first", "tea/two", "rain/one", "rain/two"}


def test_one_id_given_to_all_files_of_a_folder_is_made_unique(shows: Path, index: Path) -> None:
    (shows / "tea" / SIDECAR).write_text('id = "same"\n', "utf-8")
    run(index, shows)
    assert len(records(index)) == 4
    assert counts(run(index, shows)) == {"unchanged": 4}


@pytest.mark.skipif(os.name != "posix", reason="file names are bytes on POSIX only")
def test_file_names_that_are_no_utf8_are_indexed(tmp_path: Path, index: Path, shows: Path) -> None:
    content = (shows / "tea" / "one.srt").read_bytes()
    for name in (b"\xff\xfe.srt", b"\xfe\xff.srt"):
        try:
            Path(os.fsdecode(os.fsencode(shows / "tea") + b"/" + name)).write_bytes(content)
        except OSError:
            pytest.xfail("this file system takes UTF-8 only")
    assert counts(run(index, shows)) == {"added": 6}


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
    with pytest.raises(IndexProblem, match=r"words\.txt: 1 words are new .*下着小雨.* --rebuild"):
        run(index, shows, lexicon=words)
    assert opened().word_episodes("下着小雨") == {}
    assert counts(run(index, lexicon=words, rebuild=True)) == {"changed": 4}
    assert len(opened().word_episodes("下着小雨")) == 1
    assert counts(run(index, shows, lexicon=words)) == {"unchanged": 4}
    assert counts(run(index, shows)) == {"unchanged": 4}


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
