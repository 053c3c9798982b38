"""Maps atoms, the positions that an index knows, to characters of the original cues."""

from __future__ import annotations

from bisect import bisect_right
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
            amount = self._times.first[cue + 1] - self._times.first[cue]
            known = self._offsets[cue] = _atoms_in(self._texts[cue], amount, self._folding)
        return known


class Excerpt:
    """Consecutive cues of one episode, [first, end), with what is asked about each of their atoms in lists: a moment
    asks for every match and every cue. Times are in milliseconds."""

    def __init__(self, first: int, texts: Sequence[str], times: Times, folding: Folding) -> None:
        """`texts` are those of the cues from `first` on."""
        end = first + len(texts)
        self.first = first
        self.texts = texts
        self.starts = list(times.starts[first:end])
        self.ends = times.ends_between(first, end)
        self._begins = list(times.first[first : end + 1])
        self._times = times
        self._folding = folding
        self._offsets: list[Sequence[tuple[int, int]] | None] = [None] * len(texts)

    def pieces(self, begin: int, end: int) -> list[tuple[int, int, int]]:
        """(index in the excerpt, from, to) for the atoms [begin, end): character offsets in each cue touched."""
        begins, pieces = self._begins, []
        cue = bisect_right(begins, begin) - 1
        while begin < end:
            first, stop = begins[cue], begins[cue + 1]
            if stop > end:
                stop = end
            if stop > begin:
                offsets = self._offsets[cue]
                if offsets is None:
                    amount = begins[cue + 1] - first
                    offsets = self._offsets[cue] = _atoms_in(self.texts[cue], amount, self._folding)
                pieces.append((cue, offsets[begin - first][0], offsets[stop - 1 - first][1]))
                begin = stop
            cue += 1
        return pieces

    def between(self, begin: int, end: int) -> tuple[int, int]:
        """When the atoms [begin, end) are said: `Times.at` of the first, `Times.until` of the last."""
        if self._times.looks_inside:
            return self._times.at(begin), self._times.until(end)
        begins = self._begins
        return self.starts[bisect_right(begins, begin) - 1], self.ends[bisect_right(begins, end - 1) - 1]


def _atoms_in(text: str, amount: int, folding: Folding) -> Sequence[tuple[int, int]]:
    """The character offsets of each of the `amount` atoms of a cue."""
    folded, sources = folding.fold_with_offsets(text)
    if sources is None and len(folded) == amount:
        return _one_by_one(amount)
    spans = [match.span() for match in find_few(folded)]
    return spans if sources is None else [(sources[start], _source_end(sources, stop)) for start, stop in spans]


@lru_cache(256)
def _one_by_one(amount: int) -> Sequence[tuple[int, int]]:
    """The offsets of atoms that are one character each, with nothing between them."""
    return [(at, at + 1) for at in range(amount)]


def _source_end(sources: Sequence[int], stop: int) -> int:
    """The end, in the original text, of a folded stretch that ends at `stop`."""
    last = sources[stop - 1]
    return next((source for source in sources[stop:] if source > last), sources[-1])
