"""The timeline: the cues of an episode as one stream of atoms, with the mapping back to cues and times."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import compress, count
from operator import add

from indexer.core.named_tuples import NamedTuple
from indexer.core.native import ascends, times_at
from indexer.core.positions.token_stream import Stream
from indexer.core.positions.tokens import find_atoms
from indexer.core.text.folding import Folding
from indexer.core.types import Cue

LONG_MS = 8000
"""Cues of at least this length are paragraphs: times inside them are interpolated."""
SLOWEST_MS = 550
"""Maximum milliseconds per interpolated atom; speech has four to six atoms per second."""

_OFTEN = 8
"""The number of calls after which looking at all cues of an episode pays off."""

SILENCE_MS = 1000
"""A pause between cues that ends an utterance; recognisers leave none inside a sentence."""

_PUNCTUATION = frozenset(",.!?;:、。…—()[]{}<>《》「」『』“”\"'|/~·")


class Times:
    """The times of an episode's cues and the atoms they hold. `starts` and `durations` have one entry per cue, in ms.

    `first[i]` is the position of the first atom of cue i, with an extra entry for the end of the stream. `timed` are
    the positions of atoms whose time the transcript gives, `said` those times in ms. `looks_inside` is True if times
    inside a cue can differ from its start: some atoms are timed, or a cue is long.
    """

    __slots__ = (
        "_asked",
        "_ends",
        "_ends_ascend",
        "_is_ordered",
        "_open",
        "durations",
        "first",
        "looks_inside",
        "said",
        "starts",
        "timed",
    )

    def __init__(
        self,
        first: Sequence[int],
        starts: Sequence[int],
        durations: Sequence[int],
        timed: Sequence[int] = (),
        said: Sequence[int] = (),
        looks_inside: bool = False,
    ) -> None:
        self.first = first
        self.starts = starts
        self.durations = durations
        self.timed = timed
        self.said = said
        self.looks_inside = looks_inside
        self._is_ordered: bool | None = None
        self._open: list[int] | None = None
        self._ends: array[int] | None = None
        self._ends_ascend = False
        self._asked = 0

    @property
    def is_ordered(self) -> bool:
        """True if no cue starts before the previous one."""
        if self._is_ordered is None:
            self._is_ordered = ascends(self.starts)
        return self._is_ordered

    def __len__(self) -> int:
        """The number of cues."""
        return len(self.starts)

    def end(self, cue: int) -> int:
        """The end of a cue in milliseconds."""
        return self.starts[cue] + self.durations[cue]

    def ends(self) -> array[int]:
        """The end of each cue in milliseconds."""
        if self._ends is None:
            ends = array("q", map(add, self.starts, self.durations))
            self._ends_ascend = self.is_ordered and ascends(ends)
            self._ends = ends
        return self._ends

    def surely_ascend(self) -> bool:
        """True if it is known that no cue starts or ends before the previous one. Finding out takes a look at all cues,
        which is taken only after several calls; until then, returns False."""
        if self._ends is None:
            self._asked += 1
            if self._asked >= _OFTEN:
                self.ends()
        return self._ends_ascend

    def ends_between(self, first: int, end: int) -> Sequence[int]:
        """The end of each of the cues [first, end) in milliseconds."""
        if self._ends is not None:
            return self._ends[first:end]
        return list(map(add, self.starts[first:end], self.durations[first:end]))

    def cue_at(self, position: int) -> int:
        """The index of the cue that holds the atom at `position`."""
        return bisect_right(self.first, position) - 1

    def at(self, position: int) -> int:
        """When the atom at `position` is said, in ms: the start of its cue, or in a long or timed cue an interpolated
        time."""
        cue = self.cue_at(position)
        return self._inside(cue, position, position) if self._is_open(cue) else self.starts[cue]

    def at_all(self, places: Sequence[int]) -> list[int]:
        """When the atom at each of the ascending positions is said, in ms, as by `at`."""
        if self.looks_inside and len(places) < len(self._open_cues):
            return list(map(self.at, places))
        at = times_at(places, self.first, self.starts)
        for cue in self._open_cues if self.looks_inside else ():
            low = bisect_left(places, self.first[cue])
            for index in range(low, bisect_left(places, self.first[cue + 1], low)):
                at[index] = self._inside(cue, places[index], places[index])
        return at

    def never_go_back(self) -> bool:
        """True if no atom is said earlier than the previous one."""
        if not self.looks_inside:
            return self.is_ordered or ascends([self.starts[cue] for cue in range(len(self)) if self._has_atoms(cue)])
        # Times between two atoms with known times ascend, so only the ends of such stretches need to be compared.
        begins = {*self.first, *self.timed}
        ends = (place - 1 for place in (*(self.first[cue + 1] for cue in self._open_cues), *self.timed))
        places = begins.union(ends)
        return ascends(self.at_all(sorted(place for place in places if 0 <= place < self.first[-1])))

    def _has_atoms(self, cue: int) -> bool:
        return self.first[cue] < self.first[cue + 1]

    @property
    def _open_cues(self) -> list[int]:
        """The cues inside which times are known or interpolated."""
        if self._open is None:
            long = list(compress(count(), map(LONG_MS.__le__, self.durations)))
            timed = {bisect_right(self.first, place) - 1 for place in self.timed}
            self._open = sorted({*long, *timed}) if timed else long
        return self._open

    def until(self, position: int) -> int:
        """When the last atom before `position` ends, in ms: the end of its cue, or an interpolated time."""
        cue = self.cue_at(position - 1)
        return self._inside(cue, position - 1, position) if self._is_open(cue) else self.end(cue)

    def _is_open(self, cue: int) -> bool:
        """True for a cue inside which times are known or interpolated."""
        if not self.looks_inside:
            return False
        return self.durations[cue] >= LONG_MS or _between(self.timed, self.first[cue], self.first[cue + 1])

    def _inside(self, cue: int, atom: int, position: int) -> int:
        """Interpolates the time of `position` in a cue, between the known times around `atom`."""
        begin, until = self.first[cue], self.first[cue + 1]
        before = bisect_right(self.timed, atom) - 1
        is_timed = before >= 0 and self.timed[before] >= begin
        known, at = (self.timed[before], self.said[before]) if is_timed else (begin, self.starts[cue])
        end = self.end(cue)
        if before + 1 < len(self.timed) and self.timed[before + 1] < until:
            until, end = self.timed[before + 1], self.said[before + 1]
        atoms = max(1, until - known)
        # Speech slower than that contains a pause at an unknown place, most likely after the words.
        return at + min(max(0, end - at) * (position - known) // atoms, (position - known) * SLOWEST_MS)


def _between(numbers: Sequence[int], low: int, high: int) -> bool:
    """True if one of the ascending numbers is in [low, high)."""
    at = bisect_left(numbers, low)
    return at < len(numbers) and numbers[at] < high


class Timeline(NamedTuple):
    """An episode laid out for indexing: coded atoms, times, folded cue texts, and word boundaries.

    `borders` are the ascending positions of atoms preceded by punctuation or silence; no word crosses them.
    """

    units: str
    stream: Stream
    times: Times
    folded: tuple[str, ...]
    borders: tuple[int, ...]


def lay_out(cues: Sequence[Cue], folding: Folding) -> Timeline:
    """Lays out the cues of an episode; their times are rounded to whole milliseconds."""
    from indexer.core.positions.stream_builder import (
        StreamBuilder,  # not at the top: a search of a folder builds no streams
    )

    builder = StreamBuilder()
    texts = [folding.fold(cue.text) for cue in cues]
    pieces: list[str] = []
    first = [0]
    borders: list[int] = []
    previous_end = 0
    starts = [milliseconds(cue.start) for cue in cues]
    ends = [milliseconds(cue.end) for cue in cues]
    for folded, start, end in zip(texts, starts, ends, strict=True):
        if start - previous_end >= SILENCE_MS:
            borders.append(first[-1])
        previous_end = end
        units = builder.code(folded)
        if len(units) != len(folded) and not _PUNCTUATION.isdisjoint(folded):
            borders.extend(first[-1] + at for at in _inner_borders(folded))
        pieces.append(units)
        first.append(first[-1] + len(units))
    joined = "".join(pieces)
    durations = [end - start for start, end in zip(starts, ends, strict=True)]
    timed, said = _timed_atoms(cues, first, folding)
    times = Times(first, starts, durations, timed, said, bool(timed) or max(durations, default=0) >= LONG_MS)
    return Timeline(joined, builder.stream(joined), times, tuple(texts), tuple(borders))


def _timed_atoms(cues: Sequence[Cue], first: Sequence[int], folding: Folding) -> tuple[list[int], list[int]]:
    """The positions of the atoms at which words with a time of their own begin, and these times in milliseconds."""
    timed: list[int] = []
    said: list[int] = []
    for cue, base, end in zip(cues, first, first[1:], strict=False):
        if not cue.marks:
            continue
        folded, sources = folding.fold_with_offsets(cue.text)
        begins = [match.start() if sources is None else sources[match.start()] for match in find_atoms(folded)]
        for offset, second in cue.marks:
            position = base + bisect_left(begins, offset)
            if position < end and (not timed or timed[-1] < position):
                timed.append(position)
                said.append(milliseconds(min(max(second, cue.start), cue.end)))
    return timed, said


def _inner_borders(folded: str) -> list[int]:
    """The indices of atoms preceded by punctuation within a folded cue; a decimal point does not count."""
    borders, end, count = [], 0, 0
    for match in find_atoms(folded):
        if not _PUNCTUATION.isdisjoint(folded[end : match.start()]):
            borders.append(count)
        end, count = match.end(), count + 1
    if not _PUNCTUATION.isdisjoint(folded[end:]):
        borders.append(count)
    return borders


def milliseconds(seconds: float) -> int:
    """Rounds seconds to whole milliseconds; negative times become 0."""
    return max(0, round(seconds * 1000))
