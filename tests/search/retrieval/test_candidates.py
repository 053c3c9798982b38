"""Which episodes a ranking looks at does not depend on how close the bounds of an index come to the truth."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from search.retrieval.scorer import Scorer


def term(episodes: set[int], stands_for: int | None = None, backed: bool = False) -> Any:
    known = dict.fromkeys(episodes, 1)
    return SimpleNamespace(bounds=known, counts=known, backed=backed, stands_for=stands_for)


@pytest.mark.parametrize("loose", [set[int](), {3}, {5}])
def test_an_episode_with_backed_expansions_of_two_terms_is_one(loose: set[int]) -> None:
    """A run of characters may be in an episode with all of them, as far as a cluster knows; a folder knows of pairs."""
    exact, other = term({0} | loose), term({1})
    heard = [term({1, 2, 3}, 0, backed=True), term({2, 4}, 0, backed=True), term({3, 4}, 1, backed=True)]
    terms = [exact, other, *heard]
    asked: Any = SimpleNamespace(wanted=range(5), plan=SimpleNamespace(terms=terms, filters=()))
    assert Scorer.candidates.func(asked) == sorted({0, 1, 3, 4} | loose)  # type: ignore[attr-defined]
