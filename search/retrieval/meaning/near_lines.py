"""Moments that are near in meaning only: segments near the question, each with the line to show for it.

A line is treated as a hit of a term of its own, labelled `meaning`, without weight: so it is highlighted like any other
hit, and a moment that depends on it comes after those with all of the query exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from indexer.core.embedding.embedder import NoMeaning
from indexer.core.errors import IndexProblem
from indexer.core.named_tuples import NamedTuple
from indexer.core.positions.token_stream import Region
from search.matching.sources import PlacesSource, count_atoms
from search.matching.terms import Term
from search.retrieval.resolved_plan import ResolvedAlternative, ResolvedPlan, ResolvedTerm
from search.retrieval.scorer import Scorer
from search.retrieval.windows import Hit
from search.scoring import SENTENCES, information

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot
    from search.retrieval.meaning.asking import Meaning
    from search.retrieval.meaning.space import Nearness, NearSegment

HOW = "meaning"
_NONE = -1
"""The number of no term: a line stands for the whole question."""


class NearLine(NamedTuple):
    """A segment near the question, and the line [first, end) of its atoms that shares most with it."""

    segment: NearSegment
    first: int
    end: int


class NearLines(NamedTuple):
    """The plan of a question with a term for the lines near it; its last term. `hits` are those of the lines."""

    plan: ResolvedPlan
    nearness: Nearness
    lines: Sequence[NearLine]

    def hit(self, at: int) -> Hit:
        return self.lines[at].first, len(self.plan.terms) - 1, at

    def showing(self, hits: Iterable[Hit]) -> ResolvedPlan:
        """The plan in which only these hits of lines are found."""
        term = len(self.plan.terms) - 1
        shown = {alternative for _, number, alternative in hits if number == term}
        return _with_lines(self.plan.without_last(), self.plan.terms[-1].label, self.lines, shown)


def near_finder(meaning: Meaning, question: str, problems: list[str]) -> Callable[[Scorer], NearLines | None]:
    """Returns a function that finds what is near a question. If the vectors cannot be used, it returns None, and adds
    to `problems` why."""

    def find(scorer: Scorer) -> NearLines | None:
        try:
            nearness = meaning.nearness(question)
        except (NoMeaning, IndexProblem) as problem:
            problems.append(str(problem))
            return None
        return None if nearness is None else near_lines(scorer, nearness, question)

    return find


def near_lines(scorer: Scorer, nearness: Nearness, label: str, without: Collection[int] = ()) -> NearLines:
    """Returns the segments nearest to a question that its filters let through, except of the episodes `without`;
    `label` is the question."""
    plan, snapshot = scorer.plan, scorer.snapshot
    only: set[int] | None = None
    if plan.filters or without:
        episodes = ((number, snapshot.episode(number)) for number in snapshot.episodes() if number not in without)
        only = {number for number, episode in episodes if all(test(episode) for test in plan.filters)}
    tells = {
        atom: information(count_atoms(snapshot, (atom,)), snapshot.total_atoms) for text in plan.texts for atom in text
    }
    lines = [
        line
        for segment in nearness.best(SENTENCES.near, only)
        if segment.nearness > SENTENCES.least_near
        and (line := _best_line(snapshot, segment, tells, scorer.unheard(segment.episode))) is not None
    ]
    return NearLines(_with_lines(plan, label, lines, range(len(lines))), nearness, lines)


def _with_lines(plan: ResolvedPlan, label: str, lines: Sequence[NearLine], shown: Collection[int]) -> ResolvedPlan:
    places = ({line.segment.episode: [line.first]} if at in shown else {} for at, line in enumerate(lines))
    ways = tuple(
        ResolvedAlternative((), PlacesSource(line.end - line.first, place), HOW, (line.segment.first, line.segment.end))
        for line, place in zip(lines, places, strict=True)
    )
    return plan.with_term(ResolvedTerm(Term(label, (), stands_for=_NONE), ways))


def _best_line(
    snapshot: Snapshot, segment: NearSegment, tells: Mapping[str, float], unheard: Sequence[Region]
) -> NearLine | None:
    """The line of a segment with most of the question's characters, the first of several; None if others say all of
    it than the query wants."""
    times, stream = snapshot.times(segment.episode), snapshot.stream(segment.episode)
    wanted = [(stream.coded((atom,)), tell) for atom, tell in tells.items()]
    best: tuple[float, NearLine] | None = None
    last = min(segment.end, snapshot.atoms(segment.episode))
    for cue in range(times.cue_at(segment.first), times.cue_at(max(segment.first, last - 1)) + 1):
        first, end = max(times.first[cue], segment.first), min(times.first[cue + 1], last)
        if first >= end or any(begin <= first and end <= until for begin, until in unheard):
            continue
        said = stream.units(first, end)
        shared = sum(tell for atom, tell in wanted if atom in said)
        if best is None or shared > best[0]:
            best = shared, NearLine(segment, first, end)
    return None if best is None else best[1]
