"""The timeline: all cues of an episode as one stream of atoms, with the way back to cues and seconds."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from indexer.atoms import find_atoms
from indexer.fold import Folding
from indexer.stream import Stream, StreamBuilder
from indexer.values import Cue


@dataclass(frozen=True, slots=True)
class Times:
    """When the cues are, and which atoms they hold. All lists are parallel, one entry per cue.

    `first[i]` is the index of the first atom of cue i, with one more entry for the end of the stream;
    `starts` and `durations` are milliseconds.
    """

    first: Sequence[int]
    starts: Sequence[int]
    durations: Sequence[int]

    def __len__(self) -> int:
        """The number of cues."""
        return len(self.starts)

    def end(self, cue: int) -> int:
        """The end of a cue, in milliseconds."""
        return self.starts[cue] + self.durations[cue]

    def cue_at(self, position: int) -> int:
        """The index of the cue that holds the atom at `position`."""
        return bisect_right(self.first, position) - 1


class Timeline(NamedTuple):
    """One episode laid out for indexing: coded atoms, times, and the borders words do not cross.

    `borders` are atom positions before which a punctuation mark or a silence stands, in order.
    """

    units: str
    stream: Stream
    times: Times
    borders: tuple[int, ...]


# A pause of a second between cues ends whatever was being said; recognisers leave none inside a sentence.
SILENCE_MS = 1000

_PUNCTUATION = frozenset(",.!?;:、。…—()[]{}<>《》「」『』“”\"'|/~·")


def lay_out(cues: Sequence[Cue], folding: Folding) -> Timeline:
    """The timeline of an episode's cues. Their times are kept as they are, in whole milliseconds."""
    builder = StreamBuilder()
    pieces: list[str] = []
    first = [0]
    borders: list[int] = []
    previous_end = 0
    starts = [milliseconds(cue.start) for cue in cues]
    ends = [milliseconds(cue.end) for cue in cues]
    for cue, start, end in zip(cues, starts, ends, strict=True):
        if start - previous_end >= SILENCE_MS:
            borders.append(first[-1])
        previous_end = end
        folded = folding.fold(cue.text)
        units = builder.code(folded)
        if len(units) != len(folded) and not _PUNCTUATION.isdisjoint(folded):
            borders.extend(first[-1] + at for at in _inner_borders(folded))
        pieces.append(units)
        first.append(first[-1] + len(units))
    joined = "".join(pieces)
    durations = [end - start for start, end in zip(starts, ends, strict=True)]
    return Timeline(joined, builder.stream(joined), Times(first, starts, durations), tuple(borders))


def _inner_borders(folded: str) -> list[int]:
    """The atom offsets before which a punctuation mark stands in a folded cue; a decimal point is none."""
    borders, end, count = [], 0, 0
    for match in find_atoms(folded):
        if not _PUNCTUATION.isdisjoint(folded[end : match.start()]):
            borders.append(count)
        end, count = match.end(), count + 1
    if not _PUNCTUATION.isdisjoint(folded[end:]):
        borders.append(count)
    return borders


def milliseconds(seconds: float) -> int:
    """Whole milliseconds, never negative."""
    return max(0, round(seconds * 1000))
