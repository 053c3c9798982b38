"""Reads SubRip (.srt) files, regular or damaged, by `srt_fast_path` and `srt_repair`.

`srt.parse` cannot be given damaged files: it stops at page headers and odd arrows, silently misreads times without
hours, and takes text like "5" above "1.2.3" for the start of a cue.
"""

from __future__ import annotations

from indexer.core.types import Cue, Transcript
from indexer.readers.shared.lost_characters import lost_characters
from indexer.readers.shared.source import Source
from indexer.readers.shared.text_lines import split_lines
from indexer.readers.subrip.damaged_times import is_certain
from indexer.readers.subrip.srt_fast_path import read_regular
from indexer.readers.subrip.srt_repair import Repair, has_cues

NAME = "SubRip"
SUFFIXES = (".srt", ".txt")


def recognises(text: str) -> bool:
    """True for text with a line of two times and an arrow."""
    return has_cues(text)


def tolerates(text: str) -> bool:
    """True for text with a line that can only be a damaged time line."""
    return any(map(is_certain, split_lines(text)))


def read(source: Source) -> Transcript:
    """All cues of the file; the complaints list irregularities."""
    regular = read_regular(source.text)
    if regular is not None:
        return Transcript(regular, tuple(lost_characters(source.path, regular)))
    repair = Repair(source.path, source.text)
    cues = tuple(
        Cue(block.start / 1000, block.end / 1000, "\n".join(block.text), line=block.line) for block in repair.blocks()
    )
    return Transcript(cues, (*repair.complaints, *lost_characters(source.path, cues)))
