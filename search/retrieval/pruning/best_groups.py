"""The best windows of a query of operators, found without making all of them.

Every occurrence is in some window, and common words joined by OR or NEAR have tens of thousands of them. The full score
of a window is expensive, an upper bound of it is cheap. So the groups of hits that would become windows are kept as
numbers, and made into windows in the order of their upper bounds, until no other can be among the best.
"""

from __future__ import annotations

import heapq
import math
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from itertools import chain, repeat

from indexer.core import native
from indexer.core.memory.caches import cached
from indexer.core.memory.paused_collection import collection_paused
from indexer.core.named_tuples import NamedTuple
from search.query.deadline import OutOfTime
from search.query.plan import Need
from search.retrieval.conditions.near_chains import is_chain, places_of
from search.retrieval.conditions.near_positions import Places, Way
from search.retrieval.conditions.near_words import near_words
from search.retrieval.conditions.rewrite import flattened, members
from search.retrieval.exhaustive import bearing_of, possible, window_of
from search.retrieval.pruning.closeness import BESIDE, EpisodeGroups, GroupBounds, HitGroup, by_bound, closeness_of
from search.retrieval.rerank import Evidence, Scored
from search.retrieval.scorer import Scorer
from search.retrieval.windows import Hit, Window, group_atoms, groups_of, hit_times

_SURELY = 100
"""How many of the likeliest groups are made into windows even after the deadline."""


class BestGroups(NamedTuple):
    """The windows that were scored. Unless `is_complete`, there are others, none of which scores more than `floor`;
    `has_whole` is True if one of these others has all of the query exactly, and not only in a loop. `hits` returns the
    hits by which an episode meets the need."""

    scored: Sequence[Scored]
    floor: float
    is_complete: bool
    has_whole: bool
    hits: Callable[[int], list[Hit]]


def best_groups(scorer: Scorer, evidence: Evidence, most: int) -> BestGroups:
    """Returns at least the `most` best windows of a query with a need, by full score."""
    kept = _NeedHits(scorer)
    with collection_paused():
        groups = kept.groups(evidence)
    scored: list[Scored] = []
    best: list[float] = []
    done = set[tuple[int, int]]()
    is_complete = True
    for number, one in enumerate(by_bound(groups)):
        floor = best[0] - BESIDE if len(best) == most else -math.inf
        if one.most < floor or (number >= _SURELY and scorer.deadline.is_over()):
            is_complete = False
            break
        if floor > 0.0 and kept.scores_less(one, evidence, floor):
            is_complete = False
            continue
        done.add((one.episode, one.begin))
        scored.append(evidence.score(kept.window(one)))
        if len(best) < most:
            heapq.heappush(best, scored[-1].score)
        else:
            heapq.heappushpop(best, scored[-1].score)
    if is_complete:
        return BestGroups(scored, -math.inf, True, False, kept.hits)
    rich = chain.from_iterable(episode.of_terms(kept.fewest_terms) for _, episode in groups)
    has_whole = any(kept.is_sound(one) for one in rich if (one.episode, one.begin) not in done)
    return BestGroups(scored, best[0], False, has_whole, kept.hits)


