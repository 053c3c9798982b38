"""The columns of an episode that is written without a transcript."""

from __future__ import annotations

from indexer.store import schema


def columns(**given: bytes) -> dict[str, bytes]:
    """These columns, by their names in `indexer.store.schema`, and empty ones for the rest."""
    assert set(given) <= set(schema.BYTES)
    return {**dict.fromkeys(schema.BYTES, b""), **given}
