"""Writing to a cluster: killed at any request, an episode is as before or as after, and a second run makes good what
the first did not.
"""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from support.nodes.reached import cluster_of
from support.nodes.stand_in import Killed
from support.nodes.written import INDEX, empty, killed_at, prepared, revision_of, strays, texts, written

from indexer.core.positions.timeline import Times
from indexer.store.cluster.documents.passages import encoded_passages
from indexer.store.cluster.documents.terms import episode_key, passage_id
from indexer.store.cluster.leftovers import leftovers, sweep


def counted(places: dict[str, list[int]], times: Times) -> list[dict[str, int]]:
    """How often the terms at these places are in each passage with any."""
    return [json.loads(counts) for counts, _ in encoded_passages(places, "一" * times.first[-1], times)]


def test_a_passage_is_two_windows_and_begins_with_each() -> None:
    times = Times(range(6), [0, 21_000, 22_000, 50_000, 110_000], [1000] * 5)
    assert counted({"水": [0, 2, 4], "茶": [1, 3]}, times) == [
        {"水": 2, "茶": 1},
        {"水": 1, "茶": 1},
        {"茶": 1},
        {"水": 1},
        {"水": 1},
    ]


def test_a_passage_has_the_pairs_of_every_run_that_begins_in_it() -> None:
    times = Times(range(8), [0, 21_000, 22_000, 50_000, 110_000, 130_000, 135_000], [1000] * 7)
    text = "水开了泡杯茶喝"
    found = encoded_passages({one: [at] for at, one in enumerate(text)}, text, times)
    pairs = [set(json.loads(said).split()) for _, said in found]
    # Windows 0 0 1 2 5 5 6: a run of four atoms that begins in the last window of a passage has two more pairs.
    assert pairs == [
        {"水开", "开了", "了泡", "泡杯", "杯茶"},
        {"了泡", "泡杯", "杯茶", "茶喝"},
        {"泡杯", "杯茶", "茶喝"},
        {"杯茶", "茶喝"},
        {"杯茶", "茶喝"},
        set(),
    ]


@pytest.mark.parametrize("starts", [[0] * 500, [5000] * 500, [*range(499), 0]], ids=["zero", "one", "backward"])
def test_times_that_say_nothing_leave_windows_of_200_atoms(starts: list[int]) -> None:
    times = Times(range(501), starts, [1] * 500)
    assert counted({"水": [0, 199, 200, 450]}, times) == [{"水": 3}, {"水": 2}, {"水": 1}]


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
    stray = {**server.documents(INDEX)[passage_id(key, revision_of(server, "a"), 0)], "revision": "other"}
    server.indices[INDEX][passage_id(key, "other", 0)] = replace(
        next(iter(server.indices[INDEX].values())), source=stray
    )
    cluster = cluster_of(server)
    assert sweep(cluster, INDEX) == 0  # another process may be writing it
    stray["at"] -= 4000
    assert [(one.key, one.revision, one.size) for one in leftovers(cluster, INDEX)] == [(key, "other", 1)]
    assert (sweep(cluster, INDEX), strays(server), texts(server)) == (1, 0, {"a": "水" * 9})
