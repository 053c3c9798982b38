"""Builds token streams: codes folded text atom by atom (`indexer.core.positions.token_stream`)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from indexer.core.positions.token_stream import Stream, code_characters
from indexer.core.positions.tokens import HAN, KANA

# Any folded text except Han and kana of the basic plane: an atom to be coded (group `atom`), or no atom at all.
_OTHER = rf"(?P<atom>\d+(?:\.\d+)?|[^\W\d_{HAN}{KANA}]+(?:\+\+|#)?|[\U00020000-\U0003ffff])|[^{HAN}{KANA}]"


class StreamBuilder:
    """Codes folded text piece by piece; `names` collects the atoms that got a code. Raises ValueError if codes run
    out."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        """`names` have the first codes, in their order."""
        self._free = code_characters()
        self._codes = dict(zip(names, self._free, strict=False))
        self._other = re.compile(_OTHER)

    def code(self, folded: str) -> str:
        """The coded atoms of a piece of folded text."""
        return self._other.sub(self._replace, folded)

    def _replace(self, match: re.Match[str]) -> str:
        atom = match["atom"]
        if atom is None:
            return ""
        code = self._codes.get(atom)
        if code is None:
            code = next(self._free, None)
            if code is None:
                raise ValueError(f"more than {len(self._codes):,} different names and numbers")
            self._codes[atom] = code
        return code

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._codes)

    def stream(self, units: str) -> Stream:
        """The stream of the coded `units`."""
        return Stream.of(units, self.names)
