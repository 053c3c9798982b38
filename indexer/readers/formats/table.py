"""Reads tables (.csv, .tsv): a header names the columns of times, text and speakers; commas, tabs or semicolons."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple
from indexer.core.text.clock_times import LATEST_START
from indexer.core.types import Complaint, Transcript
from indexer.readers.shared.complaints import Complaints
from indexer.readers.shared.drafts import Draft, settle, without_ends
from indexer.readers.shared.limits import check_cells
from indexer.readers.shared.misplaced_separators import mend_misplaced
from indexer.readers.shared.source import Source
from indexer.readers.shared.table_header import Columns, columns_of
from indexer.readers.shared.table_times import Written, counts_frames, scale_of, written_time
from indexer.readers.shared.text_lines import split_lines

NAME = "table"
SUFFIXES = (".csv", ".tsv", ".txt")

_DELIMITERS = ",\t;|"
_HEADER_WITHIN = 5
"""Lines that are searched for the header."""
_LONGEST_HEADER = 20_000
"""In characters, for these lines together."""
_LONGEST_CELL = 100
"""Lines per row. Longer rows result from a quote that is never closed."""
_MOST_OPEN = 100
"""After this many unclosed quotes, lines are read one by one."""
_SAMPLE = 200
_ODD, _RISING = 0.2, 0.8
"""Among the first rows of a transcript: the highest share without a time where one belongs, and the lowest share of
times that do not precede the previous one."""
_NO_TIME = frozenset({"", "-", "na", "n/a", "nan", "none", "null"})
_SLOWEST = 0.3
"""In characters per second. Speech has at least five."""


class _Row(NamedTuple):
    line: int
    cells: list[str]


class _Table(NamedTuple):
    """The line of the header (from 1), its columns, and the delimiter."""

    header: int
    columns: Columns
    delimiter: str
    width: int


def recognises(text: str) -> bool:
    """True for text with a header naming a time and a text, and times that increase at the speed of speech."""
    table = _find(text)
    if table is None:
        return False
    lines = split_lines(text)
    rows = list(islice(_rows("", lines, table, []), _SAMPLE))
    odd = sum(_is_odd(_cell(row, table.columns.start)) for row in rows)
    starts = [draft.start for draft in _drafts(rows, table.columns, [], "") if draft.start is not None]
    rising = sum(before <= after for before, after in pairwise(starts))
    if odd > _ODD * len(rows) or rising < _RISING * (len(starts) - 1):
        return False
    # Some people put a transcript into such a table but omit the times.
    said = sum(len(_cell(row, table.columns.text)) for row in rows)
    start = min(starts, default=0.0)
    named = bool(starts) or table.columns.end is not None
    return named and start <= LATEST_START and said >= _SLOWEST * (max(starts, default=0.0) - start)


def _is_odd(cell: str) -> bool:
    """True for a cell in place of a time that is neither a time nor a mark for a missing one."""
    return written_time(cell) is None and cell.strip().lower() not in _NO_TIME


def tolerates(text: str) -> bool:
    """True for text with a header that names a time and a text."""
    return _find(text) is not None


def read(source: Source) -> Transcript:
    """One cue per row with text; missing times are taken from the neighbours."""
    lines = split_lines(source.text)
    table = _find(source.text)
    if table is None:
        raise ValueError(_("not a table of cues"))
    complaints = Complaints(
        Complaint(source.path, number, _("text before the header"), _("left out"))
        for number, line in enumerate(lines[: table.header - 1], 1)
        if line.strip("\ufeff \t")
    )
    rows = list(_rows(source.path, lines, table, complaints))
    if not rows:
        complaints.append(Complaint(source.path, table.header, _("no lines below the header"), _("no cues to index")))
    drafts = _drafts(rows, table.columns, complaints, source.path)
    if table.columns.end is None and table.columns.duration is None:
        without_ends(drafts)
    return settle(source.path, drafts, complaints)


def _find(text: str) -> _Table | None:
    """The header, if one of the first lines is one. Raises TooMuch if the table has too many cells."""
    for number, line in enumerate(split_lines(text[:_LONGEST_HEADER])[:_HEADER_WITHIN], 1):
        for delimiter in _DELIMITERS:
            if delimiter in line and (cells := _cells(line.lstrip("\ufeff"), delimiter)):
                columns = columns_of(cells)
                if columns:
                    check_cells(text, delimiter)
                    return _Table(number, columns, delimiter, len(cells))
    return None


def _cells(line: str, delimiter: str) -> list[str]:
    """The cells of one line, ignoring unbalanced quotes."""
    try:
        return next(csv.reader([line.replace("\0", " ")], delimiter=delimiter), [])
    except csv.Error:
        return line.split(delimiter)


def _rows(path: str, lines: Sequence[str], table: _Table, complaints: list[Complaint]) -> Iterator[_Row]:
    """Yields the rows below the header. A row whose quote is not closed before the next row is read as a single
    line."""
    at, opened = table.header, 0
    while at < len(lines):
        below = _Below(lines, table, at, alone=opened > _MOST_OPEN)
        reader = csv.reader(below, delimiter=table.delimiter)
        while True:
            below.row = at + reader.line_num
            try:
                cells = next(reader, None)
            except csv.Error:  # a cell of more than 131,072 characters
                cells, below.broken = [], True
            if cells is None:
                return
            if below.broken or (below.row + 1 < below.at == len(lines) and below.is_open()):
                opened += not below.alone
                what = _("a quote is never closed")
                if opened <= _MOST_OPEN:
                    complaints.append(Complaint(path, below.row + 1, what, _("lines read one by one")))
                cells = [cell.strip('"') for cell in lines[below.row].split(table.delimiter)]
            if any(map(str.strip, cells)):
                yield _full(path, _Row(below.row + 1, cells), table, complaints)
            if below.broken or below.row + 1 < below.at == len(lines):
                break
        at = below.row + 1 if below.broken or below.is_open() else len(lines)


class _Below:
    """The lines below the header, for the csv module. Stops, with `broken` set, if a row continues into the next
    one."""

    def __init__(self, lines: Sequence[str], table: _Table, at: int, alone: bool) -> None:
        self.lines, self.table, self.at, self.alone = lines, table, at, alone
        self.row = at
        self.broken = False

    def __iter__(self) -> _Below:
        return self

    def __next__(self) -> str:
        if self.at >= len(self.lines):
            raise StopIteration
        line = self.lines[self.at]
        if self.at > self.row and (self.alone or self.at - self.row > _LONGEST_CELL or self._is_row(line)):
            self.broken = True
            raise StopIteration
        self.at += 1
        return line.replace("\0", " ") + "\n"

    def _is_row(self, line: str) -> bool:
        """True for a line that is a complete row."""
        if line.count(self.table.delimiter) < self.table.width - 1:
            return False
        cells = _cells(line, self.table.delimiter)
        return len(cells) >= self.table.width and written_time(cells[self.table.columns.start]) is not None

    def is_open(self) -> bool:
        """True if the quote of the last row is still open at the end of the file."""
        rest = [line.replace("\0", " ") + "\n" for line in self.lines[self.row : self.at]]
        try:
            list(csv.reader(rest, delimiter=self.table.delimiter, strict=True))
        except csv.Error:
            return True
        return False


def _full(path: str, row: _Row, table: _Table, complaints: list[Complaint]) -> _Row:
    """The row with all its text in the text column, whatever its number of cells."""
    text = table.columns.text
    more = [cell for cell in row.cells[table.width :] if cell.strip()]
    if more:
        what = _("{count} cells, not {width}").format(count=len(row.cells), width=table.width)
        complaints.append(Complaint(path, row.line, what, _("those beyond added to the text")))
        cells = [*row.cells[: table.width]]
        cells[text] = table.delimiter.join(filter(None, [cells[text], *more]))
        return row._replace(cells=cells)
    said = [place for place, cell in enumerate(row.cells) if cell.strip() and written_time(cell) is None]
    if len(row.cells) < table.width and said and not _cell(row, text).strip():
        what = _("{count} cells, not {width}").format(count=len(row.cells), width=table.width)
        complaints.append(Complaint(path, row.line, what, _("the last that is no time read as the text")))
        cells = [*row.cells, *[""] * (table.width - len(row.cells))]
        cells[said[-1]], cells[text] = "", cells[said[-1]]
        return row._replace(cells=cells)
    return row


def _drafts(rows: Sequence[_Row], columns: Columns, complaints: list[Complaint], path: str) -> list[Draft]:
    """The rows as drafts, with times in seconds. Rows with fewer cells than the header lack the last ones."""
    texts = [_cell(row, columns.text) for row in rows]
    lines = [row.line for row in rows]
    starts, ends = (
        list(map(written_time, mend_misplaced(path, lines, [_cell(row, column) for row in rows], complaints)))
        for column in (columns.start, columns.end)
    )
    scale = scale_of([*zip(starts, ends, map(len, texts), strict=True)], columns.scale)
    if scale.guess:
        complaints.append(
            Complaint(path, rows[0].line, _("times without a unit"), _("read as {name}").format(name=scale.name))
        )
    if framed := next((row.line for row in rows if counts_frames(_cell(row, columns.start))), 0):
        complaints.append(Complaint(path, framed, _("times end in frames"), _("read as 30 frames a second")))
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
