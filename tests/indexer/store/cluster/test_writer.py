"""Writing to a cluster: killed at any request, beside other writers, refused in every way, an episode is as before or
as after, and a second run makes good what the first did not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from support.stand_in import Asked, Killed, StandIn, cluster_of

from indexer.core.timeline import Times
from indexer.core.token_stream import Stream
from indexer.core.types import Episode, Facts
from indexer.store.cluster.bulk import LARGEST_PART, Action, BulkWriter
from indexer.store.cluster.checking import leftovers, sweep
from indexer.store.cluster.client import ClusterProblem
from indexer.store.cluster.connection import Reply, Unreachable
from indexer.store.cluster.terms import episode_key, passage_id
from indexer.store.cluster.writer import ClusterWriter
from indexer.store.fields.record import to_record
from indexer.store.passages import encoded_passages, find_passages
from indexer.store.writer import Prepared

INDEX = "library-v1"


def prepared(name: str, text: str, every: int = 10_000) -> Prepared:
    """An episode with an atom each `every` milliseconds."""
    places = {one: [at for at, other in enumerate(text) if other == one] for one in text}
    times = Times(range(len(text) + 1), [at * every for at in range(len(text))], [every] * len(text))
    return Prepared(
        id=name,
        record=to_record(Episode(name, f"/there/{name}.srt", Facts("show")), "made", Facts()),
        atoms=len(text),
        words={},
        chars={one: len(at) for one, at in places.items()},
        stream=Stream.of(text, []).pack(),
        sounds=bytes(len(text)),
        marks=b"m",
        times=b"t",
        text=text.encode(),
        passages=encoded_passages(places, times),
    )


def empty() -> StandIn:
    return StandIn({INDEX: {}, "library-meta": {}})


def written(server: StandIn, *episodes: Prepared, removed: Sequence[str] = ()) -> ClusterWriter:
    writer = ClusterWriter(cluster_of(server), 1, Path("nowhere"))
    with writer.batch() as batch:
        for name in removed:
            batch.remove(name)
        for episode in episodes:
            batch.add(episode)
    return writer


def texts(server: StandIn) -> dict[str, str]:
    """id -> text of each episode as a search sees it: with all passages of its revision."""
    import base64

    found = {}
    for key, one in server.of_kind(INDEX, "episode").items():
        there = [passage_id(key, one["revision"], number) in server.indices[INDEX] for number in range(one["passages"])]
        assert all(there), f"{one['id']} lacks passages"
        found[one["id"]] = base64.b64decode(one["text"]).decode()
    return found


def strays(server: StandIn) -> int:
    """Passages that belong to no episode."""
    own = {(key, one["revision"]) for key, one in server.of_kind(INDEX, "episode").items()}
    return sum((one["episode"], one["revision"]) not in own for one in server.of_kind(INDEX, "passage").values())


# --- passages -------------------------------------------------------------------------------------


def test_a_passage_is_two_windows_and_begins_with_each() -> None:
    times = Times(range(6), [0, 21_000, 22_000, 50_000, 110_000], [1000] * 5)
    assert list(find_passages({"水": [0, 2, 4], "茶": [1, 3]}, times)) == [
        {"水": 2, "茶": 1},
        {"水": 1, "茶": 1},
        {"茶": 1},
        {"水": 1},
        {"水": 1},
    ]


@pytest.mark.parametrize("starts", [[0] * 500, [5000] * 500, [*range(499), 0]], ids=["zero", "one", "backward"])
def test_times_that_say_nothing_leave_windows_of_200_atoms(starts: list[int]) -> None:
    times = Times(range(501), starts, [1] * 500)
    assert list(find_passages({"水": [0, 199, 200, 450]}, times)) == [{"水": 3}, {"水": 2}, {"水": 1}]


# --- one writer -----------------------------------------------------------------------------------


def test_what_is_written_again_is_not_sent_again() -> None:
    server = empty()
    written(server, prepared("a", "水开了" * 5), prepared("b", "茶"))
    before = dict(server.indices[INDEX])
    server.asked.clear()
    written(server, prepared("a", "水开了" * 5), prepared("b", "茶"))
    assert server.indices[INDEX] == before
    assert not [asked for asked in server.asked if asked.path.endswith("_bulk")]


def test_an_episode_that_changes_replaces_its_passages_and_one_that_leaves_takes_them_along() -> None:
    server = empty()
    written(server, prepared("a", "水开了" * 5), prepared("b", "茶"))
    written(server, prepared("a", "茶"), removed=["a", "b"])
    assert (texts(server), strays(server)) == ({"a": "茶"}, 0)


def test_content_that_returns_has_a_revision_of_its_own() -> None:
    server = empty()
    revisions = []
    for text in ("水", "茶", "水"):
        written(server, prepared("a", text))
        revisions.append(server.documents(INDEX)[episode_key("a")]["revision"])
    assert len(set(revisions)) == 3


def test_all_of_an_episode_is_routed_by_its_key() -> None:
    server = empty()
    written(server, prepared("a", "水" * 9), prepared("b", "茶"))
    lines = [line for asked in server.asked if asked.path.endswith("_bulk") for line in asked.lines]
    abouts = [about for line in lines for kind, about in line.items() if kind in ("index", "create", "delete")]
    assert {(about["routing"], about["_id"][:64]) for about in abouts} == {
        (episode_key(name), episode_key(name)) for name in "ab"
    }


# --- killed ---------------------------------------------------------------------------------------


def killed_at(number: int, after: bool) -> Callable[[Asked, Callable[[], Reply]], Reply]:
    """Kills the process at its n-th request, before or after the cluster carries it out."""
    count = 0

    def fault(asked: Asked, go: Callable[[], Reply]) -> Reply:
        nonlocal count
        count += 1
        if count == number:
            if after:
                go()
            raise Killed
        return go()

    return fault


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_process_killed_at_any_request_leaves_episodes_whole_and_the_next_makes_good(after: bool) -> None:
    old = {"a": "水开了" * 4, "b": "茶" * 9, "c": "雨" * 5}
    new = {"a": "茶" * 7, "b": "茶" * 9, "d": "风" * 4}
    for number in range(1, 100):
        server = empty()
        written(server, *(prepared(name, text) for name, text in old.items()))
        server.fault = killed_at(number, after)
        try:
            written(server, *(prepared(name, text) for name, text in new.items()), removed=["c"])
        except Killed:
            pass
        else:
            break
        assert all(text in (old.get(name), new.get(name)) for name, text in texts(server).items())
        assert "b" in texts(server)
        server.fault = None
        written(server, *(prepared(name, text) for name, text in new.items()), removed=["c"])
        assert texts(server) == new
        sweep(cluster_of(server), INDEX, age=-1)
        assert strays(server) == 0
    else:
        raise AssertionError("it never ended")
    assert number > 6


def test_leftovers_are_swept_once_they_are_old() -> None:
    server = empty()
    written(server, prepared("a", "水" * 9))
    key = episode_key("a")
    stray = {**server.documents(INDEX)[passage_id(key, _revision(server, "a"), 0)], "revision": "other"}
    server.indices[INDEX][passage_id(key, "other", 0)] = replace(
        next(iter(server.indices[INDEX].values())), source=stray
    )
    cluster = cluster_of(server)
    assert sweep(cluster, INDEX) == 0  # another process may be writing it
    stray["at"] -= 4000
    assert [(one.key, one.revision, one.size) for one in leftovers(cluster, INDEX)] == [(key, "other", 1)]
    assert (sweep(cluster, INDEX), strays(server), texts(server)) == (1, 0, {"a": "水" * 9})


def _revision(server: StandIn, name: str) -> str:
    return str(server.documents(INDEX)[episode_key(name)]["revision"])


def lose_answer(server: StandIn, lost: int) -> None:
    """From now on, the server carries out each request, but the answer to the one of this number does not arrive."""
    count = 0

    def fault(asked: Asked, go: Callable[[], Reply]) -> Reply:
        nonlocal count
        count += 1
        reply = go()
        if count == lost:
            raise Unreachable("gone")
        return reply

    server.fault = fault


@pytest.mark.parametrize("lost", range(1, 9))
def test_a_request_whose_answer_is_lost_is_sent_again_without_harm(lost: int) -> None:
    server = empty()
    written(server, prepared("a", "水" * 9))
    lose_answer(server, lost)
    written(server, prepared("a", "茶" * 5), prepared("b", "雨"))
    assert (texts(server), strays(server)) == ({"a": "茶" * 5, "b": "雨"}, 0)


@pytest.mark.parametrize("lost", range(1, 7))
def test_an_episode_leaves_with_its_passages_though_an_answer_is_lost(lost: int) -> None:
    server = empty()
    written(server, prepared("a", "水" * 9), prepared("b", "雨"))
    lose_answer(server, lost)
    written(server, removed=["a"])
    assert (texts(server), strays(server)) == ({"b": "雨"}, 0)


# --- several writers ------------------------------------------------------------------------------


def between(server: StandIn, number: int, step: Callable[[], object]) -> None:
    """Has another process carry out a step before the n-th request of this one."""
    count = 0

    def fault(asked: Asked, go: Callable[[], Reply]) -> Reply:
        nonlocal count
        count += 1
        if count == number:
            server.fault = None
            step()
            server.fault = fault
        return go()

    server.fault = fault


@pytest.mark.parametrize("number", range(1, 9))
@pytest.mark.parametrize("theirs", ["茶" * 5, "风" * 7, "水" * 9], ids=["same", "other", "as before"])
def test_two_processes_on_one_episode_leave_one_of_both_whole(number: int, theirs: str) -> None:
    server = empty()
    written(server, prepared("a", "水" * 9))
    between(server, number, lambda: written(server, prepared("a", theirs)))
    written(server, prepared("a", "茶" * 5))
    assert texts(server)["a"] in ("茶" * 5, theirs)
    assert strays(server) == 0


@pytest.mark.parametrize("number", range(1, 7))
def test_an_episode_that_is_removed_while_it_is_written_is_there_or_not(number: int) -> None:
    server = empty()
    written(server, prepared("a", "水" * 9))
    between(server, number, lambda: written(server, removed=["a"]))
    written(server, prepared("a", "茶" * 5))
    assert texts(server) in ({"a": "茶" * 5}, {})
    assert strays(server) == 0


# --- refused --------------------------------------------------------------------------------------


def test_documents_that_a_busy_cluster_refuses_are_sent_again_and_no_others() -> None:
    server = empty()
    left = {"0": 3, "2": 1}
    sent: list[str] = []

    def busy(kind: str, name: str) -> int | None:
        sent.append(name)
        number = name.rpartition("-")[2]
        if left.get(number, 0):
            left[number] -= 1
            return 429
        return None

    server.item_fault = busy
    written(server, prepared("a", "水" * 9))
    assert texts(server) == {"a": "水" * 9}
    assert [sum(name.endswith(f"-{number}") for name in sent) for number in range(4)] == [4, 1, 2, 1]


def test_a_shard_that_cannot_say_what_it_has_is_asked_again() -> None:
    server = empty()
    left = 2

    def fault(asked: Asked, go: Callable[[], Reply]) -> Reply:
        nonlocal left
        if asked.path.endswith("_mget") and left:
            left -= 1
            return Reply(200, b'{"docs": [{"_id": "a", "error": {"reason": "no shard"}}]}')
        return go()

    server.fault = fault
    written(server, prepared("a", "水"))
    assert texts(server) == {"a": "水"}
    left = 100
    with pytest.raises(ClusterProblem, match="no shard"):
        written(server, prepared("a", "茶"))


def test_a_cluster_that_stays_busy_ends_the_run_in_one_line() -> None:
    server = empty()
    server.item_fault = lambda kind, name: 429
    with pytest.raises(ClusterProblem, match="takes no more documents"):
        written(server, prepared("a", "水"))
    assert texts(server) == {}


def test_an_episode_that_the_cluster_refuses_is_left_out_with_a_complaint() -> None:
    server = empty()
    server.item_fault = lambda kind, name: 400 if name.startswith(episode_key("a")) else None
    writer = written(server, prepared("a", "水"), prepared("b", "茶"))
    assert texts(server) == {"b": "茶"}
    (complaint,) = writer.complaints
    assert (complaint.path, complaint.fatal) == ("/there/a.srt", True)


def test_parts_are_bounded_and_shrink_while_the_cluster_is_busy() -> None:
    server = empty()
    body = b'{"kind":"%s"}' % (b"x" * (1 << 20))
    actions = [Action("index", str(number), "r", body) for number in range(20)]
    refused = 2

    def fault(asked: Asked, go: Callable[[], Reply]) -> Reply:
        nonlocal refused
        if refused:
            refused -= 1
            return Reply(429, b"")
        return go()

    server.fault = fault
    cluster = cluster_of(server, tries=4)
    BulkWriter(cluster).write(INDEX, actions)
    sizes = [len(asked.body) for asked in server.asked]
    assert len(server.documents(INDEX)) == 20
    assert max(sizes) <= LARGEST_PART
    assert sizes[0] > sizes[1] >= sizes[2] > 1 << 20


def test_a_part_that_is_too_large_for_the_cluster_goes_in_halves() -> None:
    server = empty()

    def fault(asked: Asked, go: Callable[[], Reply]) -> Reply:
        return go() if len(asked.body) < 2500 else Reply(413, b"")

    server.fault = fault
    actions = [
        Action("index", str(number), "r", b'{"kind":"%s"}' % (b"x" * size))
        for number, size in enumerate([900] * 6 + [9000])
    ]
    outcome = BulkWriter(cluster_of(server)).write(INDEX, actions)
    assert (sorted(server.documents(INDEX)), set(outcome.refused)) == (list("012345"), {"6"})
