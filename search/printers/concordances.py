"""Keywords in context for people: the matches under each other, whatever width the characters have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from search.printers.display import Style, clean, clock, columns, padded
from search.printers.formats import Page

if TYPE_CHECKING:
    from search.explore.concordance import Concordance, Line

_MATCH, _DIM, _TIME = "1;31", "2", "36"
_WIDTH = 100
"""Columns where there is no terminal to tell."""
_LEAST, _LONGEST_MATCH, _LONGEST_NAME = 8, 24, 24


def concordance(found: Concordance, page: Page) -> Iterator[str]:
    """Time, what is before, the match, what is after, the episode."""
    style = page.style
    names = max((columns(clean(line.episode)) for line in found[:200]), default=0)
    room = (style.width or _WIDTH) - len("00:00:00") - min(names, _LONGEST_NAME) - 6
    for line in found:
        yield _aligned(line, room, style)


def _aligned(line: Line, room: int, style: Style) -> str:
    """A line whose match begins where that of every other line does; the texts get `room` columns."""
    side = max(_LEAST, (room - _LONGEST_MATCH // 3) // 2)
    before, match = last_columns(clean(line.before), side), clean(line.match)
    after = first_columns(clean(line.after), max(0, 2 * side + _LONGEST_MATCH // 3 - side - columns(match)))
    time = style.link(style.paint(clock(line.start), _TIME), line.url)
    rest = padded("", max(0, side + _LONGEST_MATCH // 3 - columns(match) - columns(after)))
    name = style.paint(first_columns(clean(line.episode), _LONGEST_NAME), _DIM)
    return (
        f"{time}  {' ' * (side - columns(before))}{before} {style.paint(match, _MATCH)} {after}{rest}  {name}".rstrip()
    )


def plain(found: Sequence[Line], page: Page) -> Iterator[str]:
    """`episode:hh:mm:ss: before match after`, as grep prints it."""
    for line in found:
        yield f"{clean(line.episode)}:{clock(line.start)}: {clean(line.before + line.match + line.after)}"


def first_columns(text: str, width: int) -> str:
    """As much of the beginning of a text as `width` columns hold.

    >>> first_columns("GPU训练", 6)
    'GPU训'
    """
    used = 0
    for at, character in enumerate(text):
        used += columns(character)
        if used > width:
            return text[:at]
    return text


def last_columns(text: str, width: int) -> str:
    """As much of the end of a text as `width` columns hold.

    >>> last_columns("训练GPU", 6)
    '练GPU'
    """
    used = 0
    for at in range(len(text) - 1, -1, -1):
        used += columns(text[at])
        if used > width:
            return text[at + 1 :]
    return text
