"""Terminal output: character widths, times, colour and links; and how to print a result."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any

from indexer.core.named_tuples import NamedTuple

UNSEEN = r"\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ud800-\udfff"
"""Besides C0, characters that output never contains unescaped: DEL and C1 controls, bidirectional controls, line and
paragraph separators, lone surrogates. For use inside a character class."""
_CONTROL = rf"[\x00-\x08\x0b-\x1f{UNSEEN}]"
_LONG = 300
_STYLES = rf"\x1b\[[0-9;]*m|\x1b\]8;;[^\x00-\x1f{UNSEEN}]*\x1b\\"
"""What `Style` writes."""

BOLD, DIM, MATCH, TIME, LABEL = "1", "2", "1;31", "36", "33"
"""Styles for `Style.paint`."""


class Style(NamedTuple):
    """Whether to colour and to link; `width` is the columns of the terminal, 0 for no wrapping."""

    color: bool = False
    links: bool = False
    width: int = 0

    def paint(self, text: str, code: str) -> str:
        """The text in an ANSI style such as MATCH, if colour is on."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.color and text else text

    def link(self, text: str, target: str | None) -> str:
        """The text as an OSC 8 hyperlink, if the terminal supports links."""
        if not (self.links and target and target.startswith(("http://", "https://")) and target.isprintable()):
            return text
        return f"\x1b]8;;{target}\x1b\\{text}\x1b]8;;\x1b\\"


def _nothing(_: str) -> None:
    """Discards the message."""


class Page(NamedTuple):
    """How to print: the style, whether to explain scores, and the function that reports omissions.

    Of moments as text: `whole` shows long ones in full, `head` is a line above all, `lacking` are the words of the
    query, folded, that are nowhere in the index, `guessed` is True if all moments are guesses; by rank, `twins` are the
    same moments in other transcripts of a recording, and `unsaid` what a moment lacks of a sentence.
    """

    style: Style = Style()
    explain: bool = False
    tell: Callable[[str], None] = _nothing
    whole: bool = False
    head: str = ""
    lacking: tuple[str, ...] = ()
    guessed: bool = False
    twins: Mapping[int, Sequence[Any]] = {}
    unsaid: Mapping[int, Sequence[str]] = {}


def clean(text: str) -> str:
    """Text from a transcript, safe to print on one line: no control characters, line ends as spaces."""
    if text.isprintable():
        return text
    # Compiled on use: few texts need it, and it takes a millisecond.
    return re.sub(_CONTROL, "", text.replace("\r", "").replace("\n", " ").replace("\t", " "))


def shortened(text: str) -> str:
    """A message with overlong words truncated: words longer than any file name."""
    return re.sub(r"[^\s/]{300,}", lambda word: f"{word[0][:80]}…", text) if len(text) >= _LONG else text


def unsteered(line: str, styled: bool = False) -> str:
    """One or more lines of output without characters that control a terminal or hide text. Tabs, line ends and, if
    `styled`, colours and links stay. Every printed line passes through here, after `clean`, which also removes
    styles that come from outside."""
    if line.isprintable() or line.removesuffix("\r").replace("\t", "").isprintable():
        return line
    if styled and (plain := _without_styles(line)) is not None and plain.isprintable():
        return line
    kept = rf"({_STYLES}|\r\Z)" if styled else r"(\r\Z)"
    return re.sub(f"{kept}|{_CONTROL}", r"\1", line)


def unstyled(line: str) -> str:
    """The line without the colours and links that `Style` writes."""
    if "\x1b" not in line:
        return line
    plain = _without_styles(line)
    return re.sub(_STYLES, "", line) if plain is None else plain


