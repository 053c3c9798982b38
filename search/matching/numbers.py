"""Numbers and signs in the text: numbers before a % sign, complete spoken numbers, a spoken @."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.core.positions.tokens import find_atoms, split_atoms
from search.matching.sources import PlacesSource

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot
    from search.matching.position_source import PositionSource


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


def whole_numbers(source: PositionSource, snapshot: Snapshot, atoms: tuple[str, ...]) -> PlacesSource:
    """Keeps the positions of a spoken number with no numeral before or after: 三十 is not part of 三十八. A percentage
    goes on with nothing that was said before: in 三块八百分之七十 there is 百分之七十."""
    places = {}
    before = 0 if atoms[:3] == ("百", "分", "之") else 1
    for episode in source.counts:
        stream = snapshot.stream(episode)
        kept = [
            at
            for at in source.positions(episode)
            if NUMERALS.isdisjoint(stream.units(max(0, at - before), at))
            and NUMERALS.isdisjoint(stream.units(at + source.length, at + source.length + 1))
        ]
        if kept:
            places[episode] = kept
    return PlacesSource(source.length, places)


NUMERALS = frozenset("零〇一二三四五六七八九十百千万亿点")
"""Characters of which a spoken number is made."""


def _follows(snapshot: Snapshot, episode: int, position: int) -> bool:
    times = snapshot.times(episode)
    cue = times.cue_at(position)
    folded = snapshot.folding.fold(snapshot.signs(episode)[cue])
    ends = [match.end() for match in find_atoms(folded)]
    return folded[ends[position - times.first[cue]] :].lstrip().startswith("%")
