"""The result types of explorations: rows, and the size of what they were counted in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar, overload

Row = TypeVar("Row")


class Rows(Sequence[Row]):
    """Dataclass rows of one kind, in the requested order; `pandas.DataFrame(rows)` makes a table."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = tuple(rows)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, index: int | slice) -> Row | tuple[Row, ...]:
        return self._rows[index]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self)} rows>"


class Listing(Rows[Row]):
    """Words with their measures.

    `words` is the size of the part in words, `damped` the number of its words left out as the recogniser's loops and
    stock lines; `other_words` is the size of the reference part, `places` the occurrences of the word whose collocates
    these are.
    """

    def __init__(
        self, rows: Sequence[Row], words: int, damped: int = 0, *, other_words: int = 0, places: int = 0
    ) -> None:
        super().__init__(rows)
        self.words = words
        self.damped = damped
        self.other_words = other_words
        self.places = places
