"""Which syllables can be part of Chinese text that sounds like a name.

A name in syllables has some that may stand for each piece of it. Of all ways to choose one a piece, few are together as
much like the name as a guess must be. A search looks only for syllables of these: in a cluster, what it reads are the
episodes in which they follow each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from search.expansion import sounds

_ROUNDED = 1e-9


def fitting(phones: str, pieces: Sequence[Sequence[str]], least: float) -> list[list[str]]:
    """Those of the syllables for each piece that may be part of a text whose likeness to the `phones` of a name
    (`sounds.alike`) is at least `least`; empty if there is no such text. Some may be left that are part of none.

    >>> fitting("redis", [["rui", "ma"], ["di", "ti"], ["si"]], 0.8), fitting("redis", [["ma"], ["di"], ["si"]], 0.8)
    ([['rui'], ['di', 'ti'], ['si']], [])
    """
    bounds = _Bounds(phones, pieces, least)
    kept = [
        [syllable for number, syllable in enumerate(piece) if bounds.may_have(at, number)]
        for at, piece in enumerate(pieces)
    ]
    return kept if all(kept) else []


def ways_to_fit(phones: str, pieces: Sequence[Sequence[str]], least: float) -> list[tuple[str, ...]]:
    """The texts of one of the syllables for each piece whose likeness to the phones of a name is at least `least`.

    >>> ways_to_fit("redis", [["rui", "ma"], ["di", "ti"], ["si"]], 0.8)
    [('rui', 'di', 'si'), ('rui', 'ti', 'si')]
    """
    numbers = _Bounds(phones, pieces, least).ways()
    found = [tuple(pieces[at][number] for at, number in enumerate(way)) for way in numbers]
    likeness = [sounds.alike(phones, sounds.joined(map(sounds.of_syllable, way))) for way in found]
    return [way for way, alike in zip(found, likeness, strict=True) if alike >= least - _ROUNDED]


class _Bounds:
    """Tells which texts may be alike enough. What is alike by d and w, its weight and that of the name v, costs at most
    (1 - least) * v or, less what it is worth itself, nothing."""

    def __init__(self, phones: str, pieces: Sequence[Sequence[str]], least: float) -> None:
        most = 1.0 - least
        said = [[_ways_to_say(syllable, is_first=not at) for syllable in piece] for at, piece in enumerate(pieces)]
        self._each = (
            (_Cheapest(phones, said, lambda _spoken: 0.0), most * sounds.weight(phones) + _ROUNDED),
            (_Cheapest(phones, said, lambda spoken: most * sounds.weight(spoken)), _ROUNDED),
        )
        self._sizes = list(map(len, pieces))

    def may_have(self, at: int, number: int) -> bool:
        """Whether a text with this one of the syllables for a piece may be alike enough."""
        return any(cheapest.with_one(at, number) <= most for cheapest, most in self._each)

    def ways(self) -> Iterator[tuple[int, ...]]:
        """Yields the texts that may be, as the numbers of their syllables."""
        yield from self._continued((), [cheapest.start for cheapest, _ in self._each])

    def _continued(self, way: tuple[int, ...], costs: Sequence[list[float]]) -> Iterator[tuple[int, ...]]:
        """Yields those that begin so, at these costs against each beginning of the name."""
        at = len(way)
        if at == len(self._sizes):
            yield way
            return
        for number in range(self._sizes[at]):
            more = [
                cheapest.extended(before, at, number) for (cheapest, _), before in zip(self._each, costs, strict=True)
            ]
            if any(
                cheapest.at_least(cost, at + 1) <= most for (cheapest, most), cost in zip(self._each, more, strict=True)
            ):
                yield from self._continued((*way, number), more)


def _ways_to_say(syllable: str, is_first: bool) -> tuple[str, ...]:
    """The phones of a syllable, and without the first one, which the syllable before it may end in."""
    phones = sounds.of_syllable(syllable)
    return (phones,) if is_first else (phones, phones[1:])


class _Cheapest:
    """What the cheapest texts of some syllables cost against the phones of a name, less what they are worth."""

    def __init__(self, phones: str, said: Sequence[Sequence[tuple[str, ...]]], worth: Callable[[str], float]) -> None:
        """`said` has the ways to say each of the syllables for each piece."""
        size = len(phones) + 1
        self._costs = [
            [_costs_of(ways, phones, worth, is_first=not at) for ways in piece] for at, piece in enumerate(said)
        ]
        everywhere = [[min(each) for each in zip(*costs, strict=True)] for costs in self._costs]
        nothing = float("inf")
        self._before = [[0.0, *[nothing] * (size - 1)]]
        """For each piece: the cheapest text of those before it, against each beginning of the name."""
        for least in everywhere:
            before = self._before[-1]
            self._before.append(
                [min(before[begin] + least[begin * size + end] for begin in range(end + 1)) for end in range(size)]
            )
        self._after = [[*[nothing] * (size - 1), 0.0]]
        """The same of those after it, the last first."""
        for least in reversed(everywhere):
            after = self._after[-1]
            self._after.append(
                [min(least[begin * size + end] + after[end] for end in range(begin, size)) for begin in range(size)]
            )
        self._after.reverse()
        self._size = size

    @property
    def start(self) -> list[float]:
        """The costs of no text against each beginning of the name."""
        return self._before[0]

    def extended(self, before: Sequence[float], at: int, number: int) -> list[float]:
        """The costs of a text with one of the syllables for a piece after it."""
        costs, size = self._costs[at][number], self._size
        return [min(before[begin] + costs[begin * size + end] for begin in range(end + 1)) for end in range(size)]

    def at_least(self, costs: Sequence[float], at: int) -> float:
        """What a text of these costs, of the pieces before this one, costs at least in the end."""
        return min(cost + after for cost, after in zip(costs, self._after[at], strict=True))

    def with_one(self, at: int, number: int) -> float:
        """The cheapest text that has this one of the syllables for a piece."""
        costs, before, after, size = self._costs[at][number], self._before[at], self._after[at + 1], self._size
        return min(
            before[begin] + costs[begin * size + end] + after[end]
            for begin in range(size)
            for end in range(begin, size)
        )


@lru_cache(8192)
def _distances(phones: str, spoken: str, is_first: bool) -> Sequence[float]:
    """`sounds.distances`, which is asked for with several least likenesses of the same name."""
    return sounds.distances(phones, spoken, is_first)


def _costs_of(ways: Sequence[str], phones: str, worth: Callable[[str], float], is_first: bool) -> list[float]:
    """What the cheaper way to say a syllable costs against each part of a name, less what it is worth: from `begin` to
    `end` at the place `begin` * (its phones + 1) + `end`."""
    size = len(phones) + 1
    costs = [float("inf")] * (size * size)
    for spoken in ways:
        for begin in range(1 if is_first else size):
            for end, cost in enumerate(_distances(phones[begin:], spoken, is_first), begin):
                place = begin * size + end
                costs[place] = min(costs[place], cost - worth(spoken))
    return costs
