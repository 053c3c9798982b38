"""Tables of words and measures as text: aligned by column, with bars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from indexer.core.messages import N_, _
from search.frontends.formats.display import BOLD, DIM, Page, Style, beginning, clean, columns, padded, right
from search.frontends.formats.listings.lists import placed

if TYPE_CHECKING:
    from search.exploration.collocations import Collocate
    from search.exploration.frequency import TermCount
    from search.exploration.keyness import Keyword
    from search.exploration.new_words import NewWord

BAR = 16
"""In columns: the longest bar."""
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_LONGEST_LINE = 40
_LEAST_PLACE = 24
"""In columns: a first moment takes no less."""


class _Placed(Protocol):
    @property
    def episode(self) -> str: ...
    @property
    def start(self) -> float: ...
    @property
    def line(self) -> str: ...


TERMS = ("", N_("count"), N_("/million"), N_("episodes"))
KEYWORDS = ("", N_("count"), N_("/million"), N_("elsewhere"), N_("episodes"), N_("log ratio"), "G2")
NEW_WORDS = ("", N_("count"), N_("episodes"), N_("cohesion"), N_("entropy"), N_("score"))
COLLOCATES = ("", N_("near"), N_("before"), N_("after"), N_("anywhere"), "G2", "logDice")
"""The headings of the tables, of which the first is that of the words."""


def term_cells(row: TermCount) -> tuple[str, ...]:
    """Returns a word and its frequencies, under `TERMS`."""
    return row.written, f"{row.count:,}", f"{row.per_million:,.0f}", f"{row.episodes:,}"


def keyword_cells(row: Keyword) -> tuple[str, ...]:
    """Returns a word, its frequencies in the subcorpus and in the rest, and both measures, under `KEYWORDS`."""
    shares = f"{row.count:,}", f"{row.per_million:,.0f}", f"{row.other_per_million:,.1f}"
    return row.written, *shares, f"{row.episodes:,}", f"{row.log_ratio:.1f}", f"{row.g2:,.1f}"


def new_word_cells(row: NewWord) -> tuple[str, ...]:
    """Returns a new word and its measures, under `NEW_WORDS`."""
    entropy = min(row.left_entropy, row.right_entropy)
    return row.term, f"{row.count:,}", f"{row.episodes:,}", f"{row.cohesion:.1f}", f"{entropy:.1f}", f"{row.score:.0f}"


def collocate_cells(row: Collocate) -> tuple[str, ...]:
    """Returns a collocate, its co-occurrences, total frequency and both measures, under `COLLOCATES`."""
    counts = (f"{count:,}" for count in (row.count, row.before, row.after, row.total))
    return row.written, *counts, f"{row.g2:,.1f}", f"{row.log_dice:.1f}"


def terms(found: Sequence[TermCount], page: Page) -> Iterator[str]:
    """Yields a table of words with their frequencies."""
    return _table(TERMS, list(map(term_cells, found)), bars([row.count for row in found]), page.style)


def keywords(found: Sequence[Keyword], page: Page) -> Iterator[str]:
    """Yields a table of keywords, each with its first moment."""
    return _table(KEYWORDS, list(map(keyword_cells, found)), bars([row.g2 for row in found]), page.style, found)


def new_words(found: Sequence[NewWord], page: Page) -> Iterator[str]:
    """Yields a table of new words, each with its first moment."""
    return _table(NEW_WORDS, list(map(new_word_cells, found)), bars([row.score for row in found]), page.style, found)


def collocates(found: Sequence[Collocate], page: Page) -> Iterator[str]:
    """Yields a table of collocates, each with its first moment."""
    return _table(COLLOCATES, list(map(collocate_cells, found)), bars([r.log_dice for r in found]), page.style, found)


def bars(values: Sequence[float], width: int = BAR) -> list[str]:
    """Returns a bar for each value, proportional to it; the greatest has the full width, in columns.

    >>> bars([8.0, 4.0, 0.1])
    ['████████████████', '████████', '▎']
    """
    most = max(values, default=0)
    return [_bar(value / most if most > 0 else 0, width) for value in values]


def _bar(share: float, width: int) -> str:
    whole, eighths = divmod(round(max(0.0, share) * width * 8), 8)
    return ("█" * whole + _EIGHTHS[eighths]).rstrip() or _EIGHTHS[1]


def _table(
    heading: Sequence[str],
    rows: Sequence[Sequence[str]],
    drawn: Sequence[str],
    style: Style,
    found: Sequence[_Placed] | None = None,
) -> Iterator[str]:
    """Yields a heading, if there are rows, and a line per row: text, right-aligned numbers, bar, and the first moment
    of what was `found`. A narrow terminal has the moment only, or the bar, or neither."""
    heading = [_(name) if name else "" for name in heading]
    cells = [[clean(row[0]), *row[1:]] for row in rows]
    widths = [max(map(columns, column)) for column in zip(heading, *cells, strict=True)]
    if cells:
        names = "  ".join(right(name, width) for name, width in zip(heading, widths, strict=True))
        yield style.paint(names, DIM)
    used = sum(widths) + 2 * len(widths)
    room = style.width - used if style.width else _LEAST_PLACE + BAR + 2
    has_place = found is not None and room >= _LEAST_PLACE
    has_bar = room >= BAR + (_LEAST_PLACE + 2 if has_place else 0)
    for number, (text, *numbers) in enumerate(cells):
        figures = "  ".join(number.rjust(width) for number, width in zip(numbers, widths[1:], strict=True))
        bar = drawn[number] if has_bar else ""
        line = f"{style.paint(padded(text, widths[0]), BOLD)}  {figures}  "
        if has_place and found is not None:
            gap = f"{padded(bar, BAR)}  " if has_bar else ""
            row = found[number]
            line += gap + placed(row.start, _cut(row.line), row.episode, style, used + len(gap))
        else:
            line += bar
        yield line.rstrip()


def _cut(line: str) -> str:
    return beginning(clean(line), _LONGEST_LINE)
