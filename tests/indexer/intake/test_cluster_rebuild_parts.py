"""A rebuild of a library in a cluster by several processes: the one that completes it swaps the versions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.cluster_runs import URL, epoch_of, ids, run, vocabulary_of
from support.reached import cluster_of
from support.stand_in import Asked, Killed, StandIn

from indexer.core.errors import IndexProblem
from indexer.intake.cluster import forget_in_cluster
from indexer.store.cluster.connection import Reply
from indexer.store.cluster.rebuild_parts import begin_part, finish_part

pytest_plugins = ["support.shows", "support.cluster_server"]
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
        patch.setattr("indexer.intake.cluster.finish_next", die)
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
    (name, *_) = sorted(ids(server))
    assert [one.id for one in forget_in_cluster([name], URL)[0]] == [name]
    assert run(changed).exit_code == 0
    assert (epoch_of(server).version, len(ids(server)), server.aliases["library"]) == (2, 4, "library-v2")
    assert not parts_known(server)


def test_a_normal_run_completes_a_swap_that_was_killed(
    server: StandIn, changed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_before_the_swap(changed, monkeypatch, (1, 1))
    assert (run(changed).exit_code, server.aliases["library"]) == (0, "library-v2")


def test_a_process_with_another_number_of_parts_is_refused_though_none_is_done(server: StandIn, changed: Path) -> None:
    cluster = cluster_of(server)
    begin_part(cluster, 2, 2)
    with pytest.raises(IndexProblem, match="is being rebuilt in 2 parts"):
        begin_part(cluster, 2, 3)
    with pytest.raises(IndexProblem, match="is being rebuilt in 2 parts"):
        finish_part(cluster, 2, 2, 3)
    assert finish_part(cluster, 2, 1, 2) == [2]


def test_a_part_that_ends_after_the_swap_leaves_everything_as_it_is(
    server: StandIn, changed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said(server, changed, (1, 2))

    def late(*arguments: Any) -> object:
        monkeypatch.setattr("indexer.intake.cluster.finish_part", finish_part)
        assert said(server, changed, (2, 2)) == []
        return finish_part(*arguments)

    monkeypatch.setattr("indexer.intake.cluster.finish_part", late)
    assert said(server, changed, (1, 2)) == []
    assert (epoch_of(server).version, server.aliases["library"], parts_known(server)) == (2, "library-v2", [])
