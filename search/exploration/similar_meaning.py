"""More like this, where an index has vectors: the moments with the words typical of a given one and those near it in
meaning, in one order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from itertools import chain
from statistics import fmean, pstdev
from typing import TYPE_CHECKING

from search.api import DEFAULT_CONTEXT, Margin, Moment
from search.matching.resolver import Resolver
from search.query.deadline import Deadline
from search.query.parse import parse
from search.query.planner import make_plan
from search.query.syntax import Filter, with_filters
from search.results.snippets import contexts
from search.retrieval.meaning.near_lines import near_lines
from search.retrieval.moments import find_moments
from search.retrieval.rerank import Evidence, Found, Scored, apart
from search.retrieval.resolved_plan import resolve
from search.retrieval.scorer import Scorer
from search.retrieval.sentences.sentence_windows import SentenceWindows
from search.retrieval.windows import Window

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot
    from search.retrieval.meaning.space import Nearness

NEARNESS = 1.0
"""What a moment gains for each standard deviation by which it is nearer than others, as a share of the weight of the
words."""
EPISODES_NEARNESS = 0.25
"""The same share for an episode."""
NEAR_EPISODE = 1.0
"""Standard deviations from which an episode without a typical word is listed."""


def moments_alike(
    snapshot: Snapshot,
    nearness: Nearness,
    words: Sequence[str],
    filters: Sequence[Filter],
    limit: int,
    wanted: Callable[[Moment], bool],
    deadline: Deadline,
    without: Collection[int] = (),
    context: Margin = DEFAULT_CONTEXT,
) -> list[Moment]:
    """Returns the `limit` best of the `wanted` moments that have the words or are near; nothing of the episodes
    `without` is only near. Raises QueryProblem."""
    resolver = Resolver(snapshot)
    text = " ".join(words)
    plan = resolve(make_plan(with_filters(parse(text), filters), resolver, False, deadline=deadline), resolver)
    usual = find_moments(plan, snapshot, 3 * limit + 10, deadline=deadline).scored
    near = near_lines(Scorer(plan, snapshot), nearness, text, without)
    scorer = Scorer(near.plan, snapshot, deadline=deadline)
    evidence = Evidence(scorer)
    chosen = SentenceWindows(scorer, snapshot, [1.0] * len(near.plan.terms))
    others = map(evidence.score, chosen.near_windows([one.window for one in usual], near))
    total = scorer.total or 1.0

    def with_nearness(one: Scored) -> Scored:
        added = NEARNESS * total * _of_window(nearness, one.window)
        return Scored(one.window, one.score + added, (*one.parts, ("meaning", added)))

    scored = sorted(map(with_nearness, chain(usual, others)), key=lambda one: -one.score)
    shown = near.showing(hit for one in scored for hit in one.window.hits)
    found = apart((Found(one, evidence.start(one.window)) for one in scored), scorer.apart_ms)
    moments = contexts(found, shown, snapshot, context, 3 * limit + 10, deadline=deadline)
    best = [moment for moment in moments if wanted(moment)][:limit]
    return [moment._replace(rank=rank) for rank, moment in enumerate(best, 1)]


def _of_window(nearness: Nearness, window: Window) -> float:
    return nearness.segment(window.episode, window.hits[0][0], window.hits[-1][0] + 1) or 0.0


def episodes_alike(nearness: Nearness, episodes: Sequence[int]) -> dict[int, float]:
    """How near each of these episodes is as a whole, in standard deviations from their mean, of those with vectors."""
    means = {episode: mean for episode in episodes if (mean := nearness.mean(episode)) is not None}
    if len(means) < 2:
        return {}
    middle, spread = fmean(means.values()), pstdev(means.values())
    return {episode: (mean - middle) / spread if spread else 0.0 for episode, mean in means.items()}
