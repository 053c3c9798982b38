"""A term with many alternatives knows which of them an episode has."""

from __future__ import annotations

import pytest

from search.matching.sources import PlacesSource
from search.matching.terms import Term
from search.retrieval.resolved_plan import ResolvedAlternative, ResolvedTerm


@pytest.mark.parametrize("amount", [1, 4, 5, 40])
def test_the_alternatives_of_an_episode_are_the_same_however_often_they_are_asked_for(amount: int) -> None:
    there = [{episode: [episode, episode + 7] for episode in range(number % 3, 12, 3)} for number in range(amount)]
    sources = [PlacesSource(2, places) for places in there]
    term = ResolvedTerm(Term("网络", ()), tuple(ResolvedAlternative(("网", "络"), source) for source in sources))
    for _ in range(3):
        for episode in range(13):
            expected = [(number, source) for number, source in enumerate(sources) if episode in there[number]]
            assert list(term.present(episode)) == expected


def test_a_term_without_alternatives_is_in_no_episode() -> None:
    assert list(ResolvedTerm(Term("网*", ()), ()).present(3)) == []
