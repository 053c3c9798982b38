"""Compares two names by their letters."""

from __future__ import annotations


def jaro_winkler(one: str, other: str) -> float:
    """The Jaro similarity of two strings, raised for a common prefix of up to four letters (Winkler, String Comparator
    Metrics, 1990).

    >>> round(jaro_winkler("martha", "marhta"), 3), jaro_winkler("abc", "xyz")
    (0.961, 0.0)
    """
    if one == other:
        return 1.0
    reach = max(0, max(len(one), len(other)) // 2 - 1)
    taken: list[int] = []
    places: list[int] = []
    for at, letter in enumerate(one):
        high = at + reach + 1
        place = other.find(letter, max(0, at - reach), high)
        while place in taken:
            place = other.find(letter, place + 1, high)
        if place >= 0:
            taken.append(place)
            places.append(at)
    common = len(taken)
    if not common:
        return 0.0
    swapped = sum(one[at] != other[place] for at, place in zip(places, sorted(taken), strict=True)) / 2
    jaro = (common / len(one) + common / len(other) + (common - swapped) / common) / 3
    prefix = next((i for i in range(4) if one[i : i + 1] != other[i : i + 1] or i >= len(one)), 4)
    return jaro + prefix * 0.1 * (1 - jaro)
