"""Outlines, similar episodes and summaries as text, and outlines as chapters for players."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from indexer.core.messages import _, ngettext
from indexer.core.text.time_format import clock
from search.frontends.formats.display import BOLD, DIM, TIME, Page, beginning, clean, columns, ending, padded
from search.frontends.formats.jsontext import to_json
from search.frontends.formats.listings.lists import fact

if TYPE_CHECKING:
    from search.exploration.chapters.outline import Section
    from search.exploration.similar import Likeness
    from search.exploration.summary import Summary

_MOST_SHARES = 12
_WIDTH = 12
"""Columns of the names of facts."""
_LEAST_WORDS = 10
"""In columns: with less room shared words are left out."""


def outline(found: Sequence[Section], page: Page) -> Iterator[str]:
    """Yields a line per chapter: start, length and title; detected chapters are marked with ~."""
    for section in found:
        mark = "~" if section.approximate else " "
        time = page.style.paint(clock(section.start), TIME)
        length = _("{n:>5.1f} min").format(n=max(0.0, section.end - section.start) / 60)
        title = page.style.paint(clean(section.title), BOLD)
        said = clean(section.words) if not section.approximate else ""
        if page.style.width:
            said = beginning(said, max(0, page.style.width - len("~00:00:00   10.0 min    ") - columns(section.title)))
        words = f"  {page.style.paint(said, DIM)}" if len(said) > 1 else ""
        yield f"{mark}{time}  {length}  {title}{words}"


def outline_plain(found: Sequence[Section], page: Page) -> Iterator[str]:
    """Yields a time and a title per line, as in shownotes."""
    return (f"{clock(section.start)} {clean(section.title)}" for section in found)


def outline_chapters(found: Sequence[Section], page: Page) -> Iterator[str]:
    """Yields Podcasting 2.0 JSON chapters (1.2.0)."""
    chapters = [{"startTime": one.start, "endTime": one.end, "title": clean(one.title)} for one in found]
    yield to_json({"version": "1.2.0", "chapters": chapters}, indent=2)


def likenesses(found: Sequence[Likeness], page: Page) -> Iterator[str]:
    """Yields a line per episode: score, title, id and shared words."""
    width = min(36, max((columns(clean(row.title)) for row in found), default=0))
    if room := page.style.width:
        width = min(width, room // 2 - 8)
    for row in found:
        title = page.style.paint(padded(clean(row.title), width), BOLD)
        name, words = clean(row.episode), clean(row.words)
        if room:
            name = ending(name, max(8, room - width - 10))
            left = room - width - columns(name) - 12
            words = beginning(words, left) if left >= _LEAST_WORDS else ""
        yield f"{row.score:>6.2f}  {title}  {page.style.paint(name, DIM)}  {words}".rstrip()


def summary(found: Sequence[Summary], page: Page) -> Iterator[str]:
    """Yields a line per fact, then the shows and the speakers."""
    for one in found:
        value = ngettext(
            "{episodes:,}, {hours:,.1f} h, {cues:,} cue", "{episodes:,}, {hours:,.1f} h, {cues:,} cues", one.cues
        )
        yield fact(_("episodes"), value.format(episodes=one.episodes, hours=one.hours, cues=one.cues), _WIDTH)
        value = _("{atoms:,} characters, names and numbers, {rate:,.0f} a minute")
        yield fact(_("speech"), value.format(atoms=one.atoms, rate=one.atoms_a_minute), _WIDTH)
        value = _("{words:,}, {different:,} different, {once:,} of them once")
        yield fact(_("words"), value.format(words=one.words, different=one.vocabulary, once=one.once), _WIDTH)
        if one.growth[1]:
            value = _("{factor:,.1f} * words ** {exponent:.3f}")
            yield fact(_("growth"), value.format(factor=one.growth[0], exponent=one.growth[1]), _WIDTH)
        lines = "  ".join(f"{clean(line)} ×{count}" for line, count in one.damped_lines)
        value = ngettext(
            "{cues:,} cue, {words:,} words  {lines}", "{cues:,} cues, {words:,} words  {lines}", one.damped_cues
        )
        value = value.format(cues=one.damped_cues, words=one.damped_words, lines=lines)
        yield fact(_("damped"), value.rstrip(), _WIDTH)
        if one.languages:
            yield fact(_("languages"), "  ".join(f"{clean(name)} {count:,}" for name, count in one.languages), _WIDTH)
        if one.months:
            value = _("{first} to {last}").format(first=one.months[0][0], last=one.months[-1][0])
            yield fact(_("dates"), value, _WIDTH)
        yield from _shares(one, page)


def _shares(one: Summary, page: Page) -> Iterator[str]:
    kinds = (("show", _("show"), _("{n} more shows")), ("speaker", _("speaker"), _("{n} more speakers")))
    for kind, label, others in kinds:
        shares = [share for share in one.shares if share.kind == kind]
        width = max((columns(clean(share.name)) for share in shares[:_MOST_SHARES]), default=0)
        for share in shares[:_MOST_SHARES]:
            name = page.style.paint(padded(clean(share.name), width), BOLD)
            value = ngettext(
                "{episodes:>5,} episode   {hours:>8,.1f} h  {rate:>5,.0f} a minute",
                "{episodes:>5,} episodes  {hours:>8,.1f} h  {rate:>5,.0f} a minute",
                share.episodes,
            )
            counts = value.format(episodes=share.episodes, hours=share.hours, rate=share.atoms_a_minute)
            yield fact(label, f"{name}  {counts}", _WIDTH)
        if len(shares) > _MOST_SHARES:
            value = _("and {others}: --format json has all")
            yield fact("", value.format(others=others.format(n=len(shares) - _MOST_SHARES)), _WIDTH)
