"""Lists as tables in Markdown, as GitHub, Obsidian and pandoc read them: for an article, notes, an issue."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from indexer.core.messages import N_, _
from indexer.core.text.time_format import clock
from indexer.core.types import Episode
from search.frontends.formats.display import Page
from search.frontends.formats.listings import words as exploration
from search.frontends.formats.markdown import escaped
from search.results.links import encoded

if TYPE_CHECKING:
    from search.exploration.chapters.outline import Section
    from search.exploration.collocations import Collocate
    from search.exploration.concordance import Concordance
    from search.exploration.dispersion import Dispersion
    from search.exploration.frequency import TermCount
    from search.exploration.keyness import Keyword
    from search.exploration.new_words import NewWord
    from search.exploration.similar import Likeness
    from search.exploration.trends import Rate, Trend
    from search.results.counts import EpisodeCount

_TEXT, _NUMBER = ":--", "--:"
_PLACE = (N_("time"), N_("line"), N_("episode"))


class _Column(NamedTuple):
    """A heading, how what is below it is aligned, and the cell of a row, in Markdown."""

    heading: str
    aligned: str
    cell: Callable[[Any], str]


def episodes(found: Iterable[Episode], page: Page) -> Iterator[str]:
    """Yields a row per episode."""
    columns = (
        _Column(_("date"), _TEXT, lambda one: one.period or ""),
        _Column(_("length"), _NUMBER, lambda one: clock(one.duration)),
        _Column(_("cues"), _NUMBER, lambda one: f"{one.cues:,}"),
        _Column(_("title"), _TEXT, lambda one: _linked(escaped(one.title or one.id), encoded(one.facts.link))),
        _Column(_("show"), _TEXT, lambda one: escaped(one.show)),
        _Column(_("episode"), _TEXT, lambda one: escaped(one.id)),
    )
    return _table(columns, found)


def counts(found: Iterable[EpisodeCount], page: Page) -> Iterator[str]:
    """Yields a row per episode, with its moments and matches."""
    columns = (
        _Column(_("moments"), _NUMBER, lambda one: f"{one.moments:,}"),
        _Column(_("matches"), _NUMBER, lambda one: f"{one.matches:,}"),
        _Column(_("title"), _TEXT, lambda one: escaped(one.episode.title or one.episode.id)),
        _Column(_("episode"), _TEXT, lambda one: escaped(one.episode.id)),
    )
    return _table(columns, found)


def terms(found: Iterable[TermCount], page: Page) -> Iterator[str]:
    """Yields a row per word."""
    return _table(_words(exploration.TERMS, exploration.term_cells), found)


def keywords(found: Iterable[Keyword], page: Page) -> Iterator[str]:
    """Yields a row per keyword, with its first moment."""
    return _table(_words(exploration.KEYWORDS, exploration.keyword_cells, has_place=True), found)


def new_words(found: Iterable[NewWord], page: Page) -> Iterator[str]:
    """Yields a row per new word, with its first moment."""
    return _table(_words(exploration.NEW_WORDS, exploration.new_word_cells, has_place=True), found)


def collocates(found: Iterable[Collocate], page: Page) -> Iterator[str]:
    """Yields a row per collocate, with its first moment."""
    return _table(_words(exploration.COLLOCATES, exploration.collocate_cells, has_place=True), found)


def concordance(found: Concordance, page: Page) -> Iterator[str]:
    """Yields a row per match, which is bold, between what is said before and after it."""
    columns = (
        _Column(_("time"), _NUMBER, lambda line: _linked(clock(line.start), line.url)),
        _Column(_("before"), _NUMBER, lambda line: escaped(line.before).strip()),
        _Column(_("match"), _TEXT, lambda line: f"**{escaped(line.match).strip()}**"),
        _Column(_("after"), _TEXT, lambda line: escaped(line.after).strip()),
        _Column(_("date"), _TEXT, lambda line: line.period or ""),
        _Column(_("title"), _TEXT, lambda line: escaped(line.title or line.episode)),
    )
    return _table(columns, found)


def trend(found: Trend, page: Page) -> Iterator[str]:
    """Yields a row per group, with two columns per word: how often it is said there, and how often in an hour."""
    words = [list(rows) for __, rows in groupby(found, lambda rate: rate.term)]
    columns = [
        _Column(_(found.by), _TEXT, lambda rates: escaped(rates[0].label)),
        _Column(_("hours"), _NUMBER, lambda rates: f"{rates[0].hours:,.2f}"),
    ]
    for at, rows in enumerate(words):
        columns.append(_Column(rows[0].term, _NUMBER, partial(_count, at)))
        columns.append(_Column("/h", _NUMBER, partial(_rate, at)))
    return _table(columns, zip(*words, strict=True))


def _count(at: int, rates: Sequence[Rate]) -> str:
    return f"{rates[at].count:,}"


def _rate(at: int, rates: Sequence[Rate]) -> str:
    return f"{rates[at].per_hour:,.2f}"


def dispersion(found: Dispersion, page: Page) -> Iterator[str]:
    """Yields a row per word and episode."""
    columns = (
        _Column(_("date"), _TEXT, lambda row: row.period or ""),
        _Column(_("title"), _TEXT, lambda row: escaped(row.title or row.episode)),
        _Column("", _TEXT, lambda row: escaped(row.term)),
        _Column(_("count"), _NUMBER, lambda row: f"{row.count:,}"),
        _Column("DPnorm", _NUMBER, lambda row: f"{row.dp_norm:.2f}"),
    )
    return _table(columns, found)


def evenness(found: Dispersion, page: Page) -> Iterator[str]:
    """Yields a row per word: how evenly it is spread over the episodes, and over equal parts of all that is said."""
    over = found.evenness[0].parts if found.evenness else 0
    columns = (
        _Column("", _TEXT, lambda row: escaped(row.term)),
        _Column(_("count"), _NUMBER, lambda row: f"{row.count:,}"),
        _Column(_("episodes"), _NUMBER, lambda row: _("{episodes:,} of {n:,}").format(episodes=row.episodes, n=row.of)),
        _Column("DPnorm", _NUMBER, lambda row: f"{row.dp_norm_episodes:.2f}" if row.count else ""),
        _Column(f"DPnorm ({over})", _NUMBER, lambda row: f"{row.dp_norm_parts:.2f}" if row.count else ""),
    )
    return _table(columns, found.evenness)


def outline(found: Iterable[Section], page: Page) -> Iterator[str]:
    """Yields a row per chapter; detected chapters are marked with ~."""
    columns = (
        _Column(_("time"), _NUMBER, lambda one: ("~" if one.approximate else "") + clock(one.start)),
        _Column(_("length"), _NUMBER, lambda one: clock(max(0.0, one.end - one.start))),
        _Column(_("title"), _TEXT, lambda one: escaped(one.title)),
    )
    return _table(columns, found)


def likenesses(found: Iterable[Likeness], page: Page) -> Iterator[str]:
    """Yields a row per episode, with the words that it shares."""
    columns = (
        _Column(_("score"), _NUMBER, lambda row: f"{row.score:.2f}"),
        _Column(_("title"), _TEXT, lambda row: escaped(row.title or row.episode)),
        _Column(_("show"), _TEXT, lambda row: escaped(row.show)),
        _Column(_("date"), _TEXT, lambda row: row.period or ""),
        _Column(_("words"), _TEXT, lambda row: escaped(row.words)),
        _Column(_("episode"), _TEXT, lambda row: escaped(row.episode)),
    )
    return _table(columns, found)


def _words(heading: Sequence[str], cells: Callable[[Any], Sequence[str]], has_place: bool = False) -> Sequence[_Column]:
    """The columns of a table of words: the word, its figures and, if it has one, its first moment."""

    def cell(at: int, row: Any) -> str:
        return escaped(cells(row)[at])

    columns = [
        _Column(_(name) if name else "", _NUMBER if at else _TEXT, partial(cell, at)) for at, name in enumerate(heading)
    ]
    if has_place:
        places = (lambda row: clock(row.start)), (lambda row: escaped(row.line)), (lambda row: escaped(row.episode))
        columns += (_Column(_(name), _TEXT, place) for name, place in zip(_PLACE, places, strict=True))
    return columns


def _table(columns: Sequence[_Column], rows: Iterable[Any]) -> Iterator[str]:
    """Yields the heading, the line below it and a line per row; nothing if there are no rows."""
    for number, row in enumerate(rows):
        if number == 0:
            yield _row(escaped(column.heading) for column in columns)
            yield _row(column.aligned for column in columns)
        yield _row(column.cell(row) for column in columns)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _linked(text: str, url: str | None) -> str:
    return f"[{text}](<{url}>)" if url else text
