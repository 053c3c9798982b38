"""Turns ranked windows into moments: the cues around the matches, merged where they overlap, with highlights in the
original text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, TypeAlias

from indexer.core.named_tuples import NamedTuple
from indexer.core.positions.timeline import Times
from indexer.core.types import Damped, damped_kinds
from search.api import CueLine, Margin, Moment
from search.query.deadline import Deadline
from search.results.characters import Excerpt, match_kinds
from search.retrieval.expansion_hits import allowed
from search.retrieval.rerank import Found
from search.retrieval.resolved_plan import ResolvedPlan
from search.retrieval.windows import (
    Hit,
    Span,
    cues_around,
    gather_hits,
    hit_times,
    is_of_one_length,
    length_of,
    outermost,
    outside,
)
from search.scoring import WEIGHTS

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

LONGEST_SECONDS = 90.0
"""The longest merged snippet. If merging two would give a longer one, the later one starts where the earlier ends."""
ATOMS_A_SECOND = 10
"""An upper bound of the rate of speech; limits snippets in transcripts whose times do not advance."""
START_ATOMS = 60
"""Playback starts at most this far before the first match, whatever the times say."""
SURELY = 100
"""How many of the best moments are made and counted even after the deadline."""
LONGEST_ATOMS = round(LONGEST_SECONDS * ATOMS_A_SECOND)

Bearing: TypeAlias = Callable[[int], Sequence[Hit]]
"""The hits of an episode that satisfy the condition of the query, in order."""


class Shown(NamedTuple):
    """The cues of one moment, [first, last] of an episode, and the rank of its best window."""

    episode: int
    first: int
    last: int
    order: int


def contexts(
    found: Iterable[Found],
    plan: ResolvedPlan,
    snapshot: Snapshot,
    margin: Margin,
    limit: int | None,
    bearing: Bearing | None = None,
    deadline: Deadline | None = None,
) -> Iterator[Moment]:
    """Yields at most `limit` moments in rank order, each built on demand. No cue is in two moments; every window is in
    exactly one. `bearing` is for a plan with a condition, if `found` does not have all of the hits that satisfy it.

    After the `deadline`, only the best of what was found become moments.
    """
    if deadline is not None:
        found = deadline.surely(found, SURELY)
    found, bearing = with_bearing(found, plan, bearing)
    spans: Iterable[tuple[Shown, Found]] = spans_of(found, plan, snapshot, margin, limit)
    if deadline is not None:
        spans = deadline.surely(spans, SURELY)
    return Maker(plan, snapshot, bearing).each(spans)


def with_bearing(
    found: Iterable[Found], plan: ResolvedPlan, bearing: Bearing | None
) -> tuple[Iterable[Found], Bearing | None]:
    """Returns the windows and the `bearing`: for a plan with a condition, without a given one, the hits of the
    windows."""
    if bearing is not None or plan.need is None or plan.is_plain:
        return found, bearing
    windows = list(found)
    return windows, _bearing(windows)


def spans_of(
    found: Iterable[Found], plan: ResolvedPlan, snapshot: Snapshot, margin: Margin, limit: int | None
) -> list[tuple[Shown, Found]]:
    """Returns the cue range of each moment with its best window, in rank order; at most `limit`."""
    placed: dict[int, list[Shown]] = {}
    best: dict[int, Found] = {}
    amount = 0
    for order, moment in enumerate(found):
        episode = moment.window.episode
        times = snapshot.times(episode)
        spans = placed.get(episode, [])
        core = _core(moment, plan, times)
        if is_shown(spans, core):
            continue
        after = with_span(spans, around(episode, moment.start, core, order, times, margin), core, times)
        if limit is not None and amount + len(after) - len(spans) > limit:
            break
        amount += len(after) - len(spans)
        placed[episode] = after
        best[order] = moment
    shown = sorted((span for spans in placed.values() for span in spans), key=_order)
    return [(span, best[span.order]) for span in shown]


def is_shown(spans: Sequence[Shown], core: tuple[int, int]) -> bool:
    """True if one of the ascending spans of an episode has the first and the last cue of a match."""
    at = bisect_right(spans, core[0], key=_first) - 1
    return at >= 0 and core[1] <= spans[at].last


def _bearing(found: Iterable[Found]) -> Bearing:
    hits: dict[int, set[Hit]] = {}
    for moment in found:
        hits.setdefault(moment.window.episode, set()).update(moment.window.hits)
    in_order: dict[int, list[Hit]] = {}

    def of(episode: int) -> list[Hit]:
        known = in_order.get(episode)
        if known is None:
            known = in_order[episode] = sorted(hits[episode])
        return known

    return of


def with_span(spans: list[Shown], span: Shown, core: tuple[int, int], times: Times) -> list[Shown]:
    """Adds a span to those of an episode: merged with those it overlaps or, where that would become too long, trimmed
    to the cues that no other shows. The spans are disjoint and ascending, before and after."""
    low = bisect_left(spans, span.first, key=_last)
    high = bisect_right(spans, span.last, low, key=_first)
    if low == high:
        return [*spans[:low], span, *spans[low:]]
    joined = _joined_spans([*spans[low:high], span])
    if _is_short(joined, times):
        return [*spans[:low], joined, *spans[high:]]
    begin = bisect_left(spans, core[0], low, high, key=_last)
    end = bisect_right(spans, core[1], begin, high, key=_first)
    if begin < end:
        # A match that starts in one snippet and ends in another, or in a cue not shown yet, merges them.
        joined = _joined_spans([*spans[begin:end], span._replace(first=core[0], last=core[1])])
        return [*spans[:begin], joined, *spans[end:]]
    first = max(span.first, spans[begin - 1].last + 1) if begin > low else span.first
    last = min(span.last, spans[begin].first - 1) if begin < high else span.last
    return [*spans[:begin], span._replace(first=first, last=last), *spans[begin:]]


_first: Callable[[Shown], int] = attrgetter("first")
_last: Callable[[Shown], int] = attrgetter("last")
_order: Callable[[Shown], int] = attrgetter("order")


def _joined_spans(spans: Sequence[Shown]) -> Shown:
    """One span over all of them, with their best window."""
    best = min(spans, key=lambda span: span.order)
    return best._replace(first=min(span.first for span in spans), last=max(span.last for span in spans))


def _is_short(span: Shown, times: Times) -> bool:
    seconds = (times.end(span.last) - times.starts[span.first]) / 1000
    atoms = times.first[span.last + 1] - times.first[span.first]
    return 0 <= seconds <= LONGEST_SECONDS and atoms <= LONGEST_ATOMS


def _core(moment: Found, plan: ResolvedPlan, times: Times) -> tuple[int, int]:
    """The first and last cue touched by a match, or by the segment of a line that is near in meaning."""
    hits = moment.window.hits
    first = hits[0][0]
    if is_of_one_length(plan.terms):
        last = hits[-1][0] + length_of(hits[-1], plan.terms) - 1
    else:
        last = max(hit[0] + length_of(hit, plan.terms) - 1 for hit in hits)
    for _, number, alternative in () if plan.terms[-1].is_exact else hits:
        around = plan.terms[number].alternatives[alternative].around
        if around is not None:
            first, last = min(first, around[0]), max(last, around[1] - 1)
    return times.cue_at(first), times.cue_at(last)


def around(episode: int, start: int, core: tuple[int, int], order: int, times: Times, margin: Margin) -> Shown:
    """The cues from the `start` of playback to the last match, plus the margin; `core` are the first and the last cue
    of the matches."""
    first, last = core
    while first > 0 and start <= times.starts[first - 1] <= times.starts[first]:
        if times.first[core[0]] - times.first[first - 1] > START_ATOMS:
            break
        first -= 1
    if margin.cues:
        low, high = max(0, first - round(margin.amount)), min(len(times) - 1, last + round(margin.amount))
    else:
        low, high = cues_around(times, first, last, round(margin.amount * 1000), round(margin.amount * ATOMS_A_SECOND))
    return Shown(episode, low, high, order)


class Maker:
    """Makes the moments of a query: cues with highlights, and matches."""

    def __init__(self, plan: ResolvedPlan, snapshot: Snapshot, bearing: Bearing | None) -> None:
        self._plan, self._snapshot, self._bearing = plan, snapshot, bearing
        self._kinds = match_kinds(plan.terms)

    def each(self, spans: Iterable[tuple[Shown, Found]]) -> Iterator[Moment]:
        """Yields the moments of some spans, in rank order."""
        return (self.make(rank, span, best) for rank, (span, best) in enumerate(spans, 1))

    def make(self, rank: int, span: Shown, best: Found) -> Moment:
        """Builds the moment of a span, given its best window."""
        snapshot, (number, first, last, _) = self._snapshot, span
        texts, speakers = snapshot.text(number)
        excerpt = Excerpt(first, last + 1, texts, snapshot.times(number), snapshot.folding)
        hits = shown_hits(span, self._plan, snapshot, self._bearing)
        matches, marks = excerpt.matches(_outermost_of_each(hits, self._plan), self._kinds)
        starts, ends = excerpt.starts, excerpt.ends
        damped = _why_damped(snapshot.damped_cues(number), first, last + 1)
        rows = zip(
            range(first, last + 1), starts, ends, speakers[first : last + 1], excerpt.texts, marks, damped, strict=True
        )
        begin = best.start / 1000  # divided, as the times of cues are: a product with .001 may differ in the last bit
        # If another moment shows the lead-in cue, this one starts at its own first cue.
        is_lead_in_shown = any(start <= begin <= end for start, end in zip(starts, ends, strict=True))
        episode = snapshot.episode(number)
        chapter = episode.chapter_at(matches[0].start) if episode.facts.chapters else None
        return Moment(
            rank=rank,
            score=best.scored.score,
            episode=episode,
            start=begin if is_lead_in_shown else starts[0],
            end=max(ends),
            matches=tuple(matches),
            cues=tuple(map(_cue_line, rows)),
            parts=best.scored.parts,
            chapter=chapter.title if chapter else None,
        )


_cue_line = partial(tuple.__new__, CueLine)
"""Makes a CueLine of a tuple of its fields, faster than `CueLine` itself: a list of all moments has hundreds of
thousands."""


def _why_damped(several: Iterable[Damped], first: int, end: int) -> list[str]:
    """Why each of the cues [first, end) is damped, empty where it is not; `several` are those of the episode."""
    if not several:
        return [""] * (end - first)
    kinds = damped_kinds(several, first, end)
    return [kinds.get(cue, "") for cue in range(first, end)]


def _outermost_of_each(hits: Sequence[Hit], plan: ResolvedPlan) -> Sequence[Hit]:
    """The hits that are not inside a longer one. A line found by its meaning does not hide the typed words inside
    it."""
    if is_of_one_length(plan.terms):
        return hits
    is_exact = plan.terms[-1].is_exact
    lines = [] if is_exact else [hit for hit in hits if plan.terms[hit[1]].alternatives[hit[2]].how == "meaning"]
    if not lines:
        return outermost(hits, plan.terms)
    return sorted([*lines, *outermost((hit for hit in hits if hit not in lines), plan.terms)])


def shown_hits(span: Shown, plan: ResolvedPlan, snapshot: Snapshot, bearing: Bearing | None) -> list[Hit]:
    """The hits in the cues shown: those that satisfy the condition, or all hits if there is none."""
    times = snapshot.times(span.episode)
    begin, end = times.first[span.first], times.first[span.last + 1]
    if bearing is not None:
        hits = bearing(span.episode)
    elif plan.stand_ins:
        hits = gather_hits(plan.terms, range(len(plan.terms)), span.episode)
        reach = Span(round(WEIGHTS.window * 1000), WEIGHTS.window_atoms)
        kept = allowed(hits, hit_times(hits, times), plan.terms, reach)
        hits = [hits[index] for index in kept]
    else:
        hits = gather_hits(plan.terms, range(len(plan.terms)), span.episode, [(begin, end)])
    if plan.voices:
        from search.retrieval.speakers import said_by_others

        hits = outside(hits, said_by_others(snapshot, span.episode, plan.voices))
    shown = hits[bisect_left(hits, (begin,)) : bisect_left(hits, (end,))]
    return [hit for hit in shown if hit[0] + length_of(hit, plan.terms) <= end]
