"""Numbers and signs in the text: numbers before a % sign, spoken quantities, a spoken @."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.core.positions.tokens import find_atoms, split_atoms
from search.matching.sources import PlacesSource

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot
    from search.matching.position_source import PositionSource

DIGITS = "零一二三四五六七八九"
VALUES = {digit: value for value, digit in enumerate(DIGITS)} | {"〇": 0, "两": 2, "幺": 1}
UNITS = {"十": 10, "百": 100, "千": 1000}
LARGE = {"万": 10_000, "亿": 100_000_000}
LARGEST = 10**12
"""Larger numbers have no value: nobody says them in one breath."""
NUMERALS = frozenset("零〇一二两三四五六七八九十百千万亿点")
"""Characters of which a spoken number is made."""


def before_percent(source: PositionSource, snapshot: Snapshot, place: int) -> PlacesSource:
    """Keeps the positions of a source whose atom at index `place` is followed by a % sign. The sign is not an atom, so
    this reads the original text."""
    places = {}
    for episode in source.counts:
        kept = [at for at in source.positions(episode) if _follows(snapshot, episode, at + place)]
        if kept:
            places[episode] = kept
    return PlacesSource(source.length, places)


def percent_at(folded: str) -> int | None:
    """The index, in atoms, of the first number in folded text that a % sign follows.

    >>> percent_at("有30%的人"), percent_at("30 人")
    (1, None)
    """
    matches = enumerate(find_atoms(folded) if "%" in folded else ())
    return next((place for place, atom in matches if folded[atom.end() :].lstrip().startswith("%")), None)


def as_spoken(folded: str) -> tuple[str, ...] | None:
    """The atoms of folded text with its signs spelled out as spoken (passat 1), or None if it has none."""
    return tuple(split_atoms(folded.replace("@", "at"))) if "@" in folded else None


def spoken_value(said: str) -> int | None:
    """The value of a spoken quantity; None for text that is not one, such as 万一 or a lone 十.

    >>> spoken_value("一百六十九"), spoken_value("三十"), spoken_value("两千零五"), spoken_value("十")
    (169, 30, 2005, None)
    >>> spoken_value("万一"), spoken_value("千万"), spoken_value("十万五千"), spoken_value("一百五")
    (None, None, 105000, 150)
    """
    if len(said) < 2 or (said[0] not in VALUES and said[0] != "十"):
        return None
    total, section, digit = 0, 0, -1
    limit, last_unit, unit_before = LARGEST, 10_000, 0
    for character in said:
        if character in VALUES:
            if digit > 0 or (digit == 0 and VALUES[character] == 0):
                return None
            unit_before = unit_before if digit < 0 else 0
            digit = VALUES[character]
            continue
        if character in UNITS:
            unit = UNITS[character]
            if unit >= last_unit or (digit < 1 and not (unit == 10 and section == 0)):
                return None
            section, last_unit = section + max(digit, 1) * unit, unit
        else:
            unit = LARGE[character]
            section += max(digit, 0)
            if unit >= limit or not section:
                return None
            total, section, limit, last_unit = total + section * unit, 0, unit, 10_000
        digit, unit_before = -1, unit
    # A final digit right after a unit counts tenths of it: 一百五 is 150, 三万五 is 35,000.
    rest = max(digit, 0) * (unit_before // 10 if unit_before > 10 else 1)
    value = total + section + rest
    return value if value > 9 else None


def _follows(snapshot: Snapshot, episode: int, position: int) -> bool:
    times = snapshot.times(episode)
    cue = times.cue_at(position)
    folded = snapshot.folding.fold(snapshot.signs(episode)[cue])
    ends = [match.end() for match in find_atoms(folded)]
    return folded[ends[position - times.first[cue]] :].lstrip().startswith("%")
