"""Reads Whisper's TSV: one line per cue with start and end in milliseconds and the text, separated by tabs."""

from __future__ import annotations

import re

from indexer.core.messages import _
from indexer.core.types import Complaint, Transcript
from indexer.readers.shared.drafts import Draft, settle
from indexer.readers.shared.source import Source
from indexer.readers.shared.text_lines import split_lines

NAME = "Whisper TSV"
SUFFIXES = (".tsv",)

_HEADER = re.compile(r"[\ufeff\s]*start\tend\ttext[ \t]*[\r\n]", re.IGNORECASE)
_TIME = re.compile(r"\s*(-?\d{1,15}(?:\.\d{1,9})?)\s*$")
# A row followed by another on the same line: a line end was lost.
_TWO_ROWS = re.compile(r"(\d{1,9}\t\d{1,9}\t[^\t]*[^\t\d])\t?(\d{1,60}\t\d{1,9}\t.*)$")


def recognises(text: str) -> bool:
    """True for text whose first line is the header of a table of start, end and text."""
    return _HEADER.match(text) is not None


def read(source: Source) -> Transcript:
    """All lines as cues; missing times are taken from the neighbours."""
    lines = [(number, line) for number, line in enumerate(split_lines(source.text), 1) if line.strip("\ufeff \t")]
    joined = [number for number, line in lines[1:] if _TWO_ROWS.match(line)]
    drafts = [_draft(number, row) for number, line in lines[1:] for row in _rows(line)]
    complaints = [Complaint(source.path, number, _("two rows in one line"), _("read as two")) for number in joined]
    if any("." in cell for _, line in lines[1:] for cell in line.split("\t")[:2] if _TIME.match(cell)):
        complaints.append(Complaint(source.path, lines[1][0], _("times with fractions"), _("read as seconds")))
    else:
        for draft in drafts:
            draft.start, draft.end = (None if time is None else time / 1000 for time in (draft.start, draft.end))
    if not drafts:
        complaints.append(Complaint(source.path, 1, _("no lines below the header"), _("no cues to index")))
    return settle(source.path, drafts, complaints)


def _rows(line: str) -> list[str]:
    two = _TWO_ROWS.match(line)
    return [two[1], two[2]] if two else [line]


def _draft(number: int, line: str) -> Draft:
    """Parses a line, times still in milliseconds; the text may contain tabs."""
    cells = line.split("\t", 2)
    if len(cells) < 3:
        return Draft(None, None, line.replace("\t", " "), line=number)
    start, end = (float(match[1]) if (match := _TIME.match(cell)) else None for cell in cells[:2])
    return Draft(start, end, cells[2].replace("\t", " "), line=number)
