"""A rebuild of a library in a cluster by several processes: the one that completes it swaps the versions."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.nodes.cluster_runs import URL, epoch_of, ids, run, vocabulary_of
from support.nodes.reached import cluster_of
from support.nodes.stand_in import Asked, Killed, StandIn

from indexer.cluster.operations import forget_in_cluster
from indexer.cluster.target import ClusterTarget
from indexer.core.errors import IndexProblem
from indexer.store.cluster import vocabulary
from indexer.store.cluster.library.rebuild_parts import begin_part, finish_part
from indexer.store.cluster.transport.connection import Reply
from indexer.update import Report

pytestmark = pytest.mark.usefixtures("loaded_tools")


@pytest.fixture
def changed(server: StandIn, shows: Path) -> Path:
    """A library whose lexicon has got a word."""
    run(shows)
    (shows / "lexicon.txt").write_text("慢慢喝\n", "utf-8")
    return shows


def said(server: StandIn, shows: Path, part: tuple[int, int]) -> list[str]:
    report = run(shows, rebuild=True, part=part)
    assert report.exit_code == 0
    return [f"{one.what}: {one.action}" for one in report.complaints]


def killed_before_the_swap(shows: Path, monkeypatch: pytest.MonkeyPatch, part: tuple[int, int]) -> None:
    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr("indexer.cluster.target.finish_next", die)
        run(shows, rebuild=True, part=part)


def parts_known(server: StandIn) -> list[str]:
    return [name for name in server.documents("library-meta") if name.startswith("rebuild")]


def test_the_last_part_swaps_the_versions_whichever_it_is(server: StandIn, changed: Path) -> None:
    (first,) = said(server, changed, (3, 3))
    assert first == (
        "part 3/3 of the rebuild is done: searches use the library as it was: "
        "the rebuild is in use as soon as these are done, too: --part 1/3, --part 2/3"
    )
    assert said(server, changed, (3, 3)) == [first]  # once more changes nothing
    (second,) = said(server, changed, (1, 3))
    assert second.endswith("too: --part 2/3")
    assert (epoch_of(server).version, len(ids(server))) == (1, 4)
    assert said(server, changed, (2, 3)) == []
    assert (epoch_of(server).version, len(ids(server)), server.aliases["library"]) == (2, 4, "library-v2")
    assert vocabulary_of(server)["w:慢慢喝"] == (1, 1)
    assert not parts_known(server)


def test_a_rebuild_has_as_many_parts_as_were_begun_or_is_whole(server: StandIn, changed: Path) -> None:
    with pytest.raises(IndexProblem, match="is being rebuilt in 2 parts: use --part K/2, or no --part"):
        run(changed, rebuild=True, part=(1, 2))
        run(changed, rebuild=True, part=(1, 3))
    assert said(server, changed, (1, 1)) == []
    assert epoch_of(server).version == 2


def test_a_process_killed_before_it_swaps_is_made_good_by_any_part(
    server: StandIn, changed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(changed, rebuild=True, part=(1, 2))
    killed_before_the_swap(changed, monkeypatch, (2, 2))
    assert server.aliases["library"] == "library-v1"
    assert said(server, changed, (1, 2)) == []
    assert (epoch_of(server).version, len(ids(server)), server.aliases["library"]) == (2, 4, "library-v2")


def test_two_processes_that_finish_at_once_leave_no_part_undone(server: StandIn, changed: Path) -> None:
    run(changed, rebuild=True, part=(1, 3))
    is_first = True

    def other(asked: Asked, go: Callable[[], Reply]) -> Reply:
        nonlocal is_first
        if is_first and asked.method == "PUT" and "/_doc/rebuild-2" in asked.path:
            is_first = False
            server.fault = None
            run(changed, rebuild=True, part=(2, 3))
            server.fault = other
        return go()

    server.fault = other
    assert said(server, changed, (3, 3)) == []
    assert epoch_of(server).version == 2


@pytest.mark.parametrize("part", [(1, 1), (1, 2)], ids=["whole", "by parts"])
def test_a_swap_that_was_killed_is_completed_by_whatever_uses_the_library_next(
    server: StandIn, changed: Path, monkeypatch: pytest.MonkeyPatch, part: tuple[int, int]
) -> None:
    if part != (1, 1):
        run(changed, rebuild=True, part=(2, 2))
    killed_before_the_swap(changed, monkeypatch, part)
    if part != (1, 1):
        name = min(ids(server))
        assert [one.id for one in forget_in_cluster([name], URL)[0]] == [name]
    assert run(changed).exit_code == 0
    assert (epoch_of(server).version, len(ids(server)), server.aliases["library"]) == (2, 4, "library-v2")
    assert not parts_known(server)


def test_a_process_with_another_number_of_parts_is_refused_though_none_is_done(server: StandIn, changed: Path) -> None:
    cluster = cluster_of(server)
    begin_part(cluster, 2, 2, "a")
    with pytest.raises(IndexProblem, match="is being rebuilt in 2 parts"):
        begin_part(cluster, 2, 3, "a")
    with pytest.raises(IndexProblem, match="is being rebuilt in 2 parts"):
        finish_part(cluster, 2, 2, 3, "a", "a")
    assert finish_part(cluster, 2, 1, 2, "a", "a") == [2]


def test_a_part_that_ends_after_the_swap_leaves_everything_as_it_is(
    server: StandIn, changed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said(server, changed, (1, 2))

    def late(*arguments: Any) -> object:
        monkeypatch.setattr("indexer.cluster.target.finish_part", finish_part)
        assert said(server, changed, (2, 2)) == []
        return finish_part(*arguments)

    monkeypatch.setattr("indexer.cluster.target.finish_part", late)
    assert said(server, changed, (1, 2)) == []
    assert (epoch_of(server).version, server.aliases["library"], parts_known(server)) == (2, "library-v2", [])


def with_more(shows: Path, count: int) -> None:
    """Adds episodes, of either part of two."""
    source = min(shows.rglob("*.srt"))
    for number in range(count):
        shutil.copy(source, source.with_name(f"more{number}.srt"))


def index_more(shows: Path) -> None:
    """Adds episodes to the version in use, with the words that it has."""
    (shows / "lexicon.txt").unlink()
    with_more(shows, 8)
    assert run(shows).added == 8
    (shows / "lexicon.txt").write_text("慢慢喝\n", "utf-8")


def test_what_was_indexed_between_the_parts_is_in_the_rebuild(server: StandIn, changed: Path) -> None:
    said(server, changed, (1, 2))
    index_more(changed)
    (second,) = said(server, changed, (2, 2))
    assert second.startswith("part 2/2 of the rebuild is done") and second.endswith("too: --part 1/2")
    assert said(server, changed, (1, 2)) == []
    assert (epoch_of(server).version, len(ids(server))) == (2, 12)


@pytest.mark.parametrize("part", [(1, 1), (2, 2)], ids=["whole", "last part"])
def test_what_is_indexed_while_a_rebuild_runs_is_not_undone(
    server: StandIn, changed: Path, monkeypatch: pytest.MonkeyPatch, part: tuple[int, int]
) -> None:
    if part != (1, 1):
        said(server, changed, (1, 2))
    finish = ClusterTarget.finish

    def later(target: ClusterTarget, report: Report) -> None:
        monkeypatch.setattr(ClusterTarget, "finish", finish)
        index_more(changed)
        finish(target, report)

    monkeypatch.setattr(ClusterTarget, "finish", later)
    report = run(changed, rebuild=True, part=part)
    assert (report.exit_code, epoch_of(server).version, len(ids(server))) == (2, 1, 12)
    assert "was changed during the rebuild" in report.complaints[-1].what
    cure = "run the same command again"
    if part != (1, 1):
        cure = "run these again, which read only what is new: --part 1/2, --part 2/2"
        assert len(said(server, changed, (1, 2))) == 1
    assert report.complaints[-1].action == cure
    assert said(server, changed, part) == []
    assert (epoch_of(server).version, len(ids(server))) == (2, 12)


def test_a_part_that_began_before_a_change_does_not_count(server: StandIn, changed: Path) -> None:
    cluster = cluster_of(server)
    begin_part(cluster, 2, 2, "a")
    begin_part(cluster, 2, 2, "b")
    assert finish_part(cluster, 2, 1, 2, "a", "b") == [1, 2]
    assert finish_part(cluster, 2, 2, 2, "b", "b") == [1]
    assert finish_part(cluster, 2, 1, 2, "a", "b") == [1]
    assert finish_part(cluster, 2, 1, 2, "b", "c") == [1, 2]


def test_a_change_while_the_words_of_a_rebuild_are_counted_is_said(
    server: StandIn, changed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = vocabulary.count

    def slow(*arguments: Any) -> Any:
        monkeypatch.setattr(vocabulary, "count", count)
        index_more(changed)  # finds that others count
        return count(*arguments)

    monkeypatch.setattr(vocabulary, "count", slow)
    monkeypatch.setattr(vocabulary.Lock, "take", lambda self: vocabulary.count is slow)
    report = run(changed, rebuild=True)
    assert (report.exit_code, epoch_of(server).version) == (2, 2)
    assert [one.what for one in report.complaints] == [
        "the library was changed during the rebuild: the changes are not in the new version"
    ]
    assert run(changed).added == 8


def test_what_is_forgotten_between_the_parts_is_not_in_the_rebuild(server: StandIn, changed: Path) -> None:
    said(server, changed, (1, 2))
    (name, *_) = sorted(one["id"] for one in server.of_kind("library-v2", "episode").values())
    forgotten, _ = forget_in_cluster([name], URL)
    Path(forgotten[0].path).unlink()
    assert len(said(server, changed, (2, 2))) == 1
    assert said(server, changed, (1, 2)) == []
    assert epoch_of(server).version == 2
    assert name not in ids(server)


@pytest.mark.parametrize("rebuild", [False, True], ids=["new library", "rebuild"])
def test_parts_that_begin_at_once_on_one_machine_agree_upon_the_words(
    server: StandIn, shows: Path, monkeypatch: pytest.MonkeyPatch, rebuild: bool
) -> None:
    if rebuild:
        run(shows)
    (shows / "lexicon.txt").write_text("慢慢喝\n", "utf-8")
    agreed = ClusterTarget.agreed

    def late(*arguments: Any) -> Any:
        monkeypatch.setattr(ClusterTarget, "agreed", agreed)
        with monkeypatch.context() as patch, pytest.raises(Killed):
            patch.setattr("indexer.update.agree_manifest", killed)  # the other has taken what there is by then
            run(shows, rebuild=rebuild, part=(2, 2))
        return agreed(*arguments)

    def killed(*_: object, **__: object) -> None:
        raise Killed

    monkeypatch.setattr(ClusterTarget, "agreed", late)
    run(shows, rebuild=rebuild, part=(1, 2))
    assert run(shows, rebuild=rebuild, part=(2, 2)).exit_code == 0
    assert (epoch_of(server).version, len(ids(server))) == (1 + rebuild, 4)
    assert vocabulary_of(server)["w:慢慢喝"] == (1, 1)


def test_a_rebuild_that_was_begun_with_other_words_says_how_to_end_it(server: StandIn, changed: Path) -> None:
    said(server, changed, (1, 2))
    (changed / "lexicon.txt").write_text("慢慢喝\n好喝\n", "utf-8")
    with pytest.raises(
        IndexProblem, match="begun with other words or another jieba: finish it with those, or begin anew without"
    ):
        run(changed, rebuild=True, part=(2, 2))
    (changed / "lexicon.txt").write_text("慢慢喝\n", "utf-8")
    assert said(server, changed, (2, 2)) == []


@pytest.mark.parametrize("killed", [False, True], ids=["of parts", "before the swap"])
def test_a_whole_rebuild_with_other_words_begins_anew(
    server: StandIn, changed: Path, monkeypatch: pytest.MonkeyPatch, killed: bool
) -> None:
    if killed:
        killed_before_the_swap(changed, monkeypatch, (1, 1))
    else:
        said(server, changed, (1, 2))
    (changed / "lexicon.txt").write_text("慢慢喝\n好喝\n", "utf-8")
    assert said(server, changed, (1, 1)) == []
    assert (epoch_of(server).version, len(ids(server)), server.aliases["library"]) == (3, 4, "library-v3")
    assert run(changed).exit_code == 0


def test_a_part_that_begins_as_the_versions_are_swapped_leaves_no_trace(
    server: StandIn, changed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said(server, changed, (1, 2))

    def late(*arguments: Any) -> None:
        monkeypatch.setattr("indexer.cluster.target.begin_part", begin_part)
        assert said(server, changed, (2, 2)) == []
        begin_part(*arguments)

    monkeypatch.setattr("indexer.cluster.target.begin_part", late)
    assert said(server, changed, (1, 2)) == []
    assert (epoch_of(server).version, parts_known(server)) == (2, [])
