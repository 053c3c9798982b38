"""How much of a text is said in order."""

from __future__ import annotations

from collections import Counter


def in_order_pairs(text: str, said: str) -> tuple[int, int]:
    """Returns the maximum number of bigrams of `text` that occur in `said` at the same offset, give or take one
    character, and that offset.

    >>> in_order_pairs("今天的天气", "他说今天得天气好")
    (2, 2)
    """
    votes: Counter[int] = Counter()
    for at in range(len(text) - 1):
        place = said.find(text[at : at + 2])
        while place >= 0:
            votes[place - at] += 1
            place = said.find(text[at : at + 2], place + 1)
    around = ((votes[at - 1] + votes[at] + votes[at + 1], votes[at], at) for at in list(votes))
    most, _, offset = max(around, default=(0, 0, 0))
    return most, offset
