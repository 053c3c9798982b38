"""Finds where in some bytes each is one of those that are possible at its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from mmap import mmap


def find_classes(data: mmap | bytes, classes: Sequence[bytes]) -> list[int]:
    """Returns the ascending offsets, overlaps included, at which one byte of each of the classes follows another.

    Raises ValueError unless there are 1 to 64 classes.
    """
    if not 1 <= len(classes) <= 64:
        raise ValueError("there are 1 to 64 classes")
    if not all(classes):
        return []
    # A pattern that starts with a single byte is matched much faster: the classes before the first such are checked by
    # hand.
    lead = next((number for number, members in enumerate(classes) if len(members) == 1), 0)
    pattern = re.compile(b"".join(b"[" + re.escape(members) + b"]" for members in classes[lead:]), re.DOTALL)
    found = []
    match = pattern.search(data)
    while match is not None:
        at = match.start() - lead
        if at >= 0 and all(data[at + number] in classes[number] for number in range(lead)):
            found.append(at)
        match = pattern.search(data, match.start() + 1)
    return found
