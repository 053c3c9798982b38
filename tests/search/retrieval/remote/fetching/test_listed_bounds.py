"""What a remote index listed for one question."""

from __future__ import annotations

import pytest

from search.backends.conditions import EVERY
from search.backends.remote import Bound, ByBound
from search.retrieval.remote.fetching.listed_bounds import EpisodeLists

TERMS = (Bound(("训练",), 3.0), Bound(("模型",), 5.0))


def test_passages_stay_listed_when_only_the_weight_of_the_query_changes() -> None:
    lists = EpisodeLists()
    known = lists.of_passages(ByBound(TERMS, 8.0, EVERY, 3))
    known.found, known.size = [(6.0, "a"), (2.0, "b"), (1.0, "a")], 3
    for total in (16.0, 4.0, 8.0):
        again = lists.of_passages(ByBound(TERMS, total, EVERY, 0))
        assert again is known and again.found == [
            (6.0 * 8.0 / total, "a"),
            (2.0 * 8.0 / total, "b"),
            (8.0 / total, "a"),
        ]
        assert again.reaching(16.0 / total) == ["a", "b"] and again.is_over(9.0 / total)


@pytest.mark.parametrize("terms", [TERMS[:1], (TERMS[0], Bound(("模型",), 4.0))])
def test_passages_of_other_terms_or_weights_of_these_are_others(terms: tuple[Bound, ...]) -> None:
    lists = EpisodeLists()
    known = lists.of_passages(ByBound(TERMS, 8.0, EVERY, 3))
    known.found, known.size = [(6.0, "a")], 3
    assert not lists.of_passages(ByBound(terms, 8.0, EVERY, 3)).size
