"""Trends: how often words occur per hour, by month, year, episode, show or speaker."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from indexer.core.native import within
from indexer.core.positions.token_stream import Region
from indexer.core.types import Episode
from search.exploration.counting.occurrences import Occurrences, find, line_at, seconds, size
from search.exploration.counting.speaker_groups import by_speaker
from search.exploration.counting.subcorpus import Part, in_time
from search.exploration.listing import Rows
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
SPEAKER = "speaker"
"""The grouping by who says it, which is not one of whole episodes."""
BY = (*GROUPS, SPEAKER)
_TO_GROUP = 0.5
"""The share of the time limit in which speakers are read."""


@dataclass(frozen=True, slots=True)
class Rate:
    """The rate of a word in a group of episodes (a month, a year, a show, or one episode, whose title is the `label`),
    or in what a speaker says of them.

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
    """The rates of each word, group by group in order (of speakers, who says most of all comes first). `by` is the
    grouping; `damped` counts occurrences left out as the recogniser's loops and stock lines, and `undated` the episodes
    without a date to group by; of `only_years` of these the year is known, and `beside` counts each word that is said
    in them. `unnamed` are the episodes left out because their cues name no speaker."""

    def __init__(
        self,
        rows: Sequence[Rate],
        by: str,
        damped: int,
        undated: int = 0,
        only_years: int = 0,
        unnamed: int = 0,
        beside: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        super().__init__(rows)
        self.by = by
        self.damped = damped
        self.undated = undated
        self.only_years = only_years
        self.unnamed = unnamed
        self.beside = beside


def trend(
    snapshot: Snapshot, part: Part, texts: Sequence[str], by: str | None = None, deadline: Deadline | None = None
) -> Trend:
    """Returns how often each text, matched exactly, occurs per group. `by` is one of `BY`; None means by month, or by
    year if none has a month, or by episode if none has a date. What begins in the words of a speaker is said by them.

    Raises QueryProblem for a text with nothing to look for.
    """
    if by is None:
        by = _finest(snapshot, part)
    named: Mapping[str, _Members] = {}
    unnamed = 0
    if by == SPEAKER:
        named, part, unnamed = by_speaker(snapshot, part, deadline.share(_TO_GROUP) if deadline else Deadline())
    found, part = find(snapshot, part, texts, deadline)
    groups, left_out = (_searched(named, part), {}) if by == SPEAKER else _groups(snapshot, part, by)
    speech = {name: _speech(snapshot, members) for name, members in groups.items()}
    if by == SPEAKER:
        groups = dict(sorted(groups.items(), key=lambda group: (-speech[group[0]][0], group[0])))
    rows = [
        _rate(snapshot, text, occurrences, name, members, *speech[name], by=by)
        for text, occurrences in found.items()
        for name, members in groups.items()
    ]
    damped = sum(occurrences.damped for occurrences in found.values())
    only_years = sum(episode.period is not None for episode in left_out.values())
    beside = {text: sum(len(found[text].places.get(number, ())) for number in left_out) for text in found}
    said_beside = {text: count for text, count in beside.items() if count}
    return Trend(rows, by, damped, len(left_out), only_years, unnamed, said_beside)


def _finest(snapshot: Snapshot, part: Part) -> str:
    """The times by which some of the episodes can be grouped: month or year; else episode."""
    known = [by for by in ("month", "year") if any(GROUPS[by](snapshot.episode(number)) for number in part.kept)]
    return known[0] if known else "episode"


_Members = Mapping[int, Sequence[Region]]
"""The regions of each episode that belong to a group; the episodes in time."""


def _groups(snapshot: Snapshot, part: Part, by: str) -> tuple[dict[str, _Members], dict[int, Episode]]:
    """The members of each group, in order, and the episodes without a group, by number."""
    groups: defaultdict[str, dict[int, Sequence[Region]]] = defaultdict(dict)
    left_out = {}
    for number in in_time(snapshot, part.kept):
        episode = snapshot.episode(number)
        name = GROUPS[by](episode)
        if name is None:
            left_out[number] = episode
        else:
            groups[name][number] = part.kept[number]
    return (dict(sorted(groups.items())) if by == "show" else dict(groups)), left_out


def _searched(groups: Mapping[str, _Members], part: Part) -> dict[str, _Members]:
    """What was searched of each group, without those of which nothing was."""
    searched = {
        name: {number: regions for number, regions in members.items() if number in part.kept}
        for name, members in groups.items()
    }
    return {name: members for name, members in searched.items() if members}


def _speech(snapshot: Snapshot, members: _Members) -> tuple[float, int, frozenset[int]]:
    """The hours and atoms of a group, and its episodes with usable times."""
    spoken = {number: seconds(snapshot.times(number), regions) for number, regions in members.items()}
    timed = frozenset(number for number, lasts in spoken.items() if lasts > 0)
    return sum(spoken.values()) / 3600, sum(map(size, members.values())), timed


def _rate(
    snapshot: Snapshot,
    text: str,
    found: Occurrences,
    name: str,
    members: _Members,
    hours: float,
    atoms: int,
    timed: Collection[int],
    *,
    by: str,
) -> Rate:
    """The rate of a text in a group."""
    places = ((number, within(found.places.get(number, ()), regions)) for number, regions in members.items())
    said = {number: kept for number, kept in places if kept}
    count = sum(map(len, said.values()))
    first = snapshot.episode(next(iter(members)))
    rate = Rate(
        term=text,
        group=name,
        label=(first.title or first.id) if by == "episode" else name,
        date=first.date,
        period=first.period,
        count=count,
        hours=hours,
        per_hour=sum(len(kept) for number, kept in said.items() if number in timed) / hours if hours else 0.0,
        atoms=atoms,
        per_million=count * 1e6 / atoms,
        episodes=len(said),
    )
    return _placed(rate, snapshot, *next((number, kept[0]) for number, kept in said.items())) if said else rate


def _placed(rate: Rate, snapshot: Snapshot, number: int, place: int) -> Rate:
    """The rate with its first moment."""
    episode, start = snapshot.episode(number), snapshot.times(number).at(place) / 1000
    line = line_at(snapshot, number, place)
    return replace(rate, episode=episode.id, start=start, line=line, url=link_at(episode, start))
