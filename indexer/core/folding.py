"""Folding: the one normal form in which text and query meet.

Width and compatibility forms (NFKC), case and Traditional/Simplified become one. Every character is
folded by itself, never by its neighbours, so any substring of a text folds to the same substring of
the folded text; exact search depends on that.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from indexer.core.isolated_process import made_apart

# Where OpenCC's character tables have entries: CJK unified, extension A, compatibility, extensions B-G.
_HAN_RANGES = ((0x3400, 0xA000), (0xF900, 0xFB00), (0x20000, 0x31400))


class Folding:
    """Folds strings with a fixed character table, which an index carries with it.

    `table` maps a Traditional character to its Simplified form, one character each.
    """

    def __init__(self, table: Mapping[str, str]) -> None:
        self.table = dict(table)
        self._characters = _CharacterTable(self.table)

    def fold(self, text: str) -> str:
        """The folded text.

        >>> Folding({"網": "网"}).fold("ＧＰＵ網路")
        'gpu网路'
        """
        return self.fold_with_offsets(text)[0]

    def fold_with_offsets(self, text: str) -> tuple[str, list[int] | None]:
        """The folded text and, for each of its characters, the offset of its source in `text`.

        The offsets have one more entry than the folded text has characters: the end of `text`.
        None stands for the common case that nothing moved.
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
        """(offset, folded form) of each base character with its combining marks; invisible ones vanish."""
        for offset, cluster in _clusters(text):
            composed = unicodedata.normalize("NFKC", "".join(c for c in cluster if not _is_invisible(c)))
            yield offset, composed.translate(self._characters)


class _CharacterTable(dict[int, str]):
    """Code point -> folded form, filled as characters are met, for `str.translate`.

    `uneven` collects the characters met whose folded form is not exactly one character, and the
    combining ones: text that has none of them keeps its offsets.
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
    """Combining marks and the half-width kana voicing marks belong to the character before them."""
    return unicodedata.combining(character) != 0 or character in "\uff9e\uff9f"


def _is_invisible(character: str) -> bool:
    """Zero-width and other format characters, which watermarks are made of."""
    return unicodedata.category(character) == "Cf"


def opencc_table() -> dict[str, str]:
    """Traditional -> Simplified for single characters, as the installed OpenCC has it."""
    return made_apart(_opencc_table)


def _opencc_table() -> dict[str, str]:
    import opencc

    characters = [chr(code) for first, last in _HAN_RANGES for code in range(first, last)]
    simplified = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    table = dict(_changed(characters, simplified))
    # A few forms are themselves changed by the table (薴 苧 苎): all meet at the last one.
    return {character: table.get(form, form) for character, form in table.items()}


def _changed(characters: Iterable[str], simplified: Iterable[str]) -> Iterator[tuple[str, str]]:
    for before, after in zip(characters, simplified, strict=True):
        if before != after and len(after) == 1:
            yield unicodedata.normalize("NFKC", before), after
