"""Conditions on an episode that a remote index (`search.backends.remote`) can test."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from indexer.core.named_tuples import NamedTuple, distinct


@distinct
class Holds(NamedTuple):
    """The episode has this run of atoms."""

    run: tuple[str, ...]


@distinct
class HoldsMost(NamedTuple):
    """The episode has at least this many of the pairs of a quote, in order, in one place, each at most `slack` atoms
    off, and as often as it is there (`search.matching.fuzzy_phrase`)."""

    pairs: tuple[tuple[str, str], ...]
    least: int
    slack: int


@distinct
class HasSounds(NamedTuple):
    """The episode has a run of atoms whose sound classes are each among those given for their place, and which is not
    the run `itself`, all of whose occurrences have these classes. Where there are `ways`, only these matter of all that
    the classes allow."""

    classes: tuple[tuple[int, ...], ...]
    itself: tuple[str, ...] = ()
    ways: tuple[tuple[int, ...], ...] = ()


@distinct
class HasTitle(NamedTuple):
    """A chapter title of the episode has all of these atoms; without any, the episode has a chapter title."""

    atoms: tuple[str, ...]


@distinct
class HasDamped(NamedTuple):
    """The episode has loops or stock lines."""


@distinct
class ValueIn(NamedTuple):
    """A field of the episode (id, show, title, voices) is one of these values."""

    field: str
    values: tuple[str, ...]


@distinct
class Dated(NamedTuple):
    """The episode has a date between two days (ISO), both included, or a month or a year of which a day is."""

    first: str
    last: str


@distinct
class Conjunction(NamedTuple):
    """All of these hold; true without any."""

    conditions: tuple[Condition, ...]


@distinct
class Disjunction(NamedTuple):
    """One of these holds; false without any."""

    conditions: tuple[Condition, ...]


@distinct
class Negation(NamedTuple):
    """None of these holds."""

    conditions: tuple[Condition, ...]


Condition: TypeAlias = (
    Holds | HoldsMost | HasSounds | HasTitle | HasDamped | ValueIn | Dated | Conjunction | Disjunction | Negation
)

EVERY = Conjunction(())


def all_of(conditions: Iterable[Condition]) -> Condition:
    """Their conjunction, without what is always true."""
    kept = tuple(one for one in conditions if one != EVERY)
    return kept[0] if len(kept) == 1 else Conjunction(kept)
