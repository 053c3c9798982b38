"""Reads WebVTT (.vtt): blanks everything except cues, then finds the cues with the SubRip repair.

`webvtt-py` and `pysubs2` were rejected: they misread 11 and 16 of 34 irregular files; see docs/design.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from indexer.core.messages import _
from indexer.core.text.sanitize import language_tag
from indexer.core.types import Complaint, Cue, Transcript
from indexer.readers.shared.complaints import Complaints
from indexer.readers.shared.limits import counted
from indexer.readers.shared.lost_characters import lost_characters
from indexer.readers.shared.rolling_captions import unrolled
from indexer.readers.shared.source import Source
from indexer.readers.shared.text_lines import split_lines
from indexer.readers.shared.webvtt_text import Voice, plain, voices
from indexer.readers.shared.word_times import sensible
from indexer.readers.subrip.missing_times import without_times
from indexer.readers.subrip.srt_repair import Block, Repair, begins_cue

NAME = "WebVTT"
SUFFIXES = (".vtt", ".txt")

_HEADER = re.compile(r"[\ufeff\s]*WEBVTT(?:\s|$)")
_NO_CUE = re.compile(r"\ufeff?WEBVTT(?:[ \t]|$)|NOTE(?:[ \t]|$)|(?:STYLE|REGION)[ \t]*$")
_LANGUAGE = re.compile(r"(?:NOTE[ \t]+)?language[ \t]*:(.*)", re.I)
_MAP = re.compile(r"X-TIMESTAMP-MAP=")


def recognises(text: str) -> bool:
    """True for text that begins with WEBVTT."""
    return _HEADER.match(text) is not None


def read(source: Source) -> Transcript:
    """All cues of the file; the language becomes a fact, and the complaints list irregularities."""
    lines = split_lines(source.text.lstrip("\ufeff"))
    heads = [place for place in range(len(lines)) if begins_cue(lines, place)]
    headless = without_times(lines, heads)
    about = _blank_all_but_cues(lines, heads)
    repair = Repair(source.path, "\n".join(lines), headless)
    blocks, repeated = unrolled(repair.blocks(numbered=False), plain)
    cues = tuple(counted(cue for block in blocks for cue in _cues(block)))
    complaints = Complaints([*_mapped(source.path, about), *repair.complaints])
    if repeated:
        what = _("captions roll: {repeated} lines are shown again by the cue below").format(repeated=repeated)
        complaints.append(Complaint(source.path, blocks[0].line, what, _("repeats left out")))
    if not cues:
        complaints.append(Complaint(source.path, 1, _("no line with two times and an arrow"), _("no cues to index")))
    return Transcript(cues, (*complaints, *lost_characters(source.path, cues)), _facts(about.values()))


def _blank_all_but_cues(lines: list[str], heads: Sequence[int]) -> Mapping[int, str]:
    """Blanks headers, comments, styles, regions and cue identifiers; returns the identifiers by line number."""
    about: dict[int, str] = {}
    skipping, first, begins = False, 0, frozenset(heads)
    for at, line in enumerate(lines):
        if at in begins:
            if at == first + 1 and not skipping:
                about[at], lines[first] = lines[first], ""
            skipping, first = False, -1
        elif not line:
            skipping, first = False, at + 1
        elif skipping or (at == first and _NO_CUE.match(line)):
            about[at + 1], lines[at] = line, ""
            skipping = True
    _blank_numbers(lines, heads, sum(about.get(at, "").strip().isdecimal() for at in heads))
    return about


def _blank_numbers(lines: list[str], heads: Sequence[int], blanked: int) -> None:
    """Blanks cue numbers without an empty line above, if most cues have a number; `blanked` are those blanked so
    far. A number that comes twice is blanked twice."""
    times = [at for at in heads if at]
    numbers = [at - 1 for at in times if lines[at - 1].strip().isdecimal()]
    if (len(numbers) + blanked) * 2 > len(times) - 1:
        for at in numbers:
            if at and lines[at - 1].strip() == lines[at].strip():
                lines[at - 1] = ""
            lines[at] = ""


def _mapped(path: str, about: Mapping[int, str]) -> Iterator[Complaint]:
    for number, line in about.items():
        if _MAP.match(line):
            what = _("the times are mapped to those of a stream (X-TIMESTAMP-MAP)")
            yield Complaint(path, number, what, _("kept as they are; `offset` in podcast.toml can move them"))


def _facts(about: Iterable[str]) -> dict[str, object]:
    languages = (language_tag(match[1]) for match in map(_LANGUAGE.match, about) if match)
    language = next(filter(None, languages), None)
    return {"language": language} if language else {}


def _cues(block: Block) -> list[Cue]:
    """The cues of a block: one per speaker."""
    start, end = block.start / 1000, block.end / 1000
    said = voices("\n".join(block.text)) or [Voice("", "", ())]
    starts = [*_starts(said, start, end), end]
    return [
        Cue(begin, until, voice.text, voice.speaker, block.line, sensible(voice.marks, begin, until))
        for voice, (begin, until) in zip(said, pairwise(starts), strict=True)
    ]


def _starts(said: Sequence[Voice], start: float, end: float) -> list[float]:
    """When each voice begins: at its first timed word, else in proportion to text length. In seconds."""
    whole, before, starts = sum(len(voice.text) for voice in said) or 1, 0, [start]
    for voice, following in pairwise(said):
        before += len(voice.text)
        timed = following.marks and following.marks[0][0] == 0
        time = following.marks[0][1] if timed else start + (end - start) * before / whole
        starts.append(round(min(max(time, starts[-1]), end), 3))
    return starts
