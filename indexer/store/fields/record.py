"""Encodes an episode as the plain values stored in the index, and decodes them."""

from __future__ import annotations

from collections.abc import Mapping

from indexer.core.types import Chapter, Episode, Facts


def to_record(episode: Episode, fingerprint: str, given: Facts) -> dict[str, object]:
    """Encodes an episode, with the fingerprint of its segmentation and a digest of the facts it was given."""
    facts = episode.facts._asdict()
    lists = {"speakers": list(episode.facts.speakers), "chapters": list(map(tuple, episode.facts.chapters))}
    return {
        **episode._asdict(),
        "facts": {**facts, **lists},
        "voices": list(episode.voices),
        "made": fingerprint,
        "told": digest(given),
    }


def digest(facts: Facts) -> str:
    """A digest that changes with the facts."""
    import hashlib  # late import: it loads OpenSSL, which a search does not need

    return hashlib.sha256(repr(facts).encode("utf-8", "backslashreplace")).hexdigest()[:16]


def from_record(record: Mapping[str, object]) -> Episode:
    """Decodes a stored record."""
    values = {key: value for key, value in record.items() if key not in ("made", "told")}
    facts = dict(values["facts"])  # type: ignore[call-overload]
    facts["speakers"] = tuple(facts["speakers"])
    facts["chapters"] = tuple(Chapter(*chapter) for chapter in facts["chapters"])
    voices: tuple[str, ...] = tuple(values["voices"])  # type: ignore[arg-type]
    return Episode(**{**values, "facts": Facts(**facts), "voices": voices})  # type: ignore[arg-type]
