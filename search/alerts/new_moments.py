"""What is new: the moments of a query in episodes that came in or changed, each told once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from indexer.core.types import Episode
from indexer.store.seen_moments import Known, Place, digest, key_of
from search.api import Moment
from search.library import Library
from search.query.filters import ONLY
from search.query.syntax import Filter


def look(library: Library, query: str, known: Known, exact: bool = False) -> tuple[list[Moment], Known]:
    """The moments of a query that were not told before, best first, and what is known after they are.

    Only episodes are searched that came in or changed since; of one that changed, a moment is new when the query
    is met in a line that was not there, at a place where it was not met. Raises QueryProblem for a query
    that cannot be understood.
    """
    episodes = library.episodes()
    fresh = [episode for episode in episodes if known.is_new(episode)]
    if not fresh:
        return [], known
    chosen = [] if len(fresh) == len(episodes) else [only(fresh)]
    moments = library.search(query, limit=None, filters=chosen, exact=exact)
    found: dict[str, list[Place]] = {}
    new: list[Moment] = []
    for moment in moments:
        places = list(_places(moment))
        found.setdefault(moment.episode.id, []).extend(places)
        told = known.of(moment.episode)
        if not all(map(told.has, places)):
            new.append(moment._replace(rank=len(new) + 1))
    return new, known.updated(fresh, found)


def only(episodes: Collection[Episode]) -> Filter:
    """A filter that these episodes pass and no others."""
    return Filter(ONLY, "\n".join(episode.id for episode in episodes))


def _places(moment: Moment) -> Iterator[Place]:
    """Where the matches of a moment are."""
    for match in moment.matches:
        lines = [cue.text for cue in moment.cues if cue.start < match.end and match.start < cue.end and cue.highlights]
        yield Place(match.start, match.end, digest("".join(lines) or match.text))


class News:
    """Saved queries, and what was told of each. `known` is by `key_of` the query; it may come from a file and is
    written there by whoever wants to keep it."""

    def __init__(self, queries: Sequence[str], exact: bool, known: Mapping[str, Known] | None = None) -> None:
        self.queries = queries
        self.known = dict(known or {})
        self._exact = exact

    def of(self, library: Library) -> Iterator[tuple[str, list[Moment]]]:
        """Each query that has new moments, with them; they count as told when the next is asked for. Of a query that
        is not known yet all there is counts as told, and nothing is new."""
        for query in self.queries:
            key = key_of(query, self._exact)
            moments, after = look(library, query, self.known.get(key, Known()), self._exact)
            if key in self.known and moments:
                yield query, moments
            self.known[key] = after
