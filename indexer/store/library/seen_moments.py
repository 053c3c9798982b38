"""The moments already reported for each saved query, kept in the index folder (`watch.json`)."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from indexer.core.errors import unreadable
from indexer.core.files.atomic_write import write_whole
from indexer.core.files.sealed_json import check_version, sealed, unsealed
from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple
from indexer.core.positions.intervals import union
from indexer.core.types import Episode

FILE = "watch.json"
VERSION = 2
"""Version 1, without a checksum, is still read."""
SAME_PLACE = 3.0
"""In seconds. In a changed episode, a moment this close to a known one is the same moment."""


class Place(NamedTuple):
    """A moment of a query: start and end in seconds, and a digest of the line."""

    start: float
    end: float
    line: str


@dataclass(frozen=True, slots=True)
class SeenMoments:
    """The moments reported for one episode: the digests of their lines, and the intervals around them in seconds,
    disjoint and ascending."""

    lines: frozenset[str] = frozenset()
    spans: tuple[tuple[float, float], ...] = ()

    def has(self, place: Place) -> bool:
        """True if the line was reported, wherever it is now, or anything was reported at this place."""
        at = bisect_right(self.spans, (place.end, float("inf"))) - 1
        return place.line in self.lines or (at >= 0 and self.spans[at][1] >= place.start)

    def with_places(self, places: Iterable[Place]) -> SeenMoments:
        """A copy with the places added."""
        places = list(places)
        spans = union([*self.spans, *((p.start - SAME_PLACE, p.end + SAME_PLACE) for p in places)])
        return SeenMoments(self.lines.union(place.line for place in places), tuple(spans))


class State(NamedTuple):
    """Changes when the file of an episode or its facts do."""

    file: str
    facts: str


_UNFINISHED = State("", "")
"""The state of an episode of which a search was stopped: that of no episode."""


def state_of(episode: Episode) -> State:
    return State(episode.digest[:16], digest(repr(episode.facts)))


def digest(text: str) -> str:
    """A digest short enough to store many, long enough to avoid collisions within a show."""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


@dataclass(frozen=True)
class Known:
    """Everything reported for a query, by episode id: the state of each episode when last searched, and its moments.

    Episodes that are gone are kept, since their files may come back, possibly under another name.
    """

    states: Mapping[str, State] = field(default_factory=dict)
    seen: Mapping[str, SeenMoments] = field(default_factory=dict)

    def is_new(self, episode: Episode) -> bool:
        """True for an episode that has not been searched in its present state."""
        return self.states.get(episode.id) != state_of(episode)

    def of(self, episode: Episode) -> SeenMoments:
        """What was reported for an episode, found by id or, if its file was moved, by file digest."""
        name = episode.id if episode.id in self.states else self._by_file.get(episode.digest[:16], "")
        return self.seen.get(name, SeenMoments())

    @cached_property
    def _by_file(self) -> dict[str, str]:
        return {state.file: name for name, state in self.states.items()}

    def updated(
        self, episodes: Iterable[Episode], places: Mapping[str, Iterable[Place]], is_whole: bool = True
    ) -> Known:
        """A copy after a search of these episodes that found these places; after one that was stopped (not `is_whole`),
        the episodes remain new."""
        states, seen = dict(self.states), dict(self.seen)
        for episode in episodes:
            after = self.of(episode).with_places(places.get(episode.id, ()))
            if after.lines:
                seen[episode.id] = after
            states[episode.id] = state_of(episode) if is_whole else _UNFINISHED
        return Known(states, seen)


def key_of(query: str, exact: bool) -> str:
    """The key under which a query is stored."""
    return f"{'=' if exact else '~'}{query}"


def read_known(folder: Path) -> dict[str, Known]:
    """What is stored in an index folder, by `key_of` the query. Raises IndexProblem if the file cannot be read."""
    path = folder / FILE
    try:
        content, is_sealed = unsealed(path.read_bytes())
        check_version(content["version"], is_sealed, VERSION, unsealed_version=1)
        return {key: _from_plain(value) for key, value in content["queries"].items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise unreadable(path, error, _("remove it; what is in the index then counts as told")) from None


def write_known(folder: Path, known: Mapping[str, Known]) -> None:
    """Stores it in an index folder. Raises OSError."""
    content = {"version": VERSION, "queries": {key: _to_plain(value) for key, value in known.items()}}
    write_whole(folder / FILE, sealed(content))


def _to_plain(known: Known) -> dict[str, Any]:
    """One entry per episode: the two digests of its state, then lines and spans, if any."""
    return {
        name: [*state, sorted(seen.lines), seen.spans] if (seen := known.seen.get(name)) else list(state)
        for name, state in known.states.items()
    }


def _from_plain(value: Mapping[str, Any]) -> Known:
    states = {name: State(str(entry[0]), str(entry[1])) for name, entry in value.items()}
    seen = {
        name: SeenMoments(frozenset(map(str, entry[2])), tuple((float(start), float(end)) for start, end in entry[3]))
        for name, entry in value.items()
        if len(entry) > 2
    }
    return Known(states, seen)
