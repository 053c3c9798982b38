"""Indexing again does what is needed and no more, and the index holds what the files say."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from support.transcripts.shows import WriteSrt, counts, ids, places, records, run

import indexer
from indexer.core.errors import IndexProblem
from indexer.metadata.sidecar import SIDECAR
from search.backends.embedded.snapshot import EmbeddedSnapshot

pytestmark = pytest.mark.usefixtures("loaded_tools")


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
    assert (list(texts), list(speakers)) == (["GPU训练1.5B的模型"], [""])
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
    assert counts(run(index, prune=True)) == {"unchanged": 2, "removed": 2}


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
