"""Which episodes that were fetched only for what sounds like a query may have one of the best windows.

Of such an episode the places of these sounds are known, though not when they are said, and, of all else in a window,
what its passage may score at most. A passage that scores b of the weight T of a query has terms of which the saturated
weights A and the weights C have the product b x T, where A is C to (1 + k) x C (`search.scoring.covering`). With what
sounds alike, worth α and weighing β, a window has at most (A + α)(C + β) / T.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from math import sqrt

from search.backends.remote import ByBound
from search.matching.terms import RunPattern, WordPattern
from search.retrieval.remote.fetching.fetched_episodes import FEW, Gathered
from search.retrieval.remote.fetching.likeliest_episodes import least_bound
from search.retrieval.remote.fetching.listed_bounds import ListedPassages
from search.retrieval.remote.fetching.listed_episodes import MOST_BOUNDED
from search.retrieval.remote.selection.needed_episodes import AskedRanking
from search.retrieval.windows import gather_hits

_FEW_AT_LAST = 48
"""So many are fetched rather than that another request is made for fewer."""
_MOST_ATOMS, _MOST_PAIRS = 200, 5000
"""Of the runs that stand for terms: a query of OpenSearch may have 1,024 clauses, and each atom of these is one; but
all runs of two atoms are one together."""


def competing(asked: AskedRanking, listed: ByBound, gathered: Gathered) -> Sequence[str]:
    """The keys of those that may compete. Where these are many by the passages that are `listed`, those in which
    something is said that sounds alike are, with whatever is fetched next."""
    lists = gathered.lists
    keys = list(may_compete(asked, lists.of_passages(listed)))
    runs = _standing_for(asked) if keys else ()
    if not runs:
        return keys
    beside = listed._replace(size=MOST_BOUNDED, among=runs)
    known = lists.of_passages(beside)
    if known.size:
        return list(may_compete(asked, known))
    if len(keys) <= (_FEW_AT_LAST if gathered.is_last else FEW):
        return keys
    lists.pending = beside
    return ()


def may_compete(asked: AskedRanking, known: ListedPassages) -> Iterator[str]:
    """Yields the keys of those that may have a window as good as the worst of a ranking with expansions, or any where
    loops are wanted, too; the passages are those that bound its other terms."""
    ranking, plan, weighed = asked.ranking, asked.plan, asked.weighed
    if ranking is None or not plan.stand_ins:
        return
    reached = (asked.further or asked.best).floor
    floor = 0.0 if reached is None or asked.wants_damped else least_bound(reached)
    highest, of_others = known.highest(), known.of_others
    forms = _forms(asked)
    for episode in _heard_ones(asked, forms):
        key = asked.snapshot.key(episode)
        passage, least = highest.get(key, of_others) * known.total, floor * weighed.total
        if any(
            most_beside(passage, *beside, weighed.saturation[-1]) >= least for beside in _beside(asked, forms, episode)
        ):
            yield key


def _standing_for(asked: AskedRanking) -> tuple[tuple[str, ...], ...]:
    """The runs of atoms that stand for the terms of a ranking; none if they are too many to tell passages with them, or
    no runs."""
    weights, terms = asked.weighed.term_weights, asked.plan.plan.terms
    standing = (term for number, term in enumerate(terms) if weights[number] and not term.is_exact)
    ways = [way for term in standing for way in term.alternatives]
    runs = tuple(dict.fromkeys(way.atoms for way in ways))
    if not all(len(way.atoms) > 1 or isinstance(way.pattern, RunPattern | WordPattern) for way in ways):
        return ()
    others = sum(len(run) for run in runs if len(run) != 2)
    return runs if others <= _MOST_ATOMS and len(runs) <= _MOST_PAIRS else ()


def most_beside(passage: float, worth: float, weight: float, saturated: float) -> float:
    """The most that a window scores, times the weight of the query, in a passage that scores this for its other terms,
    likewise, with what adds as much as `worth` to it and weighs `weight`. A term adds at most `saturated` times its
    weight."""
    return passage + worth * sqrt(passage) + weight * sqrt(saturated * passage) + worth * weight


def _forms(asked: AskedRanking) -> dict[int, int]:
    """The number of each expansion that weighs -> that of the exact term that it stands for."""
    terms = zip(asked.plan.terms, asked.weighed.term_weights, strict=True)
    return {
        number: term.stands_for for number, (term, weight) in enumerate(terms) if weight and term.stands_for is not None
    }


def _heard_ones(asked: AskedRanking, forms: Collection[int]) -> Sequence[int]:
    """The episodes that were fetched only for expansions, have one, and pass the filters."""
    snapshot, tests, terms = asked.snapshot, asked.plan.filters, asked.plan.terms
    found = {episode for number in forms for episode in snapshot.only_heard.intersection(terms[number].counts)}
    return sorted(one for one in found if all(test(snapshot.episode(one)) for test in tests))


def _beside(asked: AskedRanking, forms: Mapping[int, int], episode: int) -> Iterator[tuple[float, float]]:
    """Yields what the expansions add to each window of an episode at most that begins with one, and what they weigh. Of
    those that stand for one term, one counts in a window (`search.retrieval.expansion_hits`)."""
    weighed, terms = asked.weighed, asked.plan.terms
    hits = gather_hits(terms, [number for number in forms if episode in terms[number].counts], episode)
    places = [place for place, _, _ in hits]
    for first, place in enumerate(places):
        within = hits[first : bisect_right(places, place + weighed.weights.window_atoms)]
        worth: defaultdict[int, float] = defaultdict(float)
        weight: defaultdict[int, float] = defaultdict(float)
        for number, count in Counter(number for _, number, _ in within).items():
            own, term = weighed.term_weights[number], forms[number]
            worth[term] = max(worth[term], own * weighed.saturated(count))
            weight[term] = max(weight[term], own)
        yield sum(worth.values()), sum(weight.values())
