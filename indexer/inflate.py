"""Inflates what an index holds, and never to more than it can have been."""

from __future__ import annotations

import zlib


def inflate(packed: bytes | memoryview, most: int) -> bytes:
    """The bytes that were deflated. Raises ValueError for more than `most`, zlib.error for what is damaged."""
    unpacker = zlib.decompressobj()
    data = unpacker.decompress(packed, most + 1)
    if not unpacker.eof or len(data) > most:
        raise ValueError("a deflated value is cut off or too long")
    return data
