"""Recognises the JSON of a recording without speech: a complete document whose list of segments is empty."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

from indexer.readers.json.json_text import loads
from indexer.readers.shared.source import HEAD

_EMPTY = re.compile(r'"(?:segments|transcription)"\s*:\s*(?:\[\s*\]|\{\s*\})')


def is_silence(text: str, is_silent: Callable[[object], bool]) -> bool:
    """True for a short document with an empty list of segments, of which `is_silent` holds. Never raises."""
    if len(text) > HEAD or not _EMPTY.search(text):
        return False
    try:
        return is_silent(loads(text.lstrip("\ufeff"))[0])
    except (json.JSONDecodeError, RecursionError):
        return False


def is_silent_whisper(value: object) -> bool:
    """True for a document of Whisper's implementations that has a language, or word segments, and no text."""
    if not isinstance(value, Mapping):
        return False
    if value.get("transcription") == []:  # whisper.cpp
        return isinstance(value.get("result"), Mapping)
    known = isinstance(value.get("language"), str) or value.get("word_segments") == []
    return known and value.get("segments") in ([], {}) and not value.get("word_segments") and not _text(value)


def is_silent_podcast(value: object) -> bool:
    """True for a document of Podcasting 2.0, which has a version."""
    return (
        isinstance(value, Mapping)
        and isinstance(value.get("version"), str)
        and value.get("segments") == []
        and not _text(value)
    )


def _text(value: Mapping[str, object]) -> object:
    text = value.get("text")
    return text.strip() if isinstance(text, str) else text
