"""The episodes that running text likely comes from, as a query that scores by BM25."""

from __future__ import annotations

from search.backends.opensearch.booleans import Query, any_of
from search.backends.opensearch.queries import of_episodes, run_query, score_of_one
from search.backends.remote import Counted, Likeliest

_ADDED = """
double n = Math.round(_score / params.once);
return params.weight * n / (n + params.base + params.slope * doc['atoms'].value)
"""
"""What a term adds that an episode has n times."""


def likeliest(ranked: Likeliest) -> Query:
    """The query of the episodes with any of the terms that meet its condition."""
    terms = (_scored(term, ranked) for term in ranked.terms)
    return {"bool": {"must": [any_of(terms)], "filter": [of_episodes(ranked.condition)]}}


def _scored(term: Counted, ranked: Likeliest) -> Query:
    once = score_of_one(term.run)
    params = {"once": once, "weight": term.weight, "base": ranked.base, "slope": ranked.slope}
    script = {"source": " ".join(_ADDED.split()), "params": params}
    return {"script_score": {"query": run_query(term.run), "script": script}}
