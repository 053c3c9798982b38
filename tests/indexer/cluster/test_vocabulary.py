"""The vocabulary of a library in a cluster: who counts it, and when."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.nodes.cluster_runs import URL, epoch_of, ids, run, vocabulary_of
from support.nodes.reached import ADDRESS, cluster_of
from support.nodes.stand_in import Asked, Killed, StandIn
from support.transcripts.shows import counts

from indexer.cluster.operations import add_alias_in_cluster
from indexer.store.cluster import checking, vocabulary
from indexer.store.cluster.documents.layout import FORMAT
from indexer.store.cluster.library.lock import Lock
from indexer.store.cluster.library.meta import read_epoch, read_values
from indexer.store.cluster.transport.connection import Reply
from indexer.store.cluster.transport.problems import ClusterProblem

pytestmark = pytest.mark.usefixtures("loaded_tools")


def test_a_vocabulary_that_was_not_counted_is_counted_by_the_next_run(server: StandIn, shows: Path) -> None:
    def fault(asked: Asked, go: Callable[[], Reply]) -> Reply:
        if "-words-" in asked.path:
            raise Killed
        return go()

    server.fault = fault
    with pytest.raises(Killed):
        run(shows)
    server.fault = None
    assert counts(run(shows)) == {"unchanged": 4}
    assert epoch_of(server).episodes == 4


def test_a_vocabulary_whose_index_was_deleted_is_counted_by_the_next_run(server: StandIn, shows: Path) -> None:
    run(shows)
    before, words = epoch_of(server), vocabulary_of(server)
    del server.indices[before.words_name], server.aliases["library-words"]
    assert vocabulary.is_up_to_date(cluster_of(server), 1)  # which asks for no index that a reader may not see
    assert counts(run(shows)) == {"unchanged": 4}
    assert epoch_of(server).epoch == before.epoch + 1
    assert vocabulary_of(server) == words
    assert server.aliases["library-words"] == epoch_of(server).words_name


def test_a_check_of_a_library_without_its_vocabulary_says_what_makes_it_anew(server: StandIn, shows: Path) -> None:
    run(shows)
    del server.indices[epoch_of(server).words_name]
    with pytest.raises(ClusterProblem) as raised:
        checking.faults(cluster_of(server), epoch_of(server))
    assert "an index of the library is gone (index_not_found_exception: no such index [library-words-v1-" in str(
        raised.value
    )
    assert f"`podseek index --backend {ADDRESS} FOLDER`, with the transcripts, makes it anew" in str(raised.value)


@pytest.mark.parametrize(
    "damage",
    [
        lambda values: {},
        lambda values: "garbage",
        lambda values: None,
        lambda values: {**values, "epoch": "x"},
        lambda values: {**values, "version": None},
        lambda values: {name: value for name, value in values.items() if name != "words_name"},
    ],
    ids=["empty", "text", "none", "number", "version", "name"],
)
@pytest.mark.parametrize("is_rebuilt", [False, True], ids=["run", "rebuild"])
def test_an_epoch_that_is_damaged_is_made_anew_by_the_next_run(
    server: StandIn, shows: Path, damage: Callable[[Any], object], is_rebuilt: bool
) -> None:
    run(shows)
    before, words = epoch_of(server), vocabulary_of(server)
    document = server.documents("library-meta")["epoch"]
    document["values"] = damage(document["values"])
    with pytest.raises(ClusterProblem, match="its epoch is not as it was written: `podseek index --backend http"):
        read_epoch(cluster_of(server))
    run(shows, rebuild=is_rebuilt)
    after = epoch_of(server)
    assert (after.version, after.epoch) == (before.version + is_rebuilt, before.epoch + 1)
    assert vocabulary_of(server) == words
    assert before.words_name in server.indices  # which searches may still read


def test_an_alias_for_a_library_whose_epoch_is_damaged_is_kept(server: StandIn, shows: Path) -> None:
    run(shows)
    server.documents("library-meta")["epoch"]["values"] = {}
    assert add_alias_in_cluster("强化", ["墙化"], URL) == ["墙化"]
    run(shows)
    assert epoch_of(server).episodes == 4


def test_an_epoch_of_a_later_podseek_is_not_taken_for_damage(server: StandIn, shows: Path) -> None:
    run(shows)
    server.documents("library-meta")["epoch"]["values"] = {"format": FORMAT + 1}
    with pytest.raises(ClusterProblem, match="upgrade podseek"):
        run(shows)


def test_an_index_of_episodes_that_was_deleted_is_made_anew_by_the_next_run(server: StandIn, shows: Path) -> None:
    run(shows)
    there = ids(server)
    del server.indices[epoch_of(server).index_name], server.aliases["library"]
    run(shows)
    assert ids(server) == there
    assert epoch_of(server).episodes == len(there)


def test_a_change_that_was_not_completed_is_not_taken_for_another(server: StandIn, shows: Path) -> None:
    run(shows)
    written = server.documents("library-meta")["written-1"]["values"]
    written["token"] = "writing-1"
    run(shows)
    assert vocabulary.is_up_to_date(cluster_of(server), 1)
    written["token"] = "writing-2"
    assert not vocabulary.is_up_to_date(cluster_of(server), 1)


def test_episodes_that_come_while_the_vocabulary_is_counted_are_counted_next(
    server: StandIn, shows: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(shows, part=(1, 2))
    count, take = vocabulary.count, Lock.take
    is_counting = False

    def slow(*arguments: Any) -> Any:
        nonlocal is_counting
        found = count(*arguments)
        if not is_counting:
            is_counting = True
            run(shows, part=(2, 2))  # finds the lock, and leaves the counting to its holder
            is_counting = False
            monkeypatch.setattr(vocabulary, "count", count)
        return found

    monkeypatch.setattr(vocabulary, "count", slow)
    monkeypatch.setattr(Lock, "take", lambda self: not is_counting and take(self))
    server.documents("library-meta")["written-1"]["values"]["token"] = "changed"
    run(shows, part=(1, 2))
    assert epoch_of(server).episodes == len(ids(server)) == 4


def test_of_two_processes_that_count_at_once_one_publishes(server: StandIn, shows: Path) -> None:
    others = 0

    def fault(asked: Asked, go: Callable[[], Reply]) -> Reply:
        nonlocal others
        if "-words-" in asked.path and asked.path.endswith("_bulk") and not others:
            others += 1
            vocabulary.make_epoch(cluster_of(server), 1, lambda: None)
        return go()

    server.fault = fault
    assert run(shows).exit_code == 0
    epoch = epoch_of(server)
    assert (others, epoch.epoch) == (1, 1)
    assert (
        [name for name in server.indices if "-words-" in name]
        == [epoch.words_name]
        == [server.aliases["library-words"]]
    )


def test_a_lock_is_taken_over_from_the_dead_and_not_from_the_living(server: StandIn) -> None:
    server.indices["library-meta"] = {}
    now = 0.0
    cluster = cluster_of(server)
    holder = Lock(cluster, "lock-words", lambda: now)
    assert holder.take()

    def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds
        if is_alive:
            holder.beat()

    cluster._sleep = sleep  # type: ignore[assignment]
    is_alive = True
    assert not Lock(cluster, "lock-words", lambda: now).take()
    is_alive = False
    other = Lock(cluster, "lock-words", lambda: now)
    assert other.take()
    other.release()
    assert read_values(cluster, "lock-words") is None
