"""Which syllables can be part of text that sounds like a name: bounds by the cheapest syllables before and after.

A name is a string of phones, and has some syllables for each piece of it, each with the ways to say it: (phones, what
they are worth). A limit is (share, most): a text costs its mishearing less the share of what its syllables are worth,
and at most so much. It is within limits if it is within one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import starmap
from typing import TypeAlias

from indexer.core.native.sounds.phones import PhoneCosts, beginnings, steps

Said: TypeAlias = Sequence[Sequence[Sequence[tuple[str, float]]]]
"""By piece and syllable."""
_MOST_LIMITS, _LONGEST = 4, 64


def fitting_syllables(
    phones: str, said: Said, limits: Sequence[tuple[float, float]], costs: PhoneCosts
) -> list[list[int]]:
    """Returns the numbers of the syllables for each piece of which each may be part of a text within the limits.

    Raises ValueError unless there are 1 to 64 pieces, each with a syllable, and 1 to 4 limits.
    """
    each = _measured(phones, said, limits, costs)
    return [
        [number for number in range(len(piece)) if any(one.may_have(at, number) for one in each)]
        for at, piece in enumerate(said)
    ]


def fitting_ways(
    phones: str, said: Said, limits: Sequence[tuple[float, float]], costs: PhoneCosts
) -> Iterable[tuple[int, ...]]:
    """Returns the texts of one syllable a piece that may be within the limits, as their numbers, in order. The compiled
    twin returns a list; here each is made when it is asked for, since making all may take seconds.

    Raises ValueError as `fitting_syllables` does.
    """
    each = _measured(phones, said, limits, costs)
    return _continued((), [len(piece) for piece in said], each, [one.start for one in each])


def _measured(phones: str, said: Said, limits: Sequence[tuple[float, float]], costs: PhoneCosts) -> list[_Cheapest]:
    if not 1 <= len(limits) <= _MOST_LIMITS:
        raise ValueError("there are 1 to 4 limits")
    if not 1 <= len(said) <= _LONGEST:
        raise ValueError("there are 1 to 64 pieces")
    if not all(said):
        raise ValueError("a piece has a list of syllables")
    known = _Ways(phones, costs)
    return [_Cheapest(phones, said, share, most, known) for share, most in limits]


def _continued(
    way: tuple[int, ...], sizes: Sequence[int], each: Sequence[_Cheapest], costs: Sequence[list[float]]
) -> Iterator[tuple[int, ...]]:
    """Yields the texts that begin so, at these costs against each beginning of the name."""
    at = len(way)
    if at == len(sizes):
        yield way
        return
    for number in range(sizes[at]):
        more = [one.extended(before, at, number) for one, before in zip(each, costs, strict=True)]
        if any(one.may_end(cost, at + 1) for one, cost in zip(each, more, strict=True)):
            yield from _continued((*way, number), sizes, each, more)


class _Cheapest:
    """What the cheapest texts of some syllables cost against the phones of a name, by one limit."""

    def __init__(self, phones: str, said: Said, share: float, most: float, known: _Ways) -> None:
        size = len(phones) + 1
        self._costs = [
            [_costs_of(ways, phones, share, not at, known) for ways in piece] for at, piece in enumerate(said)
        ]
        everywhere = [list(starmap(min, zip(*each, each[0], strict=True))) for each in self._costs]
        nothing = float("inf")
        self._before = [[0.0, *[nothing] * (size - 1)]]
        """For each piece: the cheapest text of those before it, against each beginning of the name."""
        for least in everywhere:
            before = self._before[-1]
            self._before.append(
                [min(before[begin] + least[begin * size + end] for begin in range(end + 1)) for end in range(size)]
            )
        self._after = [[*[nothing] * (size - 1), 0.0]]
        """For each piece, the last first: the cheapest text of those after it, against each end of the name."""
        for least in reversed(everywhere):
            after = self._after[-1]
            self._after.append(
                [min(least[begin * size + end] + after[end] for end in range(begin, size)) for begin in range(size)]
            )
        self._after.reverse()
        self._size, self._most = size, most

    @property
    def start(self) -> list[float]:
        """The costs of no text against each beginning of the name."""
        return self._before[0]

    def extended(self, before: Sequence[float], at: int, number: int) -> list[float]:
        """The costs of a text with one of the syllables for a piece after it."""
        costs, size = self._costs[at][number], self._size
        return [min(before[begin] + costs[begin * size + end] for begin in range(end + 1)) for end in range(size)]

    def may_end(self, costs: Sequence[float], at: int) -> bool:
        """Whether a text of these costs, of the pieces before this one, may be within the limit in the end."""
        return any(cost + after <= self._most for cost, after in zip(costs, self._after[at], strict=True))

    def may_have(self, at: int, number: int) -> bool:
        """Whether the cheapest text that has this one of the syllables for a piece is within the limit."""
        costs, before, after, size = self._costs[at][number], self._before[at], self._after[at + 1], self._size
        return any(
            before[begin] + costs[begin * size + end] + after[end] <= self._most
            for begin in range(size)
            for end in range(begin, size)
        )


class _Ways:
    """What each way to say a syllable costs against each part of a name; each is found once, whichever pieces and
    limits ask for it."""

    def __init__(self, phones: str, table: PhoneCosts) -> None:
        self._phones, self._table = phones, table
        self._known: dict[tuple[str, bool], list[list[float]]] = {}

    def of(self, spoken: str, is_first: bool) -> list[list[float]]:
        """By `begin`, the costs against the phones from there to each `end`."""
        known = self._known.get((spoken, is_first))
        if known is None:
            own, added, changes = steps(self._phones, spoken, self._table)
            first = self._table[0] if is_first else 1.0
            begins = range(1 if is_first else len(self._phones) + 1)
            known = [beginnings(own[begin:], added, changes[begin:], first) for begin in begins]
            self._known[spoken, is_first] = known
        return known


def _costs_of(
    ways: Sequence[tuple[str, float]], phones: str, share: float, is_first: bool, known: _Ways
) -> list[float]:
    """What the cheapest way to say a syllable costs against each part of a name: from `begin` to `end` at the place
    `begin` * (its phones + 1) + `end`."""
    size = len(phones) + 1
    costs = [float("inf")] * (size * size)
    for spoken, worth in ways:
        gain = share * worth
        for begin, several in enumerate(known.of(spoken, is_first)):
            for place, cost in enumerate(several, begin * size + begin):
                cost -= gain
                if cost < costs[place]:
                    costs[place] = cost
    return costs
