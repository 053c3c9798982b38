"""Finds moments: scored windows over the hits of episodes, kept apart.

Windows are not indexed. There are two ways to choose them: a ranked query takes the best windows and drops their
neighbours (`search.retrieval.pruning.top_k`); an exhaustive query (a phrase, an operator, a single word) puts every
occurrence into exactly one moment (`search.retrieval.exhaustive`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, partial
from heapq import heapify, heappop, heappush, heappushpop
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
    from search.query.plan import Plan
    from search.retrieval.pruning.untimed_episodes import UntimedEpisodes

MORE = 2
"""Windows searched in the first round, as a multiple of the moments requested."""
_AT_LEAST = 50
"""Windows found at once for an exhaustive query; nearby ones are merged later."""
_LESS = 1e-9
"""More than the rounding errors of a score."""


class Found(NamedTuple):
    """A moment: its window and score, and where to start playback in milliseconds."""

    scored: Scored
    start: int

    @property
    def window(self) -> Window:
        return self.scored.window


class Ranking:
    """Moments, best first; equals by episode and time. Windows get their full score when something asks for it: a
    question often has a better ranking, or needs stand-ins in any case.

    `is_complete` is False where more moments exist than `found` yields. `windows` are all that get the full score, and
    `total` is the weight of the query by which they were chosen. `hits` gives those of an episode by which it meets the
    condition of the query, where they are known; else they are those of all that was found.
    """

    def __init__(
        self,
        model: Model,
        evidence: Evidence,
        windows: list[Window],
        is_complete: bool,
        known: tuple[Sequence[Scored], float] | None = None,
        hits: Callable[[int], Sequence[Hit]] | None = None,
    ) -> None:
        """`known` are `scored` and `least_whole`, where they are known already."""
        self._model = model
        self._evidence = evidence
        self.windows = windows
        self.is_complete = is_complete
        self.total = model.total
        self.hits = hits
        if known is not None:
            self.scored, self.least_whole = known

    @cached_property
    def found(self) -> Iterator[Found]:
        """The moments, which can be iterated once."""
        timed = (Found(one, self._evidence.start(one.window)) for one in self.scored)
        found = timed if self._model.plan.is_exhaustive else apart(timed, self._model.apart_ms)
        most = self._model.plan.most_moments
        return found if most is None else _of_different_texts(found, most, self._model.term_weights)

    @cached_property
    def has_whole(self) -> bool:
        """True if an undamped moment has all of the query exactly."""
        return any(_is_sound(self._model, window) for window in self.windows)

    @cached_property
    def least_whole(self) -> float:
        """The lowest score of such a moment: nothing that needs a stand-in comes before that."""
        return least_whole(self._model, self._with_scores) if self.has_whole else math.inf

    @cached_property
    def scored(self) -> Sequence[Scored]:
        """All windows with their full scores in order, before any is dropped as a neighbour of a better one."""
        return in_order(self._model, self._with_scores, self.least_whole)

    def best(self, most: int) -> Sequence[Scored]:
        """The first `most` of `scored`, found without the context of windows that it cannot bring so far."""
        if self.has_whole or self._model.plan.is_single or "scored" in vars(self):
            return self.scored[:most]
        evidence, best = self._evidence, list[Scored]()
        besides = list(map(evidence.besides, self.windows))
        likely = [(-evidence.most(*each), at) for at, each in enumerate(zip(self.windows, besides, strict=True))]
        heapify(likely)
        floor: list[float] = []
        while likely and (len(floor) < most or -likely[0][0] > floor[0] - _LESS):
            _, at = heappop(likely)
            best.append(evidence.with_context(self.windows[at], besides[at]))
            (heappush if len(floor) < most else heappushpop)(floor, best[-1].score)
        return in_order(self._model, best, math.inf)[:most]

    @cached_property
    def _with_scores(self) -> list[Scored]:
        return _scored(self._model, self._evidence, self.windows)


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
    if most is not None and plan.need is not None and not plan.is_plain:
        return _best_of_need(model, evidence, max(most, _AT_LEAST))
    if plan.is_exhaustive:
        return Ranking(model, evidence, *_exhaustive_windows(model, most if plan.is_plain else None))
    return Ranking(model, evidence, _ranked_windows(model, most, exact), True)


def _best_of_need(model: Model, evidence: Evidence, most: int) -> Ranking:
    """The `most` best moments of a query with a condition, or all of them."""
    untimed = model.snapshot.untimed(model.candidates) if model.plan.most_moments is None else ()
    if not untimed:
        return _best_of_timed(model, evidence, most)
    from search.retrieval.pruning.untimed_episodes import UntimedEpisodes

    others, apart = UntimedEpisodes(model, evidence, untimed), set(untimed)
    model.candidates = [episode for episode in model.candidates if episode not in apart]
    return _beside_untimed(model, evidence, _best_of_timed(model, evidence, most), others, most)


def _best_of_timed(model: Model, evidence: Evidence, most: int) -> Ranking:
    if model.plan.stand_ins:
        return Ranking(model, evidence, *_exhaustive_windows(model, None))
    from search.retrieval.pruning.best_groups import best_groups

    groups = best_groups(model, evidence, most)
    least = least_whole(model, groups.scored)
    if groups.has_whole:
        least = min(least, groups.floor)
    ranked = in_order(model, groups.scored, least)
    # Another may be better than what follows.
    scored = ranked if groups.is_complete else ranked[:most]
    windows = [one.window for one in groups.scored]
    return Ranking(model, evidence, windows, groups.is_complete, (scored, least), groups.hits)


def _beside_untimed(model: Model, evidence: Evidence, ranking: Ranking, others: UntimedEpisodes, most: int) -> Ranking:
    """The moments in the episodes whose times are known. The `others` have none of these, or have their times asked
    for: then this is no ranking of all."""
    scored, least, hits = ranking.scored, ranking.least_whole, ranking.hits
    if hits is None:
        from search.retrieval.exhaustive import bearing_of

        hits = partial(bearing_of, model)
    is_complete, floor = len(scored) < most, -math.inf
    if not is_complete:
        worst = scored[most - 1]
        floor = min(worst.score, least) if model.has_stand_in(worst.window) else worst.score
    others.ask(floor, least)
    return Ranking(model, evidence, ranking.windows, is_complete, (scored[:most], least), hits)


def _scored(model: Model, evidence: Evidence, windows: list[Window]) -> list[Scored]:
    """The windows with their full score; if time runs out, at least the most promising ones."""
    surely = model.weights.candidates
    if len(windows) <= surely:
        return list(map(evidence.score, windows))
    windows.sort(key=lambda window: -window.score)
    scored = list(map(evidence.score, windows[:surely]))
    scored += map(evidence.score, model.deadline.within(islice(windows, surely, None)))
    return scored


def _of_different_texts(found: Iterable[Found], most: int, weights: Sequence[float]) -> Iterator[Found]:
    """The first moments of guesses, at most `most`: the first of each text before the second of any, those of the
    likeliest text first, however often a moment has another. `weights` are those of the terms."""
    told: list[Found] = []
    again: list[Found] = []
    texts: set[tuple[int, int]] = set()
    for one in found:
        own = {(term, alternative) for _, term, alternative in one.window.hits}
        (told if own - texts else again).append(one)
        texts |= own
        if len(told) == most:
            break

    def place(one: Found) -> tuple[bool, float]:
        return bool(one.window.damped), -max(weights[term] for _, term, _ in one.window.hits)

    yield from sorted((told + again)[:most], key=place)


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
    from search.retrieval.pruning.top_k import all_windows, best_windows, damped_windows, with_stand_ins

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


def may_be_sentence(plan: Plan) -> bool:
    """True for a query with a long run of text, or a question with spaces, and without a condition."""
    if plan.need is not None or plan.most_moments is not None:
        return False
    if plan.is_long_text:
        return True
    if sum(map(len, plan.texts)) < 4 or not any(text[0].isascii() for text in plan.texts):
        return False
    from search.retrieval.sentences.running_text import asked_text

    return bool(asked_text(plan.texts))
