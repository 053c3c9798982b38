"""Which episodes of an index on this machine meet a condition of a remote one, by trying it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from indexer.core.dates import days_of
from indexer.core.positions.token_stream import is_basic
from indexer.core.positions.tokens import split_atoms
from search.backends.conditions import (
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
from search.backends.embedded.snapshot import EmbeddedSnapshot
from search.backends.sound_scan import scan
from search.matching.sources import RunSource
from support.remote.quotes import has_most


def counts_of(snapshot: EmbeddedSnapshot, term: str) -> Mapping[int, int]:
    """The occurrences of a word or character, by episode."""
    return snapshot.char_episodes(term) if is_basic(term) else snapshot.word_episodes(term)


def values_of(snapshot: EmbeddedSnapshot, field: str, number: int) -> Sequence[str]:
    """The values of a field of an episode."""
    episode = snapshot.episode(number)
    return episode.speakers if field == "voices" else (str(getattr(episode, field)),)


def meets(
    snapshot: EmbeddedSnapshot, condition: Condition, number: int, run_of: Callable[[tuple[str, ...]], RunSource]
) -> bool:
    """Whether an episode meets a condition."""
    match condition:
        case Holds(run):
            return bool(counts_of(snapshot, run[0]).get(number) if len(run) == 1 else run_of(run).counts.get(number))
        case HoldsMost(pairs, least, slack):
            return has_most(pairs, least, slack, lambda pair: snapshot.stream(number).find(pair))
        case HasSounds(classes, itself):
            is_there = itself and number in run_of(itself).counts
            own = set(run_of(itself).positions(number)) if is_there else set()
            assert own.issubset(scan(classes, snapshot.sounds(number)))
            return any(place not in own for place in scan(classes, snapshot.sounds(number)))
        case HasTitle(atoms):
            every = set(split_atoms(" ".join(snapshot.titles.get(number, ()))))
            return number in snapshot.titles and every.issuperset(atoms)
        case HasDamped():
            return bool(snapshot.damped(number))
        case ValueIn(field, wanted):
            return not set(values_of(snapshot, field, number)).isdisjoint(wanted)
        case Dated(first, last):
            period = snapshot.episode(number).period
            if period is None:
                return False
            begin, end = (day.isoformat() for day in days_of(period))
            return begin <= last and end >= first
        case Conjunction(conditions):
            return all(meets(snapshot, one, number, run_of) for one in conditions)
        case Disjunction(conditions):
            return any(meets(snapshot, one, number, run_of) for one in conditions)
        case Negation(conditions):
            return not any(meets(snapshot, one, number, run_of) for one in conditions)
