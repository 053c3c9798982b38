"""The dry run into a cluster: says what a run would read, keep and remove, and writes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.front_ends.commands import called
from support.nodes.cluster_runs import URL, run
from support.nodes.reached import cluster_of
from support.nodes.stand_in import Asked, Killed, StandIn
from support.transcripts.shows import WriteSrt, counts

from indexer.cluster import preview
from indexer.cluster.preview import preview_of_cluster
from indexer.discovery import inbox
from indexer.store.library.ignored import change_ignored

pytestmark = pytest.mark.usefixtures("loaded_tools")


@pytest.fixture
def looked_at(server: StandIn, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    monkeypatch.setattr(preview, "connect", lambda backend, retry: cluster_of(server, backend))
    return server


def is_writing(asked: Asked) -> bool:
    reads = asked.path.rpartition("/")[2] in ("_search", "_mget", "_refresh")
    return asked.method in ("PUT", "DELETE") or (asked.method == "POST" and not reads)


def names(found: object) -> list[str]:
    _report, files = found  # type: ignore[misc]
    return [f"{Path(file.path).parent.name}/{Path(file.path).stem}" for file in files]


def test_a_dry_run_tells_what_the_run_then_does(
    looked_at: StandIn, shows: Path, write_srt: WriteSrt, tmp_path: Path
) -> None:
    run(shows)
    write_srt(shows / "tea" / "three.srt", "新的一集")
    write_srt(shows / "tea" / "two.srt", "语音识别换了内容")
    (shows / "rain" / "two.srt").unlink()
    looked_at.asked.clear()
    local = sorted((tmp_path / "local").rglob("*"))
    told = called("index", "--dry-run", "--backend", URL, shows)
    assert not any(map(is_writing, looked_at.asked))
    assert sorted((tmp_path / "local").rglob("*")) == local
    assert [Path(line.split()[-1]).name for line in told.lines] == ["three.srt", "two.srt"]
    assert told.err.splitlines() == [
        f"Library {URL}: 1 new to read, 1 to read again, 2 unchanged, 1 whose files are gone (--prune removes them)"
    ]
    pruned = called("index", "--dry-run", "--prune", "--backend", URL, shows)
    assert pruned.err.endswith("2 unchanged, 1 to remove\n")
    assert counts(run(shows, prune=True)) == {"added": 1, "changed": 1, "unchanged": 2, "removed": 1}


def contents(folder: Path) -> dict[Path, bytes | None]:
    return {path: path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def test_a_dry_run_changes_nothing_in_the_local_folder_of_the_library(
    looked_at: StandIn, shows: Path, write_srt: WriteSrt, tmp_path: Path
) -> None:
    run(shows)
    local = tmp_path / "local"
    home = next((local / "clusters").iterdir())
    write_srt(home / inbox.FOLDER / "typed.srt", "从标准输入来的")  # where earlier versions stored it
    change_ignored(home, [str(shows / "rain" / "one.srt")])
    before = contents(local)
    assert names(preview_of_cluster([shows / "rain" / "one.srt"], URL)) == ["inbox/typed"]
    assert contents(local) == before
    run(shows / "rain" / "one.srt")
    assert contents(local) != before  # a run moves the one and no longer ignores the other


def test_a_dry_run_finishes_no_renewal(looked_at: StandIn, shows: Path, tmp_path: Path) -> None:
    home = tmp_path / "local" / "clusters" / "127.0.0.1_9200_library"
    new = home.with_name(f".{home.name}.upgrade")
    new.mkdir(parents=True)
    (new / ".complete").touch()
    preview_of_cluster([shows], URL)
    assert new.is_dir() and not home.exists()


def test_all_is_new_where_there_is_no_library(looked_at: StandIn, shows: Path) -> None:
    told = called("index", "--dry-run", "--backend", URL, shows)
    assert (told.code, len(told.lines), told.err) == (0, 4, f"Library {URL}: 4 new to read\n")
    assert looked_at.indices == {}


def test_a_rebuild_reads_all_and_a_part_its_part(looked_at: StandIn, shows: Path) -> None:
    run(shows)
    assert len(names(preview_of_cluster([shows], URL, rebuild=True))) == 4
    parts = [names(preview_of_cluster([], URL, rebuild=True, part=(number, 2))) for number in (1, 2)]
    assert sorted([*parts[0], *parts[1]]) == ["rain/one", "rain/two", "tea/one", "tea/two"]
    run(shows, rebuild=True, part=(1, 2))  # a rebuild that was begun goes on
    assert sorted(names(preview_of_cluster([shows], URL, rebuild=True))) == sorted(parts[1])


def test_a_dry_run_after_a_rebuild_that_was_killed_before_its_swap_tells_what_the_run_then_does(
    looked_at: StandIn, shows: Path, write_srt: WriteSrt, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise Killed

    run(shows)
    write_srt(shows / "tea" / "three.srt", "新的一集")
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr("indexer.cluster.target.finish_next", die)
        run(shows, rebuild=True)
    looked_at.asked.clear()
    report, files = preview_of_cluster([shows], URL)
    assert not any(map(is_writing, looked_at.asked))
    assert (report.unchanged, files) == (5, [])
    assert counts(run(shows)) == {"unchanged": 5}


def test_what_is_wrong_with_paths_and_feeds_is_told_once(looked_at: StandIn, shows: Path, tmp_path: Path) -> None:
    paths, feed = [shows, tmp_path / "no folder"], tmp_path / "no feed.xml"
    told = called("index", "--dry-run", "--backend", URL, *paths, "--feed", feed)
    assert (told.code, len(told.lines), told.err.count("no folder"), told.err.count("no feed.xml")) == (2, 4, 1, 1)


def test_a_cluster_that_does_not_answer_ends_a_dry_run_in_one_line(shows: Path) -> None:
    told = called("index", "--dry-run", "--backend", "http://127.0.0.1:1/lib", shows)
    assert (told.code, told.out, len(told.err.splitlines())) == (2, "", 1)
