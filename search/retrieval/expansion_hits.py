"""Decides which hits count towards a score: where terms contain each other, and where there are expansions.

A place of the text counts once, for its longest term: what a name contains does not count inside it. An expansion
counts only where nothing better for the same term is nearby, so homophones of one word never add up. A backed expansion
also needs another term of the query nearby, exact or expanded. If the term it stands for occurs in the index, that
other term must not be a question (在哪里), because questions occur beside everything. Nearby means within the length of
a window, in time and in atoms, so that a distant hit is not nearby where times do not advance.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import compress
from operator import ne

from indexer.core.native import ascends
from search.retrieval.resolved_plan import ResolvedTerm
from search.retrieval.windows import Hit, Span


def wholes(terms: Sequence[ResolvedTerm], weights: Sequence[float]) -> dict[int, tuple[int, ...]]:
    """Maps the number of each term that is part of others to the numbers of these longer terms, the shortest first.
    Only terms that occur exactly contain others; only terms that are looked for themselves are parts."""
    runs = {
        n: _SEPARATOR.join(("", *term.alternatives[0].atoms, ""))
        for n, term in enumerate(terms)
        if weights[n] and term.is_exact and term.frequency
    }
    found: dict[int, tuple[int, ...]] = {}
    for part, atoms in runs.items():
        longer = [n for n, run in runs.items() if len(run) > len(atoms) and atoms in run]
        if longer:
            found[part] = tuple(sorted(longer, key=lambda n: (len(runs[n]), n)))
    return found


_SEPARATOR = "\n"


def once(weights: Sequence[float], whole_of: Mapping[int, Sequence[int]]) -> list[float]:
    """The weights of terms if each place counts only once. A whole weighs at least as much as its parts together. Parts
    weigh less than by themselves, so that all of them, said apart, keep the share of the score of the whole that they
    had when both counted there: s * s / (w + s), if w is the weight of the whole and s that of its parts."""
    parts: defaultdict[int, list[int]] = defaultdict(list)
    for part, longer in whole_of.items():
        parts[longer[0]].append(part)
    counted = list(weights)

    def weigh(number: int) -> float:
        own, beside = weights[number], sum(map(weigh, parts[number]))
        if beside:
            counted[number] = max(own, beside)
            scale(number, math.sqrt(counted[number] / (own + beside)))
        return counted[number]

    def scale(number: int, share: float) -> None:
        for part in parts[number]:
            counted[part] *= share
            scale(part, share)

    for number in sorted(parts):
        if number not in whole_of:
            weigh(number)
    return counted


def kinds_of(terms: int, whole_of: Mapping[int, Sequence[int]]) -> bytearray:
    """The kind of each of so many terms, as `indexer.core.native` takes them: part of another, or a longer one."""
    kinds = bytearray(terms)
    for part, longer in whole_of.items():
        kinds[part] |= _PART
        for number in longer:
            kinds[number] |= _WHOLE
    return kinds


_PART, _WHOLE = 1, 2


def with_parts(numbers: Iterable[int], whole_of: Mapping[int, Sequence[int]]) -> set[int]:
    """The terms, and those that they contain."""
    present = set(numbers)
    return present | {part for part, longer in whole_of.items() if not present.isdisjoint(longer)}


def counting(hits: Sequence[Hit], at: Sequence[int], terms: Sequence[ResolvedTerm], reach: Span) -> list[int]:
    """The indexes of the hits that count towards a score. `hits` are in order, `at` are their times in milliseconds."""
    kept = allowed(hits, at, terms, reach)
    if all(terms[hits[index][1]].is_exact for index in kept):
        return kept
    better = _said_better(hits, at, terms, reach)
    return [index for index in kept if terms[hits[index][1]].is_exact or hits[index][:2] not in better]


def allowed(hits: Sequence[Hit], at: Sequence[int], terms: Sequence[ResolvedTerm], reach: Span) -> list[int]:
    """The indexes of all hits except backed ones without another term nearby."""
    if not any(term.backed for term in terms):
        return list(range(len(hits)))
    meant = _Meant(hits, at, terms, reach)
    return [
        index
        for index, (_, number, _) in enumerate(hits)
        if not terms[number].backed or meant.has_other(index, terms[number].unbacked_by)
    ]


class _Meant:
    """Hits with what each means: an exact term, which it is or stands for."""

    def __init__(self, hits: Sequence[Hit], at: Sequence[int], terms: Sequence[ResolvedTerm], reach: Span) -> None:
        self._hits, self._at, self._reach = hits, at, reach
        meant = [number if term.stands_for is None else term.stands_for for number, term in enumerate(terms)]
        self._meanings = [meant[number] for _, number, _ in hits]
        self._is_ordered = ascends(at)
        changes = map(ne, self._meanings, self._meanings[1:])
        self._borders = [0, *compress(range(1, len(hits)), changes), len(hits)]
        """Where runs of hits that mean the same begin, and where the last of them ends."""

    def has_other(self, index: int, but: Set[int]) -> bool:
        """True if a hit that means something else, other than what `but` has, is near this one."""
        place, time, own = self._hits[index][0], self._at[index], self._meanings[index]
        others = self._within_atoms(index) if but or not self._is_ordered else self._beside_run(index)
        return any(
            self._meanings[other] != own
            and self._meanings[other] not in but
            and abs(self._hits[other][0] - place) <= self._reach.atoms
            and abs(self._at[other] - time) <= self._reach.milliseconds
            for other in others
        )

    def _within_atoms(self, index: int) -> Sequence[int]:
        place, reach = self._hits[index][0], self._reach.atoms
        low = bisect_left(self._hits, (place - reach,))
        return range(low, bisect_left(self._hits, (place + reach + 1,), index))

    def _beside_run(self, index: int) -> Sequence[int]:
        """The hits on either side of those that mean the same: of others the nearest, if times never go back."""
        run = bisect_right(self._borders, index)
        sides = self._borders[run - 1] - 1, self._borders[run]
        return [side for side in sides if 0 <= side < len(self._hits)]


def _said_better(
    hits: Sequence[Hit], at: Sequence[int], terms: Sequence[ResolvedTerm], reach: Span
) -> set[tuple[int, int]]:
    """The (position, term) of the hits of expansions that have the exact term or a better expansion nearby; better ones
    have lower numbers."""
    said: defaultdict[int, dict[int, list[tuple[int, int]]]] = defaultdict(dict)
    for (place, number, _), time in zip(hits, at, strict=True):
        stands_for = terms[number].stands_for
        said[number if stands_for is None else stands_for].setdefault(number, []).append((place, time))
    found, is_ordered = set[tuple[int, int]](), ascends(at)
    for by_number in said.values():
        better: list[tuple[int, int]] = []
        for number in sorted(by_number):
            own = by_number[number]
            if not better:
                better = own
                continue
            if not terms[number].is_exact:
                found.update((place, number) for place, time in own if _is_near(better, place, time, reach, is_ordered))
            better = sorted(better + own)
    return found


def _is_near(some: Sequence[tuple[int, int]], place: int, time: int, reach: Span, is_ordered: bool) -> bool:
    """True if one of these (position, time) is nearby. They are in order; if times never go back, those next to the
    place are the nearest."""
    if is_ordered:
        at = bisect_left(some, (place,))
        some = some[max(0, at - 1) : at + 1]
    else:
        some = some[bisect_left(some, (place - reach.atoms,)) : bisect_left(some, (place + reach.atoms + 1,))]
    return any(abs(other - place) <= reach.atoms and abs(when - time) <= reach.milliseconds for other, when in some)
