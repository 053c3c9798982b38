"""Results for programs: JSON lines, tab-separated values, and one plain line a moment."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from indexer.values import Episode
from search.printers.display import clean, clock
from search.results import CueLine, EpisodeCount, Moment

if TYPE_CHECKING:
    from search.suspects import Suspect
    from search.variants import Example, Variant

SCHEMA = 1
"""Raised when a field changes its meaning; new fields may come within a version."""

TSV_COLUMNS = ("rank", "score", "episode", "show", "title", "date", "start", "end", "time", "text")


def moment_record(moment: Moment) -> dict[str, Any]:
    """A moment as the JSON object of the contract; times in seconds, offsets in characters."""
    episode = moment.episode
    return {
        "schema": SCHEMA,
        "rank": moment.rank,
        "score": round(moment.score, 4),
        "episode": episode.id,
        "show": episode.show,
        "title": episode.title,
        "date": episode.date,
        "speakers": list(episode.speakers),
        "path": episode.path,
        "audio": episode.facts.audio,
        "link": episode.facts.link,
        "start": moment.start,
        "end": moment.end,
        "chapter": moment.chapter,
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


def episode_record(episode: Episode) -> dict[str, Any]:
    """An episode as the JSON object of the contract; duration in seconds."""
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
    }


def count_record(count: EpisodeCount) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "episode": count.episode.id,
        "title": count.episode.title,
        "moments": count.moments,
        "matches": count.matches,
    }


def variant_record(variant: Variant) -> dict[str, Any]:
    """A variant of a term, with one place; start in seconds."""
    return {
        "schema": SCHEMA,
        "text": variant.text,
        "how": variant.how,
        "count": variant.count,
        **_example(variant.example),
    }


def suspect_record(suspect: Suspect) -> dict[str, Any]:
    """A likely mishearing, with one place; start in seconds."""
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


def to_json(record: dict[str, Any]) -> str:
    """One line of JSON, Chinese as it is."""
    return json.dumps(record, ensure_ascii=False)


def to_tsv(*fields: object) -> str:
    """One line of tab-separated values; nothing in a field can break it."""
    return "\t".join("" if field is None else clean(str(field)) for field in fields)


def moment_tsv(moment: Moment) -> str:
    """The line of `TSV_COLUMNS`."""
    episode = moment.episode
    return to_tsv(
        moment.rank,
        f"{moment.score:.4f}",
        episode.id,
        episode.show,
        episode.title,
        episode.date,
        f"{moment.start:.3f}",
        f"{moment.end:.3f}",
        clock(moment.start),
        spoken(moment),
    )


def moment_plain(moment: Moment) -> str:
    """`episode:hh:mm:ss: text`, one line a moment, as grep would print it."""
    return f"{clean(moment.episode.id)}:{clock(moment.start)}: {spoken(moment)}"


def spoken(moment: Moment) -> str:
    """The text of all cues of a moment, on one line."""
    return clean(" ".join(cue.text for cue in moment.cues if cue.text))
