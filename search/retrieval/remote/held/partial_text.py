"""The text of an episode as far as its decks were fetched (`indexer.store.cluster.documents.decks`): the atoms of a
query, and what sounds like them, each at its place; everything else is filler.

A ranking looks at nothing else, so it finds in a partial text what it would find in the whole one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

from indexer.core.native import laid_out
from indexer.core.positions.stream_builder import StreamBuilder
from indexer.core.positions.token_stream import ENCODINGS, WIDTHS, Stream, is_basic, pack_units
from indexer.store.cluster.documents.decks import sound_of_deck
from indexer.store.fields.word_boundaries import Marks

FILLER = "\1"
"""The unit of an atom that was not fetched. No stream contains it, and no query is coded as it."""
_NARROW, _WIDE = WIDTHS


class PartialStream(Stream):
    """A stream with filler. Whoever decodes atoms, rather than looking for some, wants the whole text: `notice` is
    called."""

    def __init__(self, data: bytes, notice: Callable[[], None]) -> None:
        super().__init__(data)
        self._notice = notice

    def atoms(self, start: int = 0, end: int | None = None) -> list[str]:
        self._notice()
        return super().atoms(start, end)


class PartialText:
    """The decks of an episode of so many atoms, laid out. Methods raise ValueError where they are damaged."""

    def __init__(self, packed: Mapping[str, bytes], atoms: int) -> None:
        """`packed` are the decks by their names; one without an entry is empty."""
        self._packed = packed
        self._atoms = atoms

    def _parts(self) -> list[tuple[str, str, bytes]]:
        """The name of each deck, its atoms, one a line, and the rest."""
        parts = [(name, *deck.partition(b"\0")) for name, deck in self._packed.items() if deck]
        return [(name, atoms.decode(), entries) for name, atoms, _, entries in parts]

    @cached_property
    def _laid_out(self) -> tuple[bytes, Marks]:
        """The stream as stored, and the marks."""
        builder, parts = StreamBuilder(), self._parts()
        coded = [(_units(atoms, builder), entries) for _, atoms, entries in parts]
        width = _WIDE if builder.names and any(max(units) > "\uffff" for units, _ in coded) else _NARROW
        encoding = ENCODINGS[width]
        decks = [(units.encode(encoding), entries) for units, entries in coded]
        units, begins, new = laid_out(decks, self._atoms, FILLER.encode(encoding))
        return pack_units(units, width, builder.names), Marks.of_bits(begins, new, self._atoms)

    def stream(self, notice: Callable[[], None]) -> PartialStream:
        """The atoms that are there, at their places."""
        return PartialStream(self._laid_out[0], notice)

    def marks(self) -> Marks:
        """Where the words of these atoms begin and end."""
        return self._laid_out[1]

    def sounds(self) -> bytes:
        """The sound classes of these atoms."""
        parts = self._parts()
        decks = [(bytes([sound_of_deck(name)]) * (atoms.count("\n") + 1), entries) for name, atoms, entries in parts]
        return laid_out(decks, self._atoms, b"\0")[0]


def _units(names: str, builder: StreamBuilder) -> str:
    """The units of some atoms, one a line."""
    units = names[::2]
    if len(names) % 2 and names[1::2].count("\n") == len(names) // 2 and all(map(is_basic, units)):
        return units  # characters, as in most decks
    atoms = names.split("\n")
    units = "".join(atom if is_basic(atom) else builder.code(atom) for atom in atoms)
    if len(units) != len(atoms):
        raise ValueError("a deck has what is no atom")
    return units
