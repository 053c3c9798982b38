"""Finds moments: scored windows over the hits of episodes, kept apart.

Windows are not indexed. There are two ways to choose them: a ranked query takes the best windows and drops their
neighbours (`search.retrieval.top_k`); an exhaustive query (a phrase, an operator, a single word) puts every occurrence
into exactly one moment (`search.retrieval.exhaustive`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from indexer.core.named_tuples import NamedTuple
from search.query.deadline import Deadline
from search.retrieval.query_weights import Model
from search.retrieval.rerank import Evidence, Scored
from search.retrieval.resolved_plan import ResolvedPlan
from search.retrieval.windows import Hit, Window
from search.scoring import WEIGHTS, Weights

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

_AT_LEAST = 50
"""Windows found at once for an exhaustive query; nearby ones are merged later."""


class Found(NamedTuple):
    """A moment: its window and score, and where to start playback in milliseconds."""

    scored: Scored
    start: int

    @property
    def window(self) -> Window:
        return self.scored.window


class Ranking(NamedTuple):
    """Moments, best first; equals by episode and time.

    `least_whole` is the lowest score of an undamped moment that has all of the query exactly: nothing that needs a
    stand-in comes before that. `is_complete` is False where more moments exist than `found` yields.
    `scored` are those of a ranked query, best first, before any is dropped as a neighbour of a better one.
    `windows` are all that were scored, and `total` is the weight of the query by which they were. `hits` gives those of
    an episode by which it meets the condition of the query, where they are known; else they are those of all that was
    found.
    """

    found: Iterator[Found]
    least_whole: float
    is_complete: bool
    windows: Sequence[Window]
    total: float
    hits: Callable[[int], Sequence[Hit]] | None = None
    scored: Sequence[Scored] = ()


def find_moments(
    plan: ResolvedPlan,
    snapshot: Snapshot,
    most: int | None = None,
    weights: Weights = WEIGHTS,
    exact: Ranking | None = None,
    deadline: Deadline | None = None,
) -> Ranking:
    """The moments of a plan: all of them, or about `most` of the best; once the `deadline` is over, the best of those
    that were found.

    `exact` is the ranking of the same query without stand-ins, if that is known: then only what they add is sought.

    A ranked query then yields its best candidates, a few hundred at most; of an exhaustive one only a word or
    phrase alone is ever cut short.
    """
    model = Model(plan, snapshot, weights, deadline)
    evidence = Evidence(model)
    if most is not None and plan.need is not None and not (plan.is_plain or plan.stand_ins):
        return _best_of_need(model, evidence, most)
    complete = True
    if plan.is_exhaustive:
        windows, complete = _exhaustive_windows(model, most if plan.is_plain else None)
    else:
        windows = _ranked_windows(model, most, exact)
    scored = _scored(model, evidence, windows)
    least = least_whole(model, scored)
    ordered = in_order(model, scored, least)
    timed = (Found(one, evidence.start(one.window)) for one in ordered)
    found = timed if plan.is_exhaustive else apart(timed, model.apart_ms)
    return Ranking(islice(found, plan.most_moments), least, complete, windows, model.total, scored=ordered)


def _best_of_need(model: Model, evidence: Evidence, most: int) -> Ranking:
    from search.retrieval.best_groups import best_groups

    most = max(most, _AT_LEAST)
    groups = best_groups(model, evidence, most)
    least = least_whole(model, groups.scored)
    if groups.has_whole:
        least = min(least, groups.floor)
    ranked = in_order(model, groups.scored, least)
    if not groups.is_complete:
        ranked = ranked[:most]  # another may be better than what follows
    found = (Found(one, evidence.start(one.window)) for one in ranked)
    windows = [one.window for one in groups.scored]
    return Ranking(found, least, groups.is_complete, windows, model.total, groups.hits)


def _scored(model: Model, evidence: Evidence, windows: list[Window]) -> list[Scored]:
    """The windows with their full score; if time runs out, at least the most promising ones."""
    surely = model.weights.candidates
    if len(windows) <= surely:
        return list(map(evidence.score, windows))
    windows.sort(key=lambda window: -window.score)
    scored = list(map(evidence.score, windows[:surely]))
    scored += map(evidence.score, model.deadline.within(islice(windows, surely, None)))
    return scored


def least_whole(model: Model, scored: Iterable[Scored]) -> float:
    """The lowest score of an undamped window with all of the query exactly."""
    return min((one.score for one in scored if _is_sound(model, one.window)), default=math.inf)


def _is_sound(model: Model, window: Window) -> bool:
    """True for a window with all terms exactly, and not only in a loop."""
    return not window.damped and model.is_whole(window)


def _exhaustive_windows(model: Model, most: int | None) -> tuple[list[Window], bool]:
    """The windows with every occurrence, or the `most` densest of a single term; and whether these are all."""
    from search.retrieval.exhaustive import densest_windows, every_window  # late: a ranked query has no use for it

    windows = [] if most is None else densest_windows(model, most)
    if most is None or (len(windows) < most and _is_any_damped(model)):
        return list(every_window(model)), True
    return windows, len(windows) < most


def _is_any_damped(model: Model) -> bool:
    """True if an episode with a term of the query has loops or stock lines."""
    having = set[int]().union(*(model.plan.terms[number].counts for number in model.wanted))
    return any(map(model.snapshot.damped, having.intersection(model.candidates)))


def _ranked_windows(model: Model, most: int | None, exact: Ranking | None) -> list[Window]:
    from search.retrieval.top_k import all_windows, best_windows, damped_windows, with_stand_ins

    if most is None:
        return [*all_windows(model), *damped_windows(model)]
    if exact is None or not exact.total:
        windows = best_windows(model)
        return windows if len(windows) >= most else [*windows, *damped_windows(model)]
    # A word that is said only in other words has a weight now, and every window covers less of the query.
    share = exact.total / model.total
    return with_stand_ins(model, [window._replace(score=window.score * share) for window in exact.windows])


def in_order(model: Model, scored: Sequence[Scored], least_whole: float) -> list[Scored]:
    """The windows by full score, best first.

    Windows with all terms exactly come before any that depends on an expansion, whatever the scores.
    """
    places = []
    for one in scored:
        needs_stand_in = model.has_stand_in(one.window)
        place = min(one.score, least_whole) if needs_stand_in else one.score
        places.append((-place, needs_stand_in, one.window.episode, one.window.hits[0], one))
    places.sort(key=lambda place: place[:4])
    return [place[4] for place in places]


def apart(found: Iterable[Found], apart_ms: int) -> Iterator[Found]:
    """Drops moments that begin too close to a better one of the same episode."""
    taken: dict[int, list[int]] = {}
    for moment in found:
        starts = taken.setdefault(moment.window.episode, [])
        if all(abs(moment.start - other) >= apart_ms for other in starts):
            starts.append(moment.start)
            yield moment
