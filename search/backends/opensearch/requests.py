"""What a search asks a cluster, as the bodies of its requests."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from indexer.core.positions.token_stream import is_basic
from indexer.store.cluster.documents.layout import COLUMNS, RECORD
from indexer.store.cluster.documents.terms import OF_CHARACTER, OF_WORD, entry_id, feature
from search.backends.conditions import EVERY, Condition, Disjunction, HasSounds, HasTitle, Holds
from search.backends.opensearch import bm25, bounds, queries
from search.backends.opensearch.booleans import Query, any_of
from search.backends.opensearch.searches import PAGE
from search.backends.opensearch.sounds import parts_of
from search.backends.remote import FIRST_SINGLE, ByBound, Likeliest, Spelled, WantedEpisodes

TITLED = {"size": 0, "track_total_hits": 1, "query": queries.of_episodes(HasTitle(()))}
"""Whether any episode has chapter titles."""


def entries(terms: Collection[str]) -> dict[str, str]:
    """Words and characters by the id of their entry in the vocabulary."""
    return {entry_id(OF_CHARACTER if is_basic(term) else OF_WORD, term): term for term in terms}


def frequencies(wanted: Collection[str]) -> dict[str, Any]:
    """The entries of the vocabulary with these ids."""
    return {"query": {"ids": {"values": list(wanted)}}, "size": len(wanted), "_source": ["count", "episodes"]}


def listed(query: Query, most: int) -> dict[str, Any]:
    """The first entries of the vocabulary that answer a query, in the order of their text."""
    return {
        "query": query,
        "size": most,
        "sort": [{"term": "asc"}],
        "track_total_hits": False,
        "_source": ["term", "count", "episodes"],
    }


def words(limits: Mapping[str, str], prefix: str = "") -> Query:
    """The words within some limits that begin so."""
    chosen: list[Query] = [{"range": {"term": limits}}]
    if prefix:
        chosen.append({"prefix": {"term": prefix}})
    return {"bool": {"filter": chosen, "must_not": [{"term": {"kind": "char"}}]}}


_SPELLED = """
if (doc['term'].size() == 0) return false;
String term = doc['term'].value;
if (term.length() != params.places.size()) return false;
for (int at = 0; at < term.length(); at++)
    if (params.places[at].indexOf(term.substring(at, at + 1)) < 0) return false;
