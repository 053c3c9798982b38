"""The cues between two times are those that a look at every cue finds; a list of episodes has one order."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.positions.timeline import Times
from search.results.episodes import cues_between, list_episodes

MS = st.integers(0, 5000)
SECONDS = st.integers(-100, 6000).map(lambda ms: ms / 1000)


@given(st.lists(st.tuples(MS, MS), max_size=12), st.booleans(), SECONDS, st.none() | SECONDS)
def test_cues_are_between_two_times(
    spans: list[tuple[int, int]], is_ordered: bool, start: float, end: float | None
) -> None:
    spans = sorted(spans) if is_ordered else spans
    times = Times(range(len(spans) + 1), [begin for begin, _ in spans], [length for _, length in spans])
    snapshot: Any = SimpleNamespace(times=lambda _number: times)
    assert cues_between(snapshot, 0, start, end) == [
        number
        for number, (begin, length) in enumerate(spans)
        if (end is None or begin / 1000 < end) and (begin / 1000 >= start or (begin + length) / 1000 > start)
    ]


@pytest.mark.parametrize("ids", [("第03期", "第3期", "第12期"), ("第3期", "第12期", "第03期")])
def test_numbers_that_are_equal_stand_in_one_order(ids: tuple[str, ...]) -> None:
    episodes = [SimpleNamespace(show="", period=None, id=name) for name in ids]
    snapshot: Any = SimpleNamespace(folding=None, episodes=lambda: range(len(ids)), episode=episodes.__getitem__)
    assert [one.id for one in list_episodes(snapshot, ())] == ["第03期", "第3期", "第12期"]
