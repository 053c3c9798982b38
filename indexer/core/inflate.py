"""Inflates what is deflated, and never to more than it can have been: bounds for files of others and for the index."""

from __future__ import annotations

import zlib

SMALL = 4 << 20
MOST_RATIO = 200
"""Text is packed to a fifth, the same line over and over to a hundredth; a larger ratio, of more than `SMALL` bytes,
is a bomb."""


def inflate(packed: bytes | memoryview, most: int) -> bytes:
    """The bytes that were deflated. Raises ValueError for more than `most`, zlib.error for what is damaged."""
    unpacker = zlib.decompressobj()
    data = unpacker.decompress(packed, most + 1)
    if not unpacker.eof or len(data) > most:
        raise ValueError("a deflated value is cut off or too long")
    return data