def _without_styles(line: str) -> str | None:
    """The line without what `Style` writes; None if anything else begins with ESC. For the lines of a terminal, of
    which each is looked at: compiling the patterns takes longer than all of them."""
    kept, at = "", 0
    while (begin := line.find("\x1b", at)) >= 0:
        kept += line[at:begin]
        if line.startswith("[", begin + 1):
            at = line.find("m", begin) + 1
            if not at or line[begin + 2 : at - 1].strip("0123456789;"):
                return None
        elif line.startswith("]8;;", begin + 1):
            at = line.find("\x1b\\", begin + 5) + 2
            if at == 1 or not line[begin + 5 : at - 2].isprintable():
                return None
        else:
            return None
    return kept + line[at:]


def columns(text: str) -> int:
    """The number of terminal columns of a text; a Chinese character takes two.

    >>> columns("GPU训练")
    7
    """
    return sum(map(columns_of, text))


@lru_cache(32768)
def columns_of(character: str) -> int:
    """The number of terminal columns of a character."""
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def first_columns(text: str, width: int) -> str:
    """The longest prefix of a text that fits into `width` columns.

    >>> first_columns("GPU训练", 6)
    'GPU训'
    """
    return text[: _fitting(text, width)]


def last_columns(text: str, width: int) -> str:
    """The longest suffix of a text that fits into `width` columns.

    >>> last_columns("训练GPU", 6)
    '练GPU'
    """
    return text[len(text) - _fitting(reversed(text), width) :]


def _fitting(characters: Iterable[str], width: int) -> int:
    """The number of leading characters that fit into `width` columns."""
    return bisect_right(list(accumulate(map(columns_of, characters))), width)


def right(text: str, width: int) -> str:
    """The text with spaces before it, to `width` columns.

    >>> right("次数", 6)
    '  次数'
    """
    return " " * (width - columns(text)) + text


def padded(text: str, width: int) -> str:
    """The text padded with spaces to `width` columns, or truncated with an ellipsis.

    >>> padded("语音识别", 10), padded("语音识别", 6)
    ('语音识别  ', '语音… ')
    """
    if columns(text) <= width:
        return text + " " * (width - columns(text))
    kept = first_columns(text, width - 1)
    return kept + "…" + " " * (width - 1 - columns(kept))


def distinct(texts: Sequence[str], width: int) -> list[str]:
    """The texts, each padded to `width` columns or truncated with an ellipsis: at the end, or in the middle where
    different texts would then look the same.

    >>> distinct(["深度学习第一讲", "深度学习第二讲", "电池"], 10)
    ['深…第一讲 ', '深…第二讲 ', '电池      ']
    """
    seen: dict[str, set[str]] = {}
    for text in texts:
        seen.setdefault(padded(text, width), set()).add(text)
    return [cut if len(seen[cut]) == 1 else _middle_cut(text, width) for text in texts for cut in [padded(text, width)]]


def _middle_cut(text: str, width: int) -> str:
    """The text in `width` columns, without its middle: ends tell parts of a series apart, and have two thirds."""
    if columns(text) <= width:
        return padded(text, width)
    end = ending(text, width - width // 3)
    return padded(beginning(text, width - columns(end) + 1)[:-1] + end, width)


def beginning(text: str, width: int) -> str:
    """The text, or as much of its beginning as fits into `width` columns with an ellipsis.

    >>> beginning("语音识别", 6), beginning("语音", 6)
    ('语音…', '语音')
    """
    return text if columns(text) <= width else padded(text, max(1, width)).rstrip()


def ending(text: str, width: int) -> str:
    """The text, or as much of its end as fits into `width` columns with an ellipsis: the end of a path tells most.

    >>> ending("corpus/05-speech", 8)
    '…-speech'
    """
    return text if columns(text) <= width else "…" + last_columns(text, width - 1)


def broken(text: str, separator: str, width: int) -> list[str]:
    """The text on lines of at most `width` columns (0: any), broken after a separator only.

    >>> broken("状态、音素、声音", "、", 12)
    ['状态、音素、', '声音']
    """
    lines = [""]
    for piece in text.replace(separator, f"{separator}\0").split("\0"):
        if width and lines[-1] and columns(lines[-1] + piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]
