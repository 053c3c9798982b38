"""What a terminal shows: widths of characters, times, colour and links; and how a result is to be printed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from indexer.core.named_tuples import NamedTuple

UNSEEN = r"\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ud800-\udfff"
"""Beside C0, what no output has as it is: DEL and C1 controls, what changes the direction of text, separators of lines
and paragraphs, halves of surrogate pairs. Inside the brackets of a pattern."""
_CONTROL = rf"[\x00-\x08\x0b-\x1f{UNSEEN}]"
_LONG = 300
_STYLES = rf"\x1b\[[0-9;]*m|\x1b\]8;;[^\x00-\x1f{UNSEEN}]*\x1b\\"
"""What `Style` writes."""


class Style(NamedTuple):
    """Whether to colour and to link; `width` is the columns of the terminal, 0 for no wrapping."""

    color: bool = False
    links: bool = False
    width: int = 0

    def paint(self, text: str, code: str) -> str:
        """The text in an ANSI style such as `1;31`, when there is colour."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.color and text else text

    def link(self, text: str, target: str | None) -> str:
        """The text as an OSC 8 hyperlink, when the terminal takes links."""
        if not (self.links and target and target.startswith(("http://", "https://")) and target.isprintable()):
            return text
        return f"\x1b]8;;{target}\x1b\\{text}\x1b]8;;\x1b\\"


def _nothing(_: str) -> None:
    """Tells nobody."""


class Page(NamedTuple):
    """How to print: in which style, whether with the parts of each score, and whom to tell what is left out."""

    style: Style = Style()
    explain: bool = False
    tell: Callable[[str], None] = _nothing


def clean(text: str) -> str:
    """Text from a transcript, safe to print on one line: no control characters, line ends as spaces."""
    if text.isprintable():
        return text
    # Compiled here: few texts need it, and it takes a millisecond.
    return re.sub(_CONTROL, "", text.replace("\r", "").replace("\n", " ").replace("\t", " "))


def shortened(text: str) -> str:
    """A message without what is too long to be read: of a word longer than any name of a file, the beginning."""
    return re.sub(r"[^\s/]{300,}", lambda word: f"{word[0][:80]}…", text) if len(text) >= _LONG else text


def unsteered(line: str, styled: bool = False) -> str:
    """What is printed or written to a file, a line or several, whoever made it: without what steers a terminal or hides
    what is there. Tabs, line ends and, where it is `styled`, colours and links stay. Every line that is printed goes
    through here, after `clean`, which takes a text from outside for what it is and leaves none of its styles either."""
    if line.isprintable():
        return line
    kept = rf"({_STYLES}|\r\Z)" if styled else r"(\r\Z)"
    return re.sub(f"{kept}|{_CONTROL}", r"\1", line)


def columns(text: str) -> int:
    """How many columns a text takes in a terminal; a Chinese character takes two.

    >>> columns("GPU训练")
    7
    """
    return sum(map(columns_of, text))


@lru_cache(32768)
def columns_of(character: str) -> int:
    """How many columns a character takes."""
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def padded(text: str, width: int) -> str:
    """The text filled up with spaces to `width` columns, or cut with an ellipsis when it is wider.

    >>> padded("语音识别", 10), padded("语音识别", 6)
    ('语音识别  ', '语音… ')
    """
    if columns(text) <= width:
        return text + " " * (width - columns(text))
    kept = ""
    for character in text:
        if columns(kept) + columns_of(character) > width - 1:
            break
        kept += character
    return kept + "…" + " " * (width - 1 - columns(kept))
