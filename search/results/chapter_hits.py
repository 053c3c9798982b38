"""Chapter titles that match the query, as moments: a title says what the chapter is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from functools import partial
from typing import TYPE_CHECKING

from indexer.core.positions.tokens import split_atoms
from indexer.core.types import Chapter, Episode
from search.api import CueLine, Match, Moment
from search.query.plan import Every, Has, HasNear, Lacks, Need, Passes, Some
from search.results.episodes import cue_lines
from search.retrieval.conditions.one_window import View, meets
from search.retrieval.moments import FIRST_PAGE
from search.retrieval.resolved_plan import ResolvedPlan, ResolvedTerm
from search.scoring import WEIGHTS, information, window_score

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

SHOWN_SECONDS = 10.0
"""Seconds of speech shown below a matching title."""
LEAST_COVERED = 0.5
"""A title matches if its terms have at least this fraction of the query's weight."""


def with_titles(moments: Sequence[Moment], plan: ResolvedPlan, snapshot: Snapshot, limit: int | None) -> list[Moment]:
    """Inserts matching chapters among the moments, by score; returns at most `limit` moments.

    If a moment of the first page shows the first cues of a chapter, the title becomes a match of that moment; what
    shows them later shows them no more, so that the first page does not depend on how many moments are listed.
    """
    ranked = list(moments)
    for score, episode, chapter, matches in sorted(_titles(plan, snapshot), key=lambda hit: -hit[0]):
        cues = _first_cues(snapshot, episode, chapter)
        found = Moment(
            rank=0,
            score=score,
            episode=snapshot.episode(episode),
            start=chapter.start,
            end=max((cue.end for cue in cues), default=chapter.start),
            matches=matches,
            cues=cues,
            parts=(("chapter", score),),
            chapter=chapter.title,
        )
        ranked = _placed(ranked, found)
    return [
        moment if moment.rank == rank else moment._replace(rank=rank) for rank, moment in enumerate(ranked[:limit], 1)
    ]


def _titles(plan: ResolvedPlan, snapshot: Snapshot) -> Iterator[tuple[float, int, Chapter, tuple[Match, ...]]]:
    """(score, episode, chapter, matches) of each title that matches the query."""
    if plan.voices:
        return
    for number, titles in snapshot.titles.items():
        episode = snapshot.episode(number)
        if not all(test(episode) for test in plan.filters):
            continue
        for title, chapter in zip(titles, episode.facts.chapters, strict=True):
            counts = _counts(plan, title)
            score = _score(_weights(plan, snapshot), counts)
            if score and _is_met(plan, counts, episode):
                yield score, number, chapter, tuple(_matches(plan, counts, chapter))


def _counts(plan: ResolvedPlan, title: str) -> list[int]:
    """The number of occurrences of each typed term in a title. Those of a regular expression are looked up in what is
    said only."""
    atoms = _bounded(split_atoms(title))
    return [sum(atoms.count(_bounded(way.atoms)) for way in term.alternatives if way.atoms) for term in _typed(plan)]


def _typed(plan: ResolvedPlan) -> Sequence[ResolvedTerm]:
    """The terms of a plan without their expansions, which come last."""
    return plan.terms[: len(plan.shares)]


def _bounded(atoms: Sequence[str]) -> str:
    """Joins atoms to text in which only whole atoms can be found."""
    return "".join(f"\0{atom}\0" for atom in atoms)


def _weights(plan: ResolvedPlan, snapshot: Snapshot) -> list[float]:
    """The weight of each typed term; a term that is never spoken has the greatest information."""
    unsaid = information(0, snapshot.total_atoms)
    return [
        0.0 if number in plan.excluded else term.weight or share * unsaid
        for number, (term, share) in enumerate(zip(_typed(plan), plan.shares, strict=True))
    ]


def _score(weights: Sequence[float], counts: Sequence[int]) -> float:
    """The score of a window, raised by `WEIGHTS.title` since it covers all that follows; 0 below the threshold."""
    total = sum(weights)
    covered = sum(weight for weight, count in zip(weights, counts, strict=True) if count)
    if not covered or covered < LEAST_COVERED * total:
        return 0.0
    return WEIGHTS.title * window_score(counts, weights, total)


def _is_met(plan: ResolvedPlan, counts: Sequence[int], episode: Episode) -> bool:
    """True if a window of nothing but the title meets the condition of the query."""
    if plan.need is None:
        return True
    hits = [(0, number, 0) for number, count in enumerate(counts) if count]
    view = View(partial(plan.passes, episode=episode), plan.terms, hits, [0] * len(hits))
    return meets(_anywhere(plan.need), view)


def _anywhere(need: Need) -> Need:
    """The need without distances: everything in a title is near."""
    match need:
        case HasNear(left, right):
            return Every((_anywhere(left), _anywhere(right)))
        case Every(needs) | Some(needs):
            return type(need)(tuple(map(_anywhere, needs)))
        case Lacks(inner):
            return Lacks(_anywhere(inner))
        case Has() | Passes():
            return need


def _matches(plan: ResolvedPlan, counts: Sequence[int], chapter: Chapter) -> Iterator[Match]:
    for term, count in zip(_typed(plan), counts, strict=True):
        if count:
            yield Match(chapter.start, chapter.start, chapter.title, term.label, where="chapter")


def _first_cues(snapshot: Snapshot, episode: int, chapter: Chapter) -> tuple[CueLine, ...]:
    """The cues in the first seconds of a chapter."""
    times = snapshot.times(episode)
    begin, end = round(chapter.start * 1000), round((chapter.start + SHOWN_SECONDS) * 1000)
    heard = [cue for cue in range(len(times)) if times.end(cue) > begin and times.starts[cue] < end]
    return cue_lines(snapshot, episode, heard)


def _placed(ranked: Sequence[Moment], found: Moment) -> list[Moment]:
    """Inserts a title as a moment of its own, or adds it to the moment that shows its first cues."""
    shown = {cue.index for cue in found.cues}
    for at, moment in enumerate(ranked):
        if moment.rank <= FIRST_PAGE and _shows_any(moment, found, shown):
            headed = moment._replace(
                score=max(moment.score, found.score),
                matches=(*found.matches, *moment.matches),
                parts=(*moment.parts, ("chapter", max(0.0, found.score - moment.score))),
            )
            return _inserted([*ranked[:at], *ranked[at + 1 :]], headed)
    return _inserted(_without(ranked, found, shown), found)


def _shows_any(moment: Moment, found: Moment, cues: Set[int]) -> bool:
    return moment.episode.id == found.episode.id and any(cue.index in cues for cue in moment.cues)


def _without(ranked: Iterable[Moment], found: Moment, shown: Set[int]) -> Iterator[Moment]:
    """Yields the moments without the cues that a title shows; not those with no match in others."""
    for moment in ranked:
        if not _shows_any(moment, found, shown):
            yield moment
            continue
        cues = tuple(cue for cue in moment.cues if cue.index not in shown)
        matches = tuple(one for one in moment.matches if any(cue.start <= one.start < cue.end for cue in cues))
        if matches:
            start, end = max(moment.start, cues[0].start), max(cue.end for cue in cues)
            yield moment._replace(start=start, end=end, matches=matches, cues=cues)


def _inserted(ranked: Iterable[Moment], moment: Moment) -> list[Moment]:
    """Inserts a moment before the first with a lower score."""
    moments = list(ranked)
    at = next((number for number, other in enumerate(moments) if other.score < moment.score), len(moments))
    return [*moments[:at], moment, *moments[at:]]
