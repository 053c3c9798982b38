"""Keywords in context: the text before and after a match, as transcribed, across cues."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

from indexer.core.memory.caches import cached
from indexer.core.named_tuples import NamedTuple
from search.exploration.surroundings import Surroundings
from search.results.links import link_at
from search.retrieval.resolved_plan import ResolvedPlan

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Line:
    """A match in context, as transcribed: the text `before` it, the `match`, the text `after` it. `start` and `end` are
    seconds; `term` is the term of the query, and `how` is as in `search.api.Match`."""

    before: str
    match: str
    after: str
    term: str
    how: str
    episode: str
    title: str
    date: str | None
    start: float
    end: float
    speaker: str
    url: str | None
    period: str | None = None


class MatchPlace(NamedTuple):
    """The matching atoms [begin, end) of an episode, and the numbers of the term and of its alternative."""

    episode: int
    begin: int
    end: int
    term: int
    way: int


class MatchPlaces(Sequence[MatchPlace]):
    """Places in the order in which they were added, as columns of integers: a common word has millions."""

    def __init__(self, columns: Sequence[array[int]] | None = None) -> None:
        self._columns = tuple(columns or (array("I") for _ in MatchPlace._fields))

    def add(self, *place: int) -> None:
        """Adds a place, given as the fields of a `MatchPlace`."""
        for column, value in zip(self._columns, place, strict=True):
            column.append(value)

    @property
    def episodes(self) -> int:
        """The number of episodes with a place."""
        return len(set(self._columns[0]))

    def __len__(self) -> int:
        return len(self._columns[0])

    @overload
    def __getitem__(self, at: int) -> MatchPlace: ...
    @overload
    def __getitem__(self, at: slice) -> MatchPlaces: ...
    def __getitem__(self, at: int | slice) -> MatchPlace | MatchPlaces:
        if isinstance(at, slice):
            return MatchPlaces([column[at] for column in self._columns])
        return MatchPlace(*(column[at] for column in self._columns))

    def __iter__(self) -> Iterator[MatchPlace]:
        return map(MatchPlace, *self._columns)


class Lines:
    """Builds the lines of a plan's matches."""

    def __init__(
        self, snapshot: Snapshot, plan: ResolvedPlan, context: int, kept: int, places: Mapping[int, int]
    ) -> None:
        """`context` is in characters; `kept` is the number of episodes cached; `places` has the number of lines of each
        episode."""
        self._snapshot = snapshot
        self._plan = plan
        self._context = context

        def surroundings(number: int) -> Surroundings:
            return Surroundings(snapshot, number, context, places[number])

        self._of = cached(surroundings, kept)

    def make(self, place: MatchPlace) -> Line:
        number, begin, end, name, way = place
        episode, times = self._snapshot.episode(number), self._snapshot.times(number)
        around = self._of(number)
        text, start, stop, cue = around.of(begin, end)
        seconds = times.at(begin) / 1000
        term = self._plan.terms[name]
        return Line(
            before=text[max(0, start - self._context) : start],
            match=text[start:stop],
            after=text[stop : stop + self._context],
            term=term.label,
            how=term.alternatives[way].how,
            episode=episode.id,
            title=episode.title,
            date=episode.date,
            start=seconds,
            end=times.until(end) / 1000,
            speaker=around.speakers[cue],
            url=link_at(episode, seconds),
            period=episode.period,
        )
