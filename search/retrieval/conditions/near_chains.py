"""Evaluates a chain (words joined by OR and NEAR) on the positions of its words alone, for a whole episode.

Most conditions need a sweep over the windows (`conditions.sweep`). A chain does not where times never decrease: one
NEAR is a comparison of sorted lists (`conditions.near_positions`). In a NEAR of NEARs, everything that satisfies one
side must be in the same window, too. That is certain if all distances together fit into a window, or the whole episode
does; else `places_of` returns None.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, islice, repeat
from operator import add, gt, le

from indexer.core.native import ascends
from indexer.core.positions.timeline import Times
from search.query.plan import Has, HasNear, Need, Some
from search.retrieval.conditions.near_positions import Places, Rule, Way, When, near_places
from search.retrieval.resolved_plan import ResolvedTerm
from search.retrieval.windows import Hit, Span

_STEP = 40
"""Atoms between the places at which a first look measures how fast an episode is spoken."""


def places_of(need: Need, said: Places, lengths: Mapping[Way, int], times: Times, span: Span) -> Places | None:
    """The places by which an episode meets a chain: those by which any window of it does. `said` are those of all ways
    in the episode. None where only a look at all windows can tell."""
    return _places_of(need, said, lengths, times, span) if _tells(need, lengths, times, span) else None


def near_hits(
    need: Need, hits: Sequence[Hit], terms: Sequence[ResolvedTerm], times: Times, span: Span
) -> list[Hit] | None:
    """The hits by which an episode meets a need, of those of all its terms, which are in order. None if it is no chain,
    and where only a look at all windows can tell."""
    if bears_by_itself(need):
        bearing = _terms(need)
        return [hit for hit in hits if hit[1] in bearing]
    if not is_chain(need):
        return None
    said: dict[Way, list[int]] = {}
    for place, number, way in hits:
        said.setdefault((number, way), []).append(place)
    lengths = {(n, way): terms[n].alternatives[way].source.length for n, way in said}
    if not _tells(need, lengths, times, span):
        return None
    found = _places_of(need, said, lengths, times, span)
    return None if found is None else sorted((place, *way) for way, places in found.items() for place in places)


def _tells(need: Need, lengths: Mapping[Way, int], times: Times, span: Span) -> bool:
    if bears_by_itself(need):
        return True
    return times.is_ordered and (_is_flat(need) or fits(need, times, span, max(lengths.values(), default=0)))


def _places_of(need: Need, said: Places, lengths: Mapping[Way, int], times: Times, span: Span) -> Places | None:
    when: When = times.at_all
    if times.looks_inside and not bears_by_itself(need):
        spoken = sorted(set(chain.from_iterable(said.values())))
        known = dict(zip(spoken, times.at_all(spoken), strict=True))
        if not ascends(list(known.values())):
            return None
        when = partial(_known, known)
    return near_places(need, said, Rule(lengths, when, span))


def _known(at: Mapping[int, int], places: Sequence[int]) -> list[int]:
    return list(map(at.__getitem__, places))


def bears_by_itself(need: Need) -> bool:
    """True for words and OR: every place of them bears the need, whatever is beside it."""
    return isinstance(need, Has) or (isinstance(need, Some) and all(map(bears_by_itself, need.needs)))


def is_chain(need: Need) -> bool:
    """True for a need of words, OR and NEAR. Beside a NEAR of NEARs there are no words of its own: one place may not
    stand for both sides."""
    match need:
        case Has():
            return True
        case Some(needs):
            return all(map(is_chain, needs))
        case HasNear(left, right):
            if bears_by_itself(left) and bears_by_itself(right):
                return True
            return is_chain(left) and is_chain(right) and _terms(left).isdisjoint(_terms(right))
        case _:
            return False


def _is_flat(need: Need) -> bool:
    """True for a chain without a NEAR of NEARs."""
    match need:
        case Some(needs):
            return all(map(_is_flat, needs))
        case HasNear(left, right):
            return bears_by_itself(left) and bears_by_itself(right)
        case _:
            return True


def _terms(need: Need) -> frozenset[int]:
    match need:
        case Has(terms):
            return frozenset(terms)
        case Some(needs):
            return frozenset().union(*map(_terms, needs))
        case HasNear(left, right):
            return _terms(left) | _terms(right)
        case _:
            return frozenset()


# --- what fits into a window ---


def fits(need: Need, times: Times, span: Span, longest: int) -> bool:
    """True if all that bears a chain together is in one window of the episode, whatever it is. `longest` is the length
    of the longest way in atoms. Times must not go back."""
    first, starts = times.first, times.starts
    if times.looks_inside:
        return False
    if not starts or (starts[-1] - starts[0] <= span.milliseconds and first[-1] <= span.atoms):
        return True
    nears = list(_nears(need))
    milliseconds = math.ceil(sum(near.distance for near in nears if near.seconds) * 1000)
    atoms = math.ceil(sum(near.distance + longest for near in nears if not near.seconds))
    if (milliseconds and atoms) or milliseconds > span.milliseconds or atoms > span.atoms:
        return False
    if atoms:
        last = len(starts) - 1
        ends = (min(last, bisect_right(first, end - 1 + atoms) - 1) for end in islice(first, 1, None))
        return all(starts[end] - start <= span.milliseconds for start, end in zip(starts, ends, strict=True))
    return _is_slow(times, milliseconds, span.atoms) or _holds_no_more(times, milliseconds, span.atoms)


def _is_slow(times: Times, milliseconds: int, atoms: int) -> bool:
    """A first look: False unless even fewer atoms than these take longer, wherever they are."""
    steps = atoms // _STEP - 1
    at = times.at_all(range(0, times.first[-1], _STEP))
    return steps > 0 and all(map(gt, islice(at, steps, None), map(add, at, repeat(milliseconds))))


def _holds_no_more(times: Times, milliseconds: int, atoms: int) -> bool:
    """True if no cues that begin within the time hold more atoms than these."""
    ends = map(bisect_right, repeat(times.starts), map(add, times.starts, repeat(milliseconds)))
    return all(map(le, map(times.first.__getitem__, ends), map(add, times.first, repeat(atoms))))


def _nears(need: Need) -> Iterator[HasNear]:
    match need:
        case HasNear(left, right):
            yield need
            yield from _nears(left)
            yield from _nears(right)
        case Some(needs):
            for inner in needs:
                yield from _nears(inner)
