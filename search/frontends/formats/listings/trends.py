"""Rates over time and dispersion within episodes as text: sparklines, bars and strips."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from typing import TYPE_CHECKING, NamedTuple

from indexer.core.messages import N_, _, enumeration, ngettext
from search.frontends.formats.display import BOLD, DIM, Page, Style, clean, columns, distinct, padded, right
from search.frontends.formats.listings.words import BAR, bars
from search.frontends.formats.rate_scale import greatest

if TYPE_CHECKING:
    from search.exploration.dispersion import Dispersion, Evenness, Strip
    from search.exploration.trends import Rate, Trend

_BEYOND = "▸"
"""The end of a bar that is cut off."""
_COLORS = ("36", "33", "32", "35", "34", "31")
_LEVELS = "▁▂▃▄▅▆▇█"
_LONGEST_SPARK = 60
_LONGEST_NAME = 30
_LEAST_BAR = 3
_LEAST_SPARK = 10
_LEAST_WORD = 8
GROUPS = (N_("month"), N_("year"), N_("show"), N_("episode"), N_("speaker"))
"""What rates may be grouped by, as people read it."""


def trend(found: Trend, page: Page) -> Iterator[str]:
    """Yields a sparkline per word, then a line per group with a bar per word."""
    style = page.style
    words = [list(rows) for __, rows in groupby(found, lambda rate: rate.term)]
    names, width = _words([rows[0].term for rows in words], style.width - _LEAST_SPARK - 43, style)
    for rows, name, color in zip(words, names, _colors(len(words)), strict=True):
        count, hours, atoms = (sum(getattr(row, name) for row in rows) for name in ("count", "hours", "atoms"))
        form = _("{count:>7,}  {rate:>8.2f}/h  {share:>9,.1f}/million")
        figures = form.format(count=count, rate=count / hours if hours else 0, share=count * 1e6 / atoms)
        most = max(_LEAST_SPARK, style.width - width - 43) if style.width else _LONGEST_SPARK
        line = style.paint(sparkline(_to_scale(rows), most=most), color)
        yield f"{style.paint(name, BOLD)}  {figures}  {line}"
    if words and len(words[0]) > 1:
        yield from _tables(found.by, words, style)


def _to_scale(rates: Sequence[Rate]) -> list[float]:
    """The rates, none beyond the end of the scale."""
    top = greatest(rates)
    return [min(rate.per_hour, top) for rate in rates]


def _words(terms: Sequence[str], room: int, style: Style) -> tuple[list[str], int]:
    """The words of a column, padded to its width, and this width: that of the longest, or on a terminal `room`."""
    words = list(map(clean, terms))
    longest = max(map(columns, words), default=0)
    width = min(longest, max(_LEAST_WORD, room)) if style.width else longest
    return distinct(words, width), width


class _Column(NamedTuple):
    """A word in the table of groups: its figures and its bar in each."""

    term: str
    figures: Sequence[str]
    bars: Sequence[str]
    color: str


def _tables(by: str, words: Sequence[Sequence[Rate]], style: Style) -> Iterator[str]:
    """Yields a line per group: name, hours, and each word's count and rate with a bar. On a terminal, names and bars
    share what the figures leave of a line; words that do not fit beside the others are in further tables."""
    labels = [clean(rate.label) for rate in words[0]]
    longest = min(_LONGEST_NAME, style.width // 4) if style.width else _LONGEST_NAME
    most = max(columns(_(by)), min(longest, max(map(columns, labels))))
    figures = [
        [_("{count:>6,} {rate:>7.2f}/h").format(count=rate.count, rate=rate.per_hour) for rate in rows]
        for rows in words
    ]
    widest = max(columns(text) for texts in figures for text in texts)
    room = style.width - most - 9
    beside = _beside(len(words), room, widest + 3) if style.width else len(words)
    bar = _bar_width(room, beside, widest + 3) if style.width else BAR
    every = [rate for rows in words for rate in rows]
    top, scaled = greatest(every), bars(_to_scale(every), bar or 1)
    drawn = (
        "" if not (bar and rate.per_hour) else f"{one[:-1]}{_BEYOND}" if rate.per_hour > top else one
        for rate, one in zip(every, scaled, strict=True)
    )
    table = [
        _Column(clean(rows[0].term), texts, list(islice(drawn, len(rows))), color)
        for rows, texts, color in zip(words, figures, _colors(len(words)), strict=True)
    ]
    shown = distinct(labels, most)
    first = [f"{label}  {rate.hours:>7.2f}" for label, rate in zip(shown, words[0], strict=True)]
    head = f"{padded(_(by), most)}  {right(_('hours'), 7)}"
    for begin in range(0, len(table), beside):
        yield ""
        yield from _table(head, first, table[begin : begin + beside], (widest, bar), style)


def _table(
    head: str, first: Sequence[str], words: Sequence[_Column], widths: tuple[int, int], style: Style
) -> Iterator[str]:
    """Yields the head and a line per group, which begins as `first` has it; `widths` are those of figures and bars."""
    widest, bar = widths
    cell = widest + bool(bar) + bar
    yield style.paint("  ".join([head, *(padded(word.term, cell) for word in words)]).rstrip(), DIM)
    for at, line in enumerate(first):
        gap = ""
        for word in words:
            line += f"{gap}  {right(word.figures[at], widest)} {style.paint(word.bars[at], word.color)}"
            gap = " " * (bar - columns(word.bars[at]))
        yield line.rstrip()


def _beside(words: int, room: int, figures: int) -> int:
    """How many of the words are in one table: all whose `figures` columns fit, else as many as have bars, too; tables
    have equally many."""
    most = words if words * figures <= room else max(1, room // (figures + _LEAST_BAR))
    tables = -(-words // most)
    return -(-words // tables)


def _bar_width(room: int, words: int, figures: int) -> int:
    """The columns of each of the bars of so many words, with `figures` columns before each; 0 where no bar of use
    fits."""
    width = min(BAR, room // words - figures)
    return width if width >= _LEAST_BAR else 0


def dispersion(found: Dispersion, page: Page) -> Iterator[str]:
    """Yields the evenness of each word, then its distribution in each episode."""
    style = page.style
    yield from _evenness(found.evenness, style)
    if not found:
        return
    yield ""
    most = style.width // 3 if style.width else _LONGEST_NAME
    episodes = {row.episode: _name(row) for row in found}
    names = min(most, max(map(columns, episodes.values())))
    episodes = dict(zip(episodes, distinct(list(episodes.values()), names), strict=True))
    spoken = list(dict.fromkeys(row.term for row in found))
    shown, terms = _words(spoken, style.width // 4, style)
    words = dict(zip(spoken, shown, strict=True))
    colors = dict(zip((one.term for one in found.evenness), _colors(len(found.evenness)), strict=True))
    room = max(_LEAST_SPARK, style.width - names - terms - 22) if style.width else _LONGEST_SPARK
    head = f"{padded('', names)}  {padded('', terms)}  {right(_('count'), 6)}  DPnorm"
    yield style.paint(head, DIM)
    for episode, rows in groupby(found, lambda row: row.episode):
        name = episodes[episode]
        for row in rows:
            word = style.paint(words[row.term], BOLD)
            strip = style.paint(sparkline(row.parts, nothing=" ", most=room), colors[row.term])
            yield f"{name}  {word}  {row.count:>6,}  {row.dp_norm:>6.2f}  |{strip}|"
            name = " " * names


def evenness(found: Dispersion, page: Page) -> Iterator[str]:
    """Yields the evenness of each word; nothing without episodes."""
    return _evenness(found.evenness, page.style)


def _evenness(found: Sequence[Evenness], style: Style) -> Iterator[str]:
    if not any(row.of for row in found):
        return
    over = ngettext("over {n} part", "over {n} parts", found[0].parts).format(n=found[0].parts)
    words, width = _words([row.term for row in found], style.width - columns(over) - 34, style)
    heading = f"{padded('', width)}  {right(_('count'), 7)}  {right(_('episodes'), 13)}  DPnorm  {over}"
    yield style.paint(heading, DIM)
    for row, word in zip(found, words, strict=True):
        share = _("{episodes:,} of {n:,}").format(episodes=row.episodes, n=row.of)
        over_all = (row.dp_norm_episodes, 6), (row.dp_norm_parts, columns(over))
        measures = "  ".join((f"{dp:.2f}" if row.count else "-").rjust(room) for dp, room in over_all)
        yield f"{style.paint(word, BOLD)}  {row.count:>7,}  {right(share, 13)}  {measures}"


def left_out_notes(found: Trend) -> Iterator[str]:
    """Tells how many episodes are in no month or year, and what counts them, or how many name no speaker."""
    if dateless := found.undated - found.only_years:
        line = ngettext(
            "{n:,} episode has no date and belongs to no {by}: by show or by episode it counts, too",
            "{n:,} episodes have no date and belong to no {by}: by show or by episode they count, too",
            dateless,
        )
        yield line.format(n=dateless, by=_(found.by))
    if found.only_years:
        line = ngettext(
            "{n:,} episode has only a year and belongs to no month: by year, show or episode it counts, too",
            "{n:,} episodes have only a year and belong to no month: by year, show or episode they count, too",
            found.only_years,
        )
        yield line.format(n=found.only_years)
    if found.beside:
        counts = enumeration(f"{clean(word)} {count:,}" for word, count in found.beside.items())
        yield _("Said in these, and not counted: {counts}").format(counts=counts)
    if found.unnamed:
        line = ngettext(
            "{n:,} episode names no speaker in its cues and is left out: by show or by episode it counts, too",
            "{n:,} episodes name no speaker in their cues and are left out: by show or by episode they count, too",
            found.unnamed,
        )
        yield line.format(n=found.unnamed)


def _name(row: Strip) -> str:
    return clean("  ".join(filter(None, (row.period, row.title or row.episode))))


def sparkline(values: Sequence[float], nothing: str = "▁", most: int = _LONGEST_SPARK) -> str:
    """Returns a sparkline of one character per value, scaled to the greatest; averages neighbours if there are more
    than `most`.

    >>> sparkline([0, 1, 4, 8])
    '▁▁▄█'
    """
    size = -(-len(values) // most)
    means = [sum(some) / len(some) for some in (values[at : at + size] for at in range(0, len(values), size or 1))]
    top = max(means, default=0)
    return "".join(_level(value / top) if value > 0 else nothing for value in means)


def _level(share: float) -> str:
    return _LEVELS[max(0, round(share * len(_LEVELS)) - 1)]


def _colors(count: int) -> list[str]:
    return [_COLORS[number % len(_COLORS)] for number in range(count)]
