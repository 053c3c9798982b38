"""The text column: cue texts, stored as their difference from the token stream.

Most characters of a transcript fold to themselves and stand in the stream in the same order. Only the rest is stored:
spaces, punctuation, names in their original spelling, and characters changed by folding; a marker represents each
character taken from the stream. This takes a fifth of the size of the compressed text, and a search decodes only the
cues it shows.
"""

from __future__ import annotations

import re
import zlib
from array import array
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from itertools import pairwise
from typing import overload

from indexer.core.files.inflate import inflate
from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple
from indexer.core.native import find
from indexer.core.positions.timeline import Times
from indexer.core.positions.token_stream import Stream, find_basic, is_basic
from indexer.core.positions.tokens import HAN, KANA
from indexer.core.text.folding import Folding
from indexer.core.types import Cue

_SAME, _CHANGED = "\x00", "\x01"
"""Markers in a rest: a character taken from the stream; a character changed by folding, which follows the marker."""
RECORD, SECTION = "\x1e", "\x1d"
"""What ends each text, or speaker, but for the last; what parts the texts from the speakers."""
_WHOLE, _REST = b"w", b"r"
_LONGEST = 1 << 28
"""Limit on the inflated texts in bytes: the largest readable file in the widest encoding."""


class CueTexts(Sequence[str]):
    """The texts of an episode's cues, decoded on access."""

    def __init__(
        self,
        rests: Sequence[str],
        stream: Stream | None,
        times: Times,
        reading: AbstractContextManager[object] | None = None,
    ) -> None:
        """`rests` are complete texts if `stream` is None. `reading` is entered whenever they are decoded, which raises
        ValueError if the stream has too few characters for them."""
        self._rests = rests
        self._reading = reading or nullcontext()
        self._stream = stream
        self._times = times

    def __len__(self) -> int:
        return len(self._rests)

    def __getitem__(self, cue: int) -> str:  # type: ignore[override]
        rest = self._rests[cue]
        if self._stream is None:
            return rest
        first = self._times.first
        with self._reading:
            return _fill(rest, self._stream.units(first[cue], first[cue + 1]))

    def excerpt(self, first: int, end: int) -> tuple[list[str], Sequence[bool]]:
        """The texts of the cues [first, end), and of each whether it surely is its atoms, a character each."""
        rests = self._rests[first:end]
        if self._stream is None or end <= first:
            return list(rests), [False] * len(rests)
        places = list(self._times.first[first : end + 1])
        base, size = places[0], places[-1] - places[0]
        units, same, begin = self._stream.units(base, places[-1]), _SAME * size, 0
        if len(units) != size:  # the stream is cut off
            same = ""
        texts: list[str] = []
        plain: list[bool] = []
        with self._reading:
            for rest, place in zip(rests, places[1:], strict=False):
                stop = place - base
                is_plain = rest == same[begin:stop]
                plain.append(is_plain)
                texts.append(units[begin:stop] if is_plain else _fill(rest, units[begin:stop]))
                begin = stop
        return texts, plain

    def __iter__(self) -> Iterator[str]:
        """Decodes all texts at once, a run of characters at a time rather than one by one."""
        if self._stream is None:
            return iter(self._rests)
        said = _not_basic().sub("", self._stream.units())
        reached = 0

        def take(mark: re.Match[str]) -> str:
            nonlocal reached
            begin = reached
            reached += len(mark[0]) if mark[1] is None else 1
            return said[begin:reached] if mark[1] is None else mark[1]

        texts = _stretch().sub(take, RECORD.join(self._rests)).split(RECORD)
        if reached != len(said):  # a sign such as ㍿, of several characters in the stream, shifts all after it
            return map(self.__getitem__, range(len(self)))
        return iter(texts)

    def beside_stream(self) -> list[str]:
        """What each text has besides the characters of the stream, of which a run is a line end here."""
        rests = RECORD.join(self._rests)
        return (rests if self._stream is None else _from_stream().sub("\n", rests)).split(RECORD)

    def holding(self, marks: str) -> list[int]:
        """The cues that contain any of the given punctuation marks. Tests the whole text first, since most transcripts
        have none."""
        text = "\n".join(self._rests)
        there = [mark for mark in marks if mark in text]
        return [cue for cue, rest in enumerate(self._rests) if any(map(rest.__contains__, there))] if there else []


def _fill(rest: str, units: str) -> str:
    """Decodes the text of a cue from its rest and its coded atoms. Raises ValueError if these are too few.

    >>> _fill("我们聊\\x00\\x00 GPU，", "学习")
    '我们聊学习 GPU，'
    """
    if len(rest) == len(units) and not rest.strip(_SAME):
        return units  # as most cues are
    said = find_basic(units)
    amount = rest.count(_SAME)
    if amount == len(rest) == len(said):
        return "".join(said)
    if amount <= len(said) and _CHANGED not in rest:  # a format takes less time than a function for each mark
        return rest.replace("%", "%%").replace(_SAME, "%s") % tuple(said[:amount])
    following = iter(said)
    try:
        return _mark().sub(lambda mark: next(following) if mark[1] is None else (next(following), mark[1])[1], rest)
    except StopIteration:
        raise _of_another_episode() from None


def _of_another_episode() -> ValueError:
    return ValueError(_("the text is that of another episode"))


