"""Decks read entry by entry, to compare with what was dealt."""

from __future__ import annotations

import struct

from indexer.core.named_tuples import NamedTuple


class Deck(NamedTuple):
    """The entries of a deck: `positions` ascend; `atoms` and `flags` have one for each."""

    positions: list[int]
    atoms: list[str]
    flags: bytes


def opened(packed: bytes) -> Deck:
    """Decodes a deck that is not damaged, as the table in `indexer.store.cluster.documents.decks` says."""
    names, gaps, codes = packed.split(b"\0", 2)
    alphabet, positions, at = names.decode().split("\n"), list[int](), -1
    for gap in gaps:
        at += min(gap, 254)
        if gap < 255:
            positions.append(at)
    codes, large = codes[: len(positions)], codes[len(positions) :]
    numbers = iter(struct.unpack(f"<{len(large) // 4}I", large))
    atoms = [alphabet[next(numbers) if code // 8 == 31 else code // 8] for code in codes]
    assert not list(numbers)
    return Deck(positions, atoms, bytes(code % 8 for code in codes))
