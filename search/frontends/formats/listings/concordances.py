"""Keywords in context as text: matches aligned by column, with wide characters taken into account."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from indexer.core.text.time_format import clock
from search.frontends.formats.display import (
    DIM,
    MATCH,
    TIME,
    Page,
    Style,
    clean,
    columns,
    ending,
    first_columns,
    last_columns,
)

if TYPE_CHECKING:
    from search.exploration.concordance import Concordance
    from search.exploration.kwic import Line

_WIDTH = 100
"""Columns if the width of the terminal is unknown."""
_NARROW, _LONGEST_NAME = 72, 24
_MATCH_ROOM = 8
_LOOKED_AT = 200
"""Lines whose episodes decide on the columns."""


def concordance(found: Concordance, page: Page) -> Iterator[str]:
    """Yields a line per match: time, left context, match, right context and, if the width allows, the date, where one
    is known, and the end of the episode's id."""
    style = page.style
    width = style.width or _WIDTH
    first = found[:_LOOKED_AT]
    names = max((columns(clean(line.episode)) for line in first), default=0) if width >= _NARROW else 0
    shown = _Source(min(names, _LONGEST_NAME), width >= _WIDTH and any(line.period for line in first))
    room = width - len("00:00:00  ") - len("  ") - shown.columns
    before = max(0, (room - _MATCH_ROOM) // 2)
    for line in found:
        yield _aligned(line, before, max(0, room - before), shown, style)


class _Source(NamedTuple):
    """What is shown of the episode: `name` columns of its id, and its date if `dated`."""

    name: int
    dated: bool

    @property
    def columns(self) -> int:
        return (len("  ") + self.name if self.name else 0) + (len("  2025-06-08") if self.dated else 0)

    def of(self, line: Line) -> str:
        date = f"  {line.period or '-':<10}" if self.dated else ""
        return f"{date}  {ending(clean(line.episode), self.name)}"


def _aligned(line: Line, before: int, after: int, shown: _Source, style: Style) -> str:
    """Returns a line with `before` columns for the left context, and `after` for the match and the right context."""
    left, match = last_columns(clean(line.before), before), first_columns(clean(line.match), after)
    right = first_columns(clean(line.after), after - columns(match))
    time = style.paint(clock(line.start), TIME)
    gap = " " * (before - columns(left))
    said = f"{style.link(time, line.url)}  {gap}{left} {style.paint(match, MATCH)} {right}"
    if not shown.name:
        return said.rstrip()
    rest = " " * (after - columns(match) - columns(right))
    return f"{said}{rest}{style.paint(shown.of(line), DIM)}"


def plain(found: Sequence[Line], page: Page) -> Iterator[str]:
    """Yields `episode:hh:mm:ss: before match after`, in the style of grep."""
    for line in found:
        yield f"{clean(line.episode)}:{clock(line.start)}: {clean(line.before + line.match + line.after)}"
