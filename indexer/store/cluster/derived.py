"""Compares what the document of an episode stores twice: decks and clock with the columns of which they were made."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from indexer.core.messages import _
from indexer.core.positions.timeline import Times
from indexer.core.positions.token_stream import Stream
from indexer.store import schema
from indexer.store.cluster.documents.decks import NAMES, deal
from indexer.store.cluster.documents.episode_documents import stored_bytes
from indexer.store.cluster.documents.layout import CLOCK, COLUMNS
from indexer.store.fields.clock import unpack_clock
from indexer.store.fields.times import unpack_times
from indexer.store.fields.word_boundaries import Marks

FIELDS = (CLOCK, *NAMES)
"""The stored fields that follow from the columns."""


def derived_faults(name: str, fields: Mapping[str, list[Any]]) -> Iterator[str]:
    """What is wrong with the decks and the clock of an episode with these stored fields, one line each; its columns are
    as they were written."""
    try:
        stream = Stream(_column(fields, schema.STREAM))
        marks = Marks(_column(fields, schema.MARKS), len(stream))
        decks = deal(stream, _column(fields, schema.SOUNDS), marks)
        times = _values(unpack_times(_column(fields, schema.TIMES)))
    except (ValueError, LookupError, struct.error, zlib.error):
        yield _("{name} is not as it was written").format(name=name)
        return
    if any(_stored(fields, deck) != decks.get(deck, b"") for deck in NAMES):
        yield _("the decks of {name} are not those of its text").format(name=name)
    try:
        # As times, not as bytes: what is deflated may be written in several ways.
        is_same = _values(unpack_clock(_stored(fields, CLOCK) or b"")) == times
    except ValueError:
        is_same = False
    if not is_same:
        yield _("the clock of {name} does not have the times of its cues").format(name=name)


def _column(fields: Mapping[str, list[Any]], column: str) -> bytes:
    return stored_bytes(fields, COLUMNS[column])


def _stored(fields: Mapping[str, list[Any]], name: str) -> bytes | None:
    """The bytes of a field; None if they are damaged."""
    try:
        return stored_bytes(fields, name)
    except ValueError:
        return None


def _values(times: Times) -> list[object]:
    lists = times.first, times.starts, times.durations, times.timed, times.said
    return [times.looks_inside, *map(list, lists)]
