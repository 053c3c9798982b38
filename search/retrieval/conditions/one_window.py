"""Evaluates the condition of a query on a single window, pair by pair: the definition against which the faster ways are
tested."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from indexer.core.named_tuples import NamedTuple
from search.query.filters import EpisodeTest
from search.query.plan import Every, Has, HasNear, Lacks, Need, Passes, Some
from search.retrieval.resolved_plan import ResolvedTerm
from search.retrieval.windows import Hit, length_of


class View(NamedTuple):
    """A window as seen by conditions. `passes` tells whether its episode passes a test; `hits` and `at` (milliseconds)
    are parallel; `around` is the same extended a little to both sides, for what must be absent (None: the window
    itself)."""

    passes: Callable[[EpisodeTest], bool]
    terms: Sequence[ResolvedTerm]
    hits: Sequence[Hit]
    at: Sequence[int]
    around: View | None = None

    @property
    def present(self) -> frozenset[int]:
        return frozenset(hit[1] for hit in self.hits)


def meets(need: Need, view: View) -> bool:
    """True if the window meets the need."""
    match need:
        case Has(terms):
            return not view.present.isdisjoint(terms)
        case Every(needs):
            return all(meets(inner, view) for inner in needs)
        case Some(needs):
            return any(meets(inner, view) for inner in needs)
        case HasNear():
            return next(_near_pairs(need, view), None) is not None
        case Passes(test):
            return view.passes(test)
        case Lacks(inner):
            return not meets(inner, view.around or view)


def bearing(need: Need, view: View) -> frozenset[Hit]:
    """The hits by which a window meets the need: for NEAR those within the distance, else all hits of its terms."""
    match need:
        case Has(terms):
            return frozenset(hit for hit in view.hits if hit[1] in terms)
        case Every(needs):
            return frozenset().union(*(bearing(inner, view) for inner in needs))
        case Some(needs):
            return frozenset().union(*(bearing(inner, view) for inner in needs if meets(inner, view)))
        case HasNear():
            return frozenset(hit for pair in _near_pairs(need, view) for hit in pair)
        case Lacks() | Passes():
            return frozenset()


def _near_pairs(need: HasNear, view: View) -> Iterator[tuple[Hit, Hit]]:
    times = dict(zip(view.hits, view.at, strict=True))
    left, right = bearing(need.left, view), bearing(need.right, view)
    for one in left:
        for other in right:
            if one == other:
                continue
            if need.seconds:
                distance: float = abs(times[one] - times[other]) / 1000
            else:
                distance = _gap(one, other, view.terms)
            if distance <= need.distance:
                yield one, other


def _gap(one: Hit, other: Hit, terms: Sequence[ResolvedTerm]) -> int:
    """The atoms between the nearest ends of two hits; 0 if they touch or overlap."""
    first, second = sorted((one, other))
    return max(0, second[0] - (first[0] + length_of(first, terms)))
