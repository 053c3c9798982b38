"""Columns: one value per document of a segment.

A numeric column is a big-endian array; documents past its end have 0. A bytes column consists of

| bytes                 | value                                                                  |
|-----------------------|------------------------------------------------------------------------|
| values                | concatenated                                                           |
| one integer/document  | the length of each value                                               |
| one integer/document  | the offset of each value; only in columns of many documents            |
| 1                     | the array type code of the lengths                                     |
| 1, 1                  | the array type code of the offsets and `X`; only if there are offsets  |
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence
from itertools import accumulate

from indexer.core.files.mapped_files import Data
from indexer.store.segments.checksums import Check, Guard, unchecked

_WITH_STARTS = b"X"


class BytesColumn:
    """A bytes column; value n is `data[starts[n]:starts[n + 1]]`, and `span` returns these offsets.

    Methods raise IndexProblem if `check` finds the bytes damaged; the constructor also raises ValueError.
    """

    __slots__ = ("_check", "_data", "starts")

    def __init__(self, data: Data, documents: int, check: Check = unchecked) -> None:
        # At most two integers per document follow the values.
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
        """All values, concatenated."""
        self._check(0, len(self._data))
        return self._data

    @property
    def unchecked(self) -> Data:
        """All values, concatenated, unverified: callers verify those that they read by `check_values`."""
        return self._data

    def check_values(self, numbers: Sequence[int]) -> None:
        """Verifies several values at once."""
        if isinstance(self._check, Guard):
            self._check.check_values(self.starts, numbers)
        else:
            for number in numbers:
                self.span(number)

    def view(self, number: int) -> memoryview:
        """A document's value without a copy. The file cannot be closed while the view exists."""
        start, end = self.span(number)
        return memoryview(self._data)[start:end]

    def place(self, number: int) -> tuple[Data, int, int]:
        """The bytes of the column, and the offsets at which a document's value begins and ends in them."""
        return self._data, *self.span(number)

    def span(self, number: int) -> tuple[int, int]:
        """The offsets in `data` at which a document's value begins and ends."""
        start, end = self.starts[number], self.starts[number + 1]
        self._check(start, end)
        return start, end


def parse_numbers(data: Data, documents: int) -> array[int]:
    """Decodes a numeric column of four-byte unsigned integers. Raises ValueError if it is too long."""
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
