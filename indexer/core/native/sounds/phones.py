"""What it costs to mishear one string of phones as another: a weighted edit distance."""

from __future__ import annotations

from array import array
from typing import TypeAlias

PHONES = 128
"""Phones are ASCII; what is not is as unlike all else as the first of the table is to itself."""

PhoneCosts: TypeAlias = "tuple[float, array[float], array[float]]"
"""Times the cost of the first phone; what each phone costs as each other one, and what each costs that is lost or
added, by their numbers."""


def distances(one: str, other: str, is_first: bool, costs: PhoneCosts) -> list[float]:
    """Returns what it costs to mishear each beginning of one string of phones, from none to all of it, as the other.
    Unless this `is_first`, others come before them, and its first phone costs no more than others.

    Raises ValueError for costs of another number of phones.
    """
    return beginnings(*steps(one, other, costs), costs[0] if is_first else 1.0)


Steps: TypeAlias = "tuple[list[float], list[float], list[list[float]]]"
"""What it costs to lose each phone of one string, to add each of another, and, for each of the one, to say it as each
of the other."""


def steps(one: str, other: str, costs: PhoneCosts) -> Steps:
    """Returns the costs of all that can happen to the phones of two strings, whatever comes before them."""
    _, changed, lost = costs
    if len(changed) != PHONES * PHONES or len(lost) != PHONES:
        raise ValueError("there is a cost for each pair of 128 phones, and for each of them")
    others = [(phone, ord(phone) if phone < "\x80" else -1) for phone in other]
    changes: list[list[float]] = []
    for phone in one:
        number = ord(phone) if phone < "\x80" else -1
        row = changed[number * PHONES : (number + 1) * PHONES] if number >= 0 else None
        unlike = changed[0]
        changes.append([0.0 if phone == said else unlike if row is None or at < 0 else row[at] for said, at in others])
    own = [lost[ord(phone)] if phone < "\x80" else lost[0] for phone in one]
    return own, [lost[max(0, at)] for _, at in others], changes


def beginnings(own: list[float], added: list[float], changes: list[list[float]], first: float) -> list[float]:
    """What `distances` returns, of the steps between the strings; the first phones cost so many times as much."""
    above = [0.0]
    reached, times = 0.0, first
    for cost in added:
        reached += cost * times
        above.append(reached)
        times = 1.0
    found, times = [reached], first
    for lost, changed in zip(own, changes, strict=True):
        reached = above[0] + lost * times
        row = [reached]
        for cornered, over, change, cost in zip(above, above[1:], changed, added, strict=False):
            change = cornered + change * times
            times = 1.0
            over += lost
            reached += cost
            if over < reached:
                reached = over
            if change < reached:
                reached = change
            row.append(reached)
        above, times = row, 1.0
        found.append(reached)
    return found
