"""Looks a regular expression up in the episodes that pass the filters of a query, until its deadline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from search.matching.regex_places import places_of_regex
from search.matching.resolver import Resolver
from search.matching.sources import PlacesSource
from search.matching.terms import Alternative, RegexPattern
from search.query.deadline import Deadline
from search.query.filters import EpisodeTest, condition

REGEX_SHARE = 0.6
"""Share of the time left in which a regular expression is looked up; the rest is for ranking its matches."""


def matches(
    expression: str, resolver: Resolver, filters: Sequence[EpisodeTest], deadline: Deadline
) -> tuple[Alternative, ...]:
    """Returns the matches of an expression, an alternative for each length, whose places the resolver then knows.
    Raises QueryProblem."""
    snapshot, stage = resolver.snapshot, deadline.share(REGEX_SHARE)
    tests = [condition(test, snapshot.folding) for test in filters]
    last = -1

    def passing() -> Iterator[int]:
        nonlocal last
        for last in snapshot.episodes():
            if not tests or all(test(snapshot.episode(last)) for test in tests):
                yield last

    places = places_of_regex(expression, snapshot, stage.within(passing()))
    until = None if stage.reason is None else last
    found = {RegexPattern(expression, length, tuple(filters), until): each for length, each in sorted(places.items())}
    for pattern, each in found.items():
        resolver.learn(pattern, PlacesSource(pattern.length, each))
    return tuple(map(Alternative, found))
