"""Where the episodes that were fetched have a run, and how often in one window."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.store.impacts import WINDOW_ATOMS, WINDOW_MS
from search.retrieval.remote.episode_body import Body


def where(bodies: Sequence[Body], atoms: tuple[str, ...]) -> dict[int, list[int]]:
    """number -> positions in each body that has these atoms in a row."""
    found = ((number, body.stream.find(atoms)) for number, body in enumerate(bodies))
    return {number: places for number, places in found if places}


def peak(body: Body, places: Sequence[int], shift: int) -> int:
    """The most positions in one window, as `indexer.store.impacts` finds it. A window may count a run that begins
    `shift` atoms before a position."""
    if len(places) == 1:
        return 1
    said = body.said(places)
    began = body.said([max(0, at - shift) for at in places]) if shift else said
    first = most = 0
    for last, place in enumerate(places):
        if place - places[first] <= WINDOW_ATOMS and began[last] - said[first] <= WINDOW_MS:
            most += 1
        else:
            first += 1
    return most
