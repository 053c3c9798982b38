"""Finds the cues of irregular or damaged SubRip text, and reports what it mended.

A cue begins at a line with two times and an arrow. Its number, if any, is the line before, and is never relied on; its
text extends to the next cue. `srt_times` parses time lines, `damaged_times` recognises those it cannot parse.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple
from indexer.core.types import Complaint
from indexer.readers.shared.complaints import Complaints
from indexer.readers.shared.limits import MOST_CUES, TooMuch
from indexer.readers.shared.misplaced_separators import misplaced
from indexer.readers.shared.text_lines import split_lines
from indexer.readers.subrip.damaged_times import is_expected, is_garbled, may_be_meant, meant, mended
from indexer.readers.subrip.missing_times import without_times
from indexer.readers.subrip.srt_times import (
    MOST_MS,
    REGULAR,
    full_seconds,
    has_arrow,
    has_short_seconds,
    has_unpadded_fractions,
    is_time_line,
    milliseconds,
    readable_sides,
    split_times,
    visible,
)

_SETTING = re.compile(r"[A-Za-z]+\d?:\S+|\|+")
_OF_CUES = re.compile(r"(?:^|\s)(?:align|position|line|size|vertical|region):\S+(?:\s|$)")
"""A setting of WebVTT; after the times, whatever is beside one counts as a setting, too, damaged or not."""
# Only tags that players interpret: `<E0>` or `<uses-permission>` in a talk about code is text.
_TAGS = re.compile(r"</?(?:b|i|u|s|em|strong|font|c|ruby|rt)(?:[ .=][^<>]*)?>|\{\\[^{}]*\}|\{/?[bius]\}", re.IGNORECASE)
_HAS_FRACTION = re.compile(r"[.,，．]\d")
_NUMBER = re.compile(r"\d+$")
_BAR = re.compile(r"\|+$")


class Block(NamedTuple):
    """One cue: the number of its time line (from 1), its times in milliseconds, its lines of text."""

    line: int
    start: int
    end: int
    text: tuple[str, ...]


@dataclass(slots=True)
class _Found:
    """A time line and the lines below it. Times are in milliseconds, None until `_settle_times` parses `written`."""

    line: int
    start: int | None
    end: int | None
    written: tuple[str, str]
    text: list[str]


def has_cues(text: str) -> bool:
    """True for text with a line of two times and an arrow."""
    lines = split_lines(text)
    if any(split_times(visible(line)) is not None for line in filter(has_arrow, lines)):
        return True
    return any(times.certain and times.arrow for times in map(meant, filter(may_be_meant, lines)) if times)


class Repair:
    """Finds the blocks of one file, collecting `complaints`."""

    def __init__(self, path: str, text: str, headless: Sequence[int] | None = None) -> None:
        """`headless` are the indices of cue numbers without a time line below; None to have them determined."""
        self.path = path
        self._headless = headless
        self._above: dict[int, str] = {}
        self.complaints = Complaints()
        self._lines = split_lines(text)

    def blocks(self, numbered: bool = True) -> list[Block]:
        """All cues, in file order. Raises TooMuch if there are too many. If not `numbered`, numbers are text."""
        found = self._find()
        if numbered:
            self._strip_numbers(found)
        if found:
            self._strip_bar(found[-1])
        self._settle_times(found)
        blocks: list[Block] = []
        for number, cue in enumerate(found):
            following = found[number + 1] if number + 1 < len(found) else None
            blocks.append(self._block(cue, following, blocks[-1] if blocks else None))
        if len(blocks) > 1 and not any(block.end for block in blocks):
            self._complain(blocks[0].line, _("every time is zero"), _("cues kept, moments cannot be located"))
        return blocks

    def _complain(self, line: int, what: str, action: str) -> None:
        self.complaints.append(Complaint(self.path, line, what, action))

    def _find(self) -> list[_Found]:
        """The time lines, each with the lines up to the next one. Text before the first is reported."""
        lines, found, at = self._lines, list[_Found](), 0
        heads: dict[int, _Found] = {}
        for place, line in enumerate(lines):
            if (head := self._head(place, line)) is not None:
                if len(heads) >= MOST_CUES:
                    raise TooMuch(_("more than {most:,} cues").format(most=MOST_CUES))
                heads[place] = head
        headless = without_times(lines, list(heads)) if self._headless is None else self._headless
        if headless:
            heads = dict(sorted((heads | {place + 1: self._headless_cue(place) for place in headless}).items()))
        for place, cue in heads.items():
            self._give_lines(found, [*lines[at:place], self._above.get(place, "")])
            found.append(cue)
            # A line that was only expected to be a time line may be text.
            at = place if cue.line == place and not is_garbled(lines[place]) else place + 1
        if found:
            self._give_lines(found, lines[at:] or [""])
        return found

    def _give_lines(self, found: Sequence[_Found], lines: Sequence[str]) -> None:
        if found:
            found[-1].text.extend(lines)
            return
        filled = [(number, line) for number, line in enumerate(lines, 1) if visible(line).strip()]
        if filled and _NUMBER.match(visible(filled[-1][1]).strip()):
            filled.pop()
        if filled:
            first, last = filled[0][0], filled[-1][0]
            where = "" if first == last else _(" (lines {first}-{last})").format(first=first, last=last)
            self._complain(first, _("text before the first cue{where}").format(where=where), _("left out"))

    def _head(self, place: int, line: str) -> _Found | None:
        """The cue that begins at a line; None unless it is a time line or was meant to be one."""
        arrow = has_arrow(line)
        if arrow and (REGULAR.match(line) or split_times(visible(line).strip())):
            return self._times(place + 1, line)
        times = meant(line) if may_be_meant(line) else None
        readable = times is not None and times.start and times.end
        if arrow and not readable and (cue := self._times(place + 1, line)) is not None:
            return cue
        if times is None or not (times.certain or is_expected(self._lines, place)):
            return None
        self._above[place] = times.before
        self.complaints += mended(self.path, place + 1, line, times)
        return _Found(place + 1, None, None, (times.start, times.end), [times.rest] if times.rest else [])

    def _headless_cue(self, place: int) -> _Found:
        """The cue below a number without a time line."""
        what = _("no times below the number {number}").format(number=self._lines[place].strip())
        self._complain(place + 1, what, _("cue kept, times taken from its neighbours"))
        return _Found(place + 1, None, None, ("", ""), [])

    def _times(self, number: int, line: str) -> _Found | None:
        regular = REGULAR.match(line)
        if regular:
            first, start, start_fraction, last, end, end_fraction = regular.groups()
            start_ms, end_ms = full_seconds(start) + int(start_fraction), full_seconds(end) + int(end_fraction)
            return _Found(number, start_ms, end_ms, (first, last), [])
        line = visible(line).strip()
        split = split_times(line)
        if split is not None:
            start_text, end_text, rest = split
            is_set = not rest or _OF_CUES.search(rest) or all(map(_SETTING.fullmatch, rest.split()))
            text = [] if is_set else [rest]
            return _Found(number, None, None, (start_text, end_text), text)
        written = readable_sides(line)
        if written is not None:
            lost = _("end") if written[0] else _("start") if written[1] else _("times")
            what = _("times cannot be read: {line!r}").format(line=line[:60])
            self._complain(number, what, _("cue kept, {lost} taken from its neighbours").format(lost=lost))
            return _Found(number, None, None, written, [])
        return None

    def _settle_times(self, found: Sequence[_Found]) -> None:
        """Parses the irregular times. How depends on all times of the file."""
        irregular = [cue for cue in found if cue.start is None and any(cue.written)]
        if not irregular:
            return
        times = [time for cue in irregular for time in cue.written]
        if has_short_seconds(times):
            self._mend_misplaced(found)
        unpadded = has_unpadded_fractions(times, len(found) - len(irregular))
        for cue in irregular:
            cue.start, cue.end = (milliseconds(time, unpadded) if time else None for time in cue.written)

    def _mend_misplaced(self, found: Sequence[_Found]) -> None:
        """Mends times such as `00:00:0,3000` for `00:00:03,000`; reports those it cannot mend."""
        times = [time for cue in found for time in cue.written]
        for at, time in misplaced(times).items():
            if not time and not _HAS_FRACTION.search(times[at]):
                continue  # the file breaks off here
            action = _("read as {time}").format(time=time.replace(".", ",")) if time else _("read as it is")
            self._complain(found[at // 2].line, _("a time unlike the others: {time!r}").format(time=times[at]), action)
            times[at] = time or times[at]
        for cue, written in zip(found, zip(times[::2], times[1::2], strict=True), strict=True):
            cue.written = written

    def _strip_numbers(self, found: Sequence[_Found]) -> None:
        """Removes the number of each cue from the end of the text of the previous cue."""
        numbers = [_last_number(cue.text) for cue in found[:-1]]
        close = [
            at is not None and len(cue.text) - at <= 2 and not any(cue.text[at + 1 :])
            for cue, at in zip(found, numbers, strict=False)
        ]
        # In a file without numbers, a cue's whole text may be a number: keep it.
        numbered = sum(close) * 2 >= len(close)
        for cue, at, adjacent in zip(found, numbers, close, strict=False):
            if at is not None and (numbered or (not adjacent and len(_filled(cue.text)) > 1)):
                del cue.text[at:]

    def _strip_bar(self, last: _Found) -> None:
        """Removes a bar at the end of the file: it comes from the page that the text was copied from."""
        filled = [i for i, line in enumerate(last.text) if line.strip()]
        if filled and _BAR.match(last.text[filled[-1]].strip()):
            line = last.line + filled[-1] + 1
            self._complain(line, _("a bar at the end of the file"), _("left out"))
            del last.text[filled[-1] :]

    def _block(self, cue: _Found, following: _Found | None, previous: Block | None) -> Block:
        start = cue.start if cue.start is not None else (previous.end if previous else 0)
        end = cue.end
        if end is None:
            end = max(start, following.start) if following and following.start is not None else start
        elif cue.start is None:
            start = min(start, end)
        if not 0 <= start <= end < MOST_MS or (previous is not None and start < previous.start):
            start, end = self._mended(cue, start, end, previous)
        text = tuple(filter(None, map(without_tags, _filled(cue.text))))
        if not text:
            self._complain(cue.line, _("no text"), _("cue kept, empty"))
        return Block(cue.line, start, end, text)

    def _mended(self, cue: _Found, start: int, end: int, previous: Block | None) -> tuple[int, int]:
        """The corrected times of a cue whose times cannot be right."""
        written_start, written_end = (
            written or f"{time / 1000:.3f} s" for written, time in zip(cue.written, (start, end), strict=True)
        )
        if start < 0 or end < 0:
            self._complain(cue.line, _("a time is negative"), _("cue kept, time set to zero"))
            start, end = max(0, start), max(0, end)
        if end >= MOST_MS > start:
            self._complain(
                cue.line,
                _("end {written_end} stands for no time").format(written_end=written_end),
                _("cue kept, end moved to its start"),
            )
            end = start
        if start > end:
            what = _("start {written_start} is after end {written_end}").format(
                written_start=written_start, written_end=written_end
            )
            self._complain(cue.line, what, _("cue kept, end moved to its start"))
            end = start
        if previous is not None and start < previous.start:
            self._complain(
                cue.line,
                _("start {written_start} is before the start of the cue above").format(written_start=written_start),
                _("kept as it is"),
            )
        return start, end


def without_tags(text: str) -> str:
    """The text without the tags that players interpret. `\\N`, a line end in Advanced SubStation, becomes a space.

    >>> without_tags("<i>数组</i> 的 <E0> {\\\\an8}")
    '数组 的 <E0>'
    """
    return _TAGS.sub("", text).replace("\\N", " ").strip() if "<" in text or "{" in text or "\\" in text else text


def begins_cue(lines: Sequence[str], place: int) -> bool:
    """True for a time line, and for a line that was meant to be one, judging by the lines above it."""
    line = lines[place]
    if is_time_line(line):
        return True
    times = meant(line) if may_be_meant(line) else None
    return times is not None and (times.certain or is_expected(lines, place))


def _filled(lines: Sequence[str]) -> list[str]:
    return list(filter(None, map(str.strip, lines)))


def _last_number(lines: Sequence[str]) -> int | None:
    """The index of the last non-empty line if it is a number, else None."""
    for at in range(len(lines) - 1, -1, -1):
        line = lines[at].strip()
        if line:
            return at if line.isdigit() or _NUMBER.match(visible(line).strip()) else None
    return None
