"""A place of the text counts once, for its longest term, and only different places are near each other."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.library import Tools, spaced

from indexer.core import native
from search import Library
from search.retrieval.expansion_hits import kinds_of, once, wholes, with_parts
from search.retrieval.resolved_plan import ResolvedTerm
from search.retrieval.windows import Hit, pair_distances

QUIET = ["安静"] * 40


def terms(*runs: str, unsaid: str = "", inexact: str = "") -> list[ResolvedTerm]:
    """Terms of these characters; of the `unsaid` one there is none, the `inexact` one stands for another."""
    made = [
        SimpleNamespace(
            alternatives=(SimpleNamespace(atoms=tuple(run), source=SimpleNamespace(length=len(run))),),
            is_exact=run != inexact,
            frequency=0 if run == unsaid else 5,
        )
        for run in runs
    ]
    return cast("list[ResolvedTerm]", made)


def test_a_part_knows_the_terms_that_contain_it_the_shortest_first() -> None:
    found = wholes(terms("强化学习方法", "学习", "强化学习", "方案"), [1.0] * 4)
    assert found == {1: (2, 0), 2: (0,)}


def test_what_is_never_said_not_looked_for_or_no_exact_term_contains_nothing() -> None:
    assert wholes(terms("柯文哲", "柯文", unsaid="柯文哲"), [1.0, 1.0]) == {}
    assert wholes(terms("柯文哲", "柯文"), [0.0, 1.0]) == {}
    assert wholes(terms("柯文哲", "柯文", inexact="柯文哲"), [1.0, 1.0]) == {}


def test_a_whole_weighs_as_much_as_its_parts_together() -> None:
    assert once([5.0, 4.0, 9.0], {1: (0,)})[0] == 5.0
    assert once([5.0, 4.0, 4.0], {1: (0,), 2: (0,)})[0] == 8.0


@given(st.floats(0.1, 20), st.lists(st.floats(0.1, 20), min_size=1, max_size=4))
def test_parts_apart_keep_their_share_of_what_the_whole_scores(whole: float, parts: list[float]) -> None:
    weights = once([whole, *parts], dict.fromkeys(range(1, len(parts) + 1), (0,)))
    together = sum(weights[1:])
    assert together * together / weights[0] == pytest.approx(sum(parts) ** 2 / (whole + sum(parts)))


def test_parts_of_parts_weigh_less_still() -> None:
    weights = once([9.0, 8.0, 2.0], {1: (0,), 2: (1, 0)})
    assert weights[0] == 9.0
    inner = math.sqrt(8 / 10)
    outer = math.sqrt(9 / 17)
    assert weights[1:] == pytest.approx([8.0 * outer, 2.0 * inner * outer])


def test_a_part_counts_outside_its_whole_only() -> None:
    hits: list[Hit] = [(0, 0, 0), (0, 1, 0), (1, 2, 0), (7, 1, 0), (8, 2, 0)]
    kinds = kinds_of(3, {1: (0,), 2: (0,)})
    assert native.outside_wholes(hits, [3, 2, 2], kinds) == [0, 3, 4]
    assert native.outside_wholes(hits[3:], [3, 2, 2], kinds) == [0, 1]


def test_what_contains_a_part_has_it() -> None:
    assert with_parts({0}, {1: (0,), 2: (3,)}) == {0, 1}


def test_only_different_places_are_near_each_other() -> None:
    made = terms("柯文哲", "文哲", "税")
    assert pair_distances([(0, 0, 0), (1, 1, 0), (9, 2, 0)], made) == {(0, 2): 9, (1, 2): 8}
    assert pair_distances([(0, 0, 0), (1, 1, 0), (20, 1, 0)], made) == {(0, 1): 20}
    assert pair_distances([(0, 0, 0), (3, 1, 0)], made) == {(0, 1): 3}


@pytest.fixture
def name(tools: Tools) -> Any:
    """Every episode has the name, often; one has the topic, without it."""
    said = ["柯文哲说", "柯文哲来了", "问柯文哲", *QUIET]
    episodes = {letter: spaced(said * 3) for letter in "abcd"}
    with tools.library({**episodes, "topic": spaced([*QUIET, "讲到囤房税了", *QUIET])}) as library:
        yield library


def test_a_rare_topic_comes_before_a_name_that_everybody_says(name: Library) -> None:
    assert name.search("柯文哲 囤房税")[0].episode.id == "show/topic"


def test_a_name_is_one_place(name: Library) -> None:
    """Its own parts are neither further words of the query nor near it."""
    moment = next(one for one in name.search("柯文哲 囤房税") if one.episode.id != "show/topic")
    values = dict(moment.parts)
    assert {match.text for match in moment.matches} == {"柯文哲"}
    assert values["closeness"] == 0.0
    assert sum(values.values()) == pytest.approx(moment.score)


def test_name_and_topic_together_come_first(tools: Tools) -> None:
    apart = [*QUIET, "讲到囤房税了", *QUIET, "柯文哲说", *QUIET]
    together = [*QUIET, "柯文哲讲囤房税", *QUIET]
    with tools.library({"a": spaced(apart), "b": spaced(together)}) as library:
        assert library.search("柯文哲 囤房税")[0].episode.id == "show/b"
