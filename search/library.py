"""The library: everything that can be asked of an open index.

At the top, imports only what every search needs, and everything else where it is used: a search from the command line
takes hardly longer than its imports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from os import environ
from typing import TYPE_CHECKING

from indexer.core.configuration.library_address import is_address
from indexer.core.configuration.paths import default_index
from indexer.core.errors import IndexProblem
from indexer.core.files import mapped_files
from indexer.core.files.mapped_files import AnyPath
from indexer.core.messages import _
from indexer.core.types import Episode
from search.api import DEFAULT_CONTEXT, CueLine, Margin, Moment, Result, SearchRequest, make_request
from search.backends.embedded.snapshot import EmbeddedSnapshot
from search.open_index import FolderSearcher, OpenIndex
from search.query.deadline import Timeout, as_deadline
from search.query.plan import Plan
from search.query.syntax import Filter
from search.results.episodes import cue_lines, cues_between, find_number, list_episodes
from search.retrieval.resolved_plan import ResolvedPlan
from search.searcher import Searcher

if TYPE_CHECKING:
    from pathlib import Path

    from indexer.core.embedding.embedder import Embedder
    from search.expansion.mishearings.suspects import Suspect
    from search.expansion.variants import Variant
    from search.results.counts import EpisodeCount
    from search.results.health import Status
    from search.retrieval.meaning.building import MeaningReport
    from search.retrieval.remote.open_searcher import OpenSearcher


class Library(OpenIndex):
    """An index opened for searching. Every call is answered from the last commit and the current lexicons; detecting a
    new commit reads the file names in the folder.

    Where a query is expected, a SearchRequest may be passed; its options then replace the other arguments.

    Threads may share a library: any method may be called at any time, also while another process commits, and each call
    is answered from one commit. After `close` in one thread, calls in progress still return; later ones raise
    ValueError. The iterator that `each` returns belongs to one thread, and so does a Deadline, which other threads may
    only cancel.
    """

    def __init__(self, folder: AnyPath) -> None:
        """`folder` may be the address of a library in a cluster. Raises IndexProblem if there is no index, or it cannot
        be read."""
        place = mapped_files.as_text(folder)
        super().__init__(_opened(place), place)

    def search(
        self,
        query: str | SearchRequest,
        *,
        limit: int | None = 10,
        context: float | Margin = DEFAULT_CONTEXT,
        filters: Sequence[Filter] = (),
        exact: bool = False,
        damping: bool = True,
        timeout: Timeout = None,
        offset: int = 0,
        meaning: bool = True,
    ) -> Result:
        """Returns the moments in which the query is talked about, best first.

        `limit` None returns all. `offset` skips that many of the first moments; `total` counts them, too. `context` is
        shown before and after the matches, in seconds or as a Margin. `filters` are added to those in the query.
        `exact` turns expansion off (sound, spelling, number, alias); otherwise expansions are searched only if they
        could be among the moments returned. `damping` False ranks the recogniser's loops and stock lines like other
        speech. `meaning` lets a question match by meaning as well, if the index has vectors. Raises QueryProblem for an
        invalid query.

        After `timeout` seconds, or once the given Deadline has passed, the search stops: the result then has the best
        moments found so far, and its `incomplete` says why. Computing `total` may take as long again.
        """
        request = make_request(
            query,
            limit=limit,
            context=context,
            filters=filters,
            exact=exact,
            damping=damping,
            timeout=timeout,
            offset=offset,
            meaning=meaning,
        )
        return self._current().search(request)

    def each(
        self,
        query: str | SearchRequest,
        *,
        context: float | Margin = DEFAULT_CONTEXT,
        filters: Sequence[Filter] = (),
        exact: bool = False,
        damping: bool = True,
        timeout: Timeout = None,
    ) -> tuple[Plan, Iterable[Moment]]:
        """Returns the plan and all moments, best first, in the order of `search` without a limit.

        Moments are built on demand, so a result need not fit in memory; all windows are found before the first moment
        is yielded. The timeout covers both, but not the time that the caller spends between two moments. The `reason`
        of a Deadline passed as `timeout` tells whether the time was enough. Raises QueryProblem.
        """
        request = make_request(query, context=context, filters=filters, exact=exact, damping=damping, timeout=timeout)
        return self._current().each(request)

    def count(
        self,
        query: str | SearchRequest,
        *,
        filters: Sequence[Filter] = (),
        exact: bool = False,
        damping: bool = True,
        limit: int | None = None,
        timeout: Timeout = None,
        by_speaker: bool = False,
    ) -> list[EpisodeCount]:
        """Returns the moments and matches in each episode; most moments first, at most `limit` episodes. The `reason`
        of a Deadline passed as `timeout` says whether all were counted. `by_speaker` also counts, for each speaker, the
        moments in which they say a match or part of one; this reads the transcripts of episodes with several
        speakers."""
        request = make_request(query, limit=limit, filters=filters, exact=exact, damping=damping, timeout=timeout)
        return self._current().count(request, by_speaker)

    def tally(self, plan: Plan, request: SearchRequest) -> tuple[int, int]:
        """Returns the number of all moments of the plan of a request, and of their episodes: with the plan of a result,
        expansions are counted only if that search needed them. The `reason` of a Deadline passed as the request's
        `timeout` says whether all were counted."""
        return self._current().tally(plan, request)

    def twins(self, moments: Sequence[Moment]) -> dict[int, list[Moment]]:
        """Finds moments that are the same place of one recording, because the index has several transcripts of it, such
        as a raw and a corrected one. Returns the later ones by the rank of the best."""
        return self._current().twins(moments)

    def double_transcripts(self, episodes: Iterable[Episode]) -> list[tuple[Episode, Episode]]:
        """Returns the pairs of these episodes that are transcripts of one recording, which counts therefore include
        twice. Empty for a cluster, which would have to be asked for the texts."""
        return self._current().double_transcripts(episodes)

    def unsaid(self, plan: Plan, moments: Sequence[Moment]) -> dict[int, tuple[str, ...]]:
        """For the moments that contain most of a typed sentence, returns by rank the parts of it, folded, that are
        missing."""
        from search.results.unsaid import unsaid

        folding = self._open.snapshot.folding
        by_rank = {moment.rank: unsaid(plan.texts, moment, folding) for moment in moments}
        return {rank: parts for rank, parts in by_rank.items() if parts}

    def plan(
        self,
        query: str | SearchRequest,
        filters: Sequence[Filter] = (),
        exact: bool = False,
        timeout: Timeout = None,
        damping: bool = True,
    ) -> Plan:
        """Returns the plan of a query; without expansions if time runs out."""
        request = make_request(query, filters=filters, exact=exact, damping=damping, timeout=timeout)
        return self._current().expanded(request, as_deadline(request.timeout))

    def resolved(self, plan: Plan) -> ResolvedPlan:
        """Resolves a plan against the current commit, even if it was made for another one."""
        return self._current().resolved(plan)

    def episodes(self, filters: Sequence[Filter] = ()) -> list[Episode]:
        """The episodes in the index, by show, date and id, its numbers by value."""
        return list_episodes(self.snapshot, filters)

    def find_episode(self, name: str) -> Episode:
        """Returns the episode with this id or path, or the only one whose id or title contains the name.

        Raises NoSuchEpisode, naming the candidates if there are several.
        """
        snapshot = self._current().snapshot_with(name)
        return snapshot.episode(find_number(snapshot, name))

    def read(self, name: str, start: float = 0.0, end: float | None = None) -> tuple[Episode, list[CueLine]]:
        """Returns an episode and its cues between `start` and `end` seconds (None: to its end)."""
        snapshot = self._current().snapshot_with(name)
        number = find_number(snapshot, name)
        return snapshot.episode(number), list(cue_lines(snapshot, number, cues_between(snapshot, number, start, end)))

    def variants(self, term: str, timeout: Timeout = None) -> list[Variant]:
        """Returns the term itself and whatever sounds, is spelled or is written like it in this index, best first. The
        `reason` of a Deadline passed as `timeout` says whether it was enough."""
        return self._current().variants(term, as_deadline(timeout))

    def suspects(self, limit: int = 50, timeout: Timeout = None) -> list[Suspect]:
        """Returns likely mishearings among the words of this index, best first. The `reason` of a Deadline passed as
        `timeout` says whether all of it was read."""
        from indexer.core.memory.paused_collection import collection_paused
        from search.expansion.mishearings.suspects import find_suspects
        from search.exploration.time_limit import time_limit

        snapshot = self.snapshot
        with time_limit(snapshot, timeout) as deadline, collection_paused():
            return find_suspects(snapshot, limit, deadline)

    def loosely(self, query: str) -> Plan | None:
        """Returns the plan of a query as if it had no quotes and no `=word`; None if it has neither."""
        return self._current().loosely(query)

    @property
    def alias_file(self) -> Path:
        """The file for new aliases: the first lexicon that exists, or else the default one."""
        known = [path for path in self.lexicons if path.suffix == ".toml"]
        return next((path for path in known if path.is_file()), known[0])

    def check_alias(self, right: str, heard: Sequence[str]) -> None:
        """Raises QueryProblem for an alias that can never match."""
        from search.expansion.aliases import check_alias

        check_alias(right, heard, self._open.snapshot.folding)

    def add_meaning(
        self,
        *,
        rebuild: bool = False,
        jobs: int | None = None,
        embedder: Embedder | None = None,
        progress: Callable[[float, float, str], None] | None = None,
        seconds: float | None = None,
    ) -> MeaningReport:
        """Computes the vectors that the index lacks, with which questions match by meaning; with `rebuild`, all of them
        anew. No transcript is read again.

        `jobs` is the number of processor cores (None: all). `embedder` replaces the model that the environment or the
        configuration names. `progress(done, total, episode)` is called after each episode, in seconds of speech.
        After `seconds`, no further episode is started; `left` in the report says how much remains.

        Raises NoMeaning if there is no model or it fails, after storing what was made, and IndexProblem if the index
        has vectors of another model, or another process makes some.
        """
        from search.retrieval.meaning.building import add_meaning

        if self.cost is not None:
            raise IndexProblem(_("a library in a cluster has no vectors: make them for an index in a folder"))
        return add_meaning(lambda: self.snapshot, embedder, jobs, rebuild, progress, seconds)

    def status(self) -> Status:
        """The counts of the index."""
        from search.results.health import read_status

        return read_status(self.snapshot)

    def check(self, progress: Callable[[int, int], None] | None = None) -> list[str]:
        """Reads every episode completely and checks its parts against each other. Returns a line for each fault.
        `progress(done, total)` is called after each step."""
        from search.results.health import check_index

        return check_index(self.snapshot, progress)

    def unchecked(self) -> list[str]:
        """The parts of the index without checksums, as in format 6: the next `podseek index` adds them."""
        from search.results.health import unchecked_parts

        return unchecked_parts(self.snapshot)


def _opened(place: str) -> OpenSearcher:
    if not is_address(place):
        return FolderSearcher(EmbeddedSnapshot(place))
    from search.backends.opensearch.index import open_index
    from search.retrieval.remote.remote_searcher import RemoteSearcher

    return RemoteSearcher(open_index(place), Searcher)


def open_library(index_dir: AnyPath | None = None) -> Library:
    """Opens an index for searching: a folder, or the address of a library in a cluster
    (`https://search.example.org:9200/podcasts`; None: what PODSEEK_BACKEND names, or the default index).

    Raises IndexProblem if there is none, or it cannot be read, and PodseekProblem for an address that cannot be used.
    """
    return Library(index_dir if index_dir is not None else environ.get("PODSEEK_BACKEND") or default_index())
