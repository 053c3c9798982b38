"""Folding: the normal form in which text and queries are compared.

Unifies width and compatibility forms (NFKC), case, and Traditional/Simplified. Each character is folded independently
of its neighbours, so a substring of a text folds to a substring of the folded text; exact search depends on that.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping

# The code points OpenCC's character tables cover: CJK unified, extension A, compatibility, extensions B-G.
_HAN_RANGES = ((0x3400, 0xA000), (0xF900, 0xFB00), (0x20000, 0x31400))


class Folding:
    """Folds strings with a fixed character table, which is stored with the index.

    `table` maps each Traditional character to one Simplified character.
    """

    def __init__(self, table: Mapping[str, str]) -> None:
        self.table = dict(table)
        self._characters = _CharacterTable(self.table)

    def fold(self, text: str) -> str:
        """Returns the folded text.

        >>> Folding({"網": "网"}).fold("ＧＰＵ網路")
        'gpu网路'
        """
        return self.fold_with_offsets(text)[0]

    def fold_all(self, texts: Iterable[str]) -> str:
        """Returns the folded texts, with a line end between them."""
        joined = "\n".join(texts)
        folded = joined.translate(self._characters)
        return folded if self._characters.uneven.isdisjoint(joined) else "\n".join(map(self.fold, joined.split("\n")))

    def fold_with_offsets(self, text: str) -> tuple[str, list[int] | None]:
        """Returns the folded text and, for each of its characters, the offset of its source character in `text`.

        The offsets have one extra entry, `len(text)`. They are None in the common case that all offsets are unchanged.
        """
        folded = text.translate(self._characters)
        if self._characters.uneven.isdisjoint(text):
            return folded, None
        pieces: list[str] = []
        offsets: list[int] = []
        for offset, piece in self._fold_clusters(text):
            pieces.append(piece)
            offsets.extend([offset] * len(piece))
        offsets.append(len(text))
        return "".join(pieces), offsets

    def _fold_clusters(self, text: str) -> Iterator[tuple[int, str]]:
        """Yields (offset, folded form) of each base character with its combining marks; invisible characters are
        dropped."""
        for offset, cluster in _clusters(text):
            composed = unicodedata.normalize("NFKC", "".join(c for c in cluster if not _is_invisible(c)))
            yield offset, composed.translate(self._characters)


class _CharacterTable(dict[int, str]):
    """A lazily filled table, code point -> folded form, for `str.translate`.

    `uneven` collects the characters seen so far that combine or whose folded form is not one character long. Text
    without any of them keeps its offsets.
    """

    def __init__(self, simplified: Mapping[str, str]) -> None:
        super().__init__()
        self._simplified = simplified
        self.uneven: set[str] = set()

    def __missing__(self, code: int) -> str:
        character = chr(code)
        compatible = "" if _is_invisible(character) else unicodedata.normalize("NFKC", character)
        folded = "".join(self._simplified.get(c, c) for c in compatible.lower())
        if len(folded) != 1 or _is_combining(character):
            self.uneven.add(character)
        self[code] = folded
        return folded


def _clusters(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for offset in range(1, len(text) + 1):
        if offset == len(text) or not _is_combining(text[offset]):
            yield start, text[start:offset]
            start = offset


def _is_combining(character: str) -> bool:
    """True for combining marks and half-width kana voicing marks, which belong to the preceding character."""
    return unicodedata.combining(character) != 0 or character in "\uff9e\uff9f"


def _is_invisible(character: str) -> bool:
    """True for zero-width and other format characters, as used in watermarks."""
    return unicodedata.category(character) == "Cf"


def opencc_table() -> dict[str, str]:
    """Maps Traditional to Simplified single characters, from the installed OpenCC."""
    from indexer.core.processes.isolated_process import run_in_child  # late: a search has its table from the index

    return run_in_child(_opencc_table)


def _opencc_table() -> dict[str, str]:
    import opencc

    characters = [chr(code) for first, last in _HAN_RANGES for code in range(first, last)]
    simplified = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    table = dict(_changed(characters, simplified))
    # Some results are themselves mapped by the table (薴 苧 苎): resolve them to the final form.
    return {character: table.get(form, form) for character, form in table.items()}


def _changed(characters: Iterable[str], simplified: Iterable[str]) -> Iterator[tuple[str, str]]:
    for before, after in zip(characters, simplified, strict=True):
        if before != after and len(after) == 1:
            yield unicodedata.normalize("NFKC", before), after
