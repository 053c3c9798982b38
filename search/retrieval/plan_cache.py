"""The plans of queries for one commit of an index."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from indexer.core.files import mapped_files
from indexer.core.memory.caches import with_last
from search.api import SearchRequest
from search.matching.resolver import Resolver
from search.matching.terms import QuorumPattern, RegexPattern, SoundPattern
from search.query.deadline import Deadline, OutOfTime
from search.query.parse import parse
from search.query.plan import Plan
from search.query.planner import make_plan
from search.query.syntax import loosened, with_filters
from search.retrieval.resolved_plan import ResolvedPlan, resolve

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot
    from search.expansion.candidates import CandidateFinder
    from search.expansion.variants import Variant

FileState: TypeAlias = "tuple[int, int] | None"

_LOOKED_UP = SoundPattern, QuorumPattern, RegexPattern
"""Patterns whose places take a pass over the text."""


class Plans:
    """Makes the plans of queries, with the lexicons as of first use, and keeps the last ones: count() and explain()
    reuse them, also while other threads ask something else."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.resolver = Resolver(snapshot)
        self._typed: dict[object, Plan] = {}
        self._expanded: dict[object, Plan] = {}
        self._resolved: dict[int, ResolvedPlan] = {}
        self._read_finder: tuple[list[FileState], CandidateFinder] | None = None
        """With the lexicons as they were just before they were read."""

    def has_current_lexicons(self) -> bool:
        """False once a lexicon in use has changed."""
        known = self._read_finder
        return known is None or known[0] == list(map(mapped_files.state, self._lexicons()))

    def _lexicons(self) -> list[str]:
        from indexer.core.words.lexicon import alias_files

        return alias_files(self.snapshot.folder, self.snapshot.lexicons)

    @property
    def finder(self) -> CandidateFinder:
        """Finds expansions. Made on first use: most commands need no lexicon, and a broken one must not stop them."""
        from search.expansion.aliases import read_aliases
        from search.expansion.candidates import CandidateFinder

        known = self._read_finder
        if known is None:
            states = list(map(mapped_files.state, self._lexicons()))
            known = states, CandidateFinder(self.resolver, read_aliases(self._lexicons(), self.snapshot.folding))
            self._read_finder = known
        return known[1]

    def variants(self, term: str, deadline: Deadline) -> list[Variant]:
        """Returns the term itself and what may stand for it, best first, as far as read by the deadline."""
        from search.expansion.variants import find_variants

        self.resolver.forget()
        return find_variants(term, self.finder, deadline)

    def loosely(self, query: str) -> Plan | None:
        """Returns the plan of a query without quotes and exact words; None if it has none."""
        from search.expansion.expand import expanded

        self.resolver.forget()
        plan = make_plan(loosened(parse(query)), self.resolver, tolerant=True)
        plan = expanded(plan, self.finder)
        return plan if plan.stand_ins else None

    def typed(self, request: SearchRequest, deadline: Deadline) -> Plan:
        """The plan of the typed query, unexpanded."""
        plan = self._typed.get(request.terms)
        if plan is None or not self._has_sources(plan):
            self.resolver.forget()
            tree = with_filters(parse(request.query), request.filters)
            plan = make_plan(tree, self.resolver, not request.exact, deadline=deadline)
            plan = plan if request.damping else plan._replace(damping=False)
            if deadline.reason is not None:  # matches of a regular expression may be missing
                return plan
            self._typed = with_last(self._typed, request.terms, plan)
        return plan

    def expanded(self, request: SearchRequest, deadline: Deadline) -> Plan:
        """The expanded plan; the unexpanded one if time runs out. Raises QueryProblem."""
        plan = self._expanded.get(request.terms)
        if plan is None or not self._has_sources(plan):
            plan = self.typed(request, deadline)
            if plan.typed:
                from search.expansion.expand import expanded

                try:
                    plan = expanded(plan, self.finder, deadline)
                except OutOfTime:
                    return plan
            if deadline.reason is not None:  # the typed plan may lack matches
                return plan
            self._expanded = with_last(self._expanded, request.terms, plan)
        return plan

    def _has_sources(self, plan: Plan) -> bool:
        """False once the resolver has dropped what a plan found by sound, as most of a quote, or by a regular
        expression. To plan again finds all of it in one pass, in the episodes that pass the filters and until the
        deadline; to look it up takes a pass over all episodes for each text."""
        known = self._resolved.get(id(plan))
        if known is not None and known.plan is plan:
            return True
        patterns = (way.pattern for term in plan.terms for way in term.alternatives)
        return all(map(self.resolver.knows, (one for one in patterns if isinstance(one, _LOOKED_UP))))

    def resolved(self, plan: Plan) -> ResolvedPlan:
        """The plan with the occurrences of its terms in this commit."""
        known = self._resolved.get(id(plan))
        if known is None or known.plan is not plan:
            known = resolve(plan, self.resolver)
            self._resolved = with_last(self._resolved, id(plan), known)
        return known
