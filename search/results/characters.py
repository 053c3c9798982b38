"""Maps atoms, the positions that an index knows, to characters of the original cues."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from indexer.core.folding import Folding
from indexer.core.timeline import Times
from indexer.core.tokens import find_few


class Characters:
    """Maps the atoms of one episode to characters of its original cues."""

    def __init__(self, texts: Sequence[str], times: Times, folding: Folding) -> None:
        self._texts = texts
        self._times = times
        self._folding = folding
        self._offsets: dict[int, Sequence[tuple[int, int]]] = {}

    def pieces(self, begin: int, end: int) -> list[tuple[int, int, int]]:
        """(cue, from, to) for the atoms [begin, end): character offsets in each cue touched."""
        pieces = []
        cue = self._times.cue_at(begin)
        while begin < end:
            first = self._times.first[cue]
            stop = min(end, self._times.first[cue + 1])
            if stop > begin:
                offsets = self._atoms_of(cue)
                pieces.append((cue, offsets[begin - first][0], offsets[stop - 1 - first][1]))
                begin = stop
            cue += 1
        return pieces

    def _atoms_of(self, cue: int) -> Sequence[tuple[int, int]]:
        """The character offsets of each atom of a cue."""
        known = self._offsets.get(cue)
        if known is None:
            text, amount = self._texts[cue], self._times.first[cue + 1] - self._times.first[cue]
            folded, sources = self._folding.fold_with_offsets(text)
            if sources is None and len(folded) == amount:
                return _one_by_one(amount)
            spans = [match.span() for match in find_few(folded)]
            if sources is not None:
                spans = [(sources[start], _source_end(sources, stop)) for start, stop in spans]
            known = self._offsets[cue] = spans
        return known


@lru_cache(256)
def _one_by_one(amount: int) -> Sequence[tuple[int, int]]:
    """The offsets of atoms that are one character each, with nothing between them."""
    return [(at, at + 1) for at in range(amount)]


def _source_end(sources: Sequence[int], stop: int) -> int:
    """The end, in the original text, of a folded stretch that ends at `stop`."""
    last = sources[stop - 1]
    return next((source for source in sources[stop:] if source > last), sources[-1])
