"""JSON with a checksum: the first key holds the CRC-32 of the bytes after it.

Any JSON parser reads it. To edit such a file by hand, remove the key.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any

from indexer.core.messages import _

KEY = "crc32"
_HEAD = '{"crc32": "%08x",'
_LENGTH = len(_HEAD % 0)


def sealed(values: Mapping[str, Any], **style: Any) -> bytes:
    """Serializes an object with a checksum; `style` is passed to `json.dumps`. Surrogates, which represent undecodable
    bytes in file names, survive the round trip."""
    rest = json.dumps(values, ensure_ascii=False, **style).encode("utf-8", "surrogatepass")[1:]
    return (_HEAD % zlib.crc32(rest)).encode() + rest


def unsealed(data: bytes) -> tuple[dict[str, Any], bool]:
    """Parses an object; returns it and whether it had a checksum. Raises ValueError if it is damaged."""
    is_sealed = data[:_LENGTH] == (_HEAD % zlib.crc32(data[_LENGTH:])).encode()
    try:
        values = json.loads(data)
    except RecursionError:
        raise ValueError(_("objects in objects in objects")) from None
    if not isinstance(values, dict):
        raise ValueError(_("it is no JSON object"))
    if values.pop(KEY, None) is not None and not is_sealed:
        raise ValueError(_("it is not as it was written"))
    return values, is_sealed


def check_version(version: object, is_sealed: bool, latest: int, unsealed_version: int | None = None) -> None:
    """Raises ValueError for a file of another version than the `latest`, or than the one that had no checksum, or for
    one that lost its checksum."""
    if version == latest and is_sealed:
        return
    if version == latest or type(version) is not int:
        raise ValueError(_("it is not as it was written"))
    if version != unsealed_version:
        raise ValueError(_("it has version {version}, of a later podseek").format(version=version))
