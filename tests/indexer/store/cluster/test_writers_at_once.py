"""Writing to a cluster beside other writers, and with answers that do not arrive: an episode is one of those that were
written, and whole.
"""

from __future__ import annotations

import pytest
from support.nodes.written import between, empty, lose_answer, prepared, strays, texts, written


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
