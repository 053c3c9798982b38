"""How much a window may score, as queries: of passages by a bound of windows, of episodes by the peak of a run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

from indexer.store.cluster.documents.episode_documents import EPISODE
from indexer.store.cluster.documents.layout import PAIRS, PEAKS
from indexer.store.cluster.documents.terms import PEAKED, feature, run_feature, run_tokens
from indexer.store.impacts import RUN_ATOMS
from search.backends.conditions import Condition
from search.backends.opensearch.booleans import Query, any_of
from search.backends.opensearch.queries import of_passages, run_query
from search.backends.remote import Bound

SATURATION = 0.6
"""The frequency at which a term adds half of the most it can (`search.scoring.Weights.saturation`)."""
_CONJUNCTIONS = 5
"""Terms of which every conjunction is a clause; with more, the bound is a product."""
_PIVOT = 256.0
"""The peak that scores a half: all that there are, up to the atoms of a window, are told apart in 24 bits."""
_UNKNOWN = 2.0
"""The score of an episode whose peaks were not stored, as by an earlier podseek."""


def peaks(run: Sequence[str]) -> Query:
    """The query of episodes with a run, scored by its peak (`peak_of`)."""
    peak = _peak(run_feature(run[:RUN_ATOMS]))
    unknown = {"constant_score": {"filter": {"bool": {"must_not": [_peak(PEAKED)]}}, "boost": _UNKNOWN}}
    return {"bool": {"filter": [{"term": {"kind": EPISODE}}, run_query(run)], "should": [peak, unknown]}}


def _peak(feature: str) -> Query:
    return {"rank_feature": {"field": f"{PEAKS}.{feature}", "saturation": {"pivot": _PIVOT}}}


def peak_of(score: float) -> float:
    """The peak of a score: infinite where it is unknown."""
    return math.inf if score >= 1 else float(max(1, round(_PIVOT * score / (1 - score))))


def of_windows(terms: Sequence[Bound], total: float) -> Query:
    """A query whose score of a passage bounds that of its windows: weight x saturated frequency, summed up, times the
    share of the query's weight that is there (`search.scoring.covering`)."""
    if len(terms) <= _CONJUNCTIONS:
        several = (some for size in range(1, len(terms) + 1) for some in combinations(terms, size))
        return {"dis_max": {"queries": [_conjunction(some, total) for some in several]}}
    shares = [{"filter": _counted(term, 1.0), "weight": term.weight / total} for term in terms]
    every = any_of(_counted(term, term.weight) for term in terms)
    return {"function_score": {"query": every, "functions": shares, "score_mode": "sum", "boost_mode": "multiply"}}


def _conjunction(terms: Sequence[Bound], total: float) -> Query:
    """What passages with all of these terms score, if they have no other. The best of all conjunctions is the score of
    a passage; OpenSearch skips blocks of postings for it."""
    share = sum(term.weight for term in terms) / total
    return {"bool": {"must": [_counted(term, term.weight * share) for term in terms]}}


def _counted(term: Bound, weight: float) -> Query:
    """Passages with one of the texts or runs of a term, scored by how often: a run by its first atom, where its pairs
    are there or, as an earlier podseek writes passages, unknown."""
    ways = [_often(text, weight) for text in term.texts]
    for run in term.runs:
        known = any_of([_having_pairs(run), _WITHOUT_PAIRS])
        ways.append({"bool": {"must": [_often(run[0], weight)], "filter": [known]}})
    return ways[0] if len(ways) == 1 else any_of(ways)


def _having_pairs(run: Sequence[str]) -> Query:
    return {"bool": {"filter": [{"term": {PAIRS: token}} for token in run_tokens(run[:RUN_ATOMS])]}}


def _having_one(runs: Sequence[Sequence[str]]) -> Query:
    """Passages that have one of some runs, as far as they tell. All that are a pair are one clause."""
    pairs = [token for run in runs if len(run) == 2 for token in run_tokens(run)]
    several: list[Query] = [{"terms": {PAIRS: pairs}}] if pairs else []
    several += (_often(run[0], 1.0) if len(run) == 1 else _having_pairs(run) for run in runs if len(run) != 2)
    return any_of([*several, _WITHOUT_PAIRS])


_WITHOUT_PAIRS: Query = {"bool": {"must_not": [{"exists": {"field": PAIRS}}]}}


def _often(text: str, weight: float) -> Query:
    boost, pivot = (1.0 + SATURATION) * weight, {"pivot": SATURATION}
    return {"rank_feature": {"field": f"w.{feature(text)}", "boost": boost, "saturation": pivot}}


def by_first_atoms(term: Bound) -> Bound:
    """The bound without runs, for passages that say nothing of them."""
    texts = (*term.texts, *(run[0] for run in term.runs))
    return Bound(tuple(dict.fromkeys(texts)), term.weight)


def passages(terms: Sequence[Bound], total: float, condition: Condition, among: Sequence[Sequence[str]] = ()) -> Query:
    """The query of passages by bound, of episodes that may meet a condition; if there are runs `among` which they must
    have one, of these."""
    found = of_windows(terms, total)
    filters = of_passages(condition)
    if among:
        filters = [*filters, _having_one(among)]
    return {"bool": {"must": [found], "filter": filters}} if filters else found
