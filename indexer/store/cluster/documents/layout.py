"""The mappings and settings of a library's indices. FORMAT changes with them: another one is made by a rebuild.

Episodes and passages lie in one index, routed by episode, so that all of an episode is on one shard and becomes visible
together. Nothing is found in `_source`, which is off: what a search reads are stored fields, with exactly the bytes of
the columns of an index in a folder (`indexer.store.schema`).
"""

from __future__ import annotations

from typing import Any

from indexer.store import schema
from indexer.store.cluster.documents import decks, text_parts

FORMAT = 4
"""The format of the documents. A reader refuses a higher one. A library of a lower one is searched and added to as it
is, and a rebuild makes its next version in this format."""
HAS_RUNS = 2
"""The first format with PEAKS, and with PAIRS in passages."""
HAS_DECKS = 3
"""The first format with CLOCK and a stored field for each deck of an episode, under its name
(`indexer.store.cluster.documents.decks`)."""
HAS_TEXT_PARTS = 4
"""The first format with a stored field for each text part (`indexer.store.cluster.documents.text_parts`)."""

COLUMNS = {
    schema.TIMES: "times",
    schema.STREAM: "stream",
    schema.MARKS: "marks",
    schema.SOUNDS: "sounds_of",
    schema.TEXT: "text",
    schema.DAMPED: "damped",
    schema.TITLES: "titles",
}
"""Column of an index in a folder -> stored field."""
RECORD, COUNTS, PEAKS, PAIRS, CLOCK = "record", "counts", "peaks", "pairs", "clock"

_KEYWORD = {"type": "keyword", "ignore_above": 1000}
_STORED_KEYWORD = {"type": "keyword", "store": True, "ignore_above": 8000}
_STORED_NUMBER = {"type": "integer", "store": True}
_BYTES = {"type": "binary", "store": True}
_COUNTED = {
    "type": "text",
    "analyzer": "plain",
    "search_analyzer": "keyword",
    "norms": False,
    "index_options": "freqs",
    "similarity": "times",
}
_RUN = {"type": "text", "analyzer": "plain", "norms": False, "index_options": "positions", "similarity": "times"}

EPISODES: dict[str, Any] = {
    "dynamic": "strict",
    "_source": {"enabled": False},
    "_meta": {"podseek": FORMAT},
    "properties": {
        "kind": {"type": "keyword"},
        "revision": _STORED_KEYWORD,
        "show": _KEYWORD,
        "title": _KEYWORD,
        "date": _KEYWORD,
        "voices": _KEYWORD,
        "has_voices": {"type": "boolean"},
        # of episodes
        "id": _STORED_KEYWORD,
        "sum": _STORED_KEYWORD,
        "passages": _STORED_NUMBER,
        "atoms": _STORED_NUMBER,
        "terms": _COUNTED,
        "runs": _RUN,
        "sounds": _RUN,
        "heads": {"type": "text", "analyzer": "plain", "norms": False, "index_options": "docs"},
        "has_damped": {"type": "boolean"},
        RECORD: _BYTES,
        COUNTS: _BYTES,
        PEAKS: {"type": "rank_features"},
        **dict.fromkeys((*COLUMNS.values(), CLOCK, *decks.NAMES, *text_parts.NAMES), _BYTES),
        # of passages
        "episode": {"type": "keyword"},
        "n": {"type": "integer"},
        "at": {"type": "long"},
        "w": {"type": "rank_features"},
        PAIRS: {"type": "text", "analyzer": "plain", "norms": False, "index_options": "docs"},
    },
}

WORDS: dict[str, Any] = {
    "dynamic": "strict",
    "properties": {
        "term": {"type": "keyword", "ignore_above": 1000},
        "key": {"type": "keyword"},
        "count": {"type": "long"},
        "episodes": {"type": "integer"},
        "kind": {"type": "keyword"},
    },
}

META: dict[str, Any] = {
    "dynamic": "strict",
    "properties": {
        "kind": {"type": "keyword"},
        "version": {"type": "integer"},
        "number": {"type": "long"},
        "token": {"type": "keyword"},
        "values": {"type": "object", "enabled": False},
        "data": {"type": "binary"},
    },
}

_COPIES = {"auto_expand_replicas": "0-1"}
"""A copy on another node as soon as there is one."""


def episode_settings(shards: int, replicas: int | None = None) -> dict[str, Any]:
    """The settings of an index of episodes. `times` scores a term by its frequency, so that counts can be asked for."""
    copies: dict[str, Any] = _COPIES if replicas is None else {"number_of_replicas": replicas}
    return {
        "index": {
            "number_of_shards": shards,
            **copies,
            "refresh_interval": "5s",
            "similarity": {"times": {"type": "scripted", "script": {"source": "return doc.freq;"}}},
        },
        "analysis": {
            "tokenizer": {"apart": {"type": "whitespace", "max_token_length": 1024}},
            "analyzer": {"plain": {"type": "custom", "tokenizer": "apart"}},
        },
    }


def small_settings() -> dict[str, Any]:
    """The settings of the vocabulary and of the meta index."""
    return {"index": {"number_of_shards": 1, **_COPIES}}
