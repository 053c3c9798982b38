"""Segments query text with the index's own vocabulary, so that query and index agree on word boundaries.

Finds the most probable segmentation by dynamic programming over word frequencies, as jieba does, but with the
collection frequencies of the index. A query therefore need not load jieba's dictionary, which takes a second.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from indexer.core.positions.tokens import is_single

LONGEST_WORD = 8
"""Atoms. Longer words are rare, and their parts are indexed as well."""

_UNSEEN = 0.5
"""Count assumed for a character that never occurs."""


def cut(atoms: Sequence[str], count: Callable[[str], int], total: int) -> list[tuple[int, int]]:
    """Returns (start, length) of each word in the most probable segmentation of `atoms`.

    `count` returns the collection frequency of a word or character; `total` is the size of the collection in atoms.

    >>> counts = {"强化": 5, "学习": 9, "强化学习": 4, "强": 7, "化": 8, "学": 10, "习": 10}
    >>> cut("强化学习", lambda word: counts.get(word, 0), 100)
    [(0, 4)]
    """
    size = len(atoms)
    best = [0.0] * (size + 1)
    length = [1] * size
    for start in reversed(range(size)):
        chance, length[start] = max(
            (math.log(max(seen, _UNSEEN) / total) + best[start + span], span)
            for span, seen in _spans(atoms, start, count)
        )
        best[start] = chance
    words = []
    start = 0
    while start < size:
        words.append((start, length[start]))
        start += length[start]
    return words


def uncovered_runs(atoms: Sequence[str], pieces: Sequence[tuple[int, int]]) -> Iterator[tuple[str, ...]]:
    """Runs of two to four characters that no word of a segmentation covers: possibly a word never transcribed
    correctly."""
    run: list[str] = []
    for start, length in (*pieces, (len(atoms), 2)):
        if length == 1 and is_single(atoms[start]):
            run.append(atoms[start])
            continue
        if 2 <= len(run) <= 4:
            yield tuple(run)
        run = []


def _spans(atoms: Sequence[str], start: int, count: Callable[[str], int]) -> list[tuple[int, int]]:
    """(length, collection frequency) of each known word that starts at `start`; a single atom is always included."""
    spans = [(1, count(atoms[start]))]
    word = atoms[start]
    for end in range(start + 1, min(start + LONGEST_WORD, len(atoms))):
        if not (is_single(word[0]) and is_single(atoms[end])):
            break
        word += atoms[end]
        seen = count(word)
        if seen:
            spans.append((end - start + 1, seen))
    return spans
