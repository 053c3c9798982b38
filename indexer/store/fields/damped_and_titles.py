"""The columns of damped stretches of cues and of chapter titles: a few bytes per episode, empty in most."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

from indexer.core.types import LOOP, STOCK, Damped

_KINDS = (LOOP, STOCK)
_STRETCH = struct.Struct("<IIB")


def pack_damped(stretches: Sequence[Damped]) -> bytes:
    """Encodes stretches; empty if there are none."""
    return b"".join(_STRETCH.pack(one.first, one.end, _KINDS.index(one.kind)) for one in stretches)


def unpack_damped(packed: bytes, cues: int) -> list[Damped]:
    """Decodes the stretches of an episode of `cues` cues. Raises ValueError for stretches out of order or out of
    range."""
    found = [Damped(first, end, _KINDS[kind]) for first, end, kind in _STRETCH.iter_unpack(packed)]
    borders = [0, *(cue for one in found for cue in one[:2]), cues]
    if borders != sorted(borders):
        raise ValueError("loops and stock lines are where no cues are")
    return found


def pack_titles(titles: Iterable[str]) -> bytes:
    """Encodes folded chapter titles, one per line; whitespace inside a title becomes a space."""
    return "\n".join(" ".join(title.split()) for title in titles).encode()


def unpack_titles(packed: bytes) -> list[str]:
    """Decodes chapter titles, in the order of the chapters. Empty bytes are an episode without any (or with a single
    empty one). Raises ValueError if damaged."""
    return packed.decode().split("\n") if packed else []
