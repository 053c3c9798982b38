"""The moments of a saved query in new or changed episodes, each reported once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from indexer.core.types import Episode
from indexer.store.library.seen_moments import Known, Place, digest, key_of
from search.api import Moment, SearchRequest
from search.library import Library
from search.query.deadline import Deadline, as_deadline
from search.query.filters import ONLY
from search.query.syntax import Filter


def look(library: Library, request: SearchRequest, known: Known) -> tuple[list[Moment], Known]:
    """Returns all moments of a request not reported before, best first, and the updated `known`.

    Searches only episodes added or changed since. In a changed episode a moment is new if a match is in a new line, at
    a place without a match before. Raises QueryProblem for an invalid query.

    If the request's Deadline stops the search, `known` has what was found, and the next look searches these episodes
    again; except the first, of which nothing is new.
    """
    episodes = library.episodes()
    fresh = [episode for episode in episodes if known.is_new(episode)]
    if not fresh:
        return [], known
    chosen = () if len(fresh) == len(episodes) else (only(fresh),)
    deadline = as_deadline(request.timeout)
    moments = library.search(request._replace(limit=None, filters=(*request.filters, *chosen), timeout=deadline))
    found: dict[str, list[Place]] = {}
    new: list[Moment] = []
    for moment in moments:
        places = list(_places(moment))
        found.setdefault(moment.episode.id, []).extend(places)
        seen = known.of(moment.episode)
        if not all(map(seen.has, places)):
            new.append(moment._replace(rank=len(new) + 1))
    return new, known.updated(fresh, found, is_whole=deadline.reason is None or not known.states)


def only(episodes: Collection[Episode]) -> Filter:
    """A filter that only these episodes pass."""
    return Filter(ONLY, "\n".join(episode.id for episode in episodes))


def _places(moment: Moment) -> Iterator[Place]:
    """The places of a moment's matches."""
    for match in moment.matches:
        lines = [cue.text for cue in moment.cues if cue.start < match.end and match.start < cue.end and cue.highlights]
        yield Place(match.start, match.end, digest("".join(lines) or match.text))


class News:
    """Saved queries and what was reported for each. `known` is keyed by `key_of` the query; loading and saving it is up
    to the caller. Each search may take `timeout` seconds; `stopped` has the queries whose last one took longer, with
    the reason."""

    def __init__(
        self,
        queries: Sequence[str],
        exact: bool,
        known: Mapping[str, Known] | None = None,
        timeout: float | None = None,
    ) -> None:
        self.requests = [SearchRequest(query, limit=None, exact=exact) for query in queries]
        self.known = dict(known or {})
        self.stopped: dict[str, str] = {}
        self._timeout = timeout

    def of(self, library: Library) -> Iterator[tuple[str, list[Moment]]]:
        """Yields each query that has new moments, with them; they count as reported once the next item is requested.
        For a query seen the first time, everything counts as reported and nothing is new."""
        self.stopped = {}
        for request in self.requests:
            key, deadline = key_of(request.query, request.exact), Deadline(self._timeout)
            moments, after = look(library, request._replace(timeout=deadline), self.known.get(key, Known()))
            if deadline.reason:
                self.stopped[request.query] = deadline.reason
            if key in self.known and moments:
                yield request.query, moments
            self.known[key] = after
