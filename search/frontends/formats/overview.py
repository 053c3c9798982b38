"""Outlines, similar episodes and summaries as text, and outlines as chapters for players."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from indexer.core.time_format import clock
from search.frontends.formats.display import Page, clean, columns, padded
from search.frontends.formats.jsontext import to_json

if TYPE_CHECKING:
    from search.analysis.outline import Section
    from search.analysis.similar import Likeness
    from search.analysis.summary import Summary

_BOLD, _DIM, _TIME = "1", "2", "36"
_MOST_SHARES = 12


def outline(found: Sequence[Section], page: Page) -> Iterator[str]:
    """Yields a line per chapter: start, length and title; detected chapters are marked with ~."""
    for section in found:
        mark = "~" if section.approximate else " "
        time = page.style.paint(clock(section.start), _TIME)
        length = f"{max(0.0, section.end - section.start) / 60:>5.1f} min"
        title = page.style.paint(clean(section.title), _BOLD)
        words = f"  {page.style.paint(clean(section.words), _DIM)}" if not section.approximate and section.words else ""
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
    for row in found:
        title = page.style.paint(padded(clean(row.title), width), _BOLD)
        yield f"{row.score:>6.2f}  {title}  {page.style.paint(clean(row.episode), _DIM)}  {clean(row.words)}"


def summary(found: Sequence[Summary], page: Page) -> Iterator[str]:
    """Yields a line per fact, then the shows and the speakers."""
    for one in found:
        yield f"episodes    {one.episodes:,}, {one.hours:,.1f} h, {one.cues:,} cues"
        yield f"speech      {one.atoms:,} characters, names and numbers, {one.atoms_a_minute:,.0f} a minute"
        yield f"words       {one.words:,}, {one.vocabulary:,} different, {one.once:,} of them once"
        if one.growth[1]:
            yield f"growth      {one.growth[0]:,.1f} * words ** {one.growth[1]:.3f}"
        lines = "  ".join(f"{clean(line)} ×{count}" for line, count in one.damped_lines)
        yield f"damped      {one.damped_cues:,} cues, {one.damped_words:,} words  {lines}".rstrip()
        if one.languages:
            yield "languages   " + "  ".join(f"{clean(name)} {count:,}" for name, count in one.languages)
        if one.months:
            yield f"dates       {one.months[0][0]} to {one.months[-1][0]}"
        yield from _shares(one, page)


def _shares(one: Summary, page: Page) -> Iterator[str]:
    for kind in ("show", "speaker"):
        shares = [share for share in one.shares if share.kind == kind]
        width = max((columns(clean(share.name)) for share in shares[:_MOST_SHARES]), default=0)
        for share in shares[:_MOST_SHARES]:
            name = page.style.paint(padded(clean(share.name), width), _BOLD)
            counts = f"{share.episodes:>5,} episodes  {share.hours:>8,.1f} h  {share.atoms_a_minute:>5,.0f} a minute"
            yield f"{kind:<10}  {name}  {counts}"
        if len(shares) > _MOST_SHARES:
            yield f"            and {len(shares) - _MOST_SHARES} more {kind}s: --format json has all"
