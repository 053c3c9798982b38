"""Reads the JSON transcripts of Podcasting 2.0: segments of speaker, startTime, endTime and body, in seconds."""

from __future__ import annotations

import re
from collections.abc import Mapping

from indexer.core.types import Transcript
from indexer.readers.shared.json_cues import FoundCue, read_json
from indexer.readers.shared.json_text import looks_like_json
from indexer.readers.shared.json_units import SECONDS
from indexer.readers.shared.source import HEAD, Source

NAME = "Podcasting 2.0 JSON"
SUFFIXES = (".json",)

_SEGMENTS = re.compile(r'"segments"\s*:\s*\[')
_START, _BODY = (re.compile(rf'"{name}"\s*:') for name in ("startTime", "body"))


def recognises(text: str) -> bool:
    """True for JSON with segments that have `startTime` and `body`."""
    head = text[:HEAD]
    return looks_like_json(text) and all(pattern.search(head) for pattern in (_SEGMENTS, _START, _BODY))


def read(source: Source) -> Transcript:
    """All segments as cues; if they are single words, these are joined and become marks."""
    return read_json(source, _find)


def _find(value: object) -> FoundCue:
    if not isinstance(value, Mapping):
        return FoundCue([])
    segments = value.get("segments")
    return FoundCue(segments if isinstance(segments, list) else [], language=value.get("language"), unit=SECONDS)
