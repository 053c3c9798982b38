"""Bounded zlib decompression, for untrusted files and for the index."""

from __future__ import annotations

import zlib

SMALL = 4 << 20
MOST_RATIO = 200
"""Maximum compression ratio of data larger than `SMALL` bytes; above that it is a bomb. Text compresses to a fifth, one
line repeated to a hundredth."""


def inflate(packed: bytes | memoryview, most: int) -> bytes:
    """Decompresses `packed`. Raises ValueError if the result is truncated or exceeds `most` bytes, zlib.error if
    damaged."""
    unpacker = zlib.decompressobj()
    data = unpacker.decompress(packed, most + 1)
    if not unpacker.eof or len(data) > most:
        raise ValueError("a deflated value is cut off or too long")
    return data
