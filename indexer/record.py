"""An episode as the plain values stored in the index, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, astuple

from indexer.values import Chapter, Episode, Facts


def to_record(episode: Episode, fingerprint: str) -> dict[str, object]:
    """The plain values stored with an episode."""
    facts = asdict(episode.facts)
    lists = {"speakers": list(episode.facts.speakers), "chapters": list(map(astuple, episode.facts.chapters))}
    return {**asdict(episode), "facts": {**facts, **lists}, "voices": list(episode.voices), "made": fingerprint}


def from_record(record: Mapping[str, object]) -> Episode:
    """The episode of a stored record."""
    values = {key: value for key, value in record.items() if key != "made"}
    facts = dict(values["facts"])  # type: ignore[call-overload]
    facts["speakers"] = tuple(facts["speakers"])
    facts["chapters"] = tuple(Chapter(*chapter) for chapter in facts["chapters"])
    voices: tuple[str, ...] = tuple(values["voices"])  # type: ignore[arg-type]
    return Episode(**{**values, "facts": Facts(**facts), "voices": voices})  # type: ignore[arg-type]
