"""Which episodes that were fetched only for what sounds like a query may have one of the best windows.

Of such an episode the places of these sounds are known, and, of all else in a window, what its passage may score at
most. A passage that scores b of the weight T of a query has terms of which the saturated weights A and the weights C
have the product b x T, where A is C to (1 + k) x C (`search.scoring.covering`). With what sounds alike, worth α and
weighing β, a window has at most (A + α)(C + β) / T.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import sqrt

from search.backends.remote import ByBound
from search.retrieval.remote.fetching.fetched_episodes import FEW
from search.retrieval.remote.fetching.likeliest_episodes import least_bound
from search.retrieval.remote.fetching.listed_bounds import EpisodeLists, ListedPassages
from search.retrieval.remote.fetching.listed_episodes import MOST_BOUNDED
from search.retrieval.remote.needed.needed_episodes import AskedRanking

_MOST_ATOMS = 200
"""Of the runs that stand for terms: a query of OpenSearch may have 1,024 clauses, and these are a clause each."""


def competing(asked: AskedRanking, listed: ByBound, lists: EpisodeLists) -> Sequence[str]:
    """The keys of those that may compete. Where these are many by the passages that are `listed`, those in which
    something is said that sounds alike are, with whatever is fetched next."""
    keys = list(may_compete(asked, lists.of_passages(listed)))
    runs = _standing_for(asked) if len(keys) > FEW else ()
    if not runs:
        return keys
    beside = listed._replace(size=MOST_BOUNDED, among=runs)
    known = lists.of_passages(beside)
    if not known.size:
        lists.pending = beside
        return ()
    return list(may_compete(asked, known))


def may_compete(asked: AskedRanking, known: ListedPassages) -> Iterator[str]:
    """Yields the keys of those that may have a window as good as the worst of a ranking with expansions, or any where
    loops are wanted, too; the passages are those that bound its other terms."""
    ranking, plan, model = asked.ranking, asked.plan, asked.model
    if ranking is None or not plan.stand_ins:
        return
    most, windows = asked.further or asked.best
    scores = sorted((window.score for window in windows), reverse=True)
    is_full = len(scores) >= most and not asked.wants_damped
    floor = least_bound(scores[most - 1]) if is_full else 0.0
    worth, weight = _standing_in(asked)
    highest, of_others = known.highest(), known.of_others
    for key, own in weight.items():
        passage = highest.get(key, of_others) * known.total
        if most_beside(passage, worth[key], own, model.saturation[-1]) >= floor * model.total:
            yield key


def _standing_for(asked: AskedRanking) -> tuple[tuple[str, ...], ...]:
    """The runs of atoms that stand for the terms of a ranking; none if they are too many to tell passages with them, or
    no runs."""
    weights, terms = asked.model.term_weights, asked.plan.plan.terms
    standing = (term for number, term in enumerate(terms) if weights[number] and not term.is_exact)
    runs = tuple(dict.fromkeys(way.atoms for term in standing for way in term.alternatives))
    return runs if all(len(run) > 1 for run in runs) and sum(map(len, runs)) <= _MOST_ATOMS else ()


def most_beside(passage: float, worth: float, weight: float, saturated: float) -> float:
    """The most that a window scores, times the weight of the query, in a passage that scores this for its other terms,
    likewise, with what adds as much as `worth` to it and weighs `weight`. A term adds at most `saturated` times its
    weight."""
    return passage + worth * sqrt(passage) + weight * sqrt(saturated * passage) + worth * weight


def _standing_in(asked: AskedRanking) -> tuple[dict[str, float], dict[str, float]]:
    """By key of each episode that was fetched only for that, and passes the filters: what the expansions in it add to a
    window at most, and what they weigh."""
    model, snapshot, tests = asked.model, asked.snapshot, asked.plan.filters
    worth: defaultdict[str, float] = defaultdict(float)
    weight: defaultdict[str, float] = defaultdict(float)
    only_heard = snapshot.only_heard
    if tests:
        only_heard = frozenset(one for one in only_heard if all(test(snapshot.episode(one)) for test in tests))
    for number, term in enumerate(asked.plan.terms):
        own = model.term_weights[number]
        for episode in only_heard.intersection(term.counts) if own and not term.is_exact else ():
            key = snapshot.key(episode)
            worth[key] += own * model.saturated(term.counts[episode])
            weight[key] += own
    return worth, weight
