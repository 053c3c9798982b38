"""Evaluates NEAR of two words, each with only one way to be said: a faster way to what `near_chains.places_of` gives.

Most of the episodes that have both words have them nowhere near each other. Their positions alone tell, so the times of
an episode are read only where two are near enough in atoms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from indexer.core import native
from indexer.core.named_tuples import NamedTuple
from indexer.core.positions.timeline import Times
from search.query.plan import Has, HasNear, Need
from search.retrieval.conditions.near_chains import places_of
from search.retrieval.conditions.near_positions import Places, Way, atoms_of, milliseconds_of
from search.retrieval.windows import Span


class NearWords(NamedTuple):
    """A NEAR and its two words, by the ways in which they are said. The other word may begin at most `before` atoms
    before the one and `after` behind it, both in so many `milliseconds`."""

    need: HasNear
    one: Way
    other: Way
    lengths: Mapping[Way, int]
    span: Span
    before: int
    after: int
    milliseconds: int

    def places(self, ones: Sequence[int], others: Sequence[int], times: Callable[[], Times]) -> Places | None:
        """Returns those of the ascending positions of both words that are near one of the other word; None where only a
        look at all windows can tell. `times` reads those of the episode."""
        before, after, is_turned = self.before, self.after, len(ones) > len(others)
        if is_turned:
            ones, others, before, after = others, ones, after, before
        ones, others = native.beside(ones, others, ones, others, before, after, max(before, after))
        if not ones:
            return {}
        when = times()
        if when.looks_inside or not when.is_ordered:
            said = {self.one: others, self.other: ones} if is_turned else {self.one: ones, self.other: others}
            return places_of(self.need, said, self.lengths, when, self.span)
        at, others_at, most = when.at_all(ones), when.at_all(others), self.milliseconds
        if max(at[-1], others_at[-1]) - min(at[0], others_at[0]) > most:  # else all of them are
            ones, others = native.beside(ones, others, at, others_at, before, after, most)
            if not ones:
                return {}
        return {self.one: others, self.other: ones} if is_turned else {self.one: ones, self.other: others}


def near_words(need: Need, lengths: Mapping[Way, int], span: Span, ways: Sequence[Way]) -> NearWords | None:
    """Returns the NEAR that a need is of these ways; None if it is another condition, or a way is not on one side
    only."""
    match need, ways:
        case HasNear(Has(left), Has(right)), [one, other]:
            if one[0] not in left:
                left, right = right, left
            if one[0] in left and one[0] not in right and other[0] in right and other[0] not in left:
                before, after = (atoms_of(need, lengths[way], span) for way in (other, one))
                return NearWords(need, one, other, lengths, span, before, after, milliseconds_of(need, span))
    return None
