"""Encodes a prepared episode as documents, and decodes what a search reads of them."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from indexer.core.files.inflate import inflate
from indexer.core.files.sealed_json import sealed, unsealed
from indexer.core.positions.token_stream import Stream
from indexer.core.positions.tokens import split_atoms
from indexer.store import schema
from indexer.store.cluster.documents.layout import (
    CLOCK,
    COLUMNS,
    COUNTS,
    FORMAT,
    HAS_DECKS,
    HAS_RUNS,
    HAS_TEXT_PARTS,
    PAIRS,
    PEAKS,
    RECORD,
)
from indexer.store.cluster.documents.terms import feature, run_tokens, sound_tokens
from indexer.store.fields.damped_and_titles import unpack_titles
from indexer.store.fields.record import from_record

if TYPE_CHECKING:
    from indexer.core.types import Episode
    from indexer.store.prepared import PreparedEpisode

EPISODE, PASSAGE = "episode", "passage"
_LONGEST_COUNTS = 1 << 26
"""Bytes of the counts of an episode as JSON."""
_MOST = 1 << 32
"""No term occurs as often in an episode."""


def sum_of(prepared: PreparedEpisode) -> str:
    """A digest of everything that is stored of an episode; the same bytes give the same sum."""
    return stored_sum({RECORD: sealed(prepared.record), **_columns(prepared)})


def stored_sum(values: Mapping[str, bytes]) -> str:
    """The digest of the stored fields of an episode, empty ones left out."""
    digest = hashlib.sha256()
    for name in sorted(values):
        if value := values[name]:
            digest.update(f"{name} {len(value)}\n".encode())
            digest.update(value)
    return digest.hexdigest()


def revision_of(content: str, previous: str) -> str:
    """The revision of an episode with the sum `content`, written over the revision `previous` (empty: none). It differs
    from every earlier one, even when content returns, so that what is deleted late is never what is needed."""
    return hashlib.sha256(f"{content}\n{previous}".encode()).hexdigest()[:16]


def episode_document(prepared: PreparedEpisode, content: str, revision: str, format: int = FORMAT) -> bytes:
    """The document of an episode in a format, as JSON."""
    columns, parts = prepared.columns, prepared.in_cluster
    heads = (atom for title in unpack_titles(columns[schema.TITLES]) for atom in split_atoms(title))
    counts = {**prepared.words, **prepared.chars}
    derived = {CLOCK: parts.clock, **parts.decks} if format >= HAS_DECKS else {}
    derived |= parts.text_parts if format >= HAS_TEXT_PARTS else {}
    values = {
        "kind": EPISODE,
        "id": prepared.id,
        "revision": revision,
        "sum": content,
        "passages": len(parts.passages),
        "atoms": prepared.atoms,
        **facts_of(from_record(prepared.record)),
        "terms": _counted(counts.items()),
        "runs": " ".join(run_tokens(Stream(columns[schema.STREAM]).atoms())),
        "sounds": " ".join(sound_tokens(columns[schema.SOUNDS])),
        "has_damped": bool(columns[schema.DAMPED]),
        **({"heads": text} if (text := " ".join(map(feature, dict.fromkeys(heads)))) else {}),
        RECORD: _text(sealed(prepared.record)),
        COUNTS: _text(zlib.compress(json.dumps([dict(prepared.words), dict(prepared.chars)]).encode(), 6)),
        **{name: _text(value) for name, value in {**_columns(prepared), **derived}.items() if value},
    }
    document = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    if format < HAS_RUNS or not parts.run_peaks:
        return document
    return b'%s,"%s":%s}' % (document[:-1], PEAKS.encode(), parts.run_peaks)


def passage_documents(
    prepared: PreparedEpisode, key: str, revision: str, at: int, format: int = FORMAT
) -> Iterator[bytes]:
    """The documents of the passages of an episode, as JSON, in a format; `at` is the time, in seconds."""
    facts = facts_of(from_record(prepared.record))
    common = {"kind": PASSAGE, "episode": key, "revision": revision, "at": at, **facts}
    head = json.dumps(common, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")[:-1]
    for number, (weights, pairs) in enumerate(prepared.in_cluster.passages):
        more = b',"%s":%s' % (PAIRS.encode(), pairs) if format >= HAS_RUNS else b""
        yield b'%s,"n":%d,"w":%s%s}' % (head, number, weights, more)


def facts_of(episode: Episode) -> dict[str, object]:
    """The facts by which filters choose, of an episode and of each of its passages; what is empty is left out."""
    values = {
        "show": episode.show,
        "title": episode.title,
        "date": episode.period,
        "voices": list(episode.speakers),
        "has_voices": bool(episode.voices),
    }
    return {name: value for name, value in values.items() if value not in ("", None, [])}


def stored_bytes(fields: Mapping[str, list[Any]], name: str) -> bytes:
    """The bytes of a stored field, empty where it has none; in JSON they are text. Raises ValueError if they are
    damaged."""
    found = fields.get(name, [b""]) if isinstance(fields, Mapping) else None
    if not isinstance(found, list) or not found or not isinstance(found[0], bytes | str):
        raise ValueError("a stored field is neither bytes nor text")
    value = found[0]
    return value if isinstance(value, bytes) else base64.b64decode(value, validate=True)


def record_of(fields: Mapping[str, list[Any]]) -> dict[str, Any]:
    """The record of an episode, of its stored fields. Raises ValueError if it is damaged."""
    values, is_sealed = unsealed(stored_bytes(fields, RECORD))
    if not is_sealed:
        raise ValueError
    return values


def counts_of(fields: Mapping[str, list[Any]]) -> tuple[dict[str, int], dict[str, int]]:
    """The counts of words and of characters of an episode, of its stored fields. Raises ValueError if damaged."""
    try:
        words, characters = json.loads(inflate(stored_bytes(fields, COUNTS), _LONGEST_COUNTS))
    except (zlib.error, TypeError, RecursionError):
        raise ValueError("counts are damaged") from None
    return _checked(words), _checked(characters)


def _checked(counts: Any) -> dict[str, int]:
    """The counts, if they are that. Raises ValueError for anything else: a term is a line of text."""
    if not isinstance(counts, dict) or "" in counts or "\n" in "".join(counts):
        raise ValueError("a term is not one line of text")
    "".join(counts).encode()  # a surrogate is no text
    if not all(type(count) is int and 0 < count < _MOST for count in counts.values()):
        raise ValueError("a count is not a positive number")
    return counts


def _columns(prepared: PreparedEpisode) -> dict[str, bytes]:
    return {field: prepared.columns[column] for column, field in COLUMNS.items()}


def _counted(counts: Iterable[tuple[str, int]]) -> str:
    """Each term as often as it occurs."""
    return " ".join(" ".join([feature(term)] * count) for term, count in counts)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
