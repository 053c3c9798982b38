"""Reads the JSON transcripts of Podcasting 2.0: segments of speaker, startTime, endTime and body, in seconds."""

from __future__ import annotations

import re
from collections.abc import Mapping

from indexer.core.types import Transcript
from indexer.readers.json.json_cues import FoundCue, read_json
from indexer.readers.json.json_silence import is_silence, is_silent_podcast
from indexer.readers.json.json_text import looks_like_json
from indexer.readers.json.json_units import SECONDS
from indexer.readers.shared.source import HEAD, Source

NAME = "Podcasting 2.0 JSON"
SUFFIXES = (".json",)

_SEGMENTS = re.compile(r'"segments"\s*:\s*\[')
_START, _BODY = (re.compile(rf'"{name}"\s*:') for name in ("startTime", "body"))


def recognises(text: str) -> bool:
    """True for JSON with segments that have `startTime` and `body`, or without speech."""
    if not looks_like_json(text):
        return False
    head = text[:HEAD]
    return all(pattern.search(head) for pattern in (_SEGMENTS, _START, _BODY)) or is_silence(text, is_silent_podcast)


def read(source: Source) -> Transcript:
    """All segments as cues; if they are single words, these are joined and become marks."""
    return read_json(source, _find)


def _find(value: object) -> FoundCue:
    if not isinstance(value, Mapping):
        return FoundCue([])
    if is_silent_podcast(value):
        return FoundCue([], is_silent=True)
    segments = value.get("segments")
    return FoundCue(segments if isinstance(segments, list) else [], language=value.get("language"), unit=SECONDS)
