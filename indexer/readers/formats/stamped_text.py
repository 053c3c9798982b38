"""Reads plain text and Markdown with time stamps (.txt, .md), from people, meeting recognisers and consoles.

Prose, show notes and logs contain times too. A transcript is recognised by its speed: the text between two times takes
about that long to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from indexer.core.messages import _
from indexer.core.text.clock_times import LATEST_START, clock_seconds
from indexer.core.types import Chapter, Complaint, Transcript
from indexer.readers.shared.drafts import Draft, settle, without_ends
from indexer.readers.shared.limits import counted
from indexer.readers.shared.misplaced_separators import mend_misplaced
from indexer.readers.shared.source import Source
from indexer.readers.shared.text_lines import split_lines
from indexer.readers.stamped.front_matter import front_matter
from indexer.readers.stamped.stamped_document import Document, loose_lines, take_apart
from indexer.readers.subrip.damaged_times import is_certain
from indexer.readers.subrip.srt_times import is_time_line

NAME = "stamped text"
SUFFIXES = (".txt", ".md", ".markdown")

_FEWEST = 4
"""Minimum number of times in a transcript."""
_RISING = 0.9
"""Minimum share of times that do not precede the previous one."""
_SLOWEST, _FASTEST = 0.4, 40.0
"""In characters per second. Chinese speech has five, English fifteen; chapter lists have a tenth of one."""
_STAMPED = 0.6
"""Minimum share of paragraphs after the first time that have one, or follow one on a line of its own."""
_FEW, _LONG = 50, 60.0
_WITHIN = re.compile(r"(?<=[^\W_])\d\d:\d\d(?::\d\d)?(?![\d:])")
"""A time directly after text."""
_FIRST_LINES = 8192
"""In characters."""


def recognises(text: str) -> bool:
    """True for text in which most paragraphs have a time, in order, at the speed of speech."""
    return not _is_subrip(text) and _is_transcript(take_apart(text))


def tolerates(text: str) -> bool:
    """True for text with two times in order at the start of lines: enough for a file the user names."""
    if _is_subrip(text):
        return False
    starts = [entry.stamp.start for entry in take_apart(text).entries]
    return any(before < after for before, after in pairwise(starts))


def read(source: Source) -> Transcript:
    """One cue per time with text. Headings become chapters; title and date become facts."""
    document = take_apart(source.text)
    counted(document.entries)
    complaints = list(_left_out(source.path, document.before))
    stamps = [entry.stamp for entry in document.entries]
    times = mend_misplaced(
        source.path, [stamp.line for stamp in stamps], [stamp.written for stamp in stamps], complaints
    )
    for entry, stamp, time in zip(document.entries, stamps, times, strict=True):
        if time != stamp.written:
            entry.stamp = stamp._replace(start=clock_seconds(time) or 0.0)
    if not _is_transcript(document):
        what = _("hardly looks like a transcript ({count} times)").format(count=len(document.entries))
        complaints.append(Complaint(source.path, document.entries[0].stamp.line, what, _("read all the same")))
    complaints += [
        Complaint(source.path, number, _("a line without a time"), _("added to the cue above"))
        for number in loose_lines(document)
    ]
    complaints += _lost_line_ends(source.path, document)
    facts: dict[str, object] = {"title": document.title} if document.title else {}
    facts.update(front_matter(source.text)[0])
    if chapters := _chapters(document):
        facts["chapters"] = chapters
    drafts = list(_drafts(document))
    if not any(entry.stamp.end is not None for entry in document.entries):
        without_ends(drafts)
    return settle(source.path, drafts, complaints, facts)


def _is_subrip(text: str) -> bool:
    """True if many of the first lines begin a SubRip cue, whose times would otherwise be taken for stamps."""
    lines = split_lines(text[:_FIRST_LINES])
    return any(sum(map(is_one, lines)) * 8 > len(lines) for is_one in (is_time_line, is_certain))


def _is_transcript(document: Document) -> bool:
    starts = [entry.stamp.start for entry in document.entries]
    rising = sum(before <= after for before, after in pairwise(starts))
    if len(starts) < _FEWEST or starts[0] > LATEST_START or rising < _RISING * (len(starts) - 1):
        return False
    # The text after the last time may be of any length, and is cut off in the head of a file.
    said = sum(entry.characters() for entry in document.entries[:-1])
    speed = said / max(max(starts) - min(starts), 0.001)
    return _SLOWEST <= speed <= _FASTEST and document.stamped >= _STAMPED * document.paragraphs


def _left_out(path: str, before: Sequence[tuple[int, str]]) -> Iterator[Complaint]:
    if before:
        first, last = before[0][0], before[-1][0]
        where = "" if first == last else _(" (lines {first}-{last})").format(first=first, last=last)
        yield Complaint(path, first, _("text before the first cue{where}").format(where=where), _("left out"))


def _lost_line_ends(path: str, document: Document) -> Iterator[Complaint]:
    """Complaints about times inside a text, and text beside the next name: line ends were lost."""
    within = []
    entries = document.entries
    for entry, following in zip(entries, [*entries[1:], None], strict=True):
        until = following.stamp.start if following else entry.stamp.start + _LONG
        for text in (entry.stamp.text, *entry.below):
            times = (clock_seconds(found[0]) or 0.0 for found in _WITHIN.finditer(text))
            if any(entry.stamp.start < time <= until for time in times):
                within.append(entry.stamp.line)
        if (
            following
            and following.stamp.speaker
            and not entry.stamp.text.strip()
            and not any(map(str.strip, entry.below))
        ):
            yield Complaint(path, entry.stamp.line, _("a time without a text"), _("left out"))
    if len(within) <= max(1, len(document.entries) // _FEW):
        for line in within:
            yield Complaint(path, line, _("a time within a text"), _("kept as text"))


def _drafts(document: Document) -> Iterator[Draft]:
    """Yields the cues. A time without text ends its predecessor; a speaker continues until the next one."""
    speaker = ""
    has_chapters = bool(_chapters(document))
    previous: Draft | None = None
    for entry in document.entries:
        stamp = entry.stamp
        beside = entry.name() if document.beside else ""
        speaker = beside or stamp.speaker or (entry.above if document.above else "") or speaker
        # A single heading does not form chapters: it is text.
        titled = stamp.heading and (has_chapters or any(map(str.strip, entry.below)))
        said = entry.below if beside or titled else [stamp.text, *entry.below]
        text = "\n".join(map(_plain, said)).strip()
        if text:
            if previous:
                yield previous
            previous = Draft(stamp.start, stamp.end, text, speaker, line=stamp.line)
        elif previous and previous.end is None and stamp.start >= (previous.start or 0.0):
            previous.end = stamp.start
    if previous:
        yield previous


def _plain(line: str) -> str:
    """The line without Markdown emphasis and quotes."""
    return line.replace("**", "").strip().removeprefix("> ").removesuffix("<br>")


def _chapters(document: Document) -> tuple[Chapter, ...]:
    """The headings as chapters, each at the first time below it; none if there is only one."""
    chapters = []
    for entry in document.entries:
        beside = entry.stamp.heading and not (document.beside and entry.name())
        title = entry.stamp.text if beside else entry.heading
        if title:
            chapters.append(Chapter(entry.stamp.start, title))
    return tuple(chapters) if len(chapters) > 1 else ()
