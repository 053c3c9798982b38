"""Reads LRC (.lrc), lyrics and captions: `[mm:ss.xx]` before each line, and tags such as `[ti:...]`.

No library handles real files (pysubs2 does not read LRC), and the format is simple.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from indexer.core.messages import N_, _
from indexer.core.text.clock_times import clock_seconds
from indexer.core.text.sanitize import language_tag
from indexer.core.types import Complaint, Transcript
from indexer.readers.shared.complaints import Complaints
from indexer.readers.shared.drafts import Draft, settle, spoken_seconds, without_ends
from indexer.readers.shared.limits import check_characters
from indexer.readers.shared.ordering import backward, in_order
from indexer.readers.shared.source import Source
from indexer.readers.shared.text_lines import split_lines

NAME = "LRC"
SUFFIXES = (".lrc", ".txt")

_TIME = r"-?(?:\d{1,3}[:：]){1,2}\d{1,2}(?:[.:,]\d{1,3})?"
_STAMP = re.compile(rf"[ \t\ufeff]*\[[ \t]?({_TIME})[ \t]?\]")
_ANY_STAMP = re.compile(r"\[[ \t]?-?\d{1,3}[:：]\d")
_WORD_STAMP = re.compile(rf"<({_TIME})>|\[({_TIME})\]")
_TAG = re.compile(r"\s*\[[ \t]*([A-Za-z#][A-Za-z_ ]{0,19})[ \t]*[:：](.*)\][ \t]*$")
_OFFSET = re.compile(r"\s*([+-]?\d{1,9}(?:\.\d{1,9})?)(?:\s*ms)?\s*$")
_EXACT = re.compile(r"\s*\[(?:\d{1,3}:){1,2}\d{1,2}\.\d{1,3}\]")
_THREE = re.compile(r"(\d{1,3})[:：](\d{1,2})[:：](\d{1,2})$")
_TIMES_WITHIN = re.compile(r"(?<=\S)\s*(\[\d{1,3}:\d{2}[.:]\d{2,3}\])")
_WORD_TIME = re.compile(rf"<{_TIME}>")
_FEW, _FEWEST = 50, 4
_ONE_DIGIT = re.compile(r"\s*\[\d{1,3}:\d[.\]]")

_BEFORE = N_("text before the first cue")
_KNOWN = frozenset({"ti", "ar", "al", "au", "by", "offset", "length", "la", "re", "ve"})
_MOST_TIMES = 50
"""Times per line. More repetitions are not a chorus, and each becomes a cue with the full text."""
_MOST = 0.75
"""The share of an LRC file's lines that are stamped or tags."""


def recognises(text: str) -> bool:
    """True for text in which nearly all lines begin with a bracketed time, and which has tags (`[ti:...]`) or mostly
    times with fractions."""
    if not _ANY_STAMP.search(text):
        return False
    lines = [line for line in split_lines(text) if line.strip()]
    stamped = [line for line in lines if _STAMP.match(line)]
    tags = [tag[1].strip().lower() for tag in map(_TAG.match, lines) if tag]
    is_lrc = not _KNOWN.isdisjoint(tags) or sum(_EXACT.match(line) is not None for line in stamped) * 2 > len(stamped)
    return is_lrc and len(stamped) > 0 and len(stamped) + len(tags) >= _MOST * len(lines)


def tolerates(text: str) -> bool:
    """True for text in which some line begins with a bracketed time."""
    return any(map(_EXACT.match, split_lines(text)))


def read(source: Source) -> Transcript:
    """One cue per time, in time order. Empty lines end the cue before; lines with the same time form one cue."""
    song = _find(source)
    drafts = song.drafts
    if song.hundredths:
        what = _("the last of three numbers goes beyond 59")
        song.complaints.append(Complaint(source.path, drafts[0].line, what, _("read as hundredths of a second")))
    if not song.repeats:
        song.complaints += backward(source.path, drafts)
    drafts = _ended(_merged(in_order(drafts)))
    _end_last(drafts, song.tags.get("length", ""))
    without_ends(drafts)
    facts = {"title": song.tags.get("ti"), "language": language_tag(song.tags.get("la"))}
    return settle(source.path, drafts, song.complaints, {name: fact for name, fact in facts.items() if fact})


@dataclass(slots=True)
class _Song:
    """The contents of a file; `repeats` is True if a line has several times."""

    drafts: list[Draft] = field(default_factory=list)
    complaints: Complaints = field(default_factory=Complaints)
    tags: dict[str, str] = field(default_factory=dict)
    repeats: bool = False
    hundredths: bool = False


