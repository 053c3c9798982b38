"""JSON output that is safe in a terminal: Chinese is not escaped, characters that control a terminal or hide text are.

Parsing it restores the original text exactly.
"""

from __future__ import annotations

import json
import re
from typing import Any

from search.frontends.formats.display import UNSEEN

_ENCODERS = {indent: json.JSONEncoder(ensure_ascii=False, indent=indent) for indent in (None, 2)}
_RAW = re.compile(f"[{UNSEEN}]")


def to_json(value: Any, indent: int | None = None) -> str:
    """Returns a value as JSON on one line, or indented by `indent` (2)."""
    return _RAW.sub(_escaped, _ENCODERS[indent].encode(value))


def _escaped(match: re.Match[str]) -> str:
    """Returns a \\u escape; all these characters are in the basic plane and occur only inside strings."""
    return f"\\u{ord(match[0]):04x}"
