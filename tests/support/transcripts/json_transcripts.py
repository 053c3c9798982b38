"""Transcripts in JSON for tests: read from a document, and one with a segment for each word."""

from __future__ import annotations

import json

from indexer.core.types import Transcript
from indexer.readers import read_bytes


def read(document: object) -> Transcript:
    """Reads a document, given as text or as a value."""
    text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)
    return read_bytes("a.json", text.encode())


def simple(document: object) -> list[tuple[float, float, str, str]]:
    """(start, end, text, speaker) of each cue; times in seconds."""
    return [(cue.start, cue.end, cue.text, cue.speaker) for cue in read(document).cues]


def complaints(document: object) -> list[str]:
    return [f"{c.line}: {c.what}: {c.action}" for c in read(document).complaints]


def word_segments(words: str, seconds: float = 0.4, speakers: str = "") -> dict[str, object]:
    """A Podcasting 2.0 document with a segment of `seconds` for each word; `speakers` has a letter for each."""
    said = words.split()
    return {
        "version": "1.0.0",
        "segments": [
            {
                "speaker": (speakers or "x" * len(said))[n],
                "startTime": n * seconds,
                "endTime": (n + 1) * seconds,
                "body": w,
            }
            for n, w in enumerate(said)
        ],
    }
