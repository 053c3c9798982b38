"""Sources are kept from query to query, and so are their positions, but not without a limit."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import cast

import pytest

from search.backends.snapshot import Snapshot
from search.matching import resolver as resolving
from search.matching.resolver import Resolver
from search.matching.sources import PlacesSource
from search.matching.terms import RunPattern

FIRST, SECOND = RunPattern(("水",)), RunPattern(("茶",))


class Places(PlacesSource):
    def __init__(self, amount: int) -> None:
        super().__init__(1, {0: list(range(amount))})


@pytest.fixture
def resolver() -> Resolver:
    return Resolver(cast(Snapshot, SimpleNamespace()))


def ask(resolver: Resolver, patterns: Sequence[RunPattern], amount: int) -> None:
    """A query of these runs, each with so many positions."""
    resolver.forget()
    for pattern in patterns:
        resolver.learn(pattern, Places(amount))


def test_a_query_keeps_its_sources_while_others_are_planned(resolver: Resolver) -> None:
    # Each of eight threads forgot the sources of the others, which looked everything up again.
    ask(resolver, [FIRST], 10)
    source = resolver.source(FIRST)
    for _ in range(8):
        ask(resolver, [SECOND], 10)
    assert resolver.source(FIRST) is source


def test_sources_with_many_positions_are_dropped(resolver: Resolver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolving, "_MOST_HELD", 100)
    for number in range(50):
        ask(resolver, [RunPattern((str(number),))], 40)
        kept = [*resolver._known.values(), *resolver._before.values()]
        assert sum(source.held for source in kept) <= 2 * (100 + 40)
    assert RunPattern(("49",)) in resolver._known


def test_what_is_needed_again_stays(resolver: Resolver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolving, "_MOST_HELD", 100)
    ask(resolver, [FIRST], 10)
    source = resolver.source(FIRST)
    for number in range(50):
        ask(resolver, [RunPattern((str(number),))], 40)
        assert resolver.source(FIRST) is source


def test_one_query_with_many_patterns_lists_no_more_than_are_kept(
    resolver: Resolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolving, "_MOST_KNOWN", 10)
    ask(resolver, [RunPattern((str(number),)) for number in range(95)], 10)
    assert len(resolver._known) <= 10
    assert len(resolver._unmeasured) <= 10