class _NeedHits:
    """The hits by which the episodes meet the need, coded as numbers: the position, then the number of its way (a term
    and one of its alternatives)."""

    def __init__(self, scorer: Scorer) -> None:
        self._scorer = scorer
        terms = scorer.plan.terms
        self._ways: list[Way] = [(n, way) for n in scorer.wanted for way in range(len(terms[n].alternatives))]
        self._lengths = {way: terms[way[0]].alternatives[way[1]].source.length for way in self._ways}
        self._bits = len(self._ways).bit_length()
        self._mask = (1 << self._bits) - 1
        self._codes: dict[int, Sequence[int]] = {}
        self._said_ranks: dict[int, Sequence[int]] = {}
        """By episode, the rank of the term of each of its codes."""
        self._bounds = GroupBounds(scorer, scorer.wanted)
        self._ranks = [self._bounds.ranks[number] for number, _ in self._ways]
        """By way, the rank of its term."""
        self._wholes = {self._bounds.ranks[number] for longer in scorer.whole_of.values() for number in longer}
        """The ranks of terms that are longer than another: a group without any has no hit inside one."""
        self._is_single = scorer.plan.is_single
        self._longest = max(self._lengths.values(), default=1)
        whole = None if scorer.plan.need is None or scorer.plan.voices else members(scorer.plan.need)
        self._is_all = whole is not None and whole.issuperset(scorer.wanted)

    def groups(self, evidence: Evidence) -> list[tuple[float, EpisodeGroups]]:
        """The groups of each episode that has any, with the greatest of their upper bounds, negated."""
        scorer, need = self._scorer, self._scorer.plan.need
        assert need is not None
        flat = flattened(need)
        groups: list[tuple[float, EpisodeGroups]] = []
        said_in = self._chained(flat) if is_chain(flat) and not scorer.plan.voices else self._borne
        for episode in scorer.deadline.within(possible(need, scorer.plan.terms, scorer.candidates, scorer.passes)):
            try:
                said = said_in(episode)
            except OutOfTime:
                break
            if any(said.values()):
                groups.append(self._grouped(episode, said, evidence))
        return groups

    def hits(self, episode: int, begin: int = 0, end: int | None = None) -> list[Hit]:
        """The hits [begin, end) of an episode."""
        ways, bits, mask = self._ways, self._bits, self._mask
        return [(code >> bits, *ways[code & mask]) for code in self._codes[episode][begin:end]]

    def window(self, one: HitGroup) -> Window:
        hits = self.hits(one.episode, one.begin, one.end)
        at = hit_times(hits, self._scorer.snapshot.times(one.episode))
        return window_of(self._scorer, one.episode, hits, at)

    def scores_less(self, one: HitGroup, evidence: Evidence, floor: float) -> bool:
        """True for a group whose window surely scores less than `floor`. Tries the cheaper bounds first."""
        scorer, most = self._scorer, one.most
        if self._is_single:
            return False
        bits = self._bits
        places = [code >> bits for code in self._codes[one.episode][one.begin : one.end]]
        said = self._said_ranks[one.episode][one.begin : one.end]
        weights = scorer.weights
        of_terms, half = self._bounds.weights, weights.closeness_atoms
        rest = most - one.close
        most = rest + weights.closeness * closeness_of(places, said, of_terms, half)
        if most >= floor and not self._wholes.isdisjoint(said):  # without some hits, no pair is nearer
            kept = scorer.outside_wholes(self.hits(one.episode, one.begin, one.end))
            near, outside = [places[index] for index in kept], [said[index] for index in kept]
            most = rest + weights.closeness * closeness_of(near, outside, of_terms, half)
        if most < floor:
            return True
        most += evidence.characters(one.episode, places[0], places[-1] + self._longest)
        most -= evidence.most_characters
        if most < floor:
            return True
        return most - one.around + weights.context * evidence.context(one.episode, places[0], places[-1]) < floor

    def is_sound(self, one: HitGroup) -> bool:
        """True for a group with all terms exactly, and not only in a loop."""
        scorer = self._scorer
        hits = self.hits(one.episode, one.begin, one.end)
        if len({number for _, number, _ in hits}) * self._most_said < len(scorer.forms):
            return False
        return bool(scorer.undamped(hits, one.episode)) and scorer.is_whole(Window(one.episode, tuple(hits), 0.0))

    def _chained(self, need: Need) -> Callable[[int], Places]:
        """Returns a function: the positions of each alternative by which an episode meets a chain."""
        scorer, lengths, ways = self._scorer, self._lengths, self._ways
        terms, times_in, span = scorer.plan.terms, scorer.snapshot.times, scorer.span
        words = cached(partial(near_words, need, lengths, span), 64)

        def said_in(episode: int) -> Places:
            present = ((n, *one) for n in scorer.wanted for one in terms[n].present(episode))
            said: Places = {(n, way): source.positions(episode) for n, way, source in present}
            near = words(tuple(said)) if len(said) == 2 else None
            if near is not None:
                ones, others = said.values()
                found = near.places(ones, others, partial(times_in, episode))
            else:
                found = places_of(need, said, lengths, times_in(episode), span)
            return self._borne(episode) if found is None else found

        near = near_words(need, lengths, span, ways)
        if near is None:
            return said_in
        one, other = (terms[number].alternatives[way].source.positions for number, way in ways)

        def near_in(episode: int) -> Places:
            found = near.places(one(episode), other(episode), partial(times_in, episode))
            return self._borne(episode) if found is None else found

        return near_in

    def _borne(self, episode: int) -> Places:
        """The positions of each alternative by which an episode meets the need. Raises OutOfTime."""
        places: dict[Way, list[int]] = {}
        for place, number, way in bearing_of(self._scorer, episode):
            places.setdefault((number, way), []).append(place)
        return places

    def _grouped(self, episode: int, said: Places, evidence: Evidence) -> tuple[float, EpisodeGroups]:
        """The groups of an episode, with the greatest of their upper bounds, negated."""
        codes, said_ranks, ends = self._in_order(episode, said)
        self._codes[episode], self._said_ranks[episode] = codes, said_ranks
        besides = 0.0 if self._is_single else evidence.most_beside(episode)
        context = 0.0 if self._is_single else evidence.most_context(episode)
        around = self._around(episode, codes, ends) if context else []
        counted_ends = ends
        if self._scorer.whole_of:
            said_ranks, counted_ends, around = self._counted(episode, said_ranks, ends, around)
        less, packed = self._bounds.mosts(said_ranks, counted_ends, around, context, besides)
        return less, EpisodeGroups(episode, ends, packed)

    def _counted(
        self, episode: int, ranks: Sequence[int], ends: Sequence[int], around: Sequence[int]
    ) -> tuple[Sequence[int], Sequence[int], Sequence[int]]:
        """The ranks, ends and surroundings of groups without the hits that surely do not count: those inside a longer
        term that begins in the same group and cue. Any context has both or neither, and both are damped or neither
        is."""
        scorer = self._scorer
        first = scorer.snapshot.times(episode).first
        lengths, kinds = self._parts
        return native.counted(self._codes[episode], self._bits, ranks, ends, around, first, lengths, kinds)

    @cached_property
    def fewest_terms(self) -> int:
        """How many different terms, not counting those inside longer ones, a group with all terms exactly has at least.
        A term inside a longer one is part of it, unless the longer one has several alternatives."""
        terms, longer = self._scorer.plan.terms, set(chain.from_iterable(self._scorer.whole_of.values()))
        if any(len(terms[number].alternatives) > 1 for number in longer):
            return 0
        return -(-len(self._scorer.forms) // self._most_said)

    @cached_property
    def _most_said(self) -> int:
        """The most terms that one hit can stand for: its own term and the parts of that."""
        parts = Counter(number for longer in self._scorer.whole_of.values() for number in longer)
        return 1 + max(parts.values(), default=0)

    @cached_property
    def _parts(self) -> tuple[Sequence[int], Sequence[int]]:
        """The lengths and kinds of terms, by rank, as `native.counted` takes them."""
        by_rank = sorted(self._bounds.ranks, key=self._bounds.ranks.__getitem__)
        lengths, kinds = self._scorer.parts
        return [lengths[number] for number in by_rank], [kinds[number] for number in by_rank]

    def _in_order(self, episode: int, said: Places) -> tuple[Sequence[int], Sequence[int], Sequence[int]]:
        """The hits of an episode as numbers, the rank of each, and where their groups end."""
        scorer, bits, ranks = self._scorer, self._bits, self._ranks
        times = scorer.snapshot.times(episode)
        parts = [(n, said[way]) for n, way in enumerate(self._ways) if way in said]
        if times.is_ordered and not times.looks_inside:
            most = group_atoms(scorer.weights)
            packed = native.grouped(parts, bits, ranks, times.first, times.starts, scorer.apart_ms, most)
            return memoryview(packed[0]).cast("q"), memoryview(packed[1]).cast("q"), packed[2]
        codes = array("q", sorted(place << bits | n for n, places in parts for place in places))
        places = [code >> bits for code in codes]
        ends = groups_of(places, times.at_all(places), scorer.apart_ms, scorer.weights)
        return codes, [ranks[code & self._mask] for code in codes], ends

    def _around(self, episode: int, codes: Sequence[int], ends: Sequence[int]) -> Sequence[int]:
        """For each group, the range of hits [first, end) that includes those in its context. Empty if not all hits are
        known, or times go back. `codes` are those of the hits, `ends` those of the groups."""
        times = self._scorer.snapshot.times(episode)
        first, starts = times.first, times.starts
        if not self._is_all or not times.is_ordered:
            return []
        ms = round(self._scorer.weights.context_seconds * 1000)
        bits = self._bits
        begins = [codes[begin] >> bits for begin in (0, *ends[:-1])]
        cues = map(bisect_right, repeat(first), begins)
        lows = map(bisect_left, repeat(starts), [starts[cue - 1] - ms for cue in cues])
        last = [bisect_right(first, codes[end - 1] >> bits) - 1 for end in ends]
        highs = map(max, map(bisect_right, repeat(starts), [times.end(cue) + ms for cue in last]), map(_after, last))
        low = map(bisect_left, repeat(codes), [first[cue] << bits for cue in lows])
        high = map(bisect_left, repeat(codes), [first[cue] << bits for cue in highs])
        return list(chain.from_iterable(zip(low, high, strict=True)))


_after = (1).__add__
