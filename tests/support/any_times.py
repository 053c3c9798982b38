"""Times of timelines in every shape that a transcript may give them."""

from __future__ import annotations

from hypothesis import strategies as st

from indexer.core.positions.timeline import Times

TIMES = st.one_of(
    st.integers(0, 255),
    st.integers(0, 1000).map(lambda number: 250 * number),
    st.integers(0, 10**6).map(lambda number: number * 100 // 3),
    st.integers(0, 2**62 - 1),
)


@st.composite
def any_times(draw: st.DrawFn) -> Times:
    """Starts in any order, ends before or after them, cues without atoms, words with times."""
    cues = draw(st.lists(st.tuples(st.integers(0, 100_000), TIMES, TIMES), max_size=30))
    first = [0]
    for atoms, _, _ in cues:
        first.append(first[-1] + atoms)
    timed = sorted(draw(st.sets(st.integers(0, first[-1] - 1), max_size=10))) if first[-1] else []
    said = draw(st.lists(TIMES, min_size=len(timed), max_size=len(timed)))
    starts, durations = [start for _, start, _ in cues], [end - start for _, start, end in cues]
    return Times(first, starts, durations, timed, said, draw(st.booleans()))


def as_lists(times: Times) -> tuple[object, ...]:
    """All that times hold, to be compared."""
    lists = times.first, times.starts, times.durations, times.timed, times.said
    return *map(list, lists), times.looks_inside
