"""Serialises each kind of result for programs: the JSON object of the public contract, and the row of a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields, is_dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from indexer.core.text.time_format import clock
from indexer.core.types import Episode
from search.api import CueLine, Moment
from search.results.joined_text import joined
from search.results.links import link_at

if TYPE_CHECKING:
    from search.expansion.mishearings.suspects import Suspect
    from search.expansion.variants import Example, Variant
    from search.results.counts import EpisodeCount
    from search.results.health import Status

SCHEMA = 1
"""Incremented when a field changes its meaning; new fields may be added without it."""

MOMENT_COLUMNS = ("rank", "score", "episode", "show", "title", "date", "start", "end", "time", "text", "url", "period")


def moment_record(moment: Moment) -> dict[str, Any]:
    """A moment as JSON; times in seconds, offsets in characters."""
    episode = moment.episode
    return {
        "schema": SCHEMA,
        "rank": moment.rank,
        "score": round(moment.score, 4),
        "episode": episode.id,
        "show": episode.show,
        "title": episode.title,
        "date": episode.date,
        "period": episode.period,
        "speakers": list(episode.speakers),
        "path": episode.path,
        "audio": episode.facts.audio,
        "link": episode.facts.link,
        "url": link_at(episode, moment.start),
        "start": moment.start,
        "end": moment.end,
        "chapter": moment.chapter,
        **({"library": moment.library} if moment.library else {}),
        "matches": [
            {"start": m.start, "end": m.end, "text": m.text, "term": m.term, "how": m.how, "where": m.where}
            for m in moment.matches
        ],
        "cues": [cue_record(cue) for cue in moment.cues],
    }


def cue_record(cue: CueLine) -> dict[str, Any]:
    return {
        "index": cue.index,
        "start": cue.start,
        "end": cue.end,
        "speaker": cue.speaker,
        "text": cue.text,
        "highlights": [list(pair) for pair in cue.highlights],
        "damped": cue.damped,
    }


def said_record(said: tuple[Episode, CueLine]) -> dict[str, Any]:
    """A cue of an episode that was read, on its own."""
    episode, cue = said
    return {"schema": SCHEMA, "episode": episode.id, **cue_record(cue)}


def episode_record(episode: Episode) -> dict[str, Any]:
    """An episode as JSON; duration in seconds."""
    return {
        "schema": SCHEMA,
        "episode": episode.id,
        "path": episode.path,
        "show": episode.show,
        "title": episode.title,
        "date": episode.date,
        "audio": episode.facts.audio,
        "link": episode.facts.link,
        "duration": round(episode.duration, 3),
        "cues": episode.cues,
        "characters": episode.characters,
        "period": episode.period,
    }


def count_record(count: EpisodeCount) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "episode": count.episode.id,
        "title": count.episode.title,
        "moments": count.moments,
        "matches": count.matches,
    }


def status_record(status: Status) -> dict[str, Any]:
    """The counts of an index; lengths in seconds, sizes in bytes."""
    seconds = round(status.seconds, 3)
    return {"schema": SCHEMA, **asdict(status), "folder": str(status.folder), "seconds": seconds}


def variant_record(variant: Variant) -> dict[str, Any]:
    """A variant of a term, with one example; start in seconds."""
    return {
        "schema": SCHEMA,
        "text": variant.text,
        "how": variant.how,
        "count": variant.count,
        **_example(variant.example),
    }


def suspect_record(suspect: Suspect) -> dict[str, Any]:
    """A likely mishearing, with one example; start in seconds."""
    return {
        "schema": SCHEMA,
        "right": suspect.right,
        "heard": suspect.heard,
        "right_count": suspect.right_count,
        "heard_count": suspect.heard_count,
        "score": suspect.score,
        **_example(suspect.example),
    }


def _example(example: Example) -> dict[str, Any]:
    return {"episode": example.episode.id, "start": example.start, "line": example.line}


def moment_row(moment: Moment) -> dict[str, Any]:
    """The values of `MOMENT_COLUMNS`, and the library last where several are searched."""
    episode = moment.episode
    values = (
        moment.rank,
        f"{moment.score:.4f}",
        episode.id,
        episode.show,
        episode.title,
        episode.date,
        f"{moment.start:.3f}",
        f"{moment.end:.3f}",
        clock(moment.start),
        joined(cue.text for cue in moment.cues),
        link_at(episode, moment.start),
        episode.period,
    )
    library = {"library": moment.library} if moment.library else {}
    return dict(zip(MOMENT_COLUMNS, values, strict=True)) | library


def count_row(count: EpisodeCount) -> dict[str, Any]:
    return {"moments": count.moments, "matches": count.matches, "episode": count.episode.id}


def said_row(said: tuple[Episode, CueLine]) -> dict[str, Any]:
    _, cue = said
    return {
        "index": cue.index,
        "start": f"{cue.start:.3f}",
        "end": f"{cue.end:.3f}",
        "time": clock(cue.start),
        "speaker": cue.speaker,
        "text": cue.text,
    }


def value_record(row: Any) -> dict[str, Any]:
    """A dataclass of plain values as JSON; measures rounded to four decimals."""
    return {"schema": SCHEMA, **_plain(row)}


def _plain(value: Any) -> Any:
    """A value for JSON: measures rounded to four decimals, dataclasses as objects."""
    if isinstance(value, float):
        return round(value, 4)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return list(map(_plain, value))
    if is_dataclass(value):
        return {name: _plain(getattr(value, name)) for name in _names(value.__class__)}
    return value


@lru_cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    """The fields of a dataclass."""
    return tuple(field.name for field in fields(kind))


@dataclass(frozen=True, slots=True)
class RecordShape:
    """How to serialise a kind of result: the JSON object and the table row of an item, and how to list the items of a
    result."""

    record: Callable[[Any], dict[str, Any]]
    row: Callable[[Any], dict[str, Any]]
    items: Callable[[Any], Iterable[Any]] = iter


SHAPES = {
    "moments": RecordShape(moment_record, moment_row),
    "counts": RecordShape(count_record, count_row),
    "ids": RecordShape(count_record, lambda count: {"episode": count.episode.id}),
    "cues": RecordShape(
        said_record, said_row, lambda found: ((moment.episode, cue) for moment in found for cue in moment.cues)
    ),
    "episodes": RecordShape(episode_record, episode_record),
    "variants": RecordShape(variant_record, variant_record),
    "suspects": RecordShape(suspect_record, suspect_record),
    **dict.fromkeys(
        ("terms", "keywords", "new_words", "collocates", "outline", "likenesses", "summary"),
        RecordShape(value_record, value_record),
    ),
    **dict.fromkeys(("concordance", "trend", "dispersion"), RecordShape(value_record, value_record)),
    "evenness": RecordShape(value_record, value_record, lambda found: found.evenness),
}
"""By the kinds of `formats`."""
