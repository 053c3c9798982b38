"""Tables (.csv, .tsv): a header names the columns of times, text and speakers; commas, tabs or semicolons between."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from indexer.clock import LATEST_START
from indexer.complaints import Complaints
from indexer.readers.drafts import Draft, settle, without_ends
from indexer.readers.repair import split_lines
from indexer.readers.source import Source
from indexer.readers.table_header import Columns, columns_of
from indexer.readers.table_times import Written, counts_frames, scale_of, written_time
from indexer.tuples import NamedTuple
from indexer.values import Complaint, Transcript

NAME = "table"
SUFFIXES = (".csv", ".tsv", ".txt")

_DELIMITERS = ",\t;|"
_HEADER_WITHIN = 5
"""Lines among which the header is looked for."""
_LONGEST_HEADER = 20_000
"""Characters of these lines."""
_LONGEST_CELL = 100
"""Lines of a row. Longer ones come of a quote that is never closed."""
_SAMPLE = 200
_ODD, _RISING = 0.2, 0.8
"""Of the first rows of a transcript at most so many have no time where one belongs, and at least so many times are not
before the one above."""
_NO_TIME = frozenset({"", "-", "na", "n/a", "nan", "none", "null"})
_SLOWEST = 0.3
"""Characters a second. Speech has at least five."""


class _Row(NamedTuple):
    line: int
    cells: list[str]


class _Table(NamedTuple):
    """Where the header stands (line, from 1), what it names, and what separates the cells."""

    header: int
    columns: Columns
    delimiter: str


def recognises(text: str) -> bool:
    """True for text with a header that names a time and a text, and rows whose times rise at the speed of speech."""
    table = _find(text)
    if table is None:
        return False
    lines = split_lines(text)
    rows = list(islice(_rows(lines, table), _SAMPLE))
    odd = sum(_is_odd(_cell(row, table.columns.start)) for row in rows)
    starts = [draft.start for draft in _drafts(rows, table.columns, [], "") if draft.start is not None]
    rising = sum(before <= after for before, after in pairwise(starts))
    if odd > _ODD * len(rows) or rising < _RISING * (len(starts) - 1):
        return False
    # Some people write a transcript into such a table and leave out the times.
    said = sum(len(_cell(row, table.columns.text)) for row in rows)
    start = min(starts, default=0.0)
    named = bool(starts) or table.columns.end is not None
    return named and start <= LATEST_START and said >= _SLOWEST * (max(starts, default=0.0) - start)


def _is_odd(cell: str) -> bool:
    """True for what stands in the place of a time, but is neither one nor says that there is none."""
    return written_time(cell) is None and cell.strip().lower() not in _NO_TIME


def tolerates(text: str) -> bool:
    """True for text with a header that names a time and a text."""
    return _find(text) is not None


def read(source: Source) -> Transcript:
    """A cue for each row with a text; a row without times has those of its neighbours."""
    lines = split_lines(source.text)
    table = _find(source.text)
    if table is None:
        raise ValueError("not a table of cues")
    complaints = Complaints(
        Complaint(source.path, number, "text before the header", "left out")
        for number, line in enumerate(lines[: table.header - 1], 1)
        if line.strip("\ufeff \t")
    )
    rows = list(_rows(lines, table))
    if unclosed := _unclosed(rows):
        complaints.append(Complaint(source.path, unclosed, "a quote is never closed", "lines read one by one"))
        rows = list(_single_rows(lines, table))
    drafts = _drafts(rows, table.columns, complaints, source.path)
    if table.columns.end is None and table.columns.duration is None:
        without_ends(drafts)
    return settle(source.path, drafts, complaints)


def _find(text: str) -> _Table | None:
    """The header, if one of the first lines is one."""
    for number, line in enumerate(split_lines(text[:_LONGEST_HEADER])[:_HEADER_WITHIN], 1):
        for delimiter in _DELIMITERS:
            if delimiter in line and (cells := _cells(line.lstrip("\ufeff"), delimiter)):
                columns = columns_of(cells)
                if columns:
                    return _Table(number, columns, delimiter)
    return None


def _cells(line: str, delimiter: str) -> list[str]:
    """The cells of one line, whatever its quotes."""
    try:
        return next(csv.reader([line.replace("\0", " ")], delimiter=delimiter), [])
    except csv.Error:
        return line.split(delimiter)


def _rows(lines: Sequence[str], table: _Table) -> Iterator[_Row]:
    """The rows below the header; ends early where a quote is not closed, with a row of far too many lines."""
    below = (line.replace("\0", " ") + "\n" for line in lines[table.header :])
    reader = csv.reader(below, delimiter=table.delimiter)
    line = table.header + 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:  # a cell of more than 131,072 characters
            yield _Row(line, ["\n" * (_LONGEST_CELL + 1)])
            return
        if cells is None:
            return
        if any(map(str.strip, cells)):
            yield _Row(line, cells)
        line = table.header + 1 + reader.line_num


def _single_rows(lines: Sequence[str], table: _Table) -> Iterator[_Row]:
    for number, line in enumerate(lines[table.header :], table.header + 1):
        if line.strip():
            yield _Row(number, [cell.strip('"') for cell in line.split(table.delimiter)])


def _unclosed(rows: Sequence[_Row]) -> int:
    """The line of a row with far too many lines, 0 if there is none."""
    return next((row.line for row in rows if sum(cell.count("\n") for cell in row.cells) > _LONGEST_CELL), 0)


def _drafts(rows: Sequence[_Row], columns: Columns, complaints: list[Complaint], path: str) -> list[Draft]:
    """The cues of the rows, their times made seconds. A row of fewer cells than the header lacks the last ones."""
    texts = [_cell(row, columns.text) for row in rows]
    starts = [written_time(_cell(row, columns.start)) for row in rows]
    ends = [written_time(_cell(row, columns.end)) for row in rows]
    scale = scale_of([*zip(starts, ends, map(len, texts), strict=True)], columns.scale)
    if scale.guess:
        complaints.append(Complaint(path, rows[0].line, "times without a unit", f"read as {scale.name}"))
    if framed := next((row.line for row in rows if counts_frames(_cell(row, columns.start))), 0):
        complaints.append(Complaint(path, framed, "times end in frames", "read as 30 frames a second"))
    drafts = []
    for row, text, begin, until in zip(rows, texts, starts, ends, strict=True):
        start, end = _seconds(begin, scale.seconds), _seconds(until, scale.seconds)
        if begin and begin.until is not None and end is None:
            end = begin.until
        lasting = _seconds(written_time(_cell(row, columns.duration)), scale.seconds)
        if end is None and start is not None and lasting is not None:
            end = start + lasting
        drafts.append(Draft(start, end, text, _cell(row, columns.speaker), line=row.line))
    return drafts


def _cell(row: _Row, column: int | None) -> str:
    return row.cells[column] if column is not None and column < len(row.cells) else ""


def _seconds(time: Written | None, scale: float) -> float | None:
    if time is None:
        return None
    return time.value if time.on_clock else time.value * scale
