"""Parses the bytes of a feed: feedparser reads RSS and Atom, `elements` reads the podcast namespace.

The input is untrusted: texts are truncated and sanitized, addresses other than http and https are dropped.
"""

from __future__ import annotations

import codecs
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from indexer.core.errors import PodseekProblem
from indexer.core.feed_types import Feed, FileLink, Item
from indexer.core.messages import _
from indexer.core.text.clock_times import read_clock
from indexer.core.text.sanitize import language_tag, tidy
from indexer.core.types import Chapter, Complaint
from indexer.metadata.chapters import LONGEST_TITLE, in_order, make_chapter
from indexer.metadata.feeds.elements import MOST_ELEMENTS, Element, Elements, Refused, collect
from indexer.metadata.feeds.shownotes import find_stamps, text_lines

LARGEST_BROKEN = 8 * 1024 * 1024
"""Maximum size of a feed with XML errors, in bytes: these take feedparser a second or more per megabyte."""

_LONGEST_ADDRESS = 2_000
_MOST_OF_A_KIND = 50
"""Maximum number of transcripts, of soundbites and of persons per item."""

_HTML = re.compile(rb"\s*(?:<!doctype\s+html|<html)\b", re.IGNORECASE)
_DECLARATION = re.compile(rb"""\s*<\?xml[^>]{1,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_ANY_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,500}\?>")
_ISO_DAY = re.compile(r"\s*(\d{4}-\d{2}-\d{2})(?!\d)")

_NO_ENCODINGS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "unicode_escape"})
"""Python codecs that are not encodings of text files; some take quadratic time."""

Entry = Mapping[str, Any]
"""feedparser's result for one item, or for the feed."""


class FeedProblem(PodseekProblem):
    """A feed cannot be parsed. The message is the reason, without the path or URL."""


def parse_feed(data: bytes, source: str, base: str = "") -> Feed:
    """Parses a feed read from `source`; resolves relative addresses against `base`.

    Raises FeedProblem if `data` is not a feed or exceeds a limit.
    """
    if not data.strip():
        raise FeedProblem(_("the file is empty"))
    if _HTML.match(data.removeprefix(b"\xef\xbb\xbf")):
        raise FeedProblem(_("this is a web page, not a feed: look for the address of its feed (RSS)"))
    data = as_utf8(data)
    try:
        elements = collect(data)
    except Refused as refused:
        raise FeedProblem(str(refused)) from None
    if elements.broken and (len(data) > LARGEST_BROKEN or data.count(b"<") > MOST_ELEMENTS):
        raise FeedProblem(
            _("not well-formed XML ({broken}), and too large to be mended").format(broken=elements.broken)
        )
    parsed = _parsed(data)
    if not parsed.get("version") and not parsed["entries"]:
        what = (
            _("not well-formed XML ({broken})").format(broken=elements.broken)
            if elements.broken
            else _("neither RSS nor Atom")
        )
        raise FeedProblem(_("this is no feed: {what}").format(what=what))
    complaints = []
    if elements.broken:
        what = _("not well-formed XML ({broken})").format(broken=elements.broken)
        complaints.append(
            Complaint(source, 0, what, _("read as well as it can be, podcast: elements only before that"))
        )
    items = tuple(_items(parsed["entries"], parsed["feed"], elements, base, source, complaints))
    return Feed(source, _text(parsed["feed"].get("title")), items, tuple(complaints))


def as_utf8(data: bytes) -> bytes:
    """Returns the XML as UTF-8 without its declaration, or unchanged if it cannot be decoded. Raises FeedProblem if the
    declared encoding is not one of text."""
    declared = _DECLARATION.match(data)
    name = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else declared[1].decode("ascii") if declared else "utf-8"
    try:
        if codecs.lookup(name).name in _NO_ENCODINGS:
            raise FeedProblem(_("no feed is in the encoding {name}").format(name=name))
        text = data.decode("utf-8-sig" if name.lower() in ("utf-8", "utf8") else name)
    except (LookupError, UnicodeError):
        return data  # feedparser guesses the encoding
    return _ANY_DECLARATION.sub("", text, count=1).encode("utf-8", "replace")


def _parsed(data: bytes) -> Mapping[str, Any]:
    import feedparser  # late: only feeds need it

    try:
        # No base address is passed, since feedparser would resolve guids as relative addresses.
        parsed: Mapping[str, Any] = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # feedparser raises many types on malformed input
        raise FeedProblem(_("cannot be read as a feed ({reason})").format(reason=tidy(str(error), 100))) from None
    return parsed


def _items(
    entries: Sequence[Entry], show: Entry, elements: Elements, base: str, source: str, complaints: list[Complaint]
) -> list[Item]:
    of_show = _speakers(elements.show)
    language = language_tag(show.get("language"))
    items: list[Item] = []
    for number, entry in enumerate(entries):
        own = elements.items[number] if number < len(elements.items) else []
        item = _item(entry, own, base)
        written = _written_date(entry)
        if item.date is None and written:
            what = _("item {number} ({title}) has a date that cannot be read: {date}").format(
                number=number + 1, title=item.title, date=tidy(written, 40)
            )
            complaints.append(Complaint(source, 0, what, _("left out")))
        items.append(replace(item, speakers=item.speakers or of_show, language=item.language or language))
    for guid, count in Counter(item.guid for item in items if item.guid).items():
        if count > 1:
            complaints.append(
                Complaint(
                    source,
                    0,
                    _("{count} items have the guid {guid}").format(count=count, guid=guid),
                    _("told apart by their other facts"),
                )
            )
    return items


def _item(entry: Entry, own: Sequence[Element], base: str) -> Item:
    duration = read_clock(str(entry.get("itunes_duration") or ""))
    notes = [part.get("value") or "" for part in entry.get("content") or [] if isinstance(part, Mapping)]
    stamps = (find_stamps(text, duration) for text in (*notes, str(entry.get("summary") or "")))
    link = entry.get("link")
    return Item(
        guid=tidy(str(entry.get("id") or ""), 500),
        title=_text(entry.get("title")),
        date=_day(entry),
        audio=_enclosure(entry, base),
        link=None if entry.get("guidislink") and not _address(link, "") else _address(link, base),
        duration=duration,
        language=language_tag(entry.get("language")),
        number=_number(entry.get("itunes_episode")),
        speakers=_speakers(own),
        chapters=_simple_chapters(entry),
        soundbites=_soundbites(own),
        stamps=max(stamps, key=len, default=()),
        chapters_at=next((pointer.url for pointer in _pointers(own, "chapters", base)), None),
        transcripts=_pointers(own, "transcript", base),
    )


def _text(value: object) -> str:
    """Returns a title as plain text; some contain HTML."""
    return tidy(" ".join(text_lines(str(value or "")[:5000])), LONGEST_TITLE)


def _written_date(entry: Entry) -> str:
    return str(entry.get("published") or entry.get("updated") or "")


def _day(entry: Entry) -> str | None:
    """Returns the publication day of an item (ISO 8601) in its own time zone; None if it cannot be read."""
    written = _written_date(entry)
    try:
        day = _ISO_DAY.match(written)
        return (date.fromisoformat(day[1]) if day else parsedate_to_datetime(written).date()).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        parsed = entry.get("published_parsed")
    try:
        return date(*parsed[:3]).isoformat() if parsed else None
    except ValueError:
        return None


def _enclosure(entry: Entry, base: str) -> str | None:
    """Returns the address of the audio enclosure of an item, else of any other enclosure."""
    links = [link for link in entry.get("links") or [] if link.get("rel") == "enclosure"]
    links.sort(key=lambda link: not str(link.get("type") or "").startswith("audio"))
    return next((found for found in (_address(link.get("href"), base) for link in links) if found), None)


def _address(value: object, base: str) -> str | None:
    """Returns `value` as an absolute http or https address; None for anything else."""
    written = str(value or "").strip()
    if not written or len(written) > _LONGEST_ADDRESS or not written.isprintable():
        return None
    try:
        found = urljoin(base, written)
        parts = urlsplit(found)
    except ValueError:
        return None
    return found if parts.scheme in ("http", "https") and parts.netloc else None


def _number(value: object) -> int | None:
    written = str(value or "").strip()
    return int(written) if re.fullmatch(r"[0-9]{1,6}", written) else None


def _of(elements: Sequence[Element], name: str) -> list[Element]:
    return [element for element in elements if element.name == name][:_MOST_OF_A_KIND]


def _pointers(elements: Sequence[Element], name: str, base: str) -> tuple[FileLink, ...]:
    """Returns the links in the elements of this name, with any scheme; `http_client` checks the address."""
    found = []
    for element in _of(elements, name):
        written = element.attributes.get("url", "").strip()
        try:
            url = urljoin(base, written)
        except ValueError:
            url = written
        if written and len(url) <= _LONGEST_ADDRESS and url.isprintable():
            kind, language = element.attributes.get("type", ""), element.attributes.get("language", "")
            found.append(FileLink(url, tidy(kind, 100).lower(), language_tag(language) or ""))
    return tuple(found)


def _speakers(elements: Sequence[Element]) -> tuple[str, ...]:
    """Returns the names of the persons in the group `cast`, which is the default group."""
    heard = [e for e in _of(elements, "person") if e.attributes.get("group", "cast").strip().lower() == "cast"]
    return tuple(dict.fromkeys(name for name in (tidy(element.text, 100) for element in heard) if name))


def _simple_chapters(entry: Entry) -> tuple[Chapter, ...]:
    """Returns the Podlove Simple Chapters of an item, which are in the feed itself."""
    listed = (entry.get("psc_chapters") or {}).get("chapters") or []
    made = (make_chapter(read_clock(str(c.get("start") or "")), str(c.get("title") or "")) for c in listed)
    return in_order(chapter for chapter in made if chapter is not None)


def _soundbites(elements: Sequence[Element]) -> tuple[Chapter, ...]:
    made = []
    for element in _of(elements, "soundbite"):
        start = read_clock(element.attributes.get("startTime", ""))
        length = read_clock(element.attributes.get("duration", ""))
        end = start + length if start is not None and length is not None else None
        made.append(make_chapter(start, element.text or "…", end, "soundbite"))
    return in_order(chapter for chapter in made if chapter is not None)
