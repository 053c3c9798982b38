"""Chapter titles that were looked for, as moments: whoever wrote one knew what is talked about from there on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from indexer.core.tokens import split_atoms
from indexer.core.types import Chapter, Episode
from search.api import CueLine, Match, Moment
from search.backends.embedded.snapshot import Snapshot
from search.matching.terms import Term
from search.query.plan import Every, Has, HasNear, Lacks, Need, Passes, Plan, Some
from search.results.snippets import cue_lines
from search.scoring import WEIGHTS, information, window_score

SHOWN_SECONDS = 10.0
"""Of what is said under a title that was found, so much is shown."""
LEAST_COVERED = 0.5
"""A title is a hit when it has so much of the weight of the query."""


def with_titles(moments: Sequence[Moment], plan: Plan, snapshot: Snapshot, limit: int | None) -> list[Moment]:
    """The moments with the chapters whose title was looked for among them, `limit` of them.

    A title is placed by its score. Where what is said under it is shown already, it is told there.
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


def _titles(plan: Plan, snapshot: Snapshot) -> Iterator[tuple[float, int, Chapter, tuple[Match, ...]]]:
    """(score, episode, chapter, matches) of each title that has what was looked for."""
    if plan.voices:
        return
    for number, titles in snapshot.titles.items():
        episode = snapshot.episode(number)
        if not all(test(episode) for test in plan.filters):
            continue
        for title, chapter in zip(titles, episode.facts.chapters, strict=True):
            counts = _counts(plan, title)
            score = _score(_weights(plan, snapshot), counts)
            if score and _meets(plan.need, {n for n, count in enumerate(counts) if count}, episode):
                yield score, number, chapter, tuple(_matches(plan, counts, chapter))


def _counts(plan: Plan, title: str) -> list[int]:
    """How often each term that was typed stands in a title."""
    atoms = _bounded(split_atoms(title))
    return [sum(atoms.count(_bounded(way.atoms)) for way in term.alternatives) for term in _typed(plan)]


def _typed(plan: Plan) -> Sequence[Term]:
    """The terms of a plan without their stand-ins, which come after them."""
    return plan.terms[: len(plan.shares)]


def _bounded(atoms: Sequence[str]) -> str:
    """Atoms as text in which no run is found that is not whole atoms."""
    return "".join(f"\0{atom}\0" for atom in atoms)


def _weights(plan: Plan, snapshot: Snapshot) -> list[float]:
    """What each typed term weighs; one that is said nowhere tells most of all."""
    unsaid = information(0, snapshot.total_atoms)
    return [
        0.0 if number in plan.excluded else term.weight or share * unsaid
        for number, (term, share) in enumerate(zip(_typed(plan), plan.shares, strict=True))
    ]


def _score(weights: Sequence[float], counts: Sequence[int]) -> float:
    """As a window scores, and more, for whoever wrote the title thought of all that follows; 0 for too little."""
    total = sum(weights)
    covered = sum(weight for weight, count in zip(weights, counts, strict=True) if count)
    if not covered or covered < LEAST_COVERED * total:
        return 0.0
    return WEIGHTS.title * window_score(counts, weights, total)


def _meets(need: Need | None, present: set[int], episode: Episode) -> bool:
    match need:
        case None:
            return True
        case Has(terms):
            return not present.isdisjoint(terms)
        case Every(needs):
            return all(_meets(inner, present, episode) for inner in needs)
        case Some(needs):
            return any(_meets(inner, present, episode) for inner in needs)
        case HasNear(left, right):
            return _meets(left, present, episode) and _meets(right, present, episode)
        case Lacks(inner):
            return not _meets(inner, present, episode)
        case Passes(test):
            return test(episode)


def _matches(plan: Plan, counts: Sequence[int], chapter: Chapter) -> Iterator[Match]:
    for term, count in zip(_typed(plan), counts, strict=True):
        if count:
            yield Match(chapter.start, chapter.start, chapter.title, term.label, where="chapter")


def _first_cues(snapshot: Snapshot, episode: int, chapter: Chapter) -> tuple[CueLine, ...]:
    """What is said in the first seconds of a chapter."""
    times = snapshot.times(episode)
    begin, end = round(chapter.start * 1000), round((chapter.start + SHOWN_SECONDS) * 1000)
    heard = [cue for cue in range(len(times)) if times.end(cue) > begin and times.starts[cue] < end]
    return cue_lines(snapshot, episode, heard)


def _placed(ranked: Sequence[Moment], found: Moment) -> list[Moment]:
    """The moments with a title among them: as one of its own, or told where its first cues are shown."""
    shown = {cue.index for cue in found.cues}
    for at, moment in enumerate(ranked):
        if moment.episode.id == found.episode.id and any(cue.index in shown for cue in moment.cues):
            told = moment._replace(
                score=max(moment.score, found.score),
                matches=(*found.matches, *moment.matches),
                parts=(*moment.parts, ("chapter", max(0.0, found.score - moment.score))),
            )
            return _inserted([*ranked[:at], *ranked[at + 1 :]], told)
    return _inserted(ranked, found)


def _inserted(ranked: Iterable[Moment], moment: Moment) -> list[Moment]:
    """The moment before the first that scores less."""
    moments = list(ranked)
    at = next((number for number, other in enumerate(moments) if other.score < moment.score), len(moments))
    return [*moments[:at], moment, *moments[at:]]
