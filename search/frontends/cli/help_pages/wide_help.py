"""Help pages in Chinese. Click counts characters and breaks lines at spaces; here a Chinese character takes two columns
and a line breaks between any two of them, except beside punctuation that must not begin or end a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import click

from indexer.core.messages import _
from search.frontends.formats.display import columns

_OPENING, _CLOSING = "（《「“‘〈【([", "，。、；：？！）》」”’〉】…,.;:?!)]"
_UNIT = re.compile(
    rf"[{re.escape(_OPENING)}]*(?:[^\s\u2e80-\uffef{re.escape(_OPENING)}“”‘’…]+|\S)[{re.escape(_CLOSING)}]*|\s+"
)
_DEFAULT = re.compile(r"\[[^\[\]]+\]$")
"""What click appends to the help of an option: its default, and the range of its values."""
_BREAK = re.compile(r"(?<=[，。、；：？！）》」】])[ \t]*\n\s*|(?<=[\u2e80-\uffef])[ \t]*\n\s*(?=[\u2e80-\uffef])")
"""Where lines of the source are joined without a space."""


def wrapped(text: str, width: int) -> list[str]:
    """The text on lines of at most `width` columns; a longer word has a line of its own. A default in brackets at the
    end stays on one line if it fits there.

    >>> wrapped("读取文稿，写入索引（文件、文件夹）", 16)
    ['读取文稿，写入索', '引（文件、文件', '夹）']
    """
    lines, line = [], ""
    text = " ".join(_BREAK.sub("", text).split())
    default = _DEFAULT.search(text)
    whole = default[0] if default and columns(default[0]) <= width else ""
    for unit in [*_UNIT.findall(text.removesuffix(whole)), *filter(None, [whole])]:
        if line and columns(line + unit.rstrip()) > width:
            lines.append(line.rstrip())
            line = unit.lstrip()
        else:
            line += unit
    return [*lines, line.rstrip()] if line.strip() else lines


def _blocks(text: str, width: int) -> Iterator[list[str]]:
    """The lines of each paragraph; those of one that begins with a backspace stay as they are."""
    for paragraph in text.expandtabs().split("\n\n"):
        first, __, rest = paragraph.strip("\n").partition("\n")
        yield rest.split("\n") if first.strip() == "\b" else wrapped(paragraph, width)


class WideFormatter(click.HelpFormatter):
    """Lays a help page out by terminal columns."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, _("Usage:") if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{heading}：\n")

    def write_text(self, text: str) -> None:
        indent = " " * self.current_indent
        blocks = _blocks(text, self.width - self.current_indent)
        self.write("\n\n".join("\n".join(f"{indent}{line}" for line in block) for block in blocks) + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        rows = list(rows)
        first_column = min(max(columns(first) for first, __ in rows), col_max) + col_spacing
        margin = " " * (self.current_indent + first_column)
        for first, second in rows:
            second = _DEFAULT.sub(lambda default: default[0].replace("; ", "；"), second)
            lines = wrapped(second, max(self.width - first_column - 2, 10))
            head = f"{'':>{self.current_indent}}{first}"
            if lines and columns(first) <= first_column - col_spacing:
                head += " " * (first_column - columns(first)) + lines.pop(0)
            self.write("".join(f"{line}\n" for line in (head, *(margin + line for line in lines))))


class WideContext(click.Context):
    """The context of a command whose help is in Chinese."""

    formatter_class = WideFormatter
