"""Scans the sound classes of atoms, of an episode or of all of a segment at once, since they are in one file."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence

from indexer.core.files.mapped_files import Data
from indexer.core.native import find, find_classes

_AT_ONCE = 64
"""The places that are looked for at once; of longer text, the others are looked at where these are."""


def scan(classes: Sequence[Collection[int]], data: Data, ways: Collection[bytes] | None = None) -> Iterator[int]:
    """The ascending offsets of the runs whose sound classes are each among those given for their place, and together
    one of the `ways`, if there are some."""
    if ways is not None:
        size = len(classes)
        return (at for at in scan(classes, data) if bytes(data[at : at + size]) in ways)
    if all(len(members) == 1 for members in classes):
        return _find(bytes(number for members in classes for number in members), data)
    return _search(classes, data)


def scan_episodes(
    classes: Sequence[Collection[int]], data: Data, starts: Sequence[int], ways: Collection[bytes] | None = None
) -> Iterator[tuple[int, list[int]]]:
    """Yields (place, positions) of each episode of a segment with such runs: its place in the segment, and the
    ascending positions in its own atoms. `starts` are the offsets at which the episodes begin, and the one
    after the last."""
    places = list(scan(classes, data, ways))
    at = 0
    # The bytes after the last episode are the table of lengths.
    while at < len(places) and places[at] < starts[-1]:
        number = bisect_right(starts, places[at]) - 1
        first, after = starts[number], bisect_left(places, starts[number + 1], at)
        end = bisect_right(places, starts[number + 1] - len(classes), at, after)  # not across the end
        if end > at:
            yield number, [place - first for place in places[at:end]]
        at = after


def _find(needle: bytes, data: Data) -> Iterator[int]:
    """The offsets of the needle."""
    return iter(find(data, 0, len(data), 1, needle, None))


def _search(classes: Sequence[Collection[int]], data: Data) -> Iterator[int]:
    """The offsets at which one class of each collection follows another."""
    found = iter(find_classes(data, [bytes(sorted(members)) for members in classes[:_AT_ONCE]]))
    if len(classes) <= _AT_ONCE:
        return found
    rest, last = tuple(enumerate(classes))[_AT_ONCE:], len(data) - len(classes)
    return (at for at in found if at <= last and all(data[at + number] in members for number, members in rest))
