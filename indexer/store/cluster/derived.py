"""Compares what the document of an episode stores twice: decks, clock and text parts with the columns of which they
were made."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from indexer.core.messages import _
from indexer.core.positions.timeline import Times
from indexer.core.positions.token_stream import Stream
from indexer.store import schema
from indexer.store.cluster.documents import text_parts
from indexer.store.cluster.documents.decks import NAMES, deal
from indexer.store.cluster.documents.episode_documents import stored_bytes
from indexer.store.cluster.documents.layout import CLOCK, COLUMNS, HAS_DECKS, HAS_TEXT_PARTS
from indexer.store.cluster.documents.text_parts import PartLines
from indexer.store.fields.clock import unpack_clock
from indexer.store.fields.text import unpack_text
from indexer.store.fields.times import unpack_times
from indexer.store.fields.word_boundaries import Marks


def derived_fields(format: int) -> tuple[str, ...]:
    """The stored fields of an episode in a format that follow from its columns."""
    decks = (CLOCK, *NAMES) if format >= HAS_DECKS else ()
    return (*decks, *text_parts.NAMES) if format >= HAS_TEXT_PARTS else decks


def derived_faults(name: str, fields: Mapping[str, list[Any]], format: int) -> Iterator[str]:
    """What is wrong with the decks, the clock and the text parts of an episode with these stored fields in a
    format, one line each; its columns are as they were written."""
    if format < HAS_DECKS:
        return
    try:
        stream = Stream(_column(fields, schema.STREAM))
        marks = Marks(_column(fields, schema.MARKS), len(stream))
        decks = deal(stream, _column(fields, schema.SOUNDS), marks)
        times = unpack_times(_column(fields, schema.TIMES))
        lines = PartLines(*map(list, unpack_text(_column(fields, schema.TEXT), stream, times)))
    except (ValueError, LookupError, struct.error, zlib.error):
        yield _("{name} is not as it was written").format(name=name)
        return
    if any(_stored(fields, deck) != decks.get(deck, b"") for deck in NAMES):
        yield _("the decks of {name} are not those of its text").format(name=name)
    try:
        # As times, not as bytes: what is deflated may be written in several ways.
        is_same = _values(unpack_clock(_stored(fields, CLOCK) or b"")) == _values(times)
    except ValueError:
        is_same = False
    if not is_same:
        yield _("the clock of {name} does not have the times of its cues").format(name=name)
    if format >= HAS_TEXT_PARTS and not _are_parts(fields, lines):
        yield _("the text parts of {name} do not have its text").format(name=name)


def _are_parts(fields: Mapping[str, list[Any]], lines: PartLines) -> bool:
    """Whether the text parts have these lines of an episode, and no more."""
    size = text_parts.size_of(len(lines.texts))
    for number, part in enumerate(text_parts.NAMES):
        here = PartLines(*(each[number * size : (number + 1) * size] for each in lines))
        stored = _stored(fields, part)
        try:
            if (text_parts.unpack_part(stored or b"", len(here.texts)) != here) if here.texts else stored != b"":
                return False
        except (ValueError, zlib.error):
            return False
    return True


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
