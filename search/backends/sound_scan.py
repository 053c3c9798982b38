"""Scans the sound classes of atoms, of an episode or of all of a segment at once, since they are in one file."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from indexer.core.mapped_files import Data
from indexer.core.native import find


def scan(classes: Sequence[Collection[int]], data: Data) -> Iterator[int]:
    """The ascending offsets of the runs whose sound classes are each among those given for their place."""
    if all(len(members) == 1 for members in classes):
        return _find(bytes(number for members in classes for number in members), data)
    return _search(classes, data)


def _any_of(classes: Collection[int]) -> bytes:
    """A pattern for one of the classes."""
    members = [re.escape(bytes((number,))) for number in sorted(classes)]
    return members[0] if len(members) == 1 else b"[" + b"".join(members) + b"]"


def _find(needle: bytes, data: Data) -> Iterator[int]:
    """The offsets of the needle."""
    return iter(find(data, 0, len(data), 1, needle, None))


def _search(classes: Sequence[Collection[int]], data: Data) -> Iterator[int]:
    """The offsets at which one class of each collection follows another.

    A pattern that starts with a single class is matched much faster, so the collections before the first such are
    checked by hand.
    """
    lead = next((number for number, members in enumerate(classes) if len(members) == 1), 0)
    pattern = re.compile(b"".join(map(_any_of, classes[lead:])), re.DOTALL)
    match = pattern.search(data)
    while match is not None:
        start = match.start() - lead
        if start >= 0 and all(data[start + number] in classes[number] for number in range(lead)):
            yield start
        match = pattern.search(data, match.start() + 1)
