"""Expands a word with open ends (prefix*, *suffix, *inside*) to what it may be in the index."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from indexer.core.positions.tokens import is_single, split_atoms
from search.matching.terms import Alternative, RunPattern, WordPattern

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

MANY_WORDS = 512
"""Most words that a prefix expands to, the most frequent first."""


def continuations(atoms: tuple[str, ...], prefix: bool, suffix: bool, snapshot: Snapshot) -> Iterator[Alternative]:
    """Expands a word with open ends: an atom of letters or digits at such an end to longer atoms of the vocabulary,
    running Chinese to any place where the text continues."""
    first, *rest = atoms
    runs: Iterator[tuple[str, ...]]
    if not rest:
        runs = ((name,) for name in _longer(first, prefix, suffix, snapshot))
    else:
        *middle, last = rest
        firsts = _longer(first, False, suffix, snapshot)
        lasts = _longer(last, prefix, False, snapshot)
        runs = ((one, *middle, other) for one in firsts for other in lasts)
    for run in islice(runs, MANY_WORDS):
        alone = len(run) == 1 and not is_single(run[0])
        yield Alternative(WordPattern(run) if alone else RunPattern(run))


def _longer(atom: str, prefix: bool, suffix: bool, snapshot: Snapshot) -> list[str]:
    """The words of letters or digits that begin (`prefix`) or end (`suffix`) with an atom, or have it inside
    (both), the most frequent first; the atom itself where it is Chinese, or neither."""
    if is_single(atom) or not (prefix or suffix):
        return [atom]
    known = snapshot.words("" if suffix else atom)
    if suffix:
        known = takewhile(lambda word: not is_single(word), known)
        known = (word for word in known if (atom in word if prefix else word.endswith(atom)))
    names = [name for name in known if len(split_atoms(name)) == 1]
    return sorted(names, key=snapshot.word_count, reverse=True)[:MANY_WORDS]
