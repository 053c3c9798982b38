"""JSON for programs and terminals: Chinese as it is, and escaped whatever steers a terminal or hides what is there.

What a program reads of it is unchanged, to the last control character.
"""

from __future__ import annotations

import json
import re
from typing import Any

from search.frontends.formats.display import UNSEEN

_ENCODERS = {indent: json.JSONEncoder(ensure_ascii=False, indent=indent) for indent in (None, 2)}
_RAW = re.compile(f"[{UNSEEN}]")


def to_json(value: Any, indent: int | None = None) -> str:
    """A value as JSON, in one line unless it is to be indented (by 2)."""
    return _RAW.sub(_escaped, _ENCODERS[indent].encode(value))


def _escaped(match: re.Match[str]) -> str:
    """All of them are in the basic plane. Outside of strings JSON has none."""
    return f"\\u{ord(match[0]):04x}"
