"""Which syllables can be part of Chinese text that sounds like a name.

A name in syllables has some that may stand for each piece of it. Of all ways to choose one a piece, few are together as
much like the name as a guess must be. A search looks only for syllables of these: in a cluster, what it reads are the
episodes in which they follow each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

from indexer.core import native
from search.expansion.similarity import sounds

_ROUNDED = 1e-9
_STEP = 0.02
"""By how much the likeness asked for falls from one attempt to the next, which has two or three times as many ways."""


def fitting(phones: str, pieces: Sequence[Sequence[str]], least: float) -> list[list[str]]:
    """Those of the syllables for each piece that may be part of a text whose likeness to the `phones` of a name
    (`sounds.alike`) is at least `least`; empty if there is no such text. Some may be left that are part of none.

    >>> fitting("redis", [["rui", "ma"], ["di", "ti"], ["si"]], 0.8), fitting("redis", [["ma"], ["di"], ["si"]], 0.8)
    ([['rui'], ['di', 'ti'], ['si']], [])
    """
    numbers = native.fitting_syllables(phones, _said(pieces), _limits(phones, least), sounds.COSTS)
    kept = [[piece[number] for number in some] for piece, some in zip(pieces, numbers, strict=True)]
    return kept if all(kept) else []


def ways_to_fit(phones: str, pieces: Sequence[Sequence[str]], least: float) -> list[tuple[str, ...]]:
    """The texts of one of the syllables for each piece whose likeness to the phones of a name is at least `least`.

    >>> ways_to_fit("redis", [["rui", "ma"], ["di", "ti"], ["si"]], 0.8)
    [('rui', 'di', 'si'), ('rui', 'ti', 'si')]
    """
    return list(_fitting_ways(phones, pieces, least))


def likeliest_ways(phones: str, pieces: Sequence[Sequence[str]], least: float, most: int) -> list[tuple[str, ...]]:
    """The same, but no more than `most`: where more are alike enough, a greater likeness is asked for, in steps. Empty
    if already the first step that has any has more.

    >>> likeliest_ways("redis", [["rui", "ma"], ["di", "ti"], ["si"]], 0.8, 1)
    [('rui', 'di', 'si')]
    """
    return list(_likeliest_ways(phones, tuple(map(tuple, pieces)), least, most))


@lru_cache(16)
def _likeliest_ways(
    phones: str, pieces: tuple[tuple[str, ...], ...], least: float, most: int
) -> tuple[tuple[str, ...], ...]:
    """Remembered, because a search in a cluster asks again in each of its rounds."""
    found: list[tuple[str, ...]] = []
    for step in range(int((1.0 - least) / _STEP), -1, -1):
        more = list(islice(_fitting_ways(phones, pieces, least + step * _STEP), most + 1))
        if len(more) > most:
            break
        found = more
    return tuple(found)


def _fitting_ways(phones: str, pieces: Sequence[Sequence[str]], least: float) -> Iterator[tuple[str, ...]]:
    """Yields what `ways_to_fit` returns: where there are far too many, not all have to be made to find that out."""
    for numbers in native.fitting_ways(phones, _said(pieces), _limits(phones, least), sounds.COSTS):
        way = tuple(pieces[at][number] for at, number in enumerate(numbers))
        if sounds.alike(phones, sounds.joined(map(sounds.of_syllable, way))) >= least - _ROUNDED:
            yield way


def _limits(phones: str, least: float) -> list[tuple[float, float]]:
    """The limits, (share, most), of texts that are alike enough. The mishearing of such a text costs at most
    (1 - least) times the weight of the name, or at most as much of its own weight; the second limit is that cost less
    the share of the text's weight, which is then 0 at most."""
    most = 1.0 - least
    return [(0.0, most * sounds.weight(phones) + _ROUNDED), (most, _ROUNDED)]


def _said(pieces: Sequence[Sequence[str]]) -> list[list[tuple[tuple[str, float], ...]]]:
    """The ways to say each syllable, with their weights: its phones, and but for the first piece also without the first
    one, in which the syllable before it may end."""
    return [[_ways_to_say(syllable)[: 2 if at else 1] for syllable in piece] for at, piece in enumerate(pieces)]


@lru_cache(4096)
def _ways_to_say(syllable: str) -> tuple[tuple[str, float], ...]:
    phones = sounds.of_syllable(syllable)
    return (phones, sounds.weight(phones)), (phones[1:], sounds.weight(phones[1:]))
