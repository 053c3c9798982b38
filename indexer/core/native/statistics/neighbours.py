"""Lists the different neighbours of words in a run of numbers."""

from __future__ import annotations

from array import array
from collections.abc import Iterable


def neighbours(run: array[int], before: array[int], after: array[int]) -> tuple[bytes, bytes]:
    """Returns the pairs of a wanted word and the one before it, and those of one and the one after it: each pair once,
    ascending, as the bytes of an array("Q") with the wanted word in the high half. Beyond the ends is 0.

    `run` is an array("I"). `before` and `after`, arrays("q") of one size, have how many more neighbours of each word
    are wanted on that side. A word is wanted if both are above 0, one beyond them is not. Each is lowered by what was
    found, below 0 if it was more. Raises ValueError if their sizes differ.
    """
    if len(before) != len(after):
        raise ValueError("each word has two sides")
    wanted = [word < len(before) and before[word] > 0 and after[word] > 0 for word in run]
    ahead = ((one << 32 | other) for one, other, here in zip(run[1:], run, wanted[1:], strict=False) if here)
    behind = ((one << 32 | other) for one, other, here in zip(run, run[1:], wanted, strict=False) if here)
    first = [run[0] << 32] if wanted and wanted[0] else []
    last = [run[-1] << 32] if wanted and wanted[-1] else []
    return _noted({*first, *ahead}, before), _noted({*behind, *last}, after)


def _noted(pairs: Iterable[int], left: array[int]) -> bytes:
    found = array("Q", sorted(pairs))
    for pair in found:
        left[pair >> 32] -= 1
    return found.tobytes()
