"""Plain text and Markdown with times (.txt, .md): whatever people, meeting recognisers and consoles write.

Prose, shownotes and logs have times as well. A transcript is told by its speed: between two times about as much is
written as somebody can say meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from indexer.readers.drafts import Draft, settle, without_ends
from indexer.readers.front_matter import front_matter
from indexer.readers.labels import is_generic, is_name
from indexer.readers.repair import is_time_line, split_lines
from indexer.readers.source import Source
from indexer.readers.stamped_lines import Stamp, heading_of, stamps_of
from indexer.values import Chapter, Complaint, Transcript

NAME = "stamped text"
SUFFIXES = (".txt", ".md", ".markdown")

_FEWEST = 4
"""Times in a transcript, at least."""
_RISING = 0.9
"""The share of them that is not before the one above."""
_SLOWEST, _FASTEST = 0.4, 40.0
"""Characters a second. Speech has five in Chinese and fifteen in English; lists of chapters have a tenth of one."""
_LATEST_START = 3 * 3600.0
"""Seconds. What begins later is the time of a day."""
_STAMPED = 0.6
"""The share of paragraphs that have a time, or follow one that stands alone."""
_FIRST_LINES = 8192
"""Characters."""
_HEADS = 0.8
"""Where so many of the lines with a time look like a name above a paragraph, they are."""


@dataclass(slots=True)
class _Entry:
    """A stamp, the lines below it up to the next, and the heading above it."""

    stamp: Stamp
    below: list[str] = field(default_factory=list)
    heading: str = ""


@dataclass(slots=True)
class _Document:
    """A text taken apart; `before` are the lines above the first time (number, text) that are no headings.

    A paragraph begins behind an empty line and with each time.
    `arrows` counts the lines with which a SubRip cue begins.
    """

    entries: list[_Entry] = field(default_factory=list)
    before: list[tuple[int, str]] = field(default_factory=list)
    title: str = ""
    paragraphs: int = 0
    stamped: int = 0


def recognises(text: str) -> bool:
    """True for text most paragraphs of which have a time, in order, at the speed of speech."""
    return not _is_subrip(text) and _is_transcript(_take_apart(text))


def tolerates(text: str) -> bool:
    """True for text that has two times at the start of lines, in order: enough if somebody asks for it to be read."""
    starts = [entry.stamp.start for entry in _take_apart(text).entries]
    return any(before < after for before, after in pairwise(starts))


def read(source: Source) -> Transcript:
    """A cue for each time that has text. Headings are chapters; title and date are among the facts."""
    document = _take_apart(source.text)
    complaints = list(_left_out(source.path, document.before))
    if not _is_transcript(document):
        what = f"only {len(document.entries)} times, not at the speed of speech"
        complaints.append(Complaint(source.path, document.entries[0].stamp.line, what, "read all the same"))
    facts: dict[str, object] = {"title": document.title} if document.title else {}
    facts.update(front_matter(source.text)[0])
    heads = _have_heads(document.entries)
    if chapters := _chapters(document.entries, heads):
        facts["chapters"] = chapters
    drafts = list(_drafts(document.entries, heads))
    if not any(entry.stamp.end is not None for entry in document.entries):
        without_ends(drafts)
    return settle(source.path, drafts, complaints, facts)


def _take_apart(text: str) -> _Document:
    document = _Document()
    skipped = front_matter(text)[1]
    heading, gap, alone = "", True, False
    for number, line in enumerate(split_lines(text), 1):
        said = line.strip("\ufeff \t")
        if number <= skipped or not said.strip("-*_="):
            gap = True
            continue
        stamps = stamps_of(number, line)
        title = "" if stamps else heading_of(line)
        if title:
            heading, document.title = title, document.title or title
            continue
        if gap or stamps:
            document.paragraphs += 1
            document.stamped += bool(stamps) or alone
            alone = bool(stamps) and not stamps[-1].text
        gap = False
        document.entries += [_Entry(stamp, heading=heading) for stamp in stamps]
        if stamps:
            heading = ""
        elif document.entries:
            document.entries[-1].below.append(line)
        else:
            document.before.append((number, line))
    return document


def _is_subrip(text: str) -> bool:
    """True when among the first lines many begin a cue of SubRip, whose times would otherwise be taken for stamps."""
    lines = split_lines(text[:_FIRST_LINES])
    return sum(map(is_time_line, lines)) * 8 > len(lines)


def _is_transcript(document: _Document) -> bool:
    starts = [entry.stamp.start for entry in document.entries]
    rising = sum(before <= after for before, after in pairwise(starts))
    if len(starts) < _FEWEST or starts[0] > _LATEST_START or rising < _RISING * (len(starts) - 1):
        return False
    if document.stamped < _STAMPED * document.paragraphs:
        return False
    # The last one may go on as long as it likes, and in the head of a file it is cut.
    said = sum(map(_characters, document.entries[:-1]))
    return _SLOWEST <= said / max(max(starts) - min(starts), 0.001) <= _FASTEST


def _characters(entry: _Entry) -> int:
    return len(entry.stamp.text) + sum(map(len, entry.below))


def _left_out(path: str, before: Sequence[tuple[int, str]]) -> Iterator[Complaint]:
    if before:
        first, last = before[0][0], before[-1][0]
        where = "" if first == last else f" (lines {first}-{last})"
        yield Complaint(path, first, f"text before the first cue{where}", "left out")


def _have_heads(entries: Sequence[_Entry]) -> bool:
    """True when most times stand beside a name above a paragraph, rather than before what is said."""
    beside = [_name(entry) for entry in entries if entry.stamp.text]
    names = [name for name in beside if name]
    again = len(set(names)) < len(names) or any(map(is_generic, names))
    return bool(names) and again and len(names) >= _HEADS * len(beside)


def _name(entry: _Entry) -> str:
    """The name beside a time, if the rest of the line can be one and text follows below."""
    name = entry.stamp.text.strip("*_` \t:：")
    return name if any(map(str.strip, entry.below)) and is_name(name) else ""


def _drafts(entries: Sequence[_Entry], heads: bool) -> Iterator[Draft]:
    """The cues; a time without text ends the one before. A speaker lasts until the next one."""
    speaker = ""
    previous: Draft | None = None
    for entry in entries:
        stamp = entry.stamp
        name = (_name(entry) if heads else "") or stamp.speaker
        speaker = name or speaker
        above = [] if stamp.heading or (heads and _name(entry)) else [stamp.text]
        text = "\n".join(map(_plain, (*above, *entry.below))).strip()
        if text:
            if previous:
                yield previous
            previous = Draft(stamp.start, stamp.end, text, speaker, line=stamp.line)
        elif previous and previous.end is None and stamp.start >= (previous.start or 0.0):
            previous.end = stamp.start
    if previous:
        yield previous


def _plain(line: str) -> str:
    """A line without the emphasis and quotes of Markdown."""
    return line.replace("**", "").strip().removeprefix("> ").removesuffix("<br>")


def _chapters(entries: Sequence[_Entry], heads: bool) -> tuple[Chapter, ...]:
    """The headings between the cues, each at the first time below it; one heading is that of the page."""
    titled = [
        (entry.stamp.start, entry.stamp.text if entry.stamp.heading and not heads else entry.heading)
        for entry in entries
    ]
    chapters = tuple(Chapter(start, title) for start, title in titled if title)
    return chapters if len(chapters) > 1 else ()
