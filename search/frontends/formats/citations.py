"""Bookmarks as text, Markdown, and in the forms of citations: APA, GB/T 7714, BibTeX, CSL JSON."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import Any

from indexer.core.text.time_format import clock
from search.frontends.formats.display import BOLD, DIM, LABEL, TIME, Style, beginning, clean, columns
from search.frontends.formats.jsontext import to_json
from search.frontends.formats.markdown import escaped
from search.results.bookmarks import Bookmark, quote

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_LEAST_TITLE = 12
"""In columns: a title is cut to no less."""


def text(found: Sequence[Bookmark], style: Style) -> Iterator[str]:
    """Yields a numbered heading, the note and the quotation of each bookmark."""
    for number, one in enumerate(found, 1):
        if number > 1:
            yield ""
        facts = "  ".join(filter(None, (clean(one.show), one.date)))
        time = style.link(style.paint(clock(one.start), TIME), one.url)
        title = clean(one.title or one.episode)
        if style.width:
            used = columns(f"{number:>3}  {clock(one.start)}    {facts}")
            title = beginning(title, max(_LEAST_TITLE, style.width - used))
        yield f"{number:>3}  {time}  {style.paint(title, BOLD)}  {facts}".rstrip()
        if one.note:
            yield style.paint(f"     {clean(one.note)}", LABEL)
        yield from (f"     {line}" for line in _wrapped(clean(quote(one.lines)), style.width - 5))
        yield style.paint(f"     {clean(one.url or one.path)}", DIM)


def _wrapped(text: str, room: int) -> Iterator[str]:
    """Yields a text in lines of at most `room` columns, Latin words whole; as one if there is hardly any room."""
    line, used = "", 0
    for piece in re.findall(r"[!-~]+ ?|.", text) if room > _LEAST_TITLE else [text]:
        if line and room > _LEAST_TITLE and used + columns(piece.rstrip()) > room:
            yield line.rstrip()
            line, used = "", 0
        line, used = line + piece, used + columns(piece)
    yield line.rstrip()


def markdown(found: Sequence[Bookmark], style: Style) -> Iterator[str]:
    """Yields a linked heading, the note and the quotation of each bookmark, with the time of each line."""
    for number, one in enumerate(found):
        if number:
            yield ""
        heading = f"{clock(one.start)} {escaped(one.title or one.episode)}"
        yield f"## [{heading}](<{one.url}>)" if one.url else f"## {heading}"
        yield ""
        yield " · ".join(filter(None, (escaped(one.show), one.date, escaped(one.episode))))
        if one.note:
            yield from ("", escaped(one.note))
        yield ""
        for start, speaker, said in one.lines:
            name = f"{escaped(speaker)}: " if speaker else ""
            yield f"> - {clock(start)} {name}{escaped(said)}"


def apa(found: Sequence[Bookmark], style: Style) -> Iterator[str]:
    """Yields a reference in the form of APA (7th edition, podcast episode) and the quotation with its citation.

    The hosts are not known, so that the title takes the place of the author, as the rule for works without one is.
    """
    for one in found:
        title, source = one.title or one.episode, f" In {one.show}." if one.show else ""
        reference = f"{title} [Audio podcast episode]. ({_apa_date(one.date)}).{source} {one.url or ''}"
        yield clean(reference.rstrip())
        year = (one.date or "n.d.")[:4]
        yield clean(f"    “{quote(one.lines)}” (“{title},” {year}, {_apa_time(one.start)})")


def _apa_date(date: str | None) -> str:
    """`2025, January 15` for 2025-01-15, `2025, January` for 2025-01, `n.d.` without a date."""
    if not date:
        return "n.d."
    year, *rest = date.split("-")
    month = f", {_MONTHS[int(rest[0]) - 1]}" if rest else ""
    return f"{year}{month}" + (f" {int(rest[1])}" if len(rest) > 1 else "")


def _apa_time(seconds: float) -> str:
    """The time of a quotation without leading zeros: 0:48, 1:02:03."""
    return clock(seconds).removeprefix("00:").removeprefix("0")


def gbt7714(found: Sequence[Bookmark], style: Style) -> Iterator[str]:
    """Yields a reference in the form of GB/T 7714-2015 (4.6, electronic resources) and the quotation with its time.

    The show is named as the author; the date in brackets is the day on which the bookmark was made.
    """
    for one in found:
        author = f"{one.show}. " if one.show else ""
        issued = f"({one.date})" if one.date else ""
        access = f" {one.url}." if one.url else ""
        yield clean(f"{author}{one.title or one.episode}[EB/OL]. {issued}[{one.saved}].{access}")
        yield clean(f"    “{quote(one.lines)}”({clock(one.start)})")


def bibtex(found: Sequence[Bookmark], style: Style) -> Iterator[str]:
    """Yields an entry of BibTeX for each bookmark; the second braces keep the case of a title."""
    for key, one in zip(_keys(found), found, strict=True):
        fields = {
            "title": f"{{{_tex(one.title or one.episode)}}}",
            "howpublished": one.show,
            "year": (one.date or "")[:4],
            "date": one.date or "",
            "url": one.url or "",
            "urldate": one.saved if one.url else "",
            "note": f"{clock(one.start)}: {quote(one.lines)}",
        }
        yield f"@misc{{{key},"
        values = {name: value if name == "title" else _tex(value) for name, value in fields.items()}
        yield from (f"  {name} = {{{value}}}," for name, value in values.items() if value)
        yield "}"


def csl(found: Sequence[Bookmark], style: Style) -> Iterator[str]:
    """Yields the bookmarks as CSL JSON, which Zotero and pandoc read."""
    yield to_json([_csl(key, one) for key, one in zip(_keys(found), found, strict=True)], indent=2)


def _keys(found: Sequence[Bookmark]) -> Iterator[str]:
    """Yields the key of each bookmark: date, start (hours, minutes, seconds) and four hexadecimal digits made of its
    episode, start and day of keeping. It stays when others are removed; a second one with all the same ends in -2."""
    known = Counter[str]()
    for one in found:
        digits = sha256(f"{one.episode}\n{one.start}\n{one.saved}".encode("utf-8", "replace")).hexdigest()[:4]
        key = f"podseek{(one.date or '').replace('-', '')}-{clock(one.start).replace(':', '')}-{digits}"
        known[key] += 1
        yield key if known[key] == 1 else f"{key}-{known[key]}"


def _csl(key: str, one: Bookmark) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": key,
        "type": "broadcast",
        "title": one.title or one.episode,
        "container-title": one.show,
        "note": one.note,
        "annote": f"{clock(one.start)}: {quote(one.lines)}",
    }
    if one.date:
        item["issued"] = {"date-parts": [[int(part) for part in one.date.split("-")]]}
    if one.url:
        item["URL"] = one.url
        item["accessed"] = {"date-parts": [[int(part) for part in one.saved.split("-")]]}
    return {name: value for name, value in item.items() if value}


def jsonl(found: Sequence[Bookmark], style: Style) -> Iterator[str]:
    """Yields the bookmarks as they are kept."""
    return (to_json({"schema": 1, **one._asdict()}) for one in found)


def _tex(value: str) -> str:
    """A value without braces, tildes and backslashes, and with other signs of TeX escaped."""
    plain = clean(value).translate(str.maketrans("{}~^\\", "()   "))
    return re.sub(r"([#$%&_])", r"\\\1", plain)


FORMATS: dict[str, Callable[[Sequence[Bookmark], Style], Iterator[str]]] = {
    "text": text,
    "markdown": markdown,
    "apa": apa,
    "gbt7714": gbt7714,
    "bibtex": bibtex,
    "csl-json": csl,
    "jsonl": jsonl,
}
