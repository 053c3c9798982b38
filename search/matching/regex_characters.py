"""Which Han and kana characters a regular expression tells from all others.

Most expressions name a few characters; between all others they make no difference. With one of these in place of each
of them, an expression matches at the same places, so that a text of which only the named characters are known will do.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from indexer.core.named_tuples import NamedTuple
from indexer.core.positions.token_stream import BASIC_RANGES
from search.matching.regex_automaton import MOST_CLASSES
from search.matching.regex_tree import CLASSES, Part, sets

_MOST_NAMED = 32
"""The characters of a range in an expression are taken to be said, if they are no more than these."""
_CLASSES_OF_SPAN = 4
"""Kinds of characters between which \\d, \\w and \\s tell, at most."""

_Range = tuple[int, int]
"""The first code point, and that after the last."""


class Distinguished(NamedTuple):
    """The characters that an expression tells from the `filler`, which may stand for all others: those that it `names`,
    and `beyond` these those in long ranges, outside of them, or no letters for \\w. Most of these are in no text."""

    names: tuple[_Range, ...]
    beyond: tuple[_Range, ...]
    filler: str

    @property
    def named(self) -> frozenset[str]:
        """Those that it names."""
        return frozenset(_characters(self.names))

    def others(self, fold: Callable[[str], str]) -> Iterator[str]:
        """Those beyond them that folded text may have."""
        return (one for one in _characters(self.beyond) if fold(one) == one)


def distinguished(part: Part, fold: Callable[[str], str]) -> Distinguished | None:
    """What an expression tells apart in folded text; None if that is too much."""
    every = tuple(dict.fromkeys(sets(part)))
    cuts = sorted({point for one in every for low, high in one.spans for point in (ord(low), ord(high) + 1)})
    has_classes = any(one.classes for one in every)
    if (len(cuts) + 1) * (_CLASSES_OF_SPAN if has_classes else 1) > MOST_CLASSES:
        return None
    if has_classes:
        cuts = sorted({*cuts, *_letter_borders()})
    alike: defaultdict[tuple[bool, ...], list[_Range]] = defaultdict(list)
    for first, end in _cut(cuts):
        alike[tuple(one.has(chr(first)) for one in every)].append((first, end))
    most = max(alike.values(), key=lambda ranges: sum(end - first for first, end in ranges))
    filler = next((one for one in _characters(most) if "\u4e00" <= one <= "\u9fff" and fold(one) == one), None)
    if filler is None:
        return None
    short = [span for one in every for span in one.spans if ord(span[1]) - ord(span[0]) < _MOST_NAMED]
    apart = [each for ranges in alike.values() if ranges is not most for each in ranges]
    names = tuple(each for each in apart if any(low <= chr(each[0]) <= high for low, high in short))
    return Distinguished(names, tuple(set(apart).difference(names)), filler)


def looked_for(apart: Distinguished, fold: Callable[[str], str], count: Callable[[str], int]) -> Iterator[str]:
    """Yields those of the characters that may be said, by how often they are in the index."""
    yield from apart.named
    yield from filter(count, apart.others(fold))


def _cut(cuts: list[int]) -> Iterator[_Range]:
    """The characters that represent themselves in a stream, cut at the ascending points."""
    for first, last in BASIC_RANGES:
        between = cuts[bisect_right(cuts, first) : bisect_left(cuts, last + 1)]
        yield from pairwise((first, *between, last + 1))


@lru_cache(1)
def _letter_borders() -> tuple[int, ...]:
    """Where letters begin or end among these characters. Digits and spaces are none of them."""
    is_letter = CLASSES["w"]
    return tuple(
        code
        for first, last in BASIC_RANGES
        for code in range(first + 1, last + 1)
        if is_letter(chr(code)) is not is_letter(chr(code - 1))
    )


def _characters(ranges: Iterable[_Range]) -> Iterator[str]:
    return (chr(code) for first, end in ranges for code in range(first, end))
