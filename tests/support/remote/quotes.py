"""Whether most of a quote is in one place, and whether a query for that finds it: by trying everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise, product
from typing import Any

from indexer.store.cluster.documents.terms import run_token


def has_most(
    pairs: Sequence[tuple[str, str]], least: int, slack: int, find: Callable[[tuple[str, str]], Sequence[int]]
) -> bool:
    """Whether at least `least` of the pairs of a quote are in one place (`search.backends.conditions.HoldsMost`);
    `find` returns where a pair is."""
    starts = [place - at for at, pair in enumerate(pairs) for place in find(pair)]
    return any(sum(abs(start - other) <= slack for other in starts) >= least for start in starts)


def matches(query: Any, text: str) -> bool:
    """Whether OpenSearch finds a text, with an atom a character, by a query of `search.backends.opensearch.quotes`."""
    tokens = [run_token(*pair) for pair in pairwise(text)]
    match query:
        case {"terms": {"runs": list(wanted)}}:
            return not set(tokens).isdisjoint(wanted)
        case {"intervals": {"runs": source}}:
            return any(_intervals(source, tokens))
    raise ValueError(query)


def _intervals(source: Any, tokens: Sequence[str]) -> Iterator[tuple[int, int]]:
    """(first, last) place of each interval of a source; also of those with another inside, which OpenSearch leaves
    out."""
    match source:
        case {"match": {"query": str(token)}}:
            yield from ((at, at) for at, one in enumerate(tokens) if one == token)
        case {"any_of": {"intervals": list(several)}}:
            for one in several:
                yield from _intervals(one, tokens)
        case {"all_of": {"ordered": bool(ordered), "max_gaps": int(most), "intervals": list(several)}}:
            for found in product(*(list(_intervals(one, tokens)) for one in several)):
                first, last = min(one[0] for one in found), max(one[1] for one in found)
                gaps = last - first + 1 - sum(end - begin + 1 for begin, end in found)
                in_order = all(one[1] < other[0] for one, other in pairwise(found))
                if gaps <= most and (in_order or not ordered):
                    yield first, last
        case _:
            raise ValueError(source)