def pack_text(cues: Sequence[Cue], stream: Stream, times: Times, folding: Folding) -> bytes:
    """Encodes the cue texts and any speakers, compressed."""
    texts = [plain(cue.text) for cue in cues]
    rests = RECORD.join(texts).translate(_rest_table(folding)).split(RECORD)
    kind = _REST if _are_whole(rests, texts, stream, times) else _WHOLE
    packed = RECORD.join(rests if kind == _REST else texts)
    if any(cue.speaker for cue in cues):
        packed += SECTION + RECORD.join(plain(cue.speaker) for cue in cues)
    return kind + zlib.compress(packed.encode(), 6)


def unpack_text(
    packed: bytes, stream: Stream, times: Times, reading: AbstractContextManager[object] | None = None
) -> tuple[CueTexts, Sequence[str]]:
    """Decodes cue texts and speakers, two parallel sequences. `reading` is entered whenever a text is decoded later.
    Raises ValueError unless there are as many as times; of the wrong texts that are as many, decoding raises it."""
    text, __, speakers = inflate(packed[1:], _LONGEST).partition(SECTION.encode())
    rests = _Records(text)
    said_by = _Records(speakers) if speakers else _NoSpeakers(len(rests))
    if not len(rests) == len(said_by) == len(times):
        raise _of_another_episode()
    return CueTexts(rests, stream if packed[:1] == _REST else None, times, reading), said_by


class TextWithFiller(NamedTuple):
    """The text of each cue of an episode. If filler is in it, `units` are those of its atoms, with filler for what is
    not known; else empty."""

    texts: Sequence[str]
    units: str = ""


def texts_with(filler: str, packed: bytes) -> list[str]:
    """The cue texts without the stream: a `filler` stands for each character that is only there. Raises ValueError if
    they are damaged."""
    text = inflate(packed[1:], _LONGEST).partition(SECTION.encode())[0].decode()
    if packed[:1] == _REST:
        text = text.replace(_CHANGED, "").replace(_SAME, filler)
    return text.split(RECORD)


class _Records(Sequence[str]):
    """Records as they are packed, decoded on access: of the thousands of an episode, a search shows a few. Raises
    ValueError if they are no UTF-8."""

    def __init__(self, packed: bytes) -> None:
        packed.decode()
        self._packed = packed
        self._ends = array("I", find(packed, 0, len(packed), 1, RECORD.encode(), None))
        self._ends.append(len(packed))

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        ends = self._ends
        if isinstance(at, slice):
            first, end, __ = at.indices(len(ends))
            if first >= end:
                return []
            begin = ends[first - 1] + 1 if first else 0
            return self._packed[begin : ends[end - 1]].decode().split(RECORD)
        stop = ends[at]  # raises IndexError
        begin = ends[at - 1] + 1 if at % len(ends) else 0
        return self._packed[begin:stop].decode()

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed.decode().split(RECORD))


class _NoSpeakers(Sequence[str]):
    """The speakers of `cues` cues without any: an empty string for each."""

    def __init__(self, cues: int) -> None:
        self._cues = range(cues)

    def __len__(self) -> int:
        return len(self._cues)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        found = self._cues[at]  # raises IndexError
        return "" if isinstance(found, int) else [""] * len(found)


def _are_whole(rests: Sequence[str], texts: Sequence[str], stream: Stream, times: Times) -> bool:
    """True if the rests and the stream reproduce the texts; composed combining marks can prevent that."""
    units = stream.units()
    try:
        return all(
            # The common case: the cue consists only of characters that represent themselves.
            ((said := units[first:end]) == text and not rest.strip(_SAME)) or _fill(rest, said) == text
            for rest, text, (first, end) in zip(rests, texts, pairwise(times.first), strict=True)
        )
    except ValueError:
        return False


class _RestTable(dict[int, str]):
    """A lazily filled table for `str.translate`: code point -> what is stored for the character."""

    def __init__(self, folding: Folding) -> None:
        super().__init__()
        self._folding = folding

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = self._folding.fold(character)
        kept = character
        if is_basic(folded):
            kept = _SAME if folded == character else _CHANGED + character
        self[code] = kept
        return kept


@lru_cache(4)
def _rest_table(folding: Folding) -> _RestTable:
    return _RestTable(folding)


@lru_cache
def _stretch() -> re.Pattern[str]:
    """A run of characters taken from the stream, or one that folding changed. Only to decode all texts."""
    return re.compile(f"{_SAME}+|{_CHANGED}(.)", re.DOTALL)


@lru_cache
def _from_stream() -> re.Pattern[str]:
    """A run of characters taken from the stream."""
    return re.compile(f"{_SAME}+")


@lru_cache
def _mark() -> re.Pattern[str]:
    """A character taken from the stream, or one that folding changed. Only where one was changed."""
    return re.compile(f"{_SAME}|{_CHANGED}(.)", re.DOTALL)


@lru_cache
def _not_basic() -> re.Pattern[str]:
    """Matches what `find_basic` drops. Used only to decode all texts, because it takes milliseconds to compile."""
    return re.compile(f"[^{HAN}{KANA}]")


_CONTROL = str.maketrans(dict.fromkeys((_SAME, _CHANGED, RECORD, SECTION), " "))


def plain(text: str) -> str:
    """A text, or a speaker, as it is stored: without the characters that packing uses."""
    return text.translate(_CONTROL)
