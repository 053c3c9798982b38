"""Selects episodes by name or filters, and cues by time; returns cues as callers see them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from indexer.core.errors import PodseekProblem
from indexer.core.messages import _
from indexer.core.types import Episode, damped_kinds
from search.api import CueLine
from search.query.filters import condition, episode_test
from search.query.syntax import Filter

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot


class NoSuchEpisode(PodseekProblem):
    """A name that matches no episode, or several."""


def find_number(snapshot: Snapshot, name: str) -> int:
    """Returns the number of the episode with this id or path; or of the only one whose title this is, or the last part
    of whose id; or of the only one whose id or title contains the name.

    Raises NoSuchEpisode, naming the candidates if there are several.
    """
    from pathlib import Path  # late: a search names no files

    if not name.strip():
        raise NoSuchEpisode(_("the id of the episode is empty: `podseek episodes` lists them"))
    episodes = {number: snapshot.episode(number) for number in snapshot.episodes()}
    try:
        path = str(Path(name).resolve())
    except ValueError:  # U+0000 or a lone surrogate: no file has such a name
        path = name
    for number, episode in episodes.items():
        if name == episode.id or path == episode.path:
            return number
    fold = snapshot.folding.fold
    wanted = fold(name)
    partly = [n for n, e in episodes.items() if wanted in fold(e.id) or wanted in fold(e.title)]
    wholly = [n for n in partly if wanted in (fold(episodes[n].title), fold(episodes[n].id.rpartition("/")[2]))]
    for fitting in (wholly, partly):
        if len(fitting) == 1:
            return fitting[0]
    if not partly:
        raise NoSuchEpisode(
            _("{name}: no episode has this id, path or title: `podseek episodes` lists them").format(name=name)
        )
    listed = ", ".join(episodes[number].id for number in partly[:3])
    raise NoSuchEpisode(
        _("{name}: {count} episodes fit ({listed}{value}): give more of the id").format(
            name=name, count=len(partly), listed=listed, value=", ..." if len(partly) > 3 else ""
        )
    )


def list_episodes(snapshot: Snapshot, filters: Sequence[Filter]) -> list[Episode]:
    """Returns the episodes that pass the filters, by show, date and id, its numbers by value. Raises QueryProblem for
    an invalid filter."""
    from indexer.core.text.natural_order import natural  # late: searches do not need it

    tests = [condition(episode_test(item, snapshot.folding), snapshot.folding) for item in filters]
    episodes = map(snapshot.episode, snapshot.episodes())
    chosen = [episode for episode in episodes if all(test(episode) for test in tests)]
    return sorted(chosen, key=lambda episode: (episode.show, episode.period or "", natural(episode.id), episode.id))


def cues_between(snapshot: Snapshot, number: int, start: float, end: float | None) -> list[int]:
    """The cues of an episode between two times in seconds, also those of no length; `end` None means its end."""
    times = snapshot.times(number)
    starts, durations = times.starts, times.durations
    first, last = 0, len(times)
    if times.is_ordered and last:  # the others begin or end too early or late; rounding takes less than a millisecond
        first = bisect_left(starts, 1000 * start - max(durations) - 1)
        last = last if end is None else bisect_right(starts, 1000 * end + 1)
    until = float("inf") if end is None else end
    spans = zip(range(first, last), starts[first:last], durations[first:last], strict=True)
    return [
        cue
        for cue, begin, length in spans
        if begin / 1000 < until and (begin / 1000 >= start or (begin + length) / 1000 > start)
    ]


def cue_lines(snapshot: Snapshot, episode: int, cues: Iterable[int]) -> tuple[CueLine, ...]:
    """Returns the cues with these indices, without highlights."""
    times = snapshot.times(episode)
    texts, speakers = snapshot.text(episode)
    damped = damped_kinds(snapshot.damped_cues(episode))
    return tuple(
        CueLine(
            index=cue,
            start=times.starts[cue] / 1000,
            end=times.end(cue) / 1000,
            speaker=speakers[cue],
            text=texts[cue],
            highlights=(),
            damped=damped.get(cue, ""),
        )
        for cue in cues
    )
