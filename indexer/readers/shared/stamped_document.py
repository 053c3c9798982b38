"""A stamped text taken apart: its times, the lines below each, its headings, and who is named above a time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from indexer.readers.shared.front_matter import front_matter
from indexer.readers.shared.labels import is_generic, is_name
from indexer.readers.shared.limits import MOST_CUES
from indexer.readers.shared.srt_repair import split_lines
from indexer.readers.shared.stamped_lines import Stamp, heading_of, stamps_of

_FEW = 50
_MOST = 0.8
"""Where so many of the times stand beside a name, or below one, that is who speaks."""


@dataclass(slots=True)
class StampedEntry:
    """A stamp, the lines below it up to the next, and the heading and the name above it, if any."""

    stamp: Stamp
    below: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    heading: str = ""
    above: str = ""

    def name(self) -> str:
        """What stands beside the time, if it can be a name and text follows below."""
        name = self.stamp.text.strip("*_` \t:：")
        return name if any(map(str.strip, self.below)) and is_name(name) else ""

    def characters(self) -> int:
        return len(self.stamp.text) + sum(map(len, self.below))


@dataclass(slots=True)
class Document:
    """All of a text. `before` are the lines (number, text) above the first time that are no headings.

    A paragraph begins behind an empty line and with each time; `stamped` are those with a time, or below one that
    stands alone or beside a name. `beside` and `above` are True where names stand there.
    """

    entries: list[StampedEntry] = field(default_factory=list)
    before: list[tuple[int, str]] = field(default_factory=list)
    title: str = ""
    paragraphs: int = 0
    stamped: int = 0
    beside: bool = False
    above: bool = False


def take_apart(text: str) -> Document:
    """The document of a text, with front matter and rules left out."""
    document = Document()
    skipped = front_matter(text)[1]
    heading, above, gap, alone = "", "", True, False
    for number, line in enumerate(split_lines(text), 1):
        if number <= skipped or not line.strip("\ufeff \t-*_="):
            gap, above = True, ""
            continue
        stamps = stamps_of(number, line)
        title = "" if stamps else heading_of(line)
        if title:
            is_page = not document.title and not document.entries and line.lstrip("\ufeff ").startswith("# ")
            document.title, heading = (title, "") if is_page else (document.title, title)
        elif stamps:
            if len(document.entries) > MOST_CUES:  # who reads it refuses it
                break
            document.entries += [StampedEntry(stamp) for stamp in stamps]
            entry = document.entries[-len(stamps)]
            entry.heading, entry.above = heading, above
            heading, above, alone = "", "", not stamps[-1].text or is_name(stamps[-1].text)
            document.paragraphs += 1
            document.stamped += 1
        else:
            document.paragraphs += gap and bool(document.entries)
            document.stamped += gap and alone
            alone = alone and not gap
            above = line.strip(" \t*_:：") if gap and is_name(line.strip(" \t*_:：")) else ""
            _add_line(document, number, line)
        gap = False
    _find_names(document)
    return document


def _add_line(document: Document, number: int, line: str) -> None:
    if document.entries:
        document.entries[-1].below.append(line)
        document.entries[-1].numbers.append(number)
    else:
        document.before.append((number, line))


def loose_lines(document: Document) -> list[int]:
    """The numbers of lines that stand below a time where hardly any others do: their own time may be damaged."""
    counts = Counter(len(entry.below) for entry in document.entries)
    usual = max(counts, key=lambda count: counts[count], default=0)
    more = [entry for entry in document.entries if len(entry.below) > usual]
    few = usual < 2 and len(more) <= max(1, len(document.entries) // _FEW)
    return [number for entry in more for number in entry.numbers[usual:][:_FEW]] if few else []


def _find_names(document: Document) -> None:
    """Tells where names are, and takes those above a time away from the lines below the one before."""
    entries = document.entries
    document.beside = _are_names([entry.name() for entry in entries if entry.stamp.text])
    document.above = _are_names([entry.above for entry in entries])
    if not document.above:
        return
    if entries[0].above:
        document.before.pop()
    for entry, following in pairwise(entries):
        if following.above:
            entry.below.pop()
            entry.numbers.pop()
            document.paragraphs -= 1


def _are_names(names: list[str]) -> bool:
    """True when most of these are names, and some come again or are those that recognisers give."""
    named = [name for name in names if name]
    again = len(set(named)) < len(named) or any(map(is_generic, named))
    return again and len(named) >= _MOST * len(names)
