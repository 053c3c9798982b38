"""Which episodes a ranking looks at does not depend on how close the bounds of an index come to the truth."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from search.retrieval.query_weights import Model


def term(bounds: dict[int, int], counts: dict[int, int], backed: bool) -> Any:
    source = SimpleNamespace(positions=lambda episode: [1] * counts.get(episode, 0))
    present = lambda episode: [(0, source)] if episode in bounds else []  # noqa: E731
    return SimpleNamespace(bounds=bounds, counts=counts, backed=backed, present=present)


def test_an_episode_with_nothing_but_backed_expansions_is_none() -> None:
    """A run of characters may be in an episode with all of them: a folder knows of pairs, a cluster does not."""
    run, heard = term({0: 1, 1: 1, 2: 1}, {0: 1}, backed=False), term({1: 1, 2: 1, 3: 1}, {1: 1, 3: 1}, backed=True)
    asked: Any = SimpleNamespace(wanted=[0, 1], plan=SimpleNamespace(terms=[run, heard], filters=()))
    assert Model.candidates.func(asked) == [0, 2]  # type: ignore[attr-defined]
