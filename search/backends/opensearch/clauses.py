"""How many clauses a query has, of the 1,024 that OpenSearch takes, and the same query with fewer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from search.backends.opensearch.booleans import all_of
from search.backends.opensearch.quotes import clauses_of


def number_of(query: Any) -> int:
    """The clauses of a query as Lucene counts them."""
    match query:
        case {"intervals": {"runs": source}}:
            return clauses_of(source)
        case {"intervals": {"sounds": source}}:
            return ways_to_sound(source)
        case {"bool": dict(parts)}:
            return sum(number_of(one) for several in parts.values() if isinstance(several, list) for one in several)
        case {"script_score": {"query": dict(inner)}}:
            return number_of(inner)
    return 1


def of_quotes(query: Any) -> Iterator[int]:
    """The clauses of each quote in a query."""
    match query:
        case {"intervals": {"runs": source}}:
            yield clauses_of(source)
        case {"bool": dict(parts)}:
            for several in parts.values():
                for one in several if isinstance(several, list) else ():
                    yield from of_quotes(one)


def ways_to_sound(query: Any) -> int:
    """The ways to sound that a query names one by one; each is a clause."""
    if isinstance(query, dict):
        return sum(map(ways_to_sound, query.values())) + ("match" in query)
    return sum(map(ways_to_sound, query)) if isinstance(query, list) else 0


def unordered(query: Any) -> Any:
    """A query that admits some episodes more, with a single clause for all ways to sound in a place: they may be
    anywhere in an episode. What is excluded, and what is scored, stays as it is."""
    match query:
        case {"intervals": {"sounds": {"all_of": {"intervals": places}}}}:
            ways = ([one["match"]["query"] for one in place["any_of"]["intervals"]] for place in places)
            return all_of({"terms": {"sounds": tokens}} for tokens in ways)
        case dict():
            return {
                name: one if name in ("must_not", "script_score") else unordered(one) for name, one in query.items()
            }
        case list():
            return list(map(unordered, query))
    return query
