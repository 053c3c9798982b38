"""Which decks (`indexer.store.cluster.documents.decks`) of an episode a plan reads: those of all atoms that it may look
for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, product

from indexer.core.words.pronunciation import Readings
from indexer.store.cluster.documents.decks import NAMES, deck_of_sound, decks_of
from search.backends.conditions import Condition, Conjunction, Disjunction, HasSounds, Holds, HoldsMost
from search.expansion.similarity.written_otherwise import VARIANTS
from search.matching.numbers import NUMERALS
from search.matching.terms import NumberPattern, Pattern, RunPattern, SoundPattern, WordPattern
from search.query.plan import Plan

_DECKS = frozenset(NAMES)
_MOST_SOUNDS = 100
"""Sounds of which the decks are smaller than an episode with its sounds: 250 decks are as large."""

_SHORT, _MOST_WAYS = 5, 300
"""Atoms, and sounds, of a condition of which each episode tells which it has."""
_MOST_PAIRS = 800
"""Pairs of atoms in them: a query of OpenSearch may have 1,024."""


def of_plan(plan: Plan, readings: Readings) -> frozenset[str]:
    """The decks with the terms of a plan, and with the running text that places are compared with."""
    said = set(chain(*plan.texts))
    said.update(*(group for group in VARIANTS if not said.isdisjoint(group)))  # what may be written for it
    found = {name for atom in said for name in decks_of(atom, readings)}
    for pattern in {way.pattern for term in plan.terms for way in term.alternatives}:
        found.update(_of_pattern(pattern, readings))
    return frozenset(found)


def _of_pattern(pattern: Pattern, readings: Readings) -> Iterator[str]:
    match pattern:
        case SoundPattern():  # whose places were found in the decks of its sounds
            pass
        case NumberPattern(atoms) | RunPattern(atoms, True) | WordPattern(atoms, True):  # which may go on in others
            for atom in {*atoms, *NUMERALS}:
                yield from decks_of(atom, readings)
        case _:
            for atom in pattern.atoms:
                yield from decks_of(atom, readings)


def of_conditions(conditions: Iterable[Condition], readings: Readings) -> Iterator[str]:
    """The decks with what the episodes of some conditions are fetched for."""
    for condition in conditions:
        match condition:
            case HasSounds():
                yield from of_sounds(condition) or ()
            case Holds(run):
                yield from (name for atom in run for name in decks_of(atom, readings))
            case HoldsMost(pairs):
                yield from (name for atom in set(chain(*pairs)) for name in decks_of(atom, readings))
            case Conjunction(several) | Disjunction(several):
                yield from of_conditions(several, readings)


def ways_of(condition: Condition) -> tuple[HasSounds, ...]:
    """The single sounds of a condition, if it is short and they are few: many episodes have one of them, and most of
    these have few; else nothing."""
    if not isinstance(condition, HasSounds) or condition.itself or not 1 < len(condition.classes) <= _SHORT:
        return ()
    ways = condition.ways or tuple(islice(product(*condition.classes), _MOST_WAYS + 1))
    if not 1 < len(ways) <= min(_MOST_WAYS, _MOST_PAIRS // (len(condition.classes) - 1)):
        return ()
    return tuple(HasSounds(tuple((number,) for number in way)) for way in ways)


def is_large(condition: Condition) -> bool:
    """Whether a request has no room for other such conditions beside one."""
    return isinstance(condition, HasSounds) and max(map(len, condition.classes)) > 1


def decks_by_key(sounding: Iterable[Mapping[str, Sequence[HasSounds]]]) -> dict[str, set[str]]:
    """The decks with the sounds that each episode has, by its key."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for each in sounding:
        for key, ways in each.items():
            found[key].update(*filter(None, map(of_sounds, ways)))
    return found


def grouped(columns: Mapping[str, Sequence[str]], most: int) -> list[tuple[list[str], tuple[str, ...]]]:
    """Episodes by key, in groups with the same columns. If these would be more than `most`, episodes with much the
    same decks have the decks of all of their group; a few groups more remain where other columns differ."""
    groups: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for key, names in columns.items():
        groups[tuple(dict.fromkeys(names))].append(key)
    if len(groups) <= most:
        return [(keys, names) for names, keys in groups.items()]
    usual = Counter(chain(*groups))
    alike: defaultdict[tuple[str, ...], list[tuple[list[str], list[str]]]] = defaultdict(list)
    for names, keys in groups.items():
        decks = sorted(_DECKS.intersection(names), key=lambda name: (-usual[name], name))
        alike[tuple(name for name in names if name not in _DECKS)].append((decks, keys))
    size = -(-len(groups) // most)
    joined = []
    for others, several in alike.items():
        several.sort()
        for at in range(0, len(several), size):
            some = several[at : at + size]
            decks = sorted({name for names, _ in some for name in names})
            joined.append(([key for _, keys in some for key in keys], (*others, *decks)))
    return joined


def of_sounds(condition: Condition) -> frozenset[str] | None:
    """The decks that tell where episodes have the sounds of a condition; None for another one, and for one of so many
    sounds that all of an episode is smaller."""
    if not isinstance(condition, HasSounds):
        return None
    classes = {number for members in condition.classes for number in members}
    return frozenset(map(deck_of_sound, classes)) if len(classes) <= _MOST_SOUNDS else None
