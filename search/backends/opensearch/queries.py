"""Conditions as queries of OpenSearch."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise, product

from indexer.store.cluster.documents.episode_documents import EPISODE
from indexer.store.cluster.documents.terms import episode_key, feature, run_tokens, sound_token
from search.backends.conditions import (
    EVERY,
    Condition,
    Conjunction,
    Dated,
    Disjunction,
    HasDamped,
    HasSounds,
    HasTitle,
    Holds,
    HoldsMost,
    Negation,
    ValueIn,
)
from search.backends.opensearch import clauses, quotes
from search.backends.opensearch.booleans import ANYTHING, NOTHING, Query, all_of, any_of

_MOST_PAIRS = 1024
"""Pairs of sound classes that are asked for; with more, the place is left open."""
_MOST_WAYS = 250
"""Ways to sound that are clauses of their own, of the 1,024 clauses that a query may have with all that is in it."""
MOST_ALONE = 900
"""The same where nothing but a few runs is beside them."""


def of_episodes(condition: Condition, is_alone: bool = True) -> Query:
    """The query of the episodes that meet a condition; every one scores alike. Unless it `is_alone`, others than
    runs are beside it in a query."""
    kept: list[Query] = [{"term": {"kind": EPISODE}}]
    if condition != EVERY:
        kept.append(_accepted(condition, is_alone))
    return {"bool": {"filter": kept}}


def _accepted(condition: Condition, is_alone: bool) -> Query:
    """The query of a condition with few enough clauses for OpenSearch: if they are too many, quotes share those that
    the rest leaves."""
    query = _episodes(condition)
    if clauses.ways_to_sound(query) > _MOST_WAYS and not (is_alone and clauses.number_of(query) <= MOST_ALONE):
        query = clauses.unordered(query)
    of_quotes = list(clauses.of_quotes(query))
    if not of_quotes or clauses.number_of(query) <= quotes.MOST_CLAUSES:
        return query
    others = clauses.number_of(clauses.unordered(query)) - sum(of_quotes)
    room = max(0, quotes.MOST_CLAUSES - others) // len(of_quotes)
    return {"bool": {"filter": [clauses.unordered(_episodes(condition, room))]}}


def _episodes(condition: Condition, room: int = quotes.MOST_CLAUSES) -> Query:
    """The query of a condition in which no quote has more clauses than there is `room` for."""
    match condition:
        case Holds(run):
            return run_query(run)
        case HoldsMost(pairs, least, slack):
            return quotes.of_most(pairs, least, slack, room)
        case HasSounds(classes, itself):
            return _other_than(itself, _sounds(classes)) if itself and len(classes) > 1 else _sounds(classes)
        case HasTitle(atoms):
            if not atoms:
                return {"exists": {"field": "heads"}}
            return all_of({"term": {"heads": feature(atom)}} for atom in atoms)
        case HasDamped():
            return {"term": {"has_damped": True}}
        case ValueIn("id", values):
            return {"ids": {"values": list(map(episode_key, values))}}
        case ValueIn(field, values):
            return {"terms": {field: list(values)}}
        case Dated(first, last):
            days = {"range": {"date": {"gte": first, "lte": last}}}
            return any_of([days, {"terms": {"date": [first[:7], first[:4]]}}])
        case Conjunction(conditions):
            return all_of(_episodes(one, room) for one in conditions) if conditions else ANYTHING
        case Disjunction(conditions):
            return _one_of(list(dict.fromkeys(_flat(conditions))), room)
        case Negation(conditions):
            return {"bool": {"must_not": list(map(_episodes, conditions))}}  # less room would exclude more


def _flat(conditions: Iterable[Condition]) -> Iterator[Condition]:
    """The conditions, with those of disjunctions among them."""
    for one in conditions:
        if isinstance(one, Disjunction):
            yield from _flat(one.conditions)
        else:
            yield one


def _one_of(conditions: Sequence[Condition], room: int) -> Query:
    """One of these holds. Runs that are one token are the terms of one clause: a query has at most 1,024 clauses, and
    two words with an open end stand for as many words."""
    terms: dict[str, list[str]] = {}
    others: list[Query] = []
    for query in (_episodes(one, room) for one in conditions):
        match query:
            case {"term": {"terms": str(token)}}:
                terms.setdefault("terms", []).append(token)
            case {"term": {"runs": str(token)}}:
                terms.setdefault("runs", []).append(token)
            case _:
                others.append(query)
    together = [
        {"terms": {field: tokens}} if len(tokens) > 1 else {"term": {field: tokens[0]}}
        for field, tokens in terms.items()
    ]
    return any_of([*together, *others]) if conditions else NOTHING


def of_passages(condition: Condition) -> list[Query]:
    """The filters of passages whose episodes may meet a condition: only their facts are known."""
    match condition:
        case ValueIn("id", values):
            return [{"terms": {"episode": list(map(episode_key, values))}}]
        case ValueIn() | Dated():
            return [_episodes(condition)]
        case Conjunction(conditions):
            return [query for one in conditions for query in of_passages(one)]
        case Negation((ValueIn() | Dated() as one,)):
            return [{"bool": {"must_not": of_passages(one)}}]
        case _:
            return []


def run_query(run: Sequence[str]) -> Query:
    """The query of episodes with a run of atoms, scored by its number of occurrences (`score_of_one`)."""
    if len(run) == 1:
        return {"term": {"terms": feature(run[0])}}
    return _adjacent("runs", list(run_tokens(run)))


def score_of_one(run: Sequence[str]) -> int:
    """What each occurrence of a run adds to the score of its query: a scripted similarity counts it once for each of
    the terms of a phrase."""
    return max(1, len(run) - 1)


def _adjacent(field: str, tokens: Sequence[str]) -> Query:
    if len(tokens) == 1:
        return {"term": {field: tokens[0]}}
    return {"match_phrase": {field: {"query": " ".join(tokens)}}}


def _sounds(classes: Sequence[Collection[int]]) -> Query:
    """The query of episodes that may have these sounds. Terms are two of them; one alone is nearly everywhere."""
    if len(classes) == 1:
        return ANYTHING
    if all(len(members) == 1 for members in classes):
        return _adjacent("sounds", [sound_token(*first, *second) for first, second in pairwise(classes)])
    places = [
        [sound_token(*pair) for pair in product(first, second)]
        for first, second in pairwise(classes)
        if len(first) * len(second) <= _MOST_PAIRS
    ]
    if len(places) == len(classes) - 1 > 1:
        each = [{"any_of": {"intervals": [{"match": {"query": one}} for one in tokens]}} for tokens in places]
        return {"intervals": {"sounds": {"all_of": {"ordered": True, "max_gaps": 0, "intervals": each}}}}
    return all_of({"terms": {"sounds": tokens}} for tokens in places)


_MOST_SAID = 4095
"""Occurrences in one episode that are distinguished: two such numbers fit into the 24 bits of a score."""


def _other_than(run: Sequence[str], sounds: Query) -> Query:
    """The query of episodes in which something has the sounds that is not this run: those with more occurrences of the
    sounds than of the run. Both are counted in one score."""

    def counted(query: Query, weight: int) -> Query:
        source = f"{weight} * Math.min(Math.round(_score / params.once), {_MOST_SAID})"
        return {"script_score": {"query": query, "script": {"source": source, "params": {"once": score_of_one(run)}}}}

    more = f"""
        long own = (long) _score / {_MOST_SAID + 1}, all = (long) _score % {_MOST_SAID + 1};
        return all > own || all == {_MOST_SAID} ? 1 : 0"""
    both = {"bool": {"must": [counted(sounds, 1)], "should": [counted(run_query(run), _MOST_SAID + 1)]}}
    return {"script_score": {"query": both, "script": {"source": " ".join(more.split())}, "min_score": 1}}


def only(query: Query) -> Query:
    """A query of episodes that keeps its scores."""
    return {"bool": {"must": [query], "filter": [{"term": {"kind": EPISODE}}]}}
