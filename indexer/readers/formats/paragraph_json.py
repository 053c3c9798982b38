"""Reads JSON of meeting recognisers (Feishu, Tongyi Tingwu, iFlytek, Volcengine, FunASR): objects with text and time.

The formats vary and change, so the reader searches for the objects: those at one place of the document (the words of
all paragraphs count as one place) that hold most of its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from indexer.core.types import Transcript
from indexer.readers.json.json_cues import FoundCue, read_json
from indexer.readers.json.json_fields import END, START, speaker_of, stamped_words, text_of, time_of
from indexer.readers.json.json_fields import field as field_of
from indexer.readers.json.json_text import loads, looks_like_json
from indexer.readers.json.json_units import MILLISECONDS
from indexer.readers.shared.source import HEAD, Source

NAME = "paragraph JSON"
SUFFIXES = (".json",)

_WHERE_MILLISECONDS = frozenset({"sentence_info", "Paragraphs", "utterances", "onebest", "json_1best"})
"""Names that identify a recogniser which counts milliseconds."""
_MOST_TEXT = 0.8

_TIMED = re.compile(
    r'"(?:start|begin)(?:_?time|_?ms)?"\s*:\s*"?(?:\d{1,9}(?:\.\d{1,12})?|\d{1,3}:\d\d(?::\d\d)?(?:[.,]\d{1,6})?)'
    r'(?:ms|s)?"?\s*[,}\]]|"bg"\s*:\s*"?\d|"timestamp"\s*:\s*\[\s*\[\s*\d',
    re.IGNORECASE,
)
_INNERMOST = re.compile(r"\{[^{}]*\}")
_SAID = re.compile(r'"(?:text|content|onebest|sentence|word)"\s*:\s*"|"cw"\s*:', re.IGNORECASE)


def recognises(text: str) -> bool:
    """True for JSON with an object that has a text and a start, as a number or a clock time."""
    if not looks_like_json(text):
        return False
    # Without backslashes, since some write JSON within JSON.
    head = text[:HEAD].replace("\\", "")
    # The second attempt ignores nested objects, such as the speaker of a paragraph.
    return _has_cue(head) or _has_cue(_INNERMOST.sub("0", head))


def _has_cue(text: str) -> bool:
    return any(_TIMED.search(piece + "}") and _SAID.search(piece) for piece in text.split("}"))


def read(source: Source) -> Transcript:
    """All paragraphs or sentences as cues. If only words have times, they are joined and become marks."""
    return read_json(source, _find)


@dataclass(slots=True)
class _Place:
    """The objects with text at one place of a document, their speakers, and how many have a time."""

    depth: int
    items: list[Mapping[str, object]] = field(default_factory=list)
    speakers: list[str] = field(default_factory=list)
    timed: int = 0
    characters: int = 0


def _find(value: object) -> FoundCue:
    places: dict[tuple[int, str], _Place] = {}
    first: dict[tuple[int, str], tuple[Mapping[str, object], str]] = {}
    names: set[str] = set()
    for key, depth, item, speaker in _objects(value, names):
        text = text_of(item)
        if text is None and key not in places:
            first.setdefault(key, (item, speaker))
        elif text is None and _lacks_text(item, places[key].items[-1]):
            text = ""
        if text is not None:
            if key not in places and key in first and _lacks_text(first[key][0], item):
                places[key] = _Place(depth, [first[key][0]], [first[key][1]], 1)
            place = places.setdefault(key, _Place(depth))
            place.items.append(item)
            place.speakers.append(speaker)
            place.timed += bool(time_of(item, START) or time_of(item, END))
            place.characters += len(text)
    best = _best(places.values()) or _stamped(places.values())
    unit = MILLISECONDS if names & _WHERE_MILLISECONDS else None
    return FoundCue(best.items, best.speakers, unit=unit) if best else FoundCue([])


def _lacks_text(item: Mapping[str, object], above: Mapping[str, object]) -> bool:
    """True for an object with the keys of the given one except a text."""
    return len(item) == len(above) and len(above.keys() - item.keys()) == 1 and time_of(item, START) is not None


def _best(places: Iterable[_Place]) -> _Place | None:
    """The outermost of the places that hold nearly all of the text: the words of a sentence are further in."""
    timed = [place for place in places if place.timed * 2 >= len(place.items)]
    most = max((place.characters for place in timed), default=0)
    return min((place for place in timed if place.characters >= _MOST_TEXT * most), key=lambda p: p.depth, default=None)


def _stamped(places: Iterable[_Place]) -> _Place | None:
    """The words of texts with a time per word that are not divided into sentences."""
    words = _Place(0)
    for place in places:
        for item, speaker in zip(place.items, place.speakers, strict=True):
            words.items += (found := stamped_words(item))
            words.speakers += [speaker] * len(found)
    return words if words.items else None


def _objects(value: object, names: set[str]) -> Iterator[tuple[tuple[int, str], int, Mapping[str, object], str]]:
    """Yields all objects in order: a key for the place, the depth, the object, and the enclosing speaker.

    The place is that of the enclosing list or object, so the words of all paragraphs share one.
    """
    numbers: dict[tuple[int, str], int] = {}
    stack: list[tuple[object, tuple[int, str], int, str]] = [(value, (0, ""), 0, "")]
    while stack:
        value, key, depth, speaker = stack.pop()
        value = _unwrapped(value)
        inner = numbers.setdefault(key, len(numbers) + 1)
        if isinstance(value, Mapping):
            yield key, depth, value, speaker
            names.update(value.keys() & _WHERE_MILLISECONDS)
            speaker = speaker_of(value) or speaker
            below = [(value[name], (inner, name), depth + 1, speaker) for name in value]
        elif isinstance(value, list):
            below = [(item, (inner, "[]"), depth + 1, speaker) for item in value]
        else:
            continue
        stack.extend(entry for entry in reversed(below) if isinstance(entry[0], Mapping | list | str))


def _unwrapped(value: object) -> object:
    """Unwraps iFlytek's JSON within JSON, and its sentences given as lattices of candidates."""
    if isinstance(value, str):
        if not re.match(r'\s*(?:\[\s*)?\{\s*"', value):
            return None
        try:
            value, _ = loads(value)
        except (ValueError, RecursionError):
            return None
    if isinstance(value, Mapping) and isinstance(value.get("rt"), list) and field_of(value, ("bg",))[0]:
        return {**value, "text": "".join(_candidates(value["rt"])), "rt": None}
    return value


def _candidates(lattice: Iterable[object]) -> Iterator[str]:
    """The first candidate for each word of a lattice."""
    for part in lattice:
        words = part.get("ws") if isinstance(part, Mapping) else None
        for word in words if isinstance(words, list) else []:
            candidates = word.get("cw") if isinstance(word, Mapping) else None
            if isinstance(candidates, list) and candidates and isinstance(candidates[0], Mapping):
                yield text_of({"word": candidates[0].get("w")}) or ""
