"""Reads the JSON of Whisper implementations: openai-whisper, faster-whisper, WhisperX and whisper.cpp."""

from __future__ import annotations

import re
from collections.abc import Mapping

from indexer.core.types import Transcript
from indexer.readers.json.json_cues import FoundCue, read_json
from indexer.readers.json.json_silence import is_silence, is_silent_whisper
from indexer.readers.json.json_text import looks_like_json
from indexer.readers.json.json_units import SECONDS
from indexer.readers.shared.source import HEAD, Source

NAME = "Whisper JSON"
SUFFIXES = (".json",)

# Whisper writes the full text first, which may exceed the head of the file.
_LONG_TEXT = re.compile(
    r'[\ufeff\s]*\{\s*(?:"\w{1,30}"\s*:\s*(?:"[^"\\]{0,200}"|[\w.+-]{1,40})\s*,\s*){0,8}'
    r'"text"\s*:\s*"(?:[^"\\]|\\.)*\\?$',
    re.DOTALL,
)
_SEGMENTS = re.compile(r'"segments"\s*:\s*[\[{]')
_CPP = re.compile(r'"transcription"\s*:\s*\[')
_START = re.compile(r'"start"\s*:\s*(?:"?-?\d|null|NaN|-?Infinity|"[^"]{0,20}")')
_TEXT = re.compile(r'"(?:text|word)"\s*:')
_ITS_OWN = re.compile(r'"(?:avg_logprob|no_speech_prob|compression_ratio|word_segments|probability|score)"\s*:')


def recognises(text: str) -> bool:
    """True for JSON with segments that have `start` and `text`, whisper.cpp's `transcription`, or no speech."""
    if not looks_like_json(text):
        return False
    if is_silence(text, is_silent_whisper):
        return True
    head = text[:HEAD]
    if _CPP.search(head):
        return '"offsets"' in head or '"timestamps"' in head
    if _START.search(head) and _TEXT.search(head):
        return _SEGMENTS.search(head) is not None or _ITS_OWN.search(head) is not None
    return len(text) >= HEAD // 4 and _LONG_TEXT.match(head) is not None


def read(source: Source) -> Transcript:
    """All segments as cues, with word times as marks; the language becomes a fact."""
    return read_json(source, _find)


def _find(value: object) -> FoundCue:
    if is_silent_whisper(value):
        return FoundCue([], is_silent=True)
    if not isinstance(value, Mapping):
        return FoundCue(value if isinstance(value, list) else [], unit=SECONDS)
    transcription = value.get("transcription")
    if isinstance(transcription, list):
        result = value.get("result")
        language = result.get("language") if isinstance(result, Mapping) else None
        return FoundCue([_plain(item) for item in transcription], language=language, unit=SECONDS)
    segments = value.get("segments") or value.get("word_segments")
    if isinstance(segments, Mapping):
        segments = list(segments.values())
    return FoundCue(segments if isinstance(segments, list) else [], language=value.get("language"), unit=SECONDS)


def _plain(item: object) -> object:
    """A whisper.cpp segment with the field names of the others."""
    if not isinstance(item, Mapping):
        return item
    tokens = item.get("tokens")
    words = [_timed(token) for token in tokens if isinstance(token, Mapping)] if isinstance(tokens, list) else []
    return {**_timed(item), "words": words}


def _timed(item: Mapping[str, object]) -> dict[str, object]:
    """A segment or token with its times as `start` and `end`, in milliseconds or as clock times."""
    offsets, stamps = item.get("offsets"), item.get("timestamps")
    plain = {"text": item.get("text"), "speaker": item.get("speaker")}
    if isinstance(offsets, Mapping):
        return {**plain, "start_ms": offsets.get("from"), "end_ms": offsets.get("to")}
    if isinstance(stamps, Mapping):
        return {**plain, "start": stamps.get("from"), "end": stamps.get("to")}
    return plain
