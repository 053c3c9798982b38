"""The numbers of one query: the weights of its terms, the span of a window, and the hits and scores of windows."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from indexer.core import native
from indexer.core.positions.intervals import union
from indexer.core.positions.token_stream import Region
from indexer.store.impacts import WINDOW_ATOMS, WINDOW_MS
from search.matching.sources import MANY, RunSource, as_dict
from search.query.deadline import Deadline
from search.query.filters import EpisodeTest
from search.query.plan import Need, near_needs
from search.retrieval.expansion_hits import counting, kinds_of, once, wholes, with_parts
from search.retrieval.resolved_plan import ResolvedPlan
from search.retrieval.windows import Hit, Span, Window, gather_hits, outside, slide
from search.scoring import WEIGHTS, Weights, count_gains, saturation_of

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot
    from search.matching.many_sources import Together
    from search.matching.position_source import PositionSource
    from search.retrieval.pruning.window_bounds import Likely


class WeighedPlan:
    """The weights of the terms of a plan, which do not depend on the episodes that are read."""

    def __init__(self, plan: ResolvedPlan, weights: Weights = WEIGHTS) -> None:
        self.plan = plan
        self.weights = weights
        own = [0.0 if n in plan.excluded else term.weight for n, term in enumerate(plan.terms)]
        self.whole_of = wholes(plan.terms, own)
        """The longer terms that contain a part; a part does not count inside them."""
        self.term_weights = once(own, self.whole_of) if self.whole_of else own
        self.total = sum(
            weight for n, weight in enumerate(self.term_weights) if plan.terms[n].is_exact and n not in self.whole_of
        )
        self.wanted = [number for number, weight in enumerate(self.term_weights) if weight]
        # Each exact term with its expansions, best first. In a window, only the best one counts.
        self.forms = [
            (number, *plan.stand_ins.get(number, ())) for number in self.wanted if plan.terms[number].is_exact
        ]
        self.most_windows = min(_candidates(plan, weights), weights.candidates_per_term * len(self.forms))
        """The number of windows that get the full score."""
        self._gains = count_gains(weights)
        self.saturation = saturation_of(weights)
        """The saturated value of each count of a term, as a multiple of its weight."""

    def saturated(self, count: int) -> float:
        """What `count` occurrences of a term add, as a multiple of its weight."""
        return self.saturation[min(count, len(self.saturation) - 1)]


def _candidates(plan: ResolvedPlan, weights: Weights) -> int:
    """How many windows of a query of many terms get the full score."""
    if not plan.is_long_text:
        return weights.candidates
    is_paragraph = sum(map(len, plan.texts)) >= weights.paragraph_atoms
    return weights.candidates_of_paragraph if is_paragraph else weights.candidates_of_text


class Scorer(WeighedPlan):
    """Scores windows for one query: a resolved plan on one snapshot, the ranking weights, and what follows from
    these: hits, bounds and scores of windows."""

    def __init__(
        self, plan: ResolvedPlan, snapshot: Snapshot, weights: Weights = WEIGHTS, deadline: Deadline | None = None
    ) -> None:
        super().__init__(plan, weights)
        self.snapshot = snapshot
        self.deadline = deadline or Deadline()
        self.apart_ms = round(weights.apart * 1000)
        self.span = _window_span(plan.need, weights)
        self._most_gains: dict[int, dict[int, float]] = {}
        self._unheard: dict[int, Sequence[Region]] = {}
        self._sources = [[way.source for way in term.alternatives] for term in plan.terms]
        self._is_exact = all(term.is_exact for term in plan.terms)
        self._together: dict[tuple[int, ...], tuple[list[tuple[int, int]], Together]] = {}

    @cached_property
    def candidates(self) -> list[int]:
        """The episodes that may have a window and pass the filters, in order: those with a term that needs no backing,
        or with backed expansions of several terms, which back each other."""
        found: set[int] = set()
        backed: defaultdict[int | None, set[int]] = defaultdict(set)
        for term in (self.plan.terms[number] for number in self.wanted):
            if term.backed:
                backed[term.stands_for].update(term.counts)
            else:
                found.update(term.bounds)
        if len(backed) > 1:
            meant = Counter(chain.from_iterable(backed.values()))
            found.update(episode for episode, several in meant.items() if several > 1)
        tests = self.plan.filters
        if tests:
            return sorted(e for e in found if all(test(self.snapshot.episode(e)) for test in tests))
        return sorted(found)

    def passes(self, test: EpisodeTest, episode: int) -> bool:
        """True if an episode passes a test of the need."""
        return self.plan.passes(test, self.snapshot.episode(episode))

    def peaks(self, number: int) -> Mapping[int, int]:
        """episode -> an upper bound of a term's occurrences in one window."""
        term = self.plan.terms[number]
        fits = self.span.milliseconds <= WINDOW_MS and self.span.atoms <= WINDOW_ATOMS
        return term.peaks if fits else term.bounds

    def most_gains(self, number: int) -> dict[int, float]:
        """episode -> an upper bound of what a term adds to the score of a window."""
        gains = self._most_gains.get(number)
        if gains is None:
            term, weight, peaks = self.plan.terms[number], self.term_weights[number], self.peaks(number)
            worth = [weight * most for most in self.saturation]
            gains = self._most_gains[number] = native.most_gains(as_dict(term.counts), as_dict(peaks), worth)
        return gains

    @cached_property
    def likely(self) -> Likely:
        """Where windows of many terms may score much."""
        from search.retrieval.pruning.window_bounds import Likely

        terms, weights = self.plan.terms, self.term_weights
        forms = [[(terms[n], weights[n], self.most_gains(n)) for n in numbers] for numbers in self.forms]
        return Likely(self.snapshot, forms, self.candidates, self.span, self.saturation)

    def sources_of(self, number: int) -> Sequence[PositionSource]:
        """The position sources of a term."""
        return self._sources[number]

    def sources(self, number: int, episode: int) -> list[PositionSource]:
        """The position sources of a term in an episode that has it."""
        sources = self._sources[number]
        return sources if len(sources) == 1 else [source for source in sources if episode in source.counts]

    def hits(
        self, numbers: Iterable[int], episode: int, regions: Sequence[Region] | None = None, damped: bool = False
    ) -> list[Hit]:
        """The hits of the numbered terms in an episode, or in regions of it that the query may search; damped ones only
        on request."""
        several = tuple(numbers)
        if len(several) > MANY and native.is_compiled:
            hits = self._hits_together(several, episode, regions)
        else:
            hits = gather_hits(self.plan.terms, several, episode, regions)
        silent = self.unheard(episode) if damped else self._muted(episode)
        return outside(hits, silent) if silent else hits

    def look_up(self, number: int, episodes: Sequence[int]) -> None:
        """Finds the positions of a term in several episodes at once, where that takes less time than one by one."""
        for source in self._sources[number]:
            if isinstance(source, RunSource):
                source.look_up(episodes)

    def placing(self, number: int) -> Callable[[int], list[int]]:
        """Returns a function: the positions of a term's undamped hits in an episode."""
        sources, damped = self._sources[number], self.snapshot.damped

        def of_hits(episode: int) -> list[int]:
            return [hit[0] for hit in self.hits((number,), episode)]

        if len(sources) != 1 or self.plan.voices:
            return of_hits
        positions = sources[0].positions
        if not self.plan.damping:
            return positions
        return lambda episode: of_hits(episode) if damped(episode) else positions(episode)

    def hits_at(self, number: int, episode: int, places: Sequence[int]) -> Sequence[Hit]:
        """A term's hits at some of the positions that `placing` found."""
        if len(self._sources[number]) == 1:
            return [(place, number, 0) for place in places]
        several = set(places)
        return [hit for hit in self.hits((number,), episode) if hit[0] in several]

    def _hits_together(self, numbers: tuple[int, ...], episode: int, regions: Sequence[Region] | None) -> list[Hit]:
        known = self._together.get(numbers)
        if known is None:
            from search.matching.many_sources import Together

            ways = [(n, way) for n in sorted(numbers) for way in range(len(self.plan.terms[n].alternatives))]
            sources = [self.plan.terms[number].alternatives[way].source for number, way in ways]
            known = self._together[numbers] = ways, Together(sources, self.snapshot)
        ways, together = known
        return native.merged([(*ways[number], places) for number, places in sorted(together.within(episode, regions))])

    def undamped(self, hits: Sequence[Hit], episode: int) -> Sequence[Hit]:
        """The hits that are not in loops and stock lines."""
        regions = self._muted(episode)
        return outside(hits, regions) if regions else hits

    def unheard(self, episode: int) -> Sequence[Region]:
        """The regions of speakers that the query excludes."""
        if not self.plan.voices:
            return ()
        regions = self._unheard.get(episode)
        if regions is None:
            from search.retrieval.speakers import said_by_others

            regions = self._unheard[episode] = said_by_others(self.snapshot, episode, self.plan.voices)
        return regions

    def _muted(self, episode: int) -> Sequence[Region]:
        damped = self.snapshot.damped(episode) if self.plan.damping else ()
        unheard = self.unheard(episode)
        return union((*unheard, *damped)) if unheard and damped else unheard or damped

    def slide(self, hits: Sequence[Hit], at: Sequence[int], floor: float = -math.inf) -> list[tuple[float, int, int]]:
        """(score, begin, end) of the window that begins at each hit, if it scores more than `floor`; `at` are the times
        of the hits."""
        return slide(hits, at, self.span, self.term_weights, self._gains, self.total, floor)

    def counting(self, hits: Sequence[Hit], at: Sequence[int]) -> tuple[Sequence[Hit], Sequence[int]]:
        """The hits that count towards a score, and their times."""
        if self.plan.stand_ins:
            kept = counting(hits, at, self.plan.terms, self.span)
            hits, at = [hits[index] for index in kept], [at[index] for index in kept]
        if self.whole_of:
            kept = self.outside_wholes(hits)
            if len(kept) < len(hits):
                hits, at = [hits[index] for index in kept], [at[index] for index in kept]
        return hits, at

    def outside_wholes(self, hits: Sequence[Hit]) -> list[int]:
        """The indexes of the hits that are not part of a longer term there."""
        return native.outside_wholes(hits, *self.parts)

    @cached_property
    def parts(self) -> tuple[Sequence[int], Sequence[int]]:
        """The length of each term in atoms, and whether it is a part of another or a longer one (`kinds_of`)."""
        return self._lengths, kinds_of(len(self._lengths), self.whole_of)

    def is_whole(self, window: Window) -> bool:
        """True for a window with every term of the query exactly."""
        if len(self._lengths) == 1:  # of which it has a hit
            return True
        return self._terms_of(window.hits).issuperset(self._exact)

    def has_stand_in(self, window: Window) -> bool:
        """True for a window that depends on an expansion or on its meaning; beside exact hits of all terms, these only
        add to the score."""
        if self._is_exact:
            return False
        present = self._terms_of(window.hits)
        return not present.issuperset(self._exact) and not all(self.plan.terms[number].is_exact for number in present)

    def _terms_of(self, hits: Iterable[Hit]) -> set[int]:
        """The terms of some hits, with the parts of wholes among them."""
        present = {number for _, number, _ in hits}
        return with_parts(present, self.whole_of) if self.whole_of else present

    @cached_property
    def longest(self) -> int:
        """The length in atoms of the longest term."""
        return max(self._lengths)

    @cached_property
    def _lengths(self) -> list[int]:
        # A word* that no word begins with has no alternatives.
        return [len(term.alternatives[0].atoms) if term.alternatives else 0 for term in self.plan.terms]

    @cached_property
    def _exact(self) -> frozenset[int]:
        return frozenset(n for n in self.wanted if self.plan.terms[n].is_exact)


def _window_span(need: Need | None, weights: Weights) -> Span:
    """The span of a window: as the weights say, or longer if a NEAR needs it."""
    seconds, atoms = weights.window, weights.window_atoms
    for near in near_needs(need):
        # An atom takes about a fifth of a second to say; a second leaves room for pauses.
        seconds = max(seconds, near.distance)
        atoms = max(atoms, math.ceil(near.distance * (weights.window_atoms / weights.window if near.seconds else 2)))
    return Span(round(seconds * 1000), atoms)
