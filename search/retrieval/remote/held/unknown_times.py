"""Stand-ins for the times of an episode whose clock was not fetched.

Bounds of scores get times that put no two atoms farther apart than they are, so that an episode that cannot compete is
ruled out without its clock. Everything else asks for the clock and, until it is fetched, gets times that put no two
atoms near each other, so that nothing is found that may not be there.
"""

from __future__ import annotations

from collections.abc import Sequence

from indexer.core.positions.timeline import Times

_FAR_MS = 1 << 32
"""Longer than any episode."""


def all_at_once(atoms: int) -> Times:
    """The times of so many atoms that are one cue without length."""
    return Times((0, atoms), (0,), (0,))


class FarApart(Times):
    """The times of so many atoms of which each is a cue without length, far from all others."""

    def __init__(self, atoms: int) -> None:
        starts = range(0, atoms * _FAR_MS, _FAR_MS)
        super().__init__(range(atoms + 1), starts, bytes(atoms), looks_inside=True)

    def at_all(self, places: Sequence[int]) -> list[int]:
        return [place * _FAR_MS for place in places]
