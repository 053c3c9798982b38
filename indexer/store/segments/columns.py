"""Columns: a value for each document of a segment.

A column of numbers is a big-endian array; documents after its end have 0. A column of bytes is

| bytes                 | value                                                                  |
|-----------------------|------------------------------------------------------------------------|
| values                | one after another                                                      |
| an integer a document | the length of each value                                               |
| an integer a document | where each value begins; only in columns of many documents             |
| 1                     | the array code of the lengths                                          |
| 1, 1                  | the array code of the beginnings and `X`; only when there are any      |
"""

from __future__ import annotations

import sys
from array import array
from itertools import accumulate

from indexer.core.mapped_files import Data
from indexer.store.segments.checksums import Check, unchecked

_WITH_STARTS = b"X"


class BytesColumn:
    """A column of bytes; value n is `data[starts[n]:starts[n + 1]]`, which `span` names without copying it.

    Every method raises IndexProblem where `check` finds the bytes damaged.
    """

    __slots__ = ("_check", "_data", "starts")

    def __init__(self, data: Data, documents: int, check: Check = unchecked) -> None:
        # Between the values and the end stand two integers a document at most.
        check(max(0, len(data) - 2 * 8 * documents - 3), len(data))
        end = len(data) - 1
        code = data[end:]
        if code == _WITH_STARTS:
            code = data[end - 2 : end - 1]
            end -= 2 + documents * array(data[end - 1 : end].decode()).itemsize
        first = end - documents * array(code.decode()).itemsize
        lengths = _integers(code.decode(), data[max(0, first) : max(0, end)])
        self._check = check
        self._data = data
        self.starts = array("q", accumulate(lengths, initial=0))
        if len(lengths) != documents or self.starts[-1] != first or min(lengths, default=0) < 0:
            raise ValueError("a column is cut off")

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, number: int) -> bytes:
        start, end = self.span(number)
        return self._data[start:end]

    @property
    def data(self) -> Data:
        """All values, one after another."""
        self._check(0, len(self._data))
        return self._data

    def view(self, number: int) -> memoryview:
        """The value of a document, not copied; the file cannot be closed before it is given up."""
        start, end = self.span(number)
        return memoryview(self._data)[start:end]

    def place(self, number: int) -> tuple[Data, int, int]:
        """The bytes of the column, and where in them the value of a document begins and ends."""
        return self._data, *self.span(number)

    def span(self, number: int) -> tuple[int, int]:
        """Where the value of a document begins and ends in `data`."""
        start, end = self.starts[number], self.starts[number + 1]
        self._check(start, end)
        return start, end


def parse_numbers(data: Data, documents: int) -> array[int]:
    """A column of unsigned numbers of four bytes."""
    numbers = _integers("I", data[:])
    if len(numbers) > documents:
        raise ValueError("a column is too long")
    numbers.extend([0] * (documents - len(numbers)))
    return numbers


def _integers(code: str, packed: bytes) -> array[int]:
    numbers = array(code)
    numbers.frombytes(packed)
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers
