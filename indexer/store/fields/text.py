"""The texts of an episode's cues, stored as what the stream does not already say.

Most of a transcript is characters that fold to themselves, and these stand in the stream in the same
order. So only the rest is kept: spaces, punctuation, names as they were written, and the characters that
folding changed; a mark stands for each character to be taken from the stream. It takes a fifth of the
bytes of the compressed text, and a search fills in only the cues it shows.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from indexer.core.folding import Folding
from indexer.core.inflate import inflate
from indexer.core.timeline import Times
from indexer.core.token_stream import Stream, find_basic, is_basic
from indexer.core.tokens import HAN, KANA
from indexer.core.types import Cue

_SAME, _CHANGED = "\x00", "\x01"
"""Marks in a rest: the character that the stream has, and one that folding changed, which follows."""
_RECORD, _SECTION = "\x1e", "\x1d"
_WHOLE, _REST = b"w", b"r"
_LONGEST = 1 << 28
"""Bytes of all texts, inflated: those of the largest file that is read, in the widest encoding."""

_STRETCH = re.compile(f"{_SAME}+|{_CHANGED}(.)", re.DOTALL)
_MARK = re.compile(f"{_SAME}|{_CHANGED}(.)", re.DOTALL)


class CueTexts(Sequence[str]):
    """The texts of the cues of one episode, each put together when it is asked for."""

    def __init__(self, rests: Sequence[str], stream: Stream | None, times: Times) -> None:
        """`rests` are whole texts when `stream` is None."""
        self._rests = rests
        self._stream = stream
        self._times = times

    def __len__(self) -> int:
        return len(self._rests)

    def __getitem__(self, cue: int) -> str:  # type: ignore[override]
        rest = self._rests[cue]
        if self._stream is None:
            return rest
        first = self._times.first
        return _fill(rest, self._stream.units(first[cue], first[cue + 1]))

    def __iter__(self) -> Iterator[str]:
        """All texts, put together at once: a stretch of the stream at a time, not a character."""
        if self._stream is None:
            return iter(self._rests)
        said = _not_basic().sub("", self._stream.units())
        reached = 0

        def take(mark: re.Match[str]) -> str:
            nonlocal reached
            begin = reached
            reached += len(mark[0]) if mark[1] is None else 1
            return said[begin:reached] if mark[1] is None else mark[1]

        return iter(_STRETCH.sub(take, _RECORD.join(self._rests)).split(_RECORD))

    def holding(self, marks: str) -> list[int]:
        """The cues that have one of some punctuation marks. Where no cue has any, as in most transcripts, it is known
        after a look at the whole text."""
        text = "\n".join(self._rests)
        there = [mark for mark in marks if mark in text]
        return [cue for cue, rest in enumerate(self._rests) if any(map(rest.__contains__, there))] if there else []


def _fill(rest: str, units: str) -> str:
    """The text of a cue from its rest and the coded atoms of it.

    >>> _fill("我们聊\\x00\\x00 GPU，", "学习")
    '我们聊学习 GPU，'
    """
    said = find_basic(units)
    if rest == _SAME * len(said):
        return "".join(said)
    following = iter(said)
    return _MARK.sub(lambda mark: next(following) if mark[1] is None else (next(following), mark[1])[1], rest)


def pack_text(cues: Sequence[Cue], stream: Stream, times: Times, folding: Folding) -> bytes:
    """The cue texts and, when there are any, the speakers, compressed."""
    texts = [_plain(cue.text) for cue in cues]
    rests = _RECORD.join(texts).translate(_rest_table(folding)).split(_RECORD)
    kind = _REST if _are_whole(rests, texts, stream, times) else _WHOLE
    packed = _RECORD.join(rests if kind == _REST else texts)
    if any(cue.speaker for cue in cues):
        packed += _SECTION + _RECORD.join(_plain(cue.speaker) for cue in cues)
    return kind + zlib.compress(packed.encode(), 6)


def unpack_text(packed: bytes, stream: Stream, times: Times) -> tuple[CueTexts, list[str]]:
    """The cue texts and the speakers, two parallel sequences."""
    text, _, speakers = inflate(packed[1:], _LONGEST).decode().partition(_SECTION)
    rests = text.split(_RECORD)
    texts = CueTexts(rests, stream if packed[:1] == _REST else None, times)
    return texts, speakers.split(_RECORD) if speakers else [""] * len(rests)


def _are_whole(rests: Sequence[str], texts: Sequence[str], stream: Stream, times: Times) -> bool:
    """True when the rests and the stream give the texts again; where marks were composed they may not."""
    units = stream.units()
    try:
        return all(
            # Most cues are characters that stand for themselves, and nothing else.
            ((said := units[first:end]) == text and not rest.strip(_SAME)) or _fill(rest, said) == text
            for rest, text, (first, end) in zip(rests, texts, pairwise(times.first), strict=True)
        )
    except StopIteration:
        return False


class _RestTable(dict[int, str]):
    """For `str.translate`: code point -> what is kept of a character, filled as characters are met."""

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
def _not_basic() -> re.Pattern[str]:
    """What `find_basic` leaves out; only where all texts are wanted, for it takes milliseconds to compile."""
    return re.compile(f"[^{HAN}{KANA}]")


_CONTROL = str.maketrans(dict.fromkeys((_SAME, _CHANGED, _RECORD, _SECTION), " "))


def _plain(text: str) -> str:
    return text.translate(_CONTROL)