return true
"""


def spelled(way: Spelled) -> Query:
    """The words that are spelled so. A regular expression of as many characters takes the node seconds."""
    script = {"source": " ".join(_SPELLED.split()), "params": {"places": list(way.characters)}}
    few = {"range": {"count": {"lte": way.most}}}
    return {"bool": {"filter": [few, {"script": {"script": script}}], "must_not": [{"term": {"kind": "char"}}]}}


_LETTERS = ("", ":"), (":", "d"), ("d", "j"), ("j", "p"), ("p", "t"), ("t", FIRST_SINGLE)
NAMES: tuple[Mapping[str, str], ...] = tuple({"gte": first, "lt": end} for first, end in _LETTERS)
"""Names and numbers, as several lists: one has only so many entries."""


def counting(run: tuple[str, ...]) -> dict[str, Any]:
    """The search that counts a run: the episodes with it, and its occurrences in all."""
    occurrences = {"all": {"sum": {"script": {"source": "_score"}}}}
    return {"size": 0, "track_total_hits": True, "query": queries.only(queries.run_query(run)), "aggs": occurrences}


def occurrences(term: str) -> dict[str, Any]:
    """The episodes with a word or character, scored by how often they have it."""
    return {"query": queries.only(queries.run_query((term,))), "track_scores": True, "_source": False}


def values(field: str, after: Mapping[str, Any] = {}) -> dict[str, Any]:
    """The next values of a field of episodes, as many as a page has."""
    pages = {"size": PAGE, "sources": [{"value": {"terms": {"field": field}}}], **after}
    return {"size": 0, "query": queries.of_episodes(EVERY), "aggs": {"all": {"composite": pages}}}


def peaks(run: tuple[str, ...], condition: Condition, has_peaks: bool, size: int) -> dict[str, Any]:
    """The episodes with a run by their peak, or, in a library that has none, by its occurrences; equals by id."""
    query = bounds.peaks(run) if has_peaks else queries.only(queries.run_query(run))
    if condition != EVERY:
        query["bool"]["filter"].append(queries.of_episodes(condition))
    order = [{"_score": "desc"}, {"id": "asc"}]
    return {"query": query, "size": size, "sort": order, "track_total_hits": False, "_source": False}


def likeliest(ranked: Likeliest) -> dict[str, Any]:
    """The keys of episodes by their BM25."""
    return {"query": bm25.likeliest(ranked), "size": ranked.size, "track_total_hits": False, "_source": False}


def holding(word: str, keys: Collection[str]) -> dict[str, Any]:
    """The keys of those of the episodes that have a word or character."""
    found = [{"ids": {"values": list(keys)}}, {"term": {"terms": feature(word)}}]
    return {"query": {"bool": {"filter": found}}, "size": len(keys), "_source": False}


def keys(condition: Condition, most: int) -> dict[str, Any]:
    """The keys of the episodes that meet a condition, in the order of their ids."""
    return {
        "query": queries.of_episodes(condition),
        "size": most,
        "sort": [{"id": "asc"}],
        "track_total_hits": False,
        "_source": False,
    }


def sounding(ways: Sequence[HasSounds], most: int) -> dict[str, Any]:
    """The keys of the episodes with one of some sounds, each with the places of those it has among them."""
    named = [{"bool": {"filter": [queries.of_episodes(one)], "_name": str(number)}} for number, one in enumerate(ways)]
    return {
        "query": {"bool": {"filter": [any_of(named)]}},
        "size": most,
        "sort": [{"id": "asc"}],
        "track_total_hits": False,
        "_source": False,
    }


def in_parts(one: WantedEpisodes) -> Sequence[WantedEpisodes]:
    """The same episodes, asked for in several searches where the condition that they meet is in parts."""
    if len(one.having) > 1 or not _leaves_room(one):
        return [one]
    return [one._replace(having=(part,)) for part in parts_of(one.having[0])]


def _leaves_room(one: WantedEpisodes) -> bool:
    """Whether nothing but runs is beside what the episodes meet."""
    return all(isinstance(other, Holds) for other in one.lacking)


def wanted(one: WantedEpisodes) -> dict[str, Any]:
    """The stored fields of the episodes that are wanted."""
    known: Query = {"ids": {"values": list(one.known)}}
    query = queries.of_episodes(Disjunction(one.having), is_alone=_leaves_room(one))
    query["bool"]["must_not"] = [queries.of_episodes(condition, is_alone=False) for condition in one.lacking]
    if one.is_known:
        query["bool"]["filter"].append(known)
    elif one.known:
        query["bool"]["must_not"].append(known)
    return {
        "query": query,
        "size": one.size,
        "sort": [{"id": "asc"}],
        "track_total_hits": False,
        "stored_fields": stored_fields(one.columns),
    }


def stored(keys: Collection[str], columns: Sequence[str]) -> dict[str, Any]:
    """The stored fields of some episodes."""
    return {
        "query": {"ids": {"values": list(keys)}},
        "size": len(keys),
        "track_total_hits": False,
        "stored_fields": stored_fields(columns),
    }


def stored_fields(columns: Sequence[str]) -> list[str]:
    """The stored fields of an episode with these columns."""
    return ["id", RECORD, *(COLUMNS.get(name, name) for name in columns)]


def passages(listed: ByBound, has_runs: bool) -> dict[str, Any]:
    """Episodes by the bound of their best passage; in a library whose passages say nothing of runs, by the first atoms
    of these."""
    terms = listed.terms if has_runs else tuple(map(bounds.by_first_atoms, listed.terms))
    return {
        "query": bounds.passages(terms, listed.total, listed.condition, listed.among if has_runs else ()),
        "collapse": {"field": "episode"},
        "size": listed.size,
        "track_total_hits": False,
        "stored_fields": "_none_",
        "docvalue_fields": ["episode"],
    }
