"""Trends: how often words occur per hour, by month, year, episode or show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from indexer.core.types import Episode
from search.analysis.counting.occurrences import Occurrences, find, line_at, seconds, size
from search.analysis.counting.subcorpus import Part
from search.analysis.listing import Rows
from search.query.deadline import Deadline
from search.results.links import link_at

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

GROUPS: dict[str, Callable[[Episode], str | None]] = {
    "month": lambda episode: episode.period[:7] if episode.period and len(episode.period) > 4 else None,
    "episode": lambda episode: episode.id,
    "year": lambda episode: episode.period and episode.period[:4],
    "show": lambda episode: episode.show,
}
"""The group of an episode; None if unknown."""


@dataclass(frozen=True, slots=True)
class Rate:
    """The rate of a word in a group of episodes: a month, a year, a show, or one episode, whose title is the `label`.

    `hours` and `atoms` measure undamped speech; `per_hour` is 0 without usable times. `date` and `period`
    (`Episode`) are the first in the group.
    `episode`, `start` (seconds), `line` and `url` are the first moment, or None.
    """

    term: str
    group: str
    label: str
    date: str | None
    count: int
    hours: float
    per_hour: float
    atoms: int
    per_million: float
    episodes: int
    episode: str | None = None
    start: float | None = None
    line: str | None = None
    url: str | None = None
    period: str | None = None


class Trend(Rows[Rate]):
    """The rates of each word, group by group in order. `by` is the grouping; `damped` counts occurrences left out as
    the recogniser's loops and stock lines, and `undated` the episodes without a date to group by; of `only_years` of
    these the year is known."""

    def __init__(self, rows: Sequence[Rate], by: str, damped: int, undated: int, only_years: int = 0) -> None:
        super().__init__(rows)
        self.by = by
        self.damped = damped
        self.undated = undated
        self.only_years = only_years


def trend(
    snapshot: Snapshot, part: Part, texts: Sequence[str], by: str | None = None, deadline: Deadline | None = None
) -> Trend:
    """Returns how often each text, matched exactly, occurs per group. `by` is one of `GROUPS`; None means by month, or
    by year if none has a month, or by episode if none has a date.

    Raises QueryProblem for a text with nothing to look for.
    """
    if by is None:
        by = _finest(snapshot, part)
    found, part = find(snapshot, part, texts, deadline)
    groups, left_out = _groups(snapshot, part, by)
    speech = {name: _speech(snapshot, part, members) for name, members in groups.items()}
    rows = [
        _rate(snapshot, text, occurrences, name, members, *speech[name], by=by)
        for text, occurrences in found.items()
        for name, members in groups.items()
    ]
    damped = sum(occurrences.damped for occurrences in found.values())
    return Trend(rows, by, damped, len(left_out), sum(episode.period is not None for episode in left_out))


def _finest(snapshot: Snapshot, part: Part) -> str:
    """The times by which some of the episodes can be grouped: month or year; else episode."""
    known = [by for by in ("month", "year") if any(GROUPS[by](snapshot.episode(number)) for number in part.kept)]
    return known[0] if known else "episode"


def in_time(snapshot: Snapshot, numbers: Sequence[int] | Mapping[int, object]) -> list[int]:
    """Sorts episodes by date, those without one last."""
    return sorted(numbers, key=lambda number: (snapshot.episode(number).period or "~", snapshot.episode(number).id))


def _groups(snapshot: Snapshot, part: Part, by: str) -> tuple[dict[str, list[int]], list[Episode]]:
    """The episodes of each group, in order, and the episodes without a group."""
    groups: defaultdict[str, list[int]] = defaultdict(list)
    left_out = []
    for number in in_time(snapshot, part.kept):
        episode = snapshot.episode(number)
        name = GROUPS[by](episode)
        if name is None:
            left_out.append(episode)
        else:
            groups[name].append(number)
    return (dict(sorted(groups.items())) if by == "show" else dict(groups)), left_out


def _speech(snapshot: Snapshot, part: Part, members: Sequence[int]) -> tuple[float, int, frozenset[int]]:
    """The hours and atoms of the given episodes in a part, and the episodes with usable times."""
    spoken = {number: seconds(snapshot.times(number), part.kept[number]) for number in members}
    timed = frozenset(number for number, lasts in spoken.items() if lasts > 0)
    return sum(spoken.values()) / 3600, sum(size(part.kept[number]) for number in members), timed


def _rate(
    snapshot: Snapshot,
    text: str,
    found: Occurrences,
    name: str,
    members: Sequence[int],
    hours: float,
    atoms: int,
    timed: Collection[int],
    *,
    by: str,
) -> Rate:
    """The rate of a text in a group."""
    said = [number for number in members if number in found.places]
    count = sum(len(found.places[number]) for number in said)
    first = snapshot.episode(members[0])
    rate = Rate(
        term=text,
        group=name,
        label=(first.title or first.id) if by == "episode" else name,
        date=first.date,
        period=first.period,
        count=count,
        hours=hours,
        per_hour=sum(len(found.places[number]) for number in said if number in timed) / hours if hours else 0.0,
        atoms=atoms,
        per_million=count * 1e6 / atoms,
        episodes=len(said),
    )
    return _placed(rate, snapshot, said[0], found.places[said[0]][0]) if said else rate


def _placed(rate: Rate, snapshot: Snapshot, number: int, place: int) -> Rate:
    """The rate with its first moment."""
    episode, start = snapshot.episode(number), snapshot.times(number).at(place) / 1000
    line = line_at(snapshot, number, place)
    return replace(rate, episode=episode.id, start=start, line=line, url=link_at(episode, start))
