"""The text of an episode as far as its text parts were fetched (`indexer.store.cluster.documents.text_parts`): the
lines of these, and filler in place of all others.

Reading a line of a part that was not fetched asks for that part (`want`), and reading all lines asks for the whole
episode (`want_all`); what is returned until then is filler.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import overload

from indexer.core.positions.timeline import Times
from indexer.store.cluster.documents.text_parts import NAMES, PartLines, name_of, size_of, unpack_part
from indexer.store.fields.text import CueTexts

ATOM = "\u4e00"
"""What stands for each atom of a text that was not fetched."""
_AROUND = 8
"""Cues fetched before and after a window: about as many as a moment shows as context."""


def parts_around(times: Times, begin: int, end: int) -> frozenset[str]:
    """The names of the parts that hold the cues from the atom `begin` to the atom `end`, and `_AROUND` cues on either
    side."""
    cues = len(times)
    first, last = max(0, times.cue_at(begin) - _AROUND), min(cues - 1, times.cue_at(end) + _AROUND)
    return frozenset(name_of(cue, cues) for cue in range(first, last + 1))


class Parts:
    """The text parts of one episode that were fetched."""

    def __init__(
        self,
        packed: Mapping[str, bytes],
        times: Times,
        reading: AbstractContextManager[object],
        want: Callable[[str], None],
        want_all: Callable[[], None],
    ) -> None:
        """`packed` are the parts by name. `reading` is entered while one is unpacked, and says what is wrong with a
        damaged one. `want` is called with the name of a part that is needed, `want_all` where all lines are."""
        self.times = times
        self.want_all = want_all
        self._packed = packed
        self._reading = reading
        self._want = want
        self._lines: dict[str, PartLines] = {}

    def line(self, cue: int) -> tuple[str, str]:
        """The text and the speaker of a cue. If its part was not fetched, `want` is called, and the text is filler of
        as many atoms, without a speaker. Raises IndexError for a cue that the episode does not have."""
        cues = len(self.times)
        if not 0 <= cue < cues:
            raise IndexError(cue)
        name = name_of(cue, cues)
        if name not in self._packed:
            self._want(name)
            return self.filler(cue), ""
        lines, at = self._of(name), cue % size_of(cues)
        return lines.texts[at], lines.speakers[at]

    def filler(self, cue: int) -> str:
        """A text of as many atoms as a cue has."""
        return ATOM * (self.times.first[cue + 1] - self.times.first[cue])

    def _of(self, name: str) -> PartLines:
        known = self._lines.get(name)
        if known is None:
            cues = len(self.times)
            size = size_of(cues)
            with self._reading:
                amount = min(size, cues - NAMES.index(name) * size)
                known = self._lines[name] = unpack_part(self._packed[name], amount)
        return known


class PartedTexts(CueTexts):
    """The texts of the cues. What reads them all gets filler, and asks for the whole episode."""

    def __init__(self, parts: Parts) -> None:
        super().__init__((), None, parts.times)
        self._parts = parts

    def __len__(self) -> int:
        return len(self._parts.times)

    def __getitem__(self, cue: int) -> str:  # type: ignore[override]
        return self._parts.line(cue)[0]

    def excerpt(self, first: int, end: int) -> tuple[list[str], Sequence[bool]]:
        texts = [self[cue] for cue in range(first, min(end, len(self)))]
        return texts, [False] * len(texts)

    def __iter__(self) -> Iterator[str]:
        self._parts.want_all()
        return map(self._parts.filler, range(len(self)))

    def beside_stream(self) -> list[str]:
        self._parts.want_all()
        return [""] * len(self)

    def holding(self, marks: str) -> list[int]:
        self._parts.want_all()
        return []


class PartedSpeakers(Sequence[str]):
    """Who says the cues."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def __len__(self) -> int:
        return len(self._parts.times)

    @overload
    def __getitem__(self, cue: int) -> str: ...
    @overload
    def __getitem__(self, cue: slice) -> list[str]: ...
    def __getitem__(self, cue: int | slice) -> str | list[str]:
        if isinstance(cue, slice):
            return [self._parts.line(one)[1] for one in range(*cue.indices(len(self)))]
        return self._parts.line(cue)[1]

    def __iter__(self) -> Iterator[str]:
        self._parts.want_all()
        return iter([""] * len(self))
