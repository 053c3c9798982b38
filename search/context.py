"""From moments to what is shown: cues around the matches, merged where they meet, highlights in the original text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from indexer.atoms import find_atoms
from indexer.fold import Folding
from indexer.timeline import Times
from search.moments import Found
from search.postings import Postings
from search.query.plan import Plan
from search.results import CueLine, Match, Moment
from search.windows import Hit, gather_hits

LONGEST_SECONDS = 90.0
"""Merged contexts grow no longer than this; beyond it the later one begins where the earlier ends."""


@dataclass(frozen=True, slots=True)
class Margin:
    """Context before the first and after the last match, in seconds or in cues."""

    amount: float = 5.0
    cues: bool = False


@dataclass(frozen=True, slots=True)
class _Span:
    """The cues of one result: [first, last] of an episode, and the moments in it, best first."""

    episode: int
    first: int
    last: int
    moments: tuple[Found, ...]


def contexts(found: Iterable[Found], plan: Plan, postings: Postings, margin: Margin, limit: int | None) -> list[Moment]:
    """The results in rank order: no cue in two of them, every moment in exactly one, `limit` of them."""
    spans: list[_Span] = []
    owners: dict[int, list[int]] = {}
    for moment in found:
        span = _around(moment, plan, postings.times(moment.window.episode), margin)
        mine = owners.setdefault(span.episode, [])
        meeting = [index for index in mine if spans[index].first <= span.last and span.first <= spans[index].last]
        if not meeting:
            if limit is not None and len(spans) == limit:
                break
            mine.append(len(spans))
            spans.append(span)
            continue
        _merge(spans, meeting, span, postings, plan, limit, mine)
    return [_result(rank, span, plan, postings) for rank, span in enumerate(spans, 1)]


def _merge(
    spans: list[_Span],
    meeting: Sequence[int],
    span: _Span,
    postings: Postings,
    plan: Plan,
    limit: int | None,
    mine: list[int],
) -> None:
    """Joins a span to the best one it meets, or clips it to what no other shows."""
    times = postings.times(span.episode)
    best = meeting[0]
    host = spans[best]
    first, last = min(host.first, span.first), max(host.last, span.last)
    others = [spans[i] for i in mine if i != best]
    core = _core(span.moments[0], plan, times)
    inside = host.first <= core[0] and core[1] <= host.last
    if inside or (_seconds(times, first, last) <= LONGEST_SECONDS and not _meets_any(first, last, others)):
        grown = (first, last) if not inside else (host.first, host.last)
        spans[best] = replace(host, first=grown[0], last=grown[1], moments=(*host.moments, *span.moments))
        return
    clipped = _clip(span, [spans[i] for i in mine])
    if clipped.first <= core[0] and core[1] <= clipped.last:
        if limit is None or len(spans) < limit:
            mine.append(len(spans))
            spans.append(clipped)
        return
    # Its matches lie partly in cues another result shows: they belong there, and it grows to hold them.
    low, high = _free(host, others, min(host.first, core[0]), max(host.last, core[1]))
    spans[best] = replace(host, first=low, last=high, moments=(*host.moments, *span.moments))


def _free(host: _Span, others: Sequence[_Span], first: int, last: int) -> tuple[int, int]:
    """As much of [first, last] around the host as no other span shows."""
    for other in others:
        if other.last < host.first:
            first = max(first, other.last + 1)
        if other.first > host.last:
            last = min(last, other.first - 1)
    return first, last


def _clip(span: _Span, others: Sequence[_Span]) -> _Span:
    """The part of a span that no other shows, as long as it is one piece."""
    first, last = span.first, span.last
    for other in others:
        if other.first <= first <= other.last:
            first = other.last + 1
        if other.first <= last <= other.last:
            last = other.first - 1
    return replace(span, first=first, last=last)


def _meets_any(first: int, last: int, others: Iterable[_Span]) -> bool:
    return any(other.first <= last and first <= other.last for other in others)


def _core(moment: Found, plan: Plan, times: Times) -> tuple[int, int]:
    """The first and last cue that a match touches, or that playing begins with."""
    hits = moment.window.hits
    last = max(times.cue_at(hit[0] + _length(hit, plan) - 1) for hit in hits)
    return times.cue_at(hits[0][0]), last


def _around(moment: Found, plan: Plan, times: Times, margin: Margin) -> _Span:
    """The cues from where playing begins to the last match, and the margin."""
    first, last = _core(moment, plan, times)
    while first > 0 and moment.start <= times.starts[first - 1] <= times.starts[first]:
        first -= 1
    reach = round(margin.amount * 1000)
    low = first
    while low > 0 and (
        first - low < margin.amount if margin.cues else times.starts[first] - times.starts[low - 1] <= reach
    ):
        low -= 1
    high = last
    while high + 1 < len(times) and (
        high - last < margin.amount if margin.cues else times.end(high + 1) - times.end(last) <= reach
    ):
        high += 1
    return _Span(moment.window.episode, low, high, (moment,))


def _seconds(times: Times, first: int, last: int) -> float:
    return (times.end(last) - times.starts[first]) / 1000


def _length(hit: Hit, plan: Plan) -> int:
    return plan.terms[hit[1]].alternatives[hit[2]].source.length


def _result(rank: int, span: _Span, plan: Plan, postings: Postings) -> Moment:
    """The finished result: cues with highlights, and its matches."""
    times = postings.times(span.episode)
    texts, speakers = postings.text(span.episode)
    characters = _Characters(texts, times, postings.folding)
    matches, marks = [], dict[int, list[tuple[int, int]]]()
    for hit in _outermost(_shown_hits(span, plan, times), plan):
        pieces = characters.pieces(hit[0], hit[0] + _length(hit, plan))
        for cue, start, stop in pieces:
            marks.setdefault(cue, []).append((start, stop))
        term = plan.terms[hit[1]]
        matches.append(
            Match(
                start=times.starts[pieces[0][0]] / 1000,
                end=times.end(pieces[-1][0]) / 1000,
                text="".join(texts[cue][start:stop] for cue, start, stop in pieces),
                term=term.label,
                how=term.alternatives[hit[2]].how,
            )
        )
    lines = tuple(
        CueLine(i, times.starts[i] / 1000, times.end(i) / 1000, speakers[i], texts[i], _joined(marks.get(i, ())))
        for i in range(span.first, span.last + 1)
    )
    best = span.moments[0]
    return Moment(
        rank=rank,
        score=best.scored.score,
        episode=postings.episode(span.episode),
        start=best.start / 1000,
        end=max(line.end for line in lines),
        matches=tuple(matches),
        cues=lines,
        parts=best.scored.parts,
    )


def _shown_hits(span: _Span, plan: Plan, times: Times) -> list[Hit]:
    """The hits to mark: those that meet the condition, or without one all that stand in the cues shown."""
    if plan.need is not None:
        return sorted({hit for moment in span.moments for hit in moment.window.hits})
    begin, end = times.first[span.first], times.first[span.last + 1]
    hits = gather_hits(plan.terms, range(len(plan.terms)), span.episode)
    return [hit for hit in hits[bisect_left(hits, (begin,)) :] if hit[0] + _length(hit, plan) <= end]


def _outermost(hits: Iterable[Hit], plan: Plan) -> list[Hit]:
    """The hits that do not lie inside a longer one (学习 inside 强化学习), in order."""
    kept: list[Hit] = []
    reached = -1
    for hit in sorted(hits, key=lambda hit: (hit[0], -_length(hit, plan))):
        end = hit[0] + _length(hit, plan)
        if end > reached:
            kept.append(hit)
            reached = end
    return kept


class _Characters:
    """Finds the characters of atoms in the original cues of one episode."""

    def __init__(self, texts: Sequence[str], times: Times, folding: Folding) -> None:
        self._texts = texts
        self._times = times
        self._folding = folding
        self._offsets: dict[int, list[tuple[int, int]]] = {}

    def pieces(self, begin: int, end: int) -> list[tuple[int, int, int]]:
        """(cue, from, to) for the atoms [begin, end): character offsets into the text of each cue touched."""
        pieces = []
        cue = self._times.cue_at(begin)
        while begin < end:
            first = self._times.first[cue]
            stop = min(end, self._times.first[cue + 1])
            if stop > begin:
                offsets = self._atoms_of(cue)
                pieces.append((cue, offsets[begin - first][0], offsets[stop - 1 - first][1]))
                begin = stop
            cue += 1
        return pieces

    def _atoms_of(self, cue: int) -> list[tuple[int, int]]:
        """The character offsets of each atom of a cue."""
        known = self._offsets.get(cue)
        if known is None:
            folded, sources = self._folding.fold_with_offsets(self._texts[cue])
            spans = [match.span() for match in find_atoms(folded)]
            if sources is not None:
                spans = [(sources[start], _source_end(sources, stop)) for start, stop in spans]
            known = self._offsets[cue] = spans
        return known


def _source_end(sources: Sequence[int], stop: int) -> int:
    """The end in the original text of a folded stretch that ends before `stop`."""
    last = sources[stop - 1]
    return next((source for source in sources[stop:] if source > last), sources[-1])


def _joined(marks: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Overlapping and touching highlights as one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(marks):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
