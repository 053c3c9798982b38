"""Reads the JSON of services that name a time by its start and duration, or give words alone: YouTube's json3, Azure
Speech (batch and fast transcription), Amazon Transcribe, and Speechmatics."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping

from indexer.core.types import Transcript
from indexer.readers.json.json_cues import FoundCue, read_json
from indexer.readers.json.json_text import looks_like_json
from indexer.readers.json.json_units import SECONDS
from indexer.readers.shared.source import HEAD, Source

NAME = "cloud JSON"
SUFFIXES = (".json", ".json3")

_SIGNS = tuple(
    re.compile(sign)
    for sign in (
        r'"tStartMs"\s*:\s*\d',
        r'"offsetInTicks"\s*:\s*\d',
        r'"offsetMilliseconds"\s*:\s*\d',
        r'"alternatives"\s*:\s*\[\s*\{[^{}]{0,200}"content"\s*:',
    )
)
_TICKS, _MILLISECONDS = 1e-7, 0.001

Cue = dict[str, object]


def recognises(text: str) -> bool:
    """True for JSON with a time or a word as only these services write it."""
    return looks_like_json(text) and any(sign.search(text[:HEAD]) for sign in _SIGNS)


def read(source: Source) -> Transcript:
    """The phrases as cues; words are joined where a service gives nothing else."""
    return read_json(source, _find)


def _find(value: object) -> FoundCue:
    if not isinstance(value, Mapping):
        return FoundCue([])
    language = value.get("languageCode") or value.get("locale")
    results = value.get("results")
    found = [
        *_youtube(_objects(value.get("events"))),
        *_azure(_objects(value.get("phrases")), "offsetMilliseconds", "durationMilliseconds", _MILLISECONDS),
        *_azure(_objects(value.get("recognizedPhrases")), "offsetInTicks", "durationInTicks", _TICKS),
        *(_amazon(results) if isinstance(results, Mapping) else _words(_objects(results))),
    ]
    return FoundCue(found, language=language, unit=SECONDS)


def _youtube(events: Iterable[Mapping[str, object]]) -> Iterator[Cue]:
    """The captions of json3; an event that only breaks a line is none."""
    for event in events:
        text = "".join(str(piece.get("utf8") or "") for piece in _objects(event.get("segs")))
        if text.strip():
            yield _cue(text, event.get("tStartMs"), event.get("dDurationMs"), _MILLISECONDS)


def _azure(phrases: Iterable[Mapping[str, object]], start: str, duration: str, scale: float) -> Iterator[Cue]:
    for phrase in phrases:
        best = next(_objects(phrase.get("nBest")), {})
        text = phrase.get("text") or best.get("display")
        yield {**_cue(text, phrase.get(start), phrase.get(duration), scale), "speaker": phrase.get("speaker")}


def _amazon(results: Mapping[str, object]) -> Iterator[Cue]:
    """The segments, or without them the words."""
    segments = list(_objects(results.get("audio_segments")))
    if segments:
        for one in segments:
            times = {"start": one.get("start_time"), "end": one.get("end_time")}
            yield {"text": one.get("transcript"), **times, "speaker": one.get("speaker_label")}
        return
    yield from _words(_objects(results.get("items")))


def _words(items: Iterable[Mapping[str, object]]) -> Iterator[Cue]:
    """Words; a sign of punctuation belongs to the word before."""
    word: Cue | None = None
    for item in items:
        best = next(_objects(item.get("alternatives")), {})
        text = best.get("content")
        if item.get("type") == "punctuation" and word is not None:
            word["text"] = f"{word['text']}{text}"
            continue
        if word is not None:
            yield word
        times = {"start": item.get("start_time"), "end": item.get("end_time")}
        word = {"text": text, **times, "speaker": item.get("speaker_label") or best.get("speaker")}
    if word is not None:
        yield word


def _cue(text: object, start: object, duration: object, scale: float) -> Cue:
    begin, length = _number(start), _number(duration)
    if begin is None:
        return {"text": text}
    end = None if length is None else round((begin + length) * scale, 3)
    return {"text": text, "start": round(begin * scale, 3), "end": end}


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:  # an integer of hundreds of digits
        return None
    return number if math.isfinite(number) else None


def _objects(value: object) -> Iterator[Mapping[str, object]]:
    """The objects of a list; nothing of anything else."""
    return (one for one in value if isinstance(one, Mapping)) if isinstance(value, list) else iter(())
