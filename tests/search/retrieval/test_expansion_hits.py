"""Which expansions count does not depend on how much of an episode is looked at, nor on whether its times advance."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.library import Line, Tools
from support.transcripts.talks import plan_of

from search import Library
from search.retrieval.expansion_hits import allowed, counting
from search.retrieval.pruning.regions import Ahead, Pruning
from search.retrieval.pruning.top_k import _windows_in
from search.retrieval.scorer import Scorer
from search.retrieval.windows import Hit, Span, Window

QUERY = "指导 安排"
MISHEARD = "知道"
"""Sounds like the first word of the query."""
FAR = "今天我们在这里喝茶" * 30
"""More atoms than a window has."""

_NEXT_TO = 1e-8
"""More than the rounding errors of a score."""


def lines(*texts: str) -> list[Line]:
    """All at the same time, as in a transcript whose times are zero."""
    return [(0.0, 0.0, text) for text in texts]


@pytest.fixture(scope="module")
def untimed(tools: Tools) -> Iterator[Library]:
    """An episode of zero times in which the words of the query, and what sounds like one, are near each other or far
    apart."""
    chance = Random(5)
    said = ("指导", "安排", *(MISHEARD,) * 3, "不用", "今天")
    texts = [chance.choice((FAR, *("".join(chance.choices(said, k=3)) for _ in range(3)))) for _ in range(160)]
    with tools.library({"untimed": lines(*texts)}) as library:
        yield library


def standing(scorer: Scorer) -> set[int]:
    """The numbers of the expansions."""
    return {number for numbers in scorer.plan.stand_ins.values() for number in numbers}


def is_expanded(window: Window, scorer: Scorer) -> bool:
    return not standing(scorer).isdisjoint(number for _, number, _ in window.hits)


@pytest.mark.parametrize("kind", [Pruning, Ahead])
def test_the_windows_of_the_regions_that_compete_are_those_of_all(untimed: Library, kind: type[Pruning]) -> None:
    scorer = Scorer(plan_of(untimed, QUERY, tolerant=True), untimed.snapshot)
    every = _windows_in(scorer, 0, None, 0.0)
    floors = sorted({window.score for _, window in every})
    assert len(floors) > 10
    assert any(is_expanded(window, scorer) for _, window in every)
    for floor in floors:
        regions = kind(scorer, [0]).regions(0, floor)
        beyond = [entry for entry in every if entry[1].score > floor + _NEXT_TO]
        assert _windows_in(scorer, 0, regions, floor + _NEXT_TO) == beyond


@pytest.mark.parametrize("kind", [Pruning, Ahead])
def test_the_windows_around_expansions_are_those_of_all(untimed: Library, kind: type[Pruning]) -> None:
    scorer = Scorer(plan_of(untimed, QUERY, tolerant=True), untimed.snapshot)
    regions = kind(scorer, [0]).regions(0, 0.0, standing(scorer))
    found, every = (
        [window for _, window in _windows_in(scorer, 0, some, 0.0) if is_expanded(window, scorer)]
        for some in (regions, None)
    )
    assert found
    assert found == every


@pytest.mark.parametrize(("between", "counts"), [(FAR, True), ("", False)])
def test_an_exact_match_displaces_an_expansion_only_if_near(tools: Tools, between: str, counts: bool) -> None:
    """At the same time, near is what is within the atoms of a window."""
    with tools.library({"a": lines("指导", *filter(None, [between]), f"{MISHEARD}怎么安排")}) as library:
        scorer = Scorer(plan_of(library, QUERY, tolerant=True), library.snapshot)
        assert any(is_expanded(window, scorer) for _, window in _windows_in(scorer, 0, None, 0.0)) == counts


@pytest.mark.parametrize("kind", [Pruning, Ahead])
def test_a_region_holds_the_exact_match_that_displaces_an_expansion(tools: Tools, kind: type[Pruning]) -> None:
    """Further from the rarer word than a window reaches."""
    talk = "".join(
        Random(3).choices("今日天气真好我你他来去喝茶吃饭看书写字", k=3000)
    )  # no loop, which would be damped
    texts = [talk[:2000], f"，安排，{talk[:150]}，{MISHEARD}，{talk[200:350]}，指导，", talk[300:600]]
    texts += [f"，指导，{talk[at : at + 300]}" for at in range(700, 2700, 400)]
    with tools.library({"a": lines(*texts)}) as library:
        scorer = Scorer(plan_of(library, QUERY, tolerant=True), library.snapshot)
        every = [window.score for _, window in _windows_in(scorer, 0, None, 0.0)]
        floor = max(every) - _NEXT_TO
        regions = kind(scorer, [0]).regions(0, floor)
        assert regions
        assert [window.score for _, window in _windows_in(scorer, 0, regions, floor)] == [max(every)]


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 7), st.integers(0, 1)), max_size=14, unique=True),
    st.lists(
        st.tuples(st.booleans(), st.integers(0, 2), st.frozensets(st.integers(0, 2), max_size=2)),
        min_size=5,
        max_size=5,
    ),
    st.lists(st.integers(0, 60), min_size=61, max_size=61),
    st.booleans(),
    st.builds(Span, st.integers(1, 20), st.integers(1, 20)),
)
def test_hits_count_by_definition(
    hits: list[Hit], expansions: list[tuple[bool, int, frozenset[int]]], when: list[int], is_ordered: bool, reach: Span
) -> None:
    terms: list[Any] = [SimpleNamespace(is_exact=True, backed=False, stands_for=None) for _ in range(3)]
    terms += [
        SimpleNamespace(is_exact=False, backed=backed, stands_for=exact, unbacked_by=questions)
        for backed, exact, questions in expansions
    ]
    hits, when = sorted(hits), sorted(when) if is_ordered else when
    at = [when[place] for place, _, _ in hits]

    def meant(number: int) -> int:
        return number if number < 3 else expansions[number - 3][1]

    def nearby(one: int) -> list[int]:
        """The terms of the hits that are near this one."""
        place = hits[one][0]
        return [
            number
            for (other, number, _), time in zip(hits, at, strict=True)
            if abs(other - place) <= reach.atoms and abs(time - at[one]) <= reach.milliseconds
        ]

    backed = [
        one
        for one, (_, number, _) in enumerate(hits)
        if not terms[number].backed
        or any(meant(other) not in {meant(number), *terms[number].unbacked_by} for other in nearby(one))
    ]
    assert allowed(hits, at, terms, reach) == backed
    assert counting(hits, at, terms, reach) == [
        one
        for one in backed
        if hits[one][1] < 3
        or not any(meant(other) == meant(hits[one][1]) and other < hits[one][1] for other in nearby(one))
    ]
