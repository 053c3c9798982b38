"""Cuts an episode into the segments that get a vector each: about 30 s of speech, a length at which one thing is said
and a small model still sees all of it.

Segments hold whole cues. Only a cue that is longer than a segment, as in transcripts by paragraph, is cut itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from indexer.core.named_tuples import NamedTuple
from indexer.core.types import Damped, damped_kinds

if TYPE_CHECKING:
    from indexer.core.positions.timeline import Times

SECONDS = 30.0
LONGEST = 240
"""In Han characters; an ASCII character counts as a third, because a token of the model has three to four of them."""
SEGMENTING = "30 s, 240 characters, 1"
"""A part of the fingerprint of vectors. Ends in a version: raise it when episodes are cut differently."""


class TextSegment(NamedTuple):
    """A stretch of an episode: its atoms [first, end), and its text."""

    first: int
    end: int
    text: str


class _Piece(NamedTuple):
    """A cue or a part of one, with its start in milliseconds and its width in Han characters."""

    start: int
    first: int
    end: int
    text: str
    width: float


def cut_segments(times: Times, texts: Sequence[str], damped: Sequence[Damped] = ()) -> list[TextSegment]:
    """Returns the segments of an episode, in order. Loops and stock lines of the recogniser are in none."""
    segments: list[TextSegment] = []
    held: list[_Piece] = []
    width = 0.0
    for piece in _pieces(times, texts, damped):
        if held and (width + piece.width > LONGEST or not 0 <= piece.start - held[0].start < 1000 * SECONDS):
            segments.append(_segment(held))
            held, width = [], 0.0
        held.append(piece)
        width += piece.width
    return [*segments, _segment(held)] if held else segments


def _segment(pieces: Sequence[_Piece]) -> TextSegment:
    return TextSegment(pieces[0].first, pieces[-1].end, " ".join(piece.text for piece in pieces))


def _pieces(times: Times, texts: Sequence[str], damped: Sequence[Damped]) -> Iterator[_Piece]:
    left_out = damped_kinds(damped)
    for cue, text in enumerate(texts):
        text = " ".join(text.split())
        first, end = times.first[cue], times.first[cue + 1]
        if cue in left_out or first == end:
            continue
        width = width_of(text)
        if width <= LONGEST:
            yield _Piece(times.starts[cue], first, end, text, width)
        else:
            yield from _parts(times, text, first, end, width)


def _parts(times: Times, text: str, first: int, end: int, width: float) -> Iterator[_Piece]:
    """Cuts a long cue into parts of equal length. Its atoms are assumed to be spread evenly over its characters."""
    amount = min(int(-(-width // LONGEST)), end - first)
    for at in range(amount):
        part = text[len(text) * at // amount : len(text) * (at + 1) // amount].strip()
        begin = first + (end - first) * at // amount
        until = first + (end - first) * (at + 1) // amount
        yield _Piece(times.at(begin), begin, until, part, width_of(part))


def width_of(text: str) -> float:
    """Returns the length of a text in Han characters."""
    narrow = sum(map(str.isascii, text))
    return len(text) - narrow + narrow / 3
