"""Converts the cue objects that a format's reader finds in a JSON document to a transcript."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from indexer.core.messages import _
from indexer.core.text.sanitize import language_tag
from indexer.core.types import Complaint, Transcript
from indexer.readers.json.json_fields import (
    END,
    START,
    WORDS,
    Time,
    field,
    speaker_of,
    stamped_words,
    text_of,
    time_of,
)
from indexer.readers.json.json_text import parse
from indexer.readers.json.json_units import MILLISECONDS, TimeSpan, unit_of
from indexer.readers.shared.complaints import Complaints
from indexer.readers.shared.drafts import Draft, settle
from indexer.readers.shared.joined_words import are_words, join_words, spaced
from indexer.readers.shared.source import Source


@dataclass(frozen=True, slots=True)
class FoundCue:
    """The objects that are or should be cues. `unit` converts numbers to seconds; None if the format does not define
    it.

    `speakers` is empty or parallel to `items`: the speaker of items that do not name one. `is_silent` if the document
    is one of a recording without speech.
    """

    items: Sequence[object]
    speakers: Sequence[str] = ()
    language: object = None
    unit: float | None = None
    is_silent: bool = False


def read_json(source: Source, find: Callable[[object], FoundCue]) -> Transcript:
    """Reads a JSON document; `find` locates its cues."""
    parsed = parse(source)
    complaints = Complaints(parsed.complaints)
    if parsed.value is None and complaints:
        return Transcript((), tuple(complaints))
    found = find(parsed.value)
    if found.is_silent:
        complaints.append(Complaint(source.path, 0, _("no segments"), _("no cues to index")))
        return Transcript((), tuple(complaints))
    items = [item if isinstance(item, Mapping) else None for item in found.items]
    drafts = _drafts(source, items, found, complaints)
    if not drafts:
        complaints.append(
            Complaint(source.path, 0, _("JSON without segments of text and time"), _("not read"), fatal=True)
        )
        return Transcript((), tuple(complaints))
    language = language_tag(found.language)
    return settle(source.path, drafts, complaints, {"language": language} if language else {})


def _drafts(
    source: Source, items: Sequence[Mapping[str, object] | None], found: FoundCue, complaints: list[Complaint]
) -> list[Draft]:
    """One draft per item that is an object; single words are joined."""
    spans = [TimeSpan(time_of(item, START), time_of(item, END), len(_said(item))) for item in items if item is not None]
    unit = unit_of(spans, found.unit)
    if unit.guess:
        name = "milliseconds" if unit.scale == MILLISECONDS else "seconds"
        complaints.append(
            Complaint(source.path, 0, _("the unit of the times is not told"), _("read as {name}").format(name=name))
        )
    speakers = found.speakers or [""] * len(items)
    drafts = []
    for number, (item, speaker) in enumerate(zip(items, speakers, strict=True), 1):
        if item is None:
            complaints.append(
                Complaint(source.path, 0, _("segment {number} is not an object").format(number=number), _("left out"))
            )
        else:
            drafts.append(_draft(number, item, speaker, unit.scale))
    if not are_words(drafts) or _have_words(drafts):
        return drafts
    for draft in drafts:
        if draft.start is None:
            what = _("segment {number}: no start").format(number=draft.number)
            complaints.append(Complaint(source.path, 0, what, _("word kept behind the one before")))
    return join_words(drafts)


def _have_words(drafts: Sequence[Draft]) -> bool:
    """True if most word lists have several words, so that their items are sentences, however short."""
    lists = [len(draft.words) > 1 for draft in drafts if draft.words]
    return sum(lists) * 2 > len(lists)


def _draft(number: int, item: Mapping[str, object], speaker: str, scale: float) -> Draft:
    words = [word for word in _words(item) if text_of(word) is not None]
    timed = [(text_of(word) or "", _seconds(time_of(word, START), scale)) for word in words]
    return Draft(
        _seconds(time_of(item, START), scale),
        _seconds(time_of(item, END), scale),
        _said(item),
        speaker_of(item) or _commonest(map(speaker_of, words)) or speaker,
        timed or _stamped(item, scale),
        number=number,
    )


def _said(item: Mapping[str, object]) -> str:
    """The text of an item, or the joined text of its words."""
    text = text_of(item)
    return spaced([text_of(word) or "" for word in _words(item)]) if text is None else text


def _words(item: Mapping[str, object]) -> list[Mapping[str, object]]:
    _, words = field(item, WORDS)
    return [word for word in words if isinstance(word, Mapping)] if isinstance(words, list) else []


def _stamped(item: Mapping[str, object], scale: float) -> list[tuple[str, float | None]]:
    """The words of FunASR's `timestamp`, with their times in seconds."""
    return [(text_of(word) or "", _seconds(time_of(word, START), scale)) for word in stamped_words(item)]


def _seconds(time: Time | None, scale: float) -> float | None:
    return None if time is None else round(time.number * (time.scale or scale), 3)


def _commonest(names: map[str]) -> str:
    count = Counter(filter(None, names)).most_common(1)
    return count[0][0] if count else ""
