"""Several libraries searched together.

Words are weighed, and typed text is cut, by how often each word is said in all of the libraries together, so that the
scores of their moments can be compared: a word that is rare in one and common in another weighs the same in both. What
an episode adds to a score is compared within its own library.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from indexer.core.errors import IndexProblem
from indexer.core.files.mapped_files import AnyPath
from search.api import Moment, Result, SearchRequest, in_order
from search.backends.joint import joint
from search.library import open_library
from search.matching.resolver import Resolver
from search.retrieval.moments import FIRST_PAGE
from search.searcher import Searcher

if TYPE_CHECKING:
    from types import TracebackType

    from search.backends.snapshot import Snapshot
    from search.library import Library
    from search.matching.terms import Alternative
    from search.query.plan import Plan
    from search.retrieval.resolved_plan import ResolvedPlan


class JointResolver(Resolver):
    """Resolves terms in one index, and weighs them by their occurrences in several."""

    def __init__(self, snapshot: Snapshot, every: Sequence[Resolver]) -> None:
        super().__init__(snapshot)
        self._every = every

    def frequency(self, alternatives: Iterable[Alternative]) -> int:
        listed = list(alternatives)
        return sum(one.frequency(listed) for one in self._every)


class Libraries:
    """Open libraries by name. Close it, or use it in a `with` block."""

    def __init__(self, folders: Mapping[str, AnyPath]) -> None:
        """Raises IndexProblem if none of them can be opened; `missing` tells why some could not."""
        self._libraries: dict[str, Library] = {}
        self._missing: dict[str, IndexProblem] = {}
        with ExitStack() as stack:
            for name, folder in folders.items():
                try:
                    self._libraries[name] = stack.enter_context(open_library(folder))
                except IndexProblem as problem:
                    self._missing[name] = problem
            if not self._libraries:
                raise next(iter(self._missing.values()))
            self._stack = stack.pop_all()
        self._folders = {name: library.folders[""] for name, library in self._libraries.items()}
        self._answered: Sequence[tuple[Searcher, Plan]] = ()

    def __enter__(self) -> Libraries:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes all of them."""
        self._stack.close()

    def lose_gone(self) -> bool:
        """Counts those that can no longer be opened, as on a disk that was taken away, among the `missing`; False if
        there are none. Raises IndexProblem if none is left."""
        for name, folder in self._folders.items():
            if name not in self._missing:
                try:
                    open_library(folder).close()
                except IndexProblem as problem:
                    self._missing[name] = problem
        left = {name: library for name, library in self._libraries.items() if name not in self._missing}
        lost = len(self._libraries) - len(left)
        if not left:
            raise next(iter(self._missing.values()))
        self._libraries = left
        return lost > 0

    @property
    def by_name(self) -> Mapping[str, Library]:
        """The open libraries."""
        return self._libraries

    @property
    def missing(self) -> Mapping[str, IndexProblem]:
        """Why libraries are not among the open ones, by name."""
        return self._missing

    @property
    def folders(self) -> Mapping[str, str]:
        """The folder of each index, or its address in a cluster, by the name of its library."""
        return self._folders

    def twins(self, moments: Sequence[Moment]) -> dict[int, list[Moment]]:
        """Returns, by the rank of the best, the later moments that are the same place of the same recording in the same
        library."""
        twins: dict[int, list[Moment]] = {}
        for name, library in self._libraries.items():
            twins |= library.twins([moment for moment in moments if moment.library == name])
        return twins

    def unsaid(self, plan: Plan, moments: Sequence[Moment]) -> dict[int, tuple[str, ...]]:
        """Returns, by rank, the parts of a typed sentence, folded, that a moment with most of it does not say."""
        return next(iter(self._libraries.values())).unsaid(plan, moments)

    def tally(self, plan: Plan, request: SearchRequest) -> tuple[int, int]:
        """Returns the number of all moments of the last search, whose plan this is, and of their episodes. The `reason`
        of a Deadline passed as the request's `timeout` says whether all were counted."""
        assert self._answered[0][1] is plan, "not the plan of the last search"
        counted = [searcher.tally(own, request) for searcher, own in self._answered]
        return sum(moments for moments, _ in counted), sum(episodes for _, episodes in counted)

    def resolved(self, plan: Plan) -> ResolvedPlan:
        """Returns the plan of the last search with the occurrences of its terms."""
        searcher, own = self._answered[0]
        assert own is plan, "not the plan of the last search"
        return searcher.resolved(plan)

    def search(self, request: SearchRequest) -> Result:
        """The moments of a request in all libraries, best first, each with the name of its library. `plan` is that of
        the first library. Raises QueryProblem."""
        snapshots = [library.snapshot for library in self._libraries.values()]
        found: list[tuple[float, Moment]] = []
        results: list[Result] = []
        searchers: list[Searcher] = []
        resolvers = [Resolver(one) for one in snapshots]
        for name, own in zip(self._libraries, snapshots, strict=True):
            searcher = Searcher(joint(own, snapshots))
            searcher.resolver = JointResolver(searcher.snapshot, resolvers)
            most = None if request.most is None else max(request.most, FIRST_PAGE)
            result = searcher.search(request._replace(limit=most, offset=0, sort="score"))
            results.append(result)
            searchers.append(searcher)
            found += _placed(moment._replace(library=name) for moment in result)
        self._answered = [(searcher, result.plan) for searcher, result in zip(searchers, results, strict=True)]
        found.sort(key=lambda placed: -placed[0])
        page = [moment for _, moment in found[request.offset : request.most]]
        ranked = [moment._replace(rank=rank) for rank, moment in enumerate(page, request.offset + 1)]
        incomplete = next((one.incomplete for one in results if one.incomplete), None)
        without = next((one.without_meaning for one in results if one.without_meaning), None)
        ordered = in_order(ranked, request.sort)
        return Result(ordered, lambda: sum(one.total for one in results), results[0].plan, incomplete, without)


def _placed(moments: Iterable[Moment]) -> Iterator[tuple[float, Moment]]:
    """Yields the moments of a library, in its order, each with the score by which those of several are ordered: beyond
    the first page no more than that of any before it, so that a longer list begins as a shorter one. Of running text,
    what follows the moments that are compared as sentences may score more by the usual ranking."""
    lowest = math.inf
    for at, moment in enumerate(moments):
        score = moment.score if at < FIRST_PAGE else min(lowest, moment.score)
        lowest = min(lowest, score)
        yield score, moment
