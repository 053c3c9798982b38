"""Subscriptions as OPML, which podcast apps export and import: reads the feeds of a file, and writes one.

The input is untrusted: declarations of entities and attributes are refused, sizes are bounded, and only http and https
addresses are returned.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from xml.parsers import expat

from indexer.core.errors import PodseekProblem
from indexer.core.files.regular_files import read_regular
from indexer.core.messages import _
from indexer.core.text.sanitize import tidy
from indexer.metadata.feeds.parse import FeedProblem, as_utf8

_LARGEST = 16 * 1024 * 1024
"""In bytes."""
_MOST_ELEMENTS, _DEEPEST = 100_000, 100
_LONGEST_ADDRESS, _LONGEST_TITLE = 2_000, 300
_BEGINNING = re.compile(rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)?<opml\b", re.IGNORECASE | re.DOTALL)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class OpmlProblem(PodseekProblem):
    """A file of subscriptions cannot be read."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed by its address, with the title that the file gives it, which may be empty."""

    address: str
    title: str = ""


@dataclass(slots=True)
class Subscriptions:
    """The feeds of a file in its order, each once; `refused` are the addresses that are not on the web."""

    feeds: list[Subscription] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def is_opml(path: Path) -> bool:
    """True for a file that is OPML by its suffix, or that is XML with such an element at its beginning. Raises
    OSError."""
    if path.suffix.lower() == ".opml":
        return True
    if path.suffix.lower() != ".xml":
        return False
    with path.open("rb") as file:
        return _BEGINNING.match(file.read(4096).removeprefix(b"\xef\xbb\xbf")) is not None


def read_subscriptions(path: Path) -> Subscriptions:
    """Reads a file of subscriptions. Raises OpmlProblem if it is none, or exceeds a limit, and OSError."""
    reader = _Reader()
    try:
        reader.parser.Parse(as_utf8(read_regular(path, _LARGEST)), True)
    except expat.ExpatError as error:
        what = _("{file}:{line}: not well-formed XML ({cause}): export it again, or fix it")
        raise OpmlProblem(what.format(file=path, line=error.lineno, cause=expat.ErrorString(error.code))) from None
    except (FeedProblem, ValueError, LookupError) as error:
        raise OpmlProblem(f"{path}: {error}") from None
    if not reader.is_opml:
        raise OpmlProblem(_("{file}: is not an OPML file: it has no outlines").format(file=path))
    return reader.found


class _Reader:
    """Collects the outlines with an address. Raises OpmlProblem for hostile XML, without the path."""

    def __init__(self) -> None:
        self.found = Subscriptions()
        self.is_opml = False
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.EntityDeclHandler = self._entity
        self.parser.AttlistDeclHandler = self._attributes
        self._known = set[str]()
        self._depth = self._count = 0

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._count += 1
        if self._depth > _DEEPEST or self._count > _MOST_ELEMENTS:
            raise ValueError(_("too many outlines, or too deep in each other, for a list of subscriptions"))
        if self._depth == 1:
            self.is_opml = tag.lower() == "opml"
        given = {name.lower(): value for name, value in attributes.items()}
        address = given.get("xmlurl", "").strip()
        if tag.lower() != "outline" or not address or address in self._known:
            return
        self._known.add(address)
        if not _is_of_the_web(address):
            self.found.refused.append(tidy(address, 100))
            return
        title = tidy(given.get("title") or given.get("text") or "", _LONGEST_TITLE)
        self.found.feeds.append(Subscription(address, title))

    def _end(self, tag: str) -> None:
        self._depth -= 1

    def _entity(self, name: str, *others: object) -> None:
        raise ValueError(
            _("it declares the entity {name!r}, which no list of subscriptions needs").format(name=name[:20])
        )

    def _attributes(self, element: str, *others: object) -> None:
        what = _("it declares the attributes of {name!r}, which no list of subscriptions needs")
        raise ValueError(what.format(name=element[:20]))


def _is_of_the_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    is_plain = len(address) <= _LONGEST_ADDRESS and address.isprintable() and " " not in address
    return parts.scheme.lower() in ("http", "https") and bool(parts.netloc) and is_plain


def opml_lines(feeds: Iterable[Subscription]) -> Iterator[str]:
    """Yields the lines of an OPML 2.0 file."""
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<opml version="2.0">'
    yield "  <head><title>podseek</title></head>"
    yield "  <body>"
    for one in feeds:
        title = _quoted(one.title or one.address)
        yield f'    <outline type="rss" text={title} title={title} xmlUrl={_quoted(one.address)}/>'
    yield "  </body>"
    yield "</opml>"


def _quoted(value: str) -> str:
    from xml.sax.saxutils import quoteattr

    return quoteattr(_NOT_XML.sub("", value))
