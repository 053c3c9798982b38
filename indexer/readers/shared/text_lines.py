"""Splits a text into lines, in time linear in its length whatever line ends it has."""

from __future__ import annotations

import re

_RETURNS = re.compile(r"(?<!\r)\r+\n")
"""Carriage returns and the line end they belong to. The look-behind keeps a run without a line end linear."""


def split_lines(text: str) -> list[str]:
    """The lines of a text, which may end in LF, CRLF, CR, or several CR before an LF."""
    plain = text.replace("\r\n", "\n")
    return (_RETURNS.sub("\n", text).replace("\r", "\n") if "\r" in plain else plain).split("\n")
