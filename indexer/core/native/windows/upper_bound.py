"""A window that slides over the places of terms: an upper bound of what it is worth."""

from __future__ import annotations

from collections.abc import Sequence


def slid(
    spots: Sequence[tuple[int, int]],
    at: Sequence[int],
    weights: Sequence[float],
    most: Sequence[float],
    saturation: Sequence[float],
    milliseconds: int,
    atoms: int,
    least: float,
) -> tuple[float, list[tuple[int, int]]]:
    """The most that a window over (position, term) is worth, and the regions; without times `at`, of any duration."""
    counts, values, last = [0] * len(weights), [0.0] * len(weights), len(saturation) - 1
    score = covered = best = 0.0
    regions: list[tuple[int, int]] = []
    reached = 0

    def count(term: int, by: int) -> None:
        nonlocal score, covered
        counts[term] = there = counts[term] + by
        value = min(weights[term] * saturation[min(there, last)], most[term])
        score += value - values[term]
        values[term] = value
        if there == (1 if by > 0 else 0):
            covered += by * weights[term]

    for number, (place, own) in enumerate(spots):
        if reached == number:  # the window is empty: clear rounding errors
            score = covered = 0.0
        while reached < len(spots) and (
            reached == number
            or (spots[reached][0] <= place + atoms and (not at or at[reached] <= at[number] + milliseconds))
        ):
            count(spots[reached][1], 1)
            reached += 1
        worth = score * covered
        best = max(best, worth)
        if worth > least:
            after = spots[reached - 1][0] + 1
            if regions and place <= regions[-1][1]:
                regions[-1] = (regions[-1][0], max(after, regions[-1][1]))
            else:
                regions.append((place, after))
        count(own, -1)
    return best, regions
