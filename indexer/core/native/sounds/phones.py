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
    first = costs[0] if is_first else 1.0
    _, changed, lost = costs
    if len(changed) != PHONES * PHONES or len(lost) != PHONES:
        raise ValueError("there is a cost for each pair of 128 phones, and for each of them")
    ones, others = ([ord(phone) if phone < "\x80" else -1 for phone in text] for text in (one, other))
    added = [lost[max(0, number)] for number in others]
    row = [0.0]
    for place, cost in enumerate(added):
        row.append(row[-1] + cost * (1.0 if place else first))
    found = row[-1:]
    for at, number in enumerate(ones):
        own, times = lost[max(0, number)], 1.0 if at else first
        above, row = row, [row[0] + lost[max(0, number)] * times]
        for place, against in enumerate(others):
            if one[at] == other[place]:
                change = 0.0
            else:
                change = changed[number * PHONES + against if min(number, against) >= 0 else 0]
            row.append(
                min(
                    above[place] + change * (1.0 if place else times),
                    above[place + 1] + own,
                    row[-1] + added[place],
                )
            )
        found.append(row[-1])
    return found
