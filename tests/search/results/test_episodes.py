"""The cues between two times are those that a look at every cue finds."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from indexer.core.positions.timeline import Times
from search.results.episodes import cues_between

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
