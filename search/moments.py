"""Finds moments: windows over the matched positions of episodes, scored and kept apart.

No windows are indexed. Two ways to choose among them: a ranked query takes the best windows and drops
their neighbours, touching only episodes and stretches that can still compete; an exhaustive query (a
phrase, an operator, a single word) puts every occurrence into exactly one moment.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice

from search.evidence import Evidence, Scored
from search.needs import View, bearing, meets, near_needs, possible
from search.postings import Postings
from search.query.plan import Need, Plan
from search.scoring import WEIGHTS, Weights, saturated
from search.stand_ins import allowed, counting
from search.windows import Hit, Span, Window, count_gains, gather_hits, group, hit_times, keep_apart, slide


@dataclass(frozen=True, slots=True)
class Found:
    """A moment: its window and score, and where to press play in milliseconds."""

    scored: Scored
    start: int

    @property
    def window(self) -> Window:
        return self.scored.window


def find_moments(
    plan: Plan, postings: Postings, everything: bool = False, weights: Weights = WEIGHTS
) -> Iterator[Found]:
    """The moments of a plan, best first; equals by episode and time.

    A ranked query yields its best candidates (a few hundred at most) unless `everything` is wanted.
    """
    finder = _Finder(plan, postings, weights)
    if plan.is_exhaustive:
        found = finder.timed(finder.ranked(finder.every_window()))
    else:
        windows = finder.all_windows() if everything else finder.best_windows()
        found = finder.apart(finder.timed(finder.ranked(windows)))
    yield from islice(found, plan.most_moments)


def _window_span(need: Need | None, weights: Weights) -> Span:
    """How far a window reaches: as the weights say, further where a NEAR asks for it."""
    seconds, atoms = weights.window, weights.window_atoms
    for near in near_needs(need):
        # An atom takes about a fifth of a second to say; a second leaves room for pauses.
        seconds = max(seconds, near.distance)
        atoms = max(atoms, math.ceil(near.distance * (weights.window_atoms / weights.window if near.seconds else 2)))
    return Span(round(seconds * 1000), atoms)


class _Finder:
    def __init__(self, plan: Plan, postings: Postings, weights: Weights) -> None:
        self._plan = plan
        self._postings = postings
        self._weights = weights
        self._term_weights = [0.0 if n in plan.excluded else term.weight for n, term in enumerate(plan.terms)]
        self._total = sum(w for w, term in zip(self._term_weights, plan.terms, strict=True) if term.is_exact)
        self._gains = count_gains(weights)
        self._wanted = [number for number, weight in enumerate(self._term_weights) if weight]
        # Each exact term with what stands for it, the best first: of these only the best in a window counts.
        self._forms = [
            (number, *plan.stand_ins.get(number, ())) for number in self._wanted if plan.terms[number].is_exact
        ]
        self._apart_ms = round(weights.apart * 1000)
        self._span = _window_span(plan.need, weights)
        self._evidence = Evidence(plan, postings, weights, self._term_weights)

    def ranked(self, windows: Iterable[Window]) -> Iterator[Scored]:
        """The windows with their full score, best first.

        What has all of the query exactly comes before whatever needs a stand-in, however well that scores.
        """
        scored = list(map(self._evidence.score, windows))
        if self._plan.stand_ins:
            whole = [s.score for s in scored if self._is_whole(s.window)]
            least = min(whole, default=math.inf)
            places = [(-min(s.score, least) if self._has_stand_in(s.window) else -s.score, s) for s in scored]
        else:
            places = [(-s.score, s) for s in scored]
        places.sort(key=lambda p: (p[0], self._has_stand_in(p[1].window), p[1].window.episode, p[1].window.hits[0]))
        return (s for _, s in places)

    def _is_whole(self, window: Window) -> bool:
        """True for a window that has every term of the query exactly."""
        present = {number for _, number, _ in window.hits}
        return present.issuperset(n for n in self._wanted if self._plan.terms[n].is_exact)

    def _has_stand_in(self, window: Window) -> bool:
        """True for a window that needs one; where all is exact they only add to it."""
        stand_in = any(not self._plan.terms[number].is_exact for _, number, _ in window.hits)
        return stand_in and not self._is_whole(window)

    def timed(self, ranked: Iterable[Scored]) -> Iterator[Found]:
        """The windows with the time at which to press play, which takes a look at the text of each."""
        return (Found(scored, self._evidence.start(scored.window)) for scored in ranked)

    def apart(self, found: Iterable[Found]) -> Iterator[Found]:
        """Leaves out what begins too near to a better moment of the same episode."""
        taken: dict[int, list[int]] = {}
        for moment in found:
            starts = taken.setdefault(moment.window.episode, [])
            if all(abs(moment.start - other) >= self._apart_ms for other in starts):
                starts.append(moment.start)
                yield moment

    def all_windows(self) -> Iterator[Window]:
        """Every window of every episode, kept apart."""
        for episode in self._candidates():
            yield from self._windows(episode, 0.0)

    def _candidates(self) -> list[int]:
        """The episodes with any of the terms looked for, that pass the filters."""
        found: set[int] = set()
        for number in self._wanted:
            if not self._plan.terms[number].backed:
                found |= self._plan.terms[number].episodes
        tests = self._plan.filters
        return sorted(e for e in found if all(test(self._postings.episode(e)) for test in tests))

    # Ranked queries

    def best_windows(self) -> list[Window]:
        """The best windows by their own score, as many as get the full score.

        Episodes come by the most they could score. Once enough windows are found, episodes that cannot
        reach the worst of them are skipped, and in the others the stretches that cannot.
        """
        bounds = [(self._bound(episode), episode) for episode in self._candidates()]
        bounds.sort(key=lambda b: (-b[0], b[1]))
        most = min(self._weights.candidates, self._weights.candidates_per_term * len(self._forms))
        best: list[tuple[float, int, Window]] = []
        earlier = count(0, -1)  # of equals the first found stays
        for bound, episode in bounds:
            full = len(best) >= most
            if full and bound < best[0][0]:
                break
            for window in self._windows(episode, best[0][0] if full else 0.0, self._weights.per_episode):
                entry = (window.score, next(earlier), window)
                if len(best) < most:
                    heapq.heappush(best, entry)
                elif window.score > best[0][0]:
                    heapq.heapreplace(best, entry)
        return [window for _, _, window in best]

    def _bound(self, episode: int) -> float:
        """The most a window of the episode can score."""
        score = covered = 0.0
        for forms in self._forms:
            present = [(n, count) for n in forms if (count := self._plan.terms[n].count_in(episode))]
            if present:
                score += max(self._term_weights[n] * saturated(count, self._weights) for n, count in present)
                covered += max(self._term_weights[n] for n, _ in present)
        return score * covered / self._total if self._total else 0.0

    def _windows(self, episode: int, floor: float, most: int | None = None) -> list[Window]:
        """The windows of an episode that score more than `floor`, best first, kept apart, `most` of them."""
        hits = self._competing_hits(episode, floor)
        at = hit_times(hits, self._postings.times(episode))
        if self._plan.stand_ins:
            kept = counting(hits, at, self._plan.terms, self._span.milliseconds)
            hits, at = [hits[index] for index in kept], [at[index] for index in kept]
        spans = slide(hits, at, self._span, self._term_weights, self._gains, self._total)
        spans.sort(key=lambda span: (-span[0], span[1]))
        windows = [
            (at[begin], Window(episode, tuple(hits[begin:end]), score)) for score, begin, end in spans if score > floor
        ]
        if self._plan.stand_ins:  # nor may what sounds alike keep away what is exact
            windows.sort(key=lambda entry: not self._is_whole(entry[1]))
        return keep_apart(windows, self._apart_ms, most)

    def _competing_hits(self, episode: int, floor: float) -> list[Hit]:
        """The hits of all terms, without the stretches in which too few terms occur to reach the floor.

        A window never spans more than two neighbouring stretches of `weights.window_atoms`. If its terms
        weigh c together it scores (1 + k) c c / total at most, k being the saturation.
        """
        if floor <= 0.0:
            return gather_hits(self._plan.terms, self._wanted, episode)
        least = math.sqrt(floor * self._total / (1.0 + self._weights.saturation))
        size = self._weights.window_atoms
        potential: dict[int, float] = {}
        for forms in self._forms:
            best: dict[int, float] = {}
            for number in forms:
                weight = self._term_weights[number]
                for stretch in self._plan.terms[number].stretches(episode, size):
                    best.setdefault(stretch, weight)
                    best.setdefault(stretch - 1, weight)
            for stretch, weight in best.items():
                potential[stretch] = potential.get(stretch, 0.0) + weight
        first = {stretch for stretch, weight in potential.items() if weight >= least}
        if not first:
            return []
        competing = first | {stretch + 1 for stretch in first}
        hits = gather_hits(self._plan.terms, self._wanted, episode)
        return [hit for hit in hits if hit[0] // size in competing]

    # Exhaustive queries

    def every_window(self) -> Iterator[Window]:
        """Windows that together hold every occurrence that meets the need, each once."""
        need = self._plan.need
        for episode in self._candidates():
            if need is None or possible(need, self._plan.terms, episode, self._postings.episode):
                yield from self._grouped(episode, need)

    def _grouped(self, episode: int, need: Need | None) -> Iterator[Window]:
        times = self._postings.times(episode)
        hits = gather_hits(self._plan.terms, range(len(self._plan.terms)), episode)
        if self._plan.stand_ins:
            kept = allowed(hits, hit_times(hits, times), self._plan.terms, self._span.milliseconds)
            hits = [hits[index] for index in kept]
        if need is not None:
            hits = self._all_bearing(episode, need, hits, hit_times(hits, times))
        at = hit_times(hits, times)
        for begin, end in group(hits, at, self._apart_ms, self._weights):
            yield Window(episode, tuple(hits[begin:end]), self._group_score(hits[begin:end], at[begin:end]))

    def _group_score(self, hits: Sequence[Hit], at: Sequence[int]) -> float:
        """The score of the best window in a group of hits."""
        if self._plan.stand_ins:
            kept = counting(hits, at, self._plan.terms, self._span.milliseconds)
            hits, at = [hits[index] for index in kept], [at[index] for index in kept]
        spans = slide(hits, at, self._span, self._term_weights, self._gains, self._total)
        return max((score for score, _, _ in spans), default=0.0)

    def _all_bearing(self, episode: int, need: Need, hits: Sequence[Hit], at: Sequence[int]) -> list[Hit]:
        """The hits of an episode that are part of any window that meets the need."""
        kept: set[Hit] = set()
        for _, begin, end in slide(hits, at, self._span, self._term_weights, self._gains, self._total):
            kept.update(self._bearing(episode, need, hits, at, begin, end))
        return sorted(kept)

    def _bearing(
        self, episode: int, need: Need, hits: Sequence[Hit], at: Sequence[int], begin: int, end: int
    ) -> Iterable[Hit]:
        """The hits by which hits[begin:end] meet the need; none when they do not."""
        facts = self._postings.episode(episode)
        around = None
        if self._plan.leaves_out:
            low, high = self._around(hits, at, begin, end)
            around = View(facts, self._plan.terms, hits[low:high], at[low:high])
        view = View(facts, self._plan.terms, hits[begin:end], at[begin:end], around)
        if not meets(need, view):
            return ()
        return [hit for hit in bearing(need, view) if hit[1] not in self._plan.excluded]

    def _around(self, hits: Sequence[Hit], at: Sequence[int], begin: int, end: int) -> tuple[int, int]:
        """The hits from one window before the first to one window after the last that was looked for."""
        sought = [number for number in range(begin, end) if hits[number][1] not in self._plan.excluded]
        first, last = (sought[0], sought[-1]) if sought else (begin, end - 1)
        low, high = first, last + 1
        while low > 0 and abs(at[first] - at[low - 1]) <= self._span.milliseconds:
            low -= 1
        while high < len(hits) and abs(at[high] - at[last]) <= self._span.milliseconds:
            high += 1
        return low, high
