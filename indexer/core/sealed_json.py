"""JSON that tells whether it is as it was written: its first key is the CRC-32 of the bytes after it.

Any reader of JSON reads it. Whoever edits such a file by hand removes the key.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any

KEY = "crc32"
_HEAD = '{"crc32": "%08x",'
_LENGTH = len(_HEAD % 0)


def sealed(values: Mapping[str, Any], **style: Any) -> bytes:
    """An object as JSON with a checksum; `style` is for `json.dumps`. Surrogates, which stand in names of files for
    bytes that are no UTF-8, come back as they were."""
    rest = json.dumps(values, ensure_ascii=False, **style).encode("utf-8", "surrogatepass")[1:]
    return (_HEAD % zlib.crc32(rest)).encode() + rest


def unsealed(data: bytes) -> tuple[dict[str, Any], bool]:
    """An object of JSON, and whether it had a checksum. Raises ValueError when it is damaged."""
    is_sealed = data[:_LENGTH] == (_HEAD % zlib.crc32(data[_LENGTH:])).encode()
    try:
        values = json.loads(data)
    except RecursionError:
        raise ValueError("objects in objects in objects") from None
    if not isinstance(values, dict):
        raise ValueError("it is no JSON object")
    if values.pop(KEY, None) is not None and not is_sealed:
        raise ValueError("it is not as it was written")
    return values, is_sealed