def _find(source: Source) -> _Song:
    song, offset, characters = _Song(), 0.0, 0
    lines = split_lines(source.text)
    song.hundredths = any(int(match[3]) > 59 for line in lines for match in _three(line))
    short = [number for number, line in enumerate(lines, 1) if _ONE_DIGIT.match(line)]
    if len(short) <= max(1, len(lines) // _FEW):
        what, action = _("seconds of one digit, unlike others"), _("read as they are")
        song.complaints += [Complaint(source.path, number, what, action) for number in short]
    loose: dict[int, list[str]] = {}
    for number, line in _one_cue_each(source.path, lines, song.complaints):
        if found := _cues(number, line, song.hundredths):
            if len(found) > _MOST_TIMES:
                what = _("more than {most} times at one line").format(most=_MOST_TIMES)
                song.complaints.append(Complaint(source.path, number, what, _("the later ones left out")))
                del found[_MOST_TIMES:]
            song.repeats = song.repeats or len(found) > 1
            song.drafts += found
            characters = check_characters(characters + len(found) * len(found[0].text))
        elif tag := _TAG.match(line):
            name, value = tag[1].strip().lower(), tag[2].strip()
            song.tags.setdefault(name, value)
            if name == "offset":
                offset = _offset(source.path, number, value, song.complaints)
        elif line.strip("\ufeff \t"):
            above = song.drafts[-1].line if song.drafts else 0
            loose.setdefault(above, []).append(line)
            what, action = (
                (_("a line without a time"), _("added to the cue above")) if above else (_(_BEFORE), _("left out"))
            )
            song.complaints.append(Complaint(source.path, number, what, action))
    for draft in song.drafts:
        if draft.line in loose:
            draft.text = "\n".join((draft.text, *loose[draft.line]))
            characters = check_characters(characters + len(draft.text))
    song.drafts = [_sooner(draft, offset) for draft in song.drafts]
    return song


def _one_cue_each(path: str, lines: Sequence[str], complaints: list[Complaint]) -> Iterator[tuple[int, str]]:
    """Yields numbered lines. In files that rarely have times inside lines, splits a line there: it lost its line
    end."""
    begins = [_after_stamps(line) for line in lines]
    within = {
        number
        for number, (line, begin) in enumerate(zip(lines, begins, strict=True), 1)
        if begin and len(_TIMES_WITHIN.findall(line, begin + 1)) == 1
    }
    few = sum(map(bool, begins)) >= _FEWEST and not any("<" in line and _WORD_TIME.search(line) for line in lines)
    few = few and len(within) <= max(1, len(lines) // _FEW)
    for number, line in enumerate(lines, 1):
        inner = _TIMES_WITHIN.search(line, begins[number - 1] + 1) if few and number in within else None
        if inner is None or not line[inner.end() :].strip():
            yield number, line
            continue
        complaints.append(Complaint(path, number, _("a time within a line"), _("read as two lines")))
        yield number, line[: inner.start(1)]
        yield number, line[inner.start(1) :]


def _after_stamps(line: str) -> int:
    """The offset of the text after the times at the start of a line."""
    at = 0
    while stamp := _STAMP.match(line, at):
        at = stamp.end()
    return at


def _three(line: str) -> Iterator[re.Match[str]]:
    """Yields the times with three numbers and no fraction at the start of a line: either hours or hundredths."""
    at = 0
    while stamp := _STAMP.match(line, at):
        at = stamp.end()
        if three := _THREE.match(stamp[1]):
            yield three


def _cues(number: int, line: str, hundredths: bool) -> list[Draft]:
    """One draft for each time at the start of a line."""
    starts: list[float | None] = []
    at = 0
    while len(starts) <= _MOST_TIMES and (stamp := _STAMP.match(line, at)):
        starts.append(_seconds(stamp[1], hundredths))
        at = stamp.end()
    if not starts:
        return []
    words = _words(line[at:], hundredths)
    text = "".join(text for text, _ in words)
    check_characters(len(starts) * len(text))
    # A time after the last word is its end.
    end = words[-1][1] if len(words) > 1 and not words[-1][0].strip() else None
    drafts = []
    for start in starts:
        # Word times apply to the first repetition.
        later = (start or 0.0) - (starts[0] or 0.0)
        moved = [(word, None if time is None else time + later) for word, time in words if word]
        drafts.append(Draft(start, None if end is None else end + later, text, words=moved, line=number))
    return drafts


def _words(text: str, hundredths: bool) -> list[tuple[str, float | None]]:
    """The pieces of the text, each with its time in seconds, if any."""
    words: list[tuple[str, float | None]] = []
    at, time = 0, None
    for stamp in _WORD_STAMP.finditer(text):
        words.append((text[at : stamp.start()], time))
        at, time = stamp.end(), _seconds(stamp[1] or stamp[2], hundredths)
    return [*words, (text[at:], time)]


def _seconds(stamp: str, hundredths: bool) -> float | None:
    if hundredths and _THREE.match(stamp):
        stamp = ".".join(stamp.replace("：", ":").rsplit(":", 1))
    return clock_seconds(stamp)


def _offset(path: str, number: int, value: str, complaints: list[Complaint]) -> float:
    """The value of the offset tag (milliseconds) in seconds, by which the lines are shown earlier."""
    match = _OFFSET.match(value)
    if match is None and value:
        complaints.append(
            Complaint(path, number, _("offset is not a number: {value!r}").format(value=value[:20]), _("left out"))
        )
    return float(match[1]) / 1000 if match else 0.0


def _sooner(draft: Draft, offset: float) -> Draft:
    start, end = (time if time is None or time < 0 else max(0.0, time - offset) for time in (draft.start, draft.end))
    words = [(text, None if time is None else max(0.0, time - offset)) for text, time in draft.words]
    return replace(draft, start=start, end=end, words=words)


def _merged(drafts: Iterable[Draft]) -> Iterator[Draft]:
    """Merges cues with the same time: a line and its translation."""
    for __, group in groupby(drafts, key=lambda draft: draft.start):
        first, *others = sorted(group, key=lambda draft: not draft.text.strip())
        lines = dict.fromkeys(draft.text.strip() for draft in (first, *others) if draft.text.strip())
        yield replace(first, text="\n".join(lines)) if others else first


def _ended(drafts: Iterable[Draft]) -> list[Draft]:
    """The drafts with text; an empty one only ends its predecessor."""
    ended: list[Draft] = []
    for draft in drafts:
        if draft.text.strip():
            ended.append(draft)
        elif ended and ended[-1].end is None:
            ended[-1].end = draft.start
    return ended


def _end_last(drafts: Sequence[Draft], length: str) -> None:
    """Ends the last cue at the length of the recording, if known."""
    last, end = drafts[-1] if drafts else None, clock_seconds(length)
    if last and last.end is None and last.start is not None and end is not None and end > last.start:
        last.end = min(end, last.start + spoken_seconds(last.text))
