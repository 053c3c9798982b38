"""Maps atoms, the positions that an index knows, to characters of the original cues."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING, TypeAlias

from indexer.core.memory.caches import MadeOnce
from indexer.core.positions.timeline import Times
from indexer.core.positions.tokens import find_few
from indexer.core.text.folding import Folding
from search.api import Match

if TYPE_CHECKING:
    from indexer.store.fields.text import CueTexts
    from search.retrieval.resolved_plan import ResolvedTerm

MatchKind: TypeAlias = "tuple[int, str, str]"
"""What all matches of one alternative have in common: their length in atoms, the label of the term, and `Match.how`."""


def match_kinds(terms: Sequence[ResolvedTerm]) -> Mapping[int, Mapping[int, MatchKind]]:
    """Term number -> alternative number -> kind of match: a prefix has hundreds of alternatives, of which few match."""

    def kind(term: ResolvedTerm, alternative: int) -> MatchKind:
        way = term.alternatives[alternative]
        return way.source.length, term.label, way.how

    return MadeOnce(lambda number: MadeOnce(partial(kind, terms[number])))


class Characters:
    """Maps the atoms of one episode to characters of its original cues."""

    def __init__(
        self, texts: Sequence[str], times: Times, folding: Folding, plain: Sequence[bool] = (), first: int = 0
    ) -> None:
        """`texts` are those of the cues from `first` on; `plain` says of each whether it surely is its atoms, a
        character each, if that is known."""
        self._texts = texts
        self._first = first
        self._plain = plain
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
            at = cue - self._first
            is_plain = bool(self._plain) and self._plain[at]
            known = _one_by_one(amount) if is_plain else _atoms_in(self._texts[at], amount, self._folding)
            self._offsets[cue] = known
        return known


class Excerpt:
    """Consecutive cues of one episode, [first, end), with what is asked about each of their atoms in lists: a moment
    asks for every match and every cue. Times are in seconds."""

    def __init__(self, first: int, end: int, texts: CueTexts, times: Times, folding: Folding) -> None:
        self.texts, self._plain = texts.excerpt(first, end)
        self.starts = [start / 1000 for start in times.starts[first:end]]
        self.ends = [stop / 1000 for stop in times.ends_between(first, end)]
        self._begins = list(times.first[first : end + 1])
        self._times = times
        self._folding = folding
        self._offsets: dict[int, Sequence[tuple[int, int]]] = {}

    def matches(
        self, hits: Sequence[tuple[int, int, int]], kinds: Mapping[int, Mapping[int, MatchKind]]
    ) -> tuple[list[Match], list[tuple[tuple[int, int], ...]]]:
        """The matches of hits, which are in order, and the highlights of each cue. `kinds` maps the number of a term,
        then the number of its alternative, to the kind of its matches."""
        begins, texts, plain, times = self._begins, self.texts, self._plain, self._times
        starts, ends, looks_inside, new = self.starts, self.ends, times.looks_inside, tuple.__new__
        matches: list[Match] = []
        marks: list[tuple[tuple[int, int], ...]] = [()] * len(texts)
        cue, begin, after = -1, 0, begins[0]
        for place, number, alternative in hits:
            length, term, how = kinds[number][alternative]
            while after <= place:
                cue += 1
                begin, after = after, begins[cue + 1]
            end = place + length
            if end <= after and plain[cue]:
                start, stop = place - begin, end - begin
                text = texts[cue][start:stop]
                marks[cue] = _marked(marks[cue], start, stop) if marks[cue] else ((start, stop),)
            else:
                text = ""
                for at, start, stop in self._pieces(cue, place, end):
                    text += texts[at][start:stop]
                    marks[at] = _marked(marks[at], start, stop) if marks[at] else ((start, stop),)
            if looks_inside:
                said, until = times.at(place) / 1000, times.until(end) / 1000
            else:
                said, until = starts[cue], ends[cue if end <= after else bisect_right(begins, end - 1) - 1]
            matches.append(new(Match, (said, until, text, term, how, "speech")))
        return matches, marks

    def _pieces(self, cue: int, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
        """(index in the excerpt, from, to) for the atoms [begin, end): character offsets in each cue touched; the first
        of them is in `cue`."""
        begins = self._begins
        while begin < end:
            first, stop = begins[cue], min(end, begins[cue + 1])
            if stop > begin:
                offsets = self._offsets.get(cue)
                if offsets is None:
                    amount = begins[cue + 1] - first
                    offsets = self._offsets[cue] = _atoms_in(self.texts[cue], amount, self._folding)
                yield cue, offsets[begin - first][0], offsets[stop - 1 - first][1]
                begin = stop
            cue += 1


def _marked(marks: tuple[tuple[int, int], ...], start: int, stop: int) -> tuple[tuple[int, int], ...]:
    """Some highlights of a cue with one more, which begins no sooner than those before; what touches is one."""
    begin, end = marks[-1]
    if start > end:
        return (*marks, (start, stop))
    return (*marks[:-1], (begin, stop)) if stop > end else marks


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
