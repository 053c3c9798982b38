"""An episode as the plain values stored in the index, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from indexer.values import Episode, Facts


def to_record(episode: Episode, fingerprint: str) -> dict[str, object]:
    """The plain values stored with an episode."""
    return {
        **asdict(episode),
        "facts": {**asdict(episode.facts), "speakers": list(episode.facts.speakers)},
        "made": fingerprint,
    }


def from_record(record: Mapping[str, object]) -> Episode:
    """The episode of a stored record."""
    values = {key: value for key, value in record.items() if key != "made"}
    facts = dict(values["facts"])  # type: ignore[call-overload]
    facts["speakers"] = tuple(facts["speakers"])
    return Episode(**{**values, "facts": Facts(**facts)})  # type: ignore[arg-type]
