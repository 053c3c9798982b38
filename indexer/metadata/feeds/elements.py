"""One pass over the XML of a feed before feedparser reads it: enforces limits against hostile input, and collects
the elements of the podcast namespace, of which feedparser keeps only the last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from indexer.core.feed_types import MOST_ITEMS
from indexer.core.messages import _

MOST_ELEMENTS = 500_000
"""feedparser takes 15 s or more per million; the elements of 20,000 episodes are fewer."""
_DEEPEST = 100
_MOST_ATTRIBUTES = 100
_LONGEST_TEXT = 8 * 1024 * 1024
"""Maximum number of characters between two tags. The longest known shownotes have 60,000."""
_LONGEST_ENTITY = 64
"""Maximum length of an entity, in characters. Feeds declare entities for characters and names; entities that refer to
other entities expand exponentially."""

_NAMESPACES = (
    "https://podcastindex.org/namespace/1.0",
    "https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md",
)
_ITEMS = ("item", "entry")
_LIVE = "liveItem"
_KEPT = frozenset({"transcript", "chapters", "soundbite", "person"})


class Refused(ValueError):
    """The feed exceeds a limit and is not read. The message is the reason."""


@dataclass(slots=True)
class Element:
    """An element of the podcast namespace: its local name, attributes and text."""

    name: str
    attributes: Mapping[str, str]
    text: str = ""


@dataclass(slots=True)
class Elements:
    """The podcast elements of the channel (`show`) and of each item, in document order. `broken` is the place and
    cause of the first XML error, empty if the XML is well-formed."""

    show: list[Element] = field(default_factory=list)
    items: list[list[Element]] = field(default_factory=list)
    broken: str = ""


def collect(data: bytes) -> Elements:
    """Returns the podcast elements of a feed, up to the first XML error. Raises Refused if it exceeds a limit."""
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)
    except expat.ExpatError as error:
        reader.found.broken = f"line {error.lineno}: {expat.ErrorString(error.code)}"
    except (ValueError, LookupError) as error:
        if isinstance(error, Refused):
            raise
        reader.found.broken = str(error)  # an encoding expat does not know
    return reader.found


class _Reader:
    def __init__(self) -> None:
        self.found = Elements()
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = self._entity
        self.parser.AttlistDeclHandler = self._attributes
        self._prefixes = {"podcast"}
        self._depth = self._count = self._since_tag = 0
        self._open: Element | None = None
        self._place = self.found.show

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._count += 1
        self._depth += 1
        self._since_tag = 0
        if self._depth > _DEEPEST:
            raise Refused(_("elements stand more than {deepest} deep in each other").format(deepest=_DEEPEST))
        if self._count > MOST_ELEMENTS:
            raise Refused(_("more than {most:,} elements are too many for a feed").format(most=MOST_ELEMENTS))
        if len(attributes) > _MOST_ATTRIBUTES:
            raise Refused(_("an element has more than {most} attributes").format(most=_MOST_ATTRIBUTES))
        for name, value in attributes.items():
            if name.startswith("xmlns:") and value.lower() in _NAMESPACES:
                self._prefixes.add(name[6:])
        prefix, __, name = tag.rpartition(":")
        if tag in _ITEMS:
            self._place = []
            self.found.items.append(self._place)
            if len(self.found.items) > MOST_ITEMS:
                raise Refused(_("more than {most:,} items are too many for a feed").format(most=MOST_ITEMS))
        elif prefix in self._prefixes and name == _LIVE:
            self._place = []  # discarded: its elements do not describe the show
        elif prefix in self._prefixes and name in _KEPT:
            self._open = Element(name, attributes)
            self._place.append(self._open)

    def _end(self, tag: str) -> None:
        self._depth -= 1
        self._since_tag = 0
        self._open = None
        if tag in _ITEMS or tag.endswith(":" + _LIVE):
            self._place = self.found.show

    def _text(self, text: str) -> None:
        self._since_tag += len(text)
        if self._since_tag > _LONGEST_TEXT:
            raise Refused(
                _("a text of more than {most} million characters is too long for shownotes").format(
                    most=_LONGEST_TEXT >> 20
                )
            )
        if self._open is not None and len(self._open.text) < 1000:
            self._open.text += text

    def _entity(self, name: str, is_parameter: bool, value: str | None, *others: object) -> None:
        if is_parameter or value is None or len(value) > _LONGEST_ENTITY or "&" in value:
            raise Refused(
                _("it declares the entity {name!r}, which stands for more than a character or a name").format(
                    name=name[:20]
                )
            )

    def _attributes(self, element: str, *others: object) -> None:
        # A default of megabytes would be copied for each element, and expat compares each declaration to all others.
        raise Refused(_("it declares the attributes of {name!r}, which no feed needs").format(name=element[:20]))
