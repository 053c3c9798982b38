"""Where a run occurs in the episodes that were fetched, and how often in one window."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice
from operator import sub

from indexer.core.positions.token_stream import find_in_units, is_plain
from indexer.store.impacts import WINDOW_ATOMS, WINDOW_MS
from search.retrieval.remote.held.episode_body import Body


def where(bodies: Sequence[Body], atoms: tuple[str, ...]) -> dict[int, list[int]]:
    """number -> positions in each body that has these atoms in a row. Where several atoms are, each body notes for the
    next round; single ones are in too many places."""
    if len(atoms) == 1:
        return _found(bodies, atoms)
    new = [body for body in bodies if atoms not in body.places]
    found = _found(new, atoms)
    for number, body in enumerate(new):
        body.places[atoms] = found.get(number, [])
    return {number: places for number, body in enumerate(bodies) if (places := body.places[atoms])}


def of_words(bodies: Sequence[Body], words: Iterable[tuple[str, ...]]) -> dict[int, set[int]]:
    """number -> the positions of any of some words in each body that has one, however it is cut there."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for atoms in words:
        for number, places in where(bodies, atoms).items():
            found[number].update(places)
    return found


def amounts(bodies: Sequence[Body], character: str) -> dict[int, int]:
    """number -> how often each body that has a character has it, which each notes for the next round."""
    new = [body for body in bodies if character not in body.amounts]
    found = _found(new, (character,))
    for number, body in enumerate(new):
        body.amounts[character] = len(found.get(number, ()))
    return {number: amount for number, body in enumerate(bodies) if (amount := body.amounts[character])}


def _found(bodies: Sequence[Body], atoms: tuple[str, ...]) -> dict[int, list[int]]:
    streams = [body.stream for body in bodies]
    if is_plain(atoms):
        return find_in_units(range(len(streams)), [stream.signed_units for stream in streams], atoms)
    found = ((number, stream.find(atoms)) for number, stream in enumerate(streams))
    return {number: places for number, places in found if places}


def peak(body: Body, places: Sequence[int], shift: int) -> int:
    """The most positions in one window, as `indexer.store.impacts` finds it. A window may count a run that begins
    `shift` atoms before a position."""
    if all(map(WINDOW_ATOMS.__lt__, map(sub, islice(places, 1, None), places))):
        return 1  # no two are near, whatever their times
    said = body.said(places)
    began = body.said([max(0, at - shift) for at in places]) if shift else said
    first = most = 0
    for last, place in enumerate(places):
        if place - places[first] <= WINDOW_ATOMS and began[last] - said[first] <= WINDOW_MS:
            most += 1
        else:
            first += 1
    return most
