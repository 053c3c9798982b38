"""SubRip (.srt): the `srt` package behind a repair that lets it meet only well-formed text."""

from __future__ import annotations

import re
from collections.abc import Sequence

import srt

from indexer.readers.repair import Block, Repair, has_cues
from indexer.readers.source import Source
from indexer.values import Complaint, Cue, Transcript

NAME = "SubRip"
SUFFIXES = (".srt", ".txt")

# Only tags that players know; `<E0>` or `<uses-permission>` in a talk about code is text.
_TAGS = re.compile(r"</?(?:b|i|u|s|em|strong|font|c|ruby|rt)(?:[ .=][^<>]*)?>|\{\\[^{}]*\}|\{/?[bius]\}", re.IGNORECASE)


def recognises(text: str) -> bool:
    """True for text that has at least one line with two times and an arrow, and is not WebVTT."""
    return not text.lstrip("\ufeff").startswith("WEBVTT") and has_cues(text)


def read(source: Source) -> Transcript:
    """All cues of the file; what was irregular is in the complaints."""
    repair = Repair(source.path, source.text)
    blocks = repair.blocks()
    subtitles = srt.parse(_compose(blocks))
    cues = tuple(
        Cue(
            subtitle.start.total_seconds(),
            subtitle.end.total_seconds(),
            _TAGS.sub("", subtitle.content),
            line=block.line,
        )
        for subtitle, block in zip(subtitles, blocks, strict=True)
    )
    return Transcript(cues, (*repair.complaints, *_unreadable(source.path, cues)))


def _compose(blocks: Sequence[Block]) -> str:
    """The SRT file that should have been."""
    return "\n".join(
        f"{number}\n{_stamp(block.start)} --> {_stamp(block.end)}\n" + "\n".join(block.text) + "\n"
        for number, block in enumerate(blocks, 1)
    )


def _stamp(milliseconds: int) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},{thousandths:03}"


def _unreadable(path: str, cues: Sequence[Cue]) -> list[Complaint]:
    return [
        Complaint(path, cue.line, f"{cue.text.count(chr(0xFFFD))} unreadable characters (U+FFFD)", "kept as they are")
        for cue in cues
        if "\ufffd" in cue.text
    ]
