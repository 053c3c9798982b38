"""Concordance: every match of a query in its context, sorted by its neighbours."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from heapq import nsmallest
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from indexer.core.memory.caches import cached
from indexer.core.positions.token_stream import Stream
from search.expansion.aliases import read_aliases
from search.expansion.candidates import CandidateFinder
from search.expansion.expand import expanded
from search.exploration.counting.subcorpus import in_time
from search.exploration.kwic import Line, Lines, MatchPlace, MatchPlaces
from search.matching.resolver import Resolver
from search.query.deadline import Deadline, OutOfTime
from search.query.parse import parse
from search.query.planner import make_plan
from search.query.syntax import Filter, whole, with_filters
from search.retrieval.exhaustive import every_window
from search.retrieval.resolved_plan import ResolvedPlan, resolve
from search.retrieval.scorer import Scorer
from search.retrieval.windows import Hit, length_of, outermost

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

CONTEXT = 40
"""Characters on each side."""
_NEIGHBOURS = 12
"""Atoms compared on each side."""
_ACROSS = ("left", "right")
"""Orders that alternate between episodes."""
_KEPT, _KEPT_ACROSS = 8, 512
"""Episodes whose texts are kept in memory, and in orders that alternate between episodes: some 100 KB each."""
_SORTED_AT_ONCE = 1024
"""Episodes whose atoms are kept while matches are sorted: some 25 KB each, for an hour of speech."""

_Key = Callable[[MatchPlace], Any]
"""The sort key of a match."""


class Concordance(Sequence[Line]):
    """The lines, each built on access, while the library is open. `total` counts all matches, including unlisted ones;
    `episodes` counts the episodes with a match, and `damped` the matches left out as the recogniser's loops and
    stock lines."""

    def __init__(
        self, places: Sequence[MatchPlace], make: Callable[[MatchPlace], Line], total: int, episodes: int, damped: int
    ) -> None:
        self._places = places
        self._make = make
        self.total = total
        self.episodes = episodes
        self.damped = damped

    @overload
    def __getitem__(self, index: int) -> Line: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Line, ...]: ...
    def __getitem__(self, index: int | slice) -> Line | tuple[Line, ...]:
        chosen = self._places[index]
        return self._make(chosen) if isinstance(chosen, MatchPlace) else tuple(map(self._make, chosen))

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[Line]:
        return map(self._make, self._places)


def resolved_query(
    query: str,
    filters: Sequence[Filter],
    snapshot: Snapshot,
    lexicons: Iterable[Path],
    deadline: Deadline,
    *,
    tolerant: bool,
    damping: bool,
) -> ResolvedPlan:
    """The plan of a query whose words are matched whole, unless `tolerant`; without expansions if time runs out."""
    resolver, tree = Resolver(snapshot), parse(query)
    tree = with_filters(tree if tolerant else whole(tree), filters)
    plan = make_plan(tree, resolver, tolerant, deadline=deadline)
    if plan.typed:
        finder = CandidateFinder(resolver, read_aliases(lexicons, snapshot.folding))
        with suppress(OutOfTime):
            plan = expanded(plan, finder, deadline)
    return resolve(plan._replace(damping=damping), resolver)


def concordance(
    snapshot: Snapshot,
    plan: ResolvedPlan,
    *,
    sort: str = "time",
    limit: int | None = 20,
    sample: int | None = None,
    seed: int = 0,
    context: int = CONTEXT,
    deadline: Deadline | None = None,
) -> Concordance:
    """Returns the matches of a plan, sorted by one of `SORTS`: the first `limit` of them, after drawing a random
    `sample`, which is the same for the same `seed`. `context` is in characters."""
    found, damped = _find(snapshot, plan, deadline)
    total, episodes = len(found), found.episodes
    chosen: Sequence[MatchPlace] = found
    if sample is not None and sample < total:
        chosen = random.Random(seed).sample(found, sample)
    first = nsmallest(len(chosen) if limit is None else limit, chosen, SORTS[sort](snapshot))
    kept = _KEPT_ACROSS if sort in _ACROSS else _KEPT
    lines = Lines(snapshot, plan, context, kept, Counter(place.episode for place in first))
    return Concordance(first, lines.make, total, episodes, damped)


def _find(snapshot: Snapshot, plan: ResolvedPlan, deadline: Deadline | None) -> tuple[MatchPlaces, int]:
    """All matches of a plan except those inside a longer one, and the number of damped ones."""
    scorer = Scorer(plan, snapshot, deadline=deadline)
    found = MatchPlaces()
    damped = 0
    with suppress(OutOfTime):
        for episode, hits in _hits(scorer):
            kept = scorer.undamped(hits, episode)
            damped += len(hits) - len(kept)
            for hit in outermost(kept, plan.terms):
                found.add(episode, hit[0], hit[0] + length_of(hit, plan.terms), hit[1], hit[2])
    return found, damped


def _hits(scorer: Scorer) -> Iterator[tuple[int, Sequence[Hit]]]:
    """The hits of each episode that satisfy the query."""
    plan = scorer.plan
    if not plan.stand_ins and (plan.need is None or plan.is_plain):
        looked_at = 0
        for episode in scorer.deadline.within(scorer.candidates):
            looked_at += 1
            yield episode, scorer.hits(scorer.wanted, episode, damped=True)
        scorer.deadline.note_progress(looked_at, len(scorer.candidates))
    else:
        for window in every_window(scorer):
            yield window.episode, window.hits


def _in_time(snapshot: Snapshot) -> _Key:
    order = {number: at for at, number in enumerate(in_time(snapshot, snapshot.episodes()))}
    return lambda place: (order[place.episode], place.begin)


def _newest_first(snapshot: Snapshot) -> _Key:
    numbers = sorted(snapshot.episodes(), key=lambda number: snapshot.episode(number).id)
    numbers.sort(key=lambda number: snapshot.episode(number).period or "", reverse=True)
    order = {number: at for at, number in enumerate(numbers)}
    return lambda place: (order[place.episode], place.begin)


def _by_episode(snapshot: Snapshot) -> _Key:
    return lambda place: (snapshot.episode(place.episode).id, place.begin)


def _by_left(snapshot: Snapshot) -> _Key:
    """Compares atom by atom outward from the match; the start of an episode sorts first."""
    written = _written(snapshot)
    return lambda place: written(place.episode).key(max(0, place.begin - _NEIGHBOURS), place.begin, -1)


def _by_right(snapshot: Snapshot) -> _Key:
    written = _written(snapshot)
    return lambda place: written(place.episode).key(place.end, place.end + _NEIGHBOURS, 1)


def _written(snapshot: Snapshot) -> Callable[[int], _Written]:
    return cached(lambda episode: _Written(snapshot.stream(episode)), _SORTED_AT_ONCE)


class _Written:
    """The atoms of an episode as strings for sorting. Hundreds of thousands are compared, and lists would be slow."""

    def __init__(self, stream: Stream) -> None:
        self._text = stream.units()
        self._names = stream.names_by_code()

    def key(self, begin: int, end: int, step: int) -> str:
        """The atoms [begin, end), in either direction, joined by a separator less than any character."""
        units = self._text[begin:end][::step]
        return "\0".join(
            units if self._names.keys().isdisjoint(units) else [self._names.get(unit, unit) for unit in units]
        )


SORTS: dict[str, Callable[[Snapshot], _Key]] = {
    "time": _in_time,
    "left": _by_left,
    "right": _by_right,
    "date": _newest_first,
    "episode": _by_episode,
}
"""The orders: chronological (undated episodes last), by the neighbours on one side, newest episode first, by episode
id. Neighbours are folded and compared by code point."""
