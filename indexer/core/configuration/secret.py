"""A text that no message, log or traceback shows by accident."""

from __future__ import annotations


class Secret:
    """A text of which only `reveal` returns the content."""

    __slots__ = ("_text",)

    def __init__(self, text: str = "") -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "***" if self._text else "nothing"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)
