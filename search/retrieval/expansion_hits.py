"""Which hits count towards a score: those of parts, and those that are not exact.

A place of the text counts once, for its longest term: what a name contains does not count inside it. An expansion
counts only where nothing better for the same term is nearby; a backed one also needs another term of the query nearby,
exact or expanded. So homophones of one word never add up. Nearby is what a window can hold together: within its length
in time and in atoms, so that a hit far away is not nearby where times do not advance.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from search.retrieval.resolved_plan import ResolvedTerm
from search.retrieval.windows import Hit, Span


def wholes(terms: Sequence[ResolvedTerm], weights: Sequence[float]) -> dict[int, tuple[int, ...]]:
    """The number of each part -> those of the longer terms that contain it, the shortest first. Only terms that occur
    exactly contain others; only what is looked for itself is a part."""
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
    """The weights of terms where each place counts once. A whole weighs at least as much as its parts together. These
    weigh less than by themselves, so that all of them, apart, keep the share of the whole's score that they had when
    both counted there: with the weight w of a whole and s of its parts, s * s / (w + s)."""
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
    said = _by_term(hits, at, terms)
    return [
        index
        for index in allowed(hits, at, terms, reach)
        if terms[hits[index][1]].is_exact or not _said_better(terms, hits[index], at[index], said, reach)
    ]


def allowed(hits: Sequence[Hit], at: Sequence[int], terms: Sequence[ResolvedTerm], reach: Span) -> list[int]:
    """The indexes of all hits except backed ones without another term nearby."""
    meant = [number if term.stands_for is None else term.stands_for for number, term in enumerate(terms)]
    kept = []
    for index, (place, number, _) in enumerate(hits):
        if terms[number].backed:
            begin = bisect_left(hits, (place - reach.atoms,))
            end = bisect_left(hits, (place + reach.atoms + 1,), index)
            if not any(
                meant[hits[other][1]] != meant[number] and abs(at[other] - at[index]) <= reach.milliseconds
                for other in range(begin, end)
            ):
                continue
        kept.append(index)
    return kept


def _by_term(
    hits: Sequence[Hit], at: Sequence[int], terms: Sequence[ResolvedTerm]
) -> dict[int, list[tuple[int, int, int]]]:
    """exact term -> (position, term, time) of its hits and those of its expansions, in order."""
    said: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for (place, number, _), time in zip(hits, at, strict=True):
        stands_for = terms[number].stands_for
        said[number if stands_for is None else stands_for].append((place, number, time))
    return said


def _said_better(
    terms: Sequence[ResolvedTerm], hit: Hit, time: int, said: dict[int, list[tuple[int, int, int]]], reach: Span
) -> bool:
    """True if the exact term or a better expansion is nearby; better ones have lower numbers."""
    place, number, _ = hit
    stands_for = terms[number].stands_for
    assert stands_for is not None
    places = said[stands_for]
    for at in range(bisect_left(places, (place - reach.atoms,)), len(places)):
        other, better, when = places[at]
        if other > place + reach.atoms:
            return False
        if better < number and abs(when - time) <= reach.milliseconds:
            return True
    return False
