"""Parses untrusted TOML in linear time and memory."""

from __future__ import annotations

import re
import sys
from typing import Any

from indexer.core.messages import _

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_MOST_PARTS = 32
_PART = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_DEEP = re.compile(rf"(?<![A-Za-z0-9_-]){_PART}(?:[ \t]{{0,20}}\.[ \t]{{0,20}}{_PART}){{{_MOST_PARTS}}}")
"""A key of too many dotted parts, `a.b.c`: the parser's memory grows with the square of their number."""


def loads(text: str) -> dict[str, Any]:
    """Parses a document. Raises ValueError with the reason."""
    plain = text.replace("\\\\", "").replace('\\"', "")
    if _DEEP.search(plain):
        raise ValueError(_("a key of more than {most} parts").format(most=_MOST_PARTS))
    try:
        values: dict[str, Any] = tomllib.loads(text)
        return values
    except RecursionError:
        raise ValueError(_("lists within lists within lists")) from None
