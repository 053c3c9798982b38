"""Tables of words and measures as text: aligned by column, with bars."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from indexer.core.messages import N_, _
from indexer.core.time_format import clock
from search.frontends.formats.display import Page, Style, clean, columns, padded, right

if TYPE_CHECKING:
    from search.analysis.collocations import Collocate
    from search.analysis.frequency import TermCount
    from search.analysis.keyness import Keyword
    from search.analysis.new_words import NewWord

_BAR = 16
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_LONGEST_LINE = 40
_BOLD, _DIM, _TIME = "1", "2", "36"


class _Placed(Protocol):
    @property
    def episode(self) -> str: ...
    @property
    def start(self) -> float: ...
    @property
    def line(self) -> str: ...


def terms(found: Sequence[TermCount], page: Page) -> Iterator[str]:
    """Yields a table of words with their frequencies."""
    rows = [(row.term, f"{row.count:,}", f"{row.per_million:,.0f}", f"{row.episodes:,}") for row in found]
    return _table(
        ("", N_("count"), N_("/million"), N_("episodes")), rows, bars([row.count for row in found]), page.style
    )


def keywords(found: Sequence[Keyword], page: Page) -> Iterator[str]:
    """Yields a table of keywords: frequencies in the subcorpus and in the rest, both measures, and the first moment."""
    rows = [
        (
            row.term,
            f"{row.count:,}",
            f"{row.per_million:,.0f}",
            f"{row.other_per_million:,.1f}",
            f"{row.episodes:,}",
            f"{row.log_ratio:.1f}",
            f"{row.g2:,.1f}",
        )
        for row in found
    ]
    heading = ("", N_("count"), N_("/million"), N_("elsewhere"), N_("episodes"), N_("log ratio"), "G2")
    return _table(heading, rows, _ends([row.g2 for row in found], found, page.style), page.style)


def new_words(found: Sequence[NewWord], page: Page) -> Iterator[str]:
    """Yields a table of new words with their measures and first moments."""
    rows = [
        (
            row.term,
            f"{row.count:,}",
            f"{row.episodes:,}",
            f"{row.cohesion:.1f}",
            f"{min(row.left_entropy, row.right_entropy):.1f}",
            f"{row.score:.0f}",
        )
        for row in found
    ]
    heading = ("", N_("count"), N_("episodes"), N_("cohesion"), N_("entropy"), N_("score"))
    return _table(heading, rows, _ends([row.score for row in found], found, page.style), page.style)


def collocates(found: Sequence[Collocate], page: Page) -> Iterator[str]:
    """Yields a table of collocates: co-occurrences, total frequency, both measures, and the first moment."""
    rows = [
        (
            row.term,
            f"{row.count:,}",
            f"{row.before:,}",
            f"{row.after:,}",
            f"{row.total:,}",
            f"{row.g2:,.1f}",
            f"{row.log_dice:.1f}",
        )
        for row in found
    ]
    heading = ("", N_("near"), N_("before"), N_("after"), N_("anywhere"), "G2", "logDice")
    return _table(heading, rows, _ends([row.log_dice for row in found], found, page.style), page.style)


def bars(values: Sequence[float]) -> list[str]:
    """Returns a bar for each value, proportional to it; the greatest has full width.

    >>> bars([8.0, 4.0, 0.1])
    ['████████████████', '████████', '▎']
    """
    most = max(values, default=0)
    return [_bar(value / most if most > 0 else 0) for value in values]


def _bar(share: float) -> str:
    whole, eighths = divmod(round(max(0.0, share) * _BAR * 8), 8)
    return ("█" * whole + _EIGHTHS[eighths]).rstrip() or _EIGHTHS[1]


def _ends(values: Sequence[float], found: Iterable[_Placed], style: Style) -> list[str]:
    """Returns the last column of each row: a bar and the first moment."""
    pairs = zip(bars(values), found, strict=True)
    return [f"{padded(bar, _BAR)}  {_place(row, style)}" for bar, row in pairs]


def _place(row: _Placed, style: Style) -> str:
    line = clean(row.line)
    line = line if columns(line) <= _LONGEST_LINE else padded(line, _LONGEST_LINE)
    return f"{style.paint(clock(row.start), _TIME)}  {line}  {style.paint(clean(row.episode), _DIM)}"


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]], ends: Sequence[str], style: Style) -> Iterator[str]:
    """Yields a heading, if there are rows, and a line per row: text, right-aligned numbers, last column."""
    heading = [_(name) if name else "" for name in heading]
    cells = [[clean(row[0]), *row[1:]] for row in rows]
    widths = [max(map(columns, column)) for column in zip(heading, *cells, strict=True)]
    if cells:
        names = "  ".join(right(name, width) for name, width in zip(heading, widths, strict=True))
        yield style.paint(names, _DIM)
    for (text, *numbers), end in zip(cells, ends, strict=True):
        figures = "  ".join(number.rjust(width) for number, width in zip(numbers, widths[1:], strict=True))
        yield f"{style.paint(padded(text, widths[0]), _BOLD)}  {figures}  {end}"
