"""The query of the episodes in which most of a quote may be in one place, by the positions of its pairs of atoms.

OpenSearch has no source of intervals for "at least six of these eleven", and writing out every six of them would take
462 clauses. Of six pairs in two blocks of a quote, three are in one of the blocks: every three of a block are 30.

A pair of which there are several near its place in the quote counts several times (我觉得我觉得). So the query admits
three kinds of places: with enough different pairs; with a pair said twice, and enough others; with two pairs that are
each said twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product
from math import ceil, comb

from indexer.store.cluster.documents.terms import run_token
from search.backends.opensearch.booleans import Query

MOST_CLAUSES = 1000
"""Terms of a query; OpenSearch refuses more than 1,024."""


def of_most(pairs: Sequence[tuple[str, str]], least: int, slack: int, clauses: int = MOST_CLAUSES) -> Query:
    """The query of the episodes that have at least `least` of the pairs of a quote, in order, in one place: each at
    most `slack` atoms off, and as often as it is there (`search.matching.fuzzy_phrase`). It may admit other
    episodes, the more the fewer `clauses` it may have."""
    quote = _Quote(pairs, least, slack)
    for most, ways in (20, quote.precise), (60, quote.shorter), (250, quote.by_pairs):
        found = list(ways()) if len(quote.own) <= most else []
        if found and sum(map(clauses_of, found)) <= clauses:
            return _intervals(found)
    return {"terms": {"runs": list(quote.own)}}


class _Quote:
    """The pairs of a quote, and how often each may count."""

    def __init__(self, pairs: Sequence[tuple[str, str]], least: int, slack: int) -> None:
        self.least = least
        self.own = Counter(run_token(*pair) for pair in pairs)
        """Pair -> how often it is in the quote: as often does each occurrence of it count."""
        most = {run_token(*pair): _most_near(pair, slack) for pair in pairs}
        self.most = {token: count * most[token] for token, count in self.own.items()}
        self.width = len(pairs) + 2 * slack
        """Places in which pairs that count together begin."""
        self.between = 2 * slack - 1
        """Places between two occurrences of a pair that count for the same place of the quote, at most."""

    def precise(self) -> Iterator[Query]:
        """For quotes of up to some 18 atoms."""
        yield from self._some(self.own, self.least, 3)
        for token in self.own:
            others = {other: count for other, count in self.own.items() if other != token}
            needed = self.least - self.most[token]
            beside = list(self._some(others, needed, 2)) if needed > 0 else []
            if beside or needed <= 0:
                yield self._together([self._twice(token), *([_any(beside)] if beside else [])])
        yield from self._two_twice()

    def shorter(self) -> Iterator[Query]:
        """For longer quotes: one pair said twice leaves so many different ones that they say enough by themselves."""
        more = max(self.most[token] - count for token, count in self.own.items())
        if self.least <= more:
            yield _any(map(_term, self.own))
        else:
            yield from self._some(self.own, self.least - more, 3)
            yield from self._two_twice()

    def by_pairs(self) -> Iterator[Query]:
        """For quotes of up to some 200 atoms: enough different pairs if each counts as often as it can."""
        return self._some(self.most, self.least, 2)

    def _some(self, counts: Mapping[str, int], needed: int, at_once: int) -> Iterator[Query]:
        """At least `needed` of some pairs, of which each counts as `counts` says: `at_once` of one of several blocks,
        or all if they are fewer."""
        number = _number_needed(counts.values(), needed)
        if number is None:
            return
        blocks = max(1, (number - 1) // (at_once - 1)) if number >= at_once else 1
        tokens = list(counts)
        sizes = [len(tokens) * (at + 1) // blocks - len(tokens) * at // blocks for at in range(blocks)]
        size = ceil(number / blocks)
        while comb(max(sizes), size) * size * blocks > MOST_CLAUSES // 2 and size > 1:
            size -= 1
        begin = 0
        for length in sizes:
            for several in combinations(tokens[begin : begin + length], size):
                yield self._together(list(map(_term, several)))
            begin += length

    def _twice(self, token: str) -> Query:
        return {"all_of": {"ordered": True, "max_gaps": self.between, "intervals": [_term(token)] * 2}}

    def _two_twice(self) -> Iterator[Query]:
        return (self._together(list(map(self._twice, two))) for two in combinations(self.own, 2))

    def _together(self, several: Sequence[Query]) -> Query:
        """All of these in one place."""
        if len(several) == 1:
            return several[0]
        return {"all_of": {"ordered": False, "max_gaps": self.width, "intervals": several}}


def _most_near(pair: tuple[str, str], slack: int) -> int:
    """How many times a pair may begin within `slack` atoms of a place: 哈哈 anywhere, 研究 at every other."""
    places = 2 * slack + 1
    return places if pair[0] == pair[1] else ceil(places / 2)


def _number_needed(counts: Iterable[int], needed: int) -> int | None:
    """How many of some counts add up to what is needed, at least; None if all of them do not."""
    reached = 0
    for number, count in enumerate(sorted(counts, reverse=True), 1):
        reached += count
        if reached >= needed:
            return number
    return None


def _term(token: str) -> Query:
    return {"match": {"query": token}}


def _any(several: Iterable[Query]) -> Query:
    ways = list(several)
    return ways[0] if len(ways) == 1 else {"any_of": {"intervals": ways}}


def _intervals(ways: Sequence[Query]) -> Query:
    return {"intervals": {"runs": _any(ways)}}


def clauses_of(source: Query) -> int:
    """The terms of a source of intervals as Lucene counts them: with each way of meeting it written out, and what is
    there twice as one."""
    return sum(_ways(source))


def _ways(source: Query) -> list[int]:
    """The terms of each way of meeting a source."""
    ((kind, values),) = source.items()
    if kind == "match":
        return [1]
    several = list(map(_ways, values["intervals"]))
    if kind == "any_of":
        return [terms for ways in several for terms in ways]
    return several[0] if values["ordered"] else list(map(sum, product(*several)))
