"""The best windows of a query of operators, found without making all of them.

Every occurrence is in some window, and where common words are joined by OR or NEAR these are tens of thousands. The
full score of a window takes long to work out, and what it can be at most does not: the groups of hits that become
windows are kept as numbers, and made into windows in the order of the most they can score, until no other can be among
the best.
"""

from __future__ import annotations

import heapq
import math
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, pairwise, repeat
from operator import add, itemgetter, le

from indexer.core.named_tuples import NamedTuple
from search.query.deadline import OutOfTime
from search.query.plan import Need
from search.retrieval.constraints import possible
from search.retrieval.exhaustive import bearing_of, window_of
from search.retrieval.model import Model
from search.retrieval.near import Places, Way, bears_by_itself, fits, is_chain, places_of, when_said
from search.retrieval.rerank import Evidence, Scored
from search.retrieval.windows import Hit, Window, groups_of, hit_times

_BESIDE = 1e-9
"""Floating-point sums depend on their order."""
_LONGEST_CUE = 70
"""Atoms: with longer ones more would be around a window than is in the groups beside it."""
_SURELY = 100
"""So many of the likeliest groups are made into windows, however late it is."""


class BestGroups(NamedTuple):
    """The windows that were scored. Unless `is_complete` there are more, each of which scores no more than `floor`;
    `has_whole` tells whether any of these has all of the query exactly, and not only in a loop. `hits` gives those of
    an episode by which it meets the need."""

    scored: Sequence[Scored]
    floor: float
    is_complete: bool
    has_whole: bool
    hits: Callable[[int], list[Hit]]


class _Group(NamedTuple):
    """Hits [begin, end) of an episode: the most their window can score, negated, how much of that is for what is around
    it and how much for terms that are close, and of how many terms they are. The best sort first."""

    less: float
    episode: int
    begin: int
    end: int
    around: float
    close: float
    terms: int


def best_groups(model: Model, evidence: Evidence, most: int) -> BestGroups:
    """Returns at least the `most` best windows of a query with a need, by full score."""
    kept = _Kept(model)
    groups = kept.groups(evidence)
    scored: list[Scored] = []
    best: list[float] = []
    passed: list[_Group] = []
    for number, one in enumerate(groups):
        floor = best[0] - _BESIDE if len(best) == most else -math.inf
        if -one.less < floor or (number >= _SURELY and model.deadline.is_over()):
            passed += groups[number:]
            break
        window = kept.window(one)
        around = window.score + one.around
        if around + one.close < floor or (one.close and around + evidence.closeness(window) < floor):
            passed.append(one)
            continue
        scored.append(evidence.score(window))
        if len(best) < most:
            heapq.heappush(best, scored[-1].score)
        else:
            heapq.heappushpop(best, scored[-1].score)
    has_whole = any(kept.is_sound(one) for one in passed)
    return BestGroups(scored, best[0] if passed else -math.inf, not passed, has_whole, kept.hits)


class _Kept:
    """The hits by which the episodes meet the need, as numbers: each is a place and one of all ways to be there."""

    def __init__(self, model: Model) -> None:
        self._model = model
        terms = model.plan.terms
        self._ways: list[Way] = [(n, way) for n in model.wanted for way in range(len(terms[n].alternatives))]
        self._lengths = {way: terms[way[0]].alternatives[way[1]].source.length for way in self._ways}
        self._codes: dict[int, array[int]] = {}
        begin = Counter(terms[number].alternatives[way].atoms[0] for number, way in self._ways)
        self._together = max(begin.values(), default=1)  # hits that can begin at one place
        self._is_all = model.plan.need is not None and not model.plan.voices and bears_by_itself(model.plan.need)

    def groups(self, evidence: Evidence) -> list[_Group]:
        """The groups of all episodes, by falling upper bound."""
        model, need = self._model, self._model.plan.need
        assert need is not None
        groups: list[_Group] = []
        for episode in model.deadline.within(model.candidates):
            if possible(need, model.plan.terms, episode, model.passes):
                try:
                    when = when_said(model.snapshot.times(episode))
                    said = self._said(episode, need)
                except OutOfTime:
                    break
                groups += self._grouped(episode, said, when, evidence)
        groups.sort()
        return groups

    def hits(self, episode: int, begin: int = 0, end: int | None = None) -> list[Hit]:
        """The hits [begin, end) of an episode."""
        ways, several = self._ways, len(self._ways)
        return [(code // several, *ways[code % several]) for code in self._codes[episode][begin:end]]

    def window(self, one: _Group) -> Window:
        hits = self.hits(one.episode, one.begin, one.end)
        at = hit_times(hits, self._model.snapshot.times(one.episode))
        return window_of(self._model, one.episode, hits, at)

    def is_sound(self, one: _Group) -> bool:
        """True for a group with all terms exactly, and not only in a loop."""
        model = self._model
        if one.terms < len(model.forms):
            return False
        hits = self.hits(one.episode, one.begin, one.end)
        return bool(model.undamped(hits, one.episode)) and model.is_whole(Window(one.episode, tuple(hits), 0.0))

    def _said(self, episode: int, need: Need) -> Places:
        """The positions of each alternative by which an episode meets the need."""
        model = self._model
        times = model.snapshot.times(episode)
        if not model.plan.voices and is_chain(need) and fits(need, times, model.span, max(self._lengths.values())):
            sources = ((way, model.plan.terms[way[0]].alternatives[way[1]].source) for way in self._ways)
            said = {way: source.positions(episode) for way, source in sources if episode in source.bounds}
            return places_of(need, said, self._lengths, times)
        places: dict[Way, list[int]] = {}
        for place, number, way in bearing_of(model, episode):
            places.setdefault((number, way), []).append(place)
        return places

    def _grouped(self, episode: int, said: Places, when: Callable[[int], int], evidence: Evidence) -> Iterator[_Group]:
        """The groups of an episode, with their upper bounds."""
        if not any(said.values()):
            return
        model, several = self._model, len(self._ways)
        coded = ([place * several + n for place in said[way]] for n, way in enumerate(self._ways) if way in said)
        codes = sorted(chain.from_iterable(coded))
        self._codes[episode] = array("q", codes)
        places = [code // several for code in codes]
        ends = groups_of(places, list(map(when, places)), model.apart_ms, model.weights)
        begins = [0, *ends[:-1]]
        first = [places[begin] for begin in begins] + [places[-1] + 1]
        by_term: dict[int, list[int]] = {}
        for (number, _), there in said.items():
            up_to = [bisect_left(there, place) for place in first]
            known = by_term.get(number)
            by_term[number] = up_to if known is None else list(map(add, known, up_to))
        by_weight = sorted(((model.term_weights[n], up_to) for n, up_to in by_term.items()), key=itemgetter(0))[::-1]
        weights = [weight for weight, _ in by_weight]
        own = zip(*([after - before for before, after in pairwise(up_to)] for _, up_to in by_weight), strict=True)
        besides = evidence.most_besides(episode)
        around: Iterable[float] = repeat(besides + evidence.most_context(episode))
        if self._tells_context(episode):
            context = map(self._score, repeat(weights), zip(*(_beside(up_to) for _, up_to in by_weight), strict=True))
            around = (besides + model.weights.context * score for score in context)
        for begin, end, counts, more in zip(begins, ends, own, around, strict=False):
            close = model.weights.closeness * self._closeness(weights, counts, (end - begin) * self._together)
            yield _Group(
                -self._score(weights, counts) - more - close, episode, begin, end, more, close, sum(map(bool, counts))
            )

    def _score(self, weights: Sequence[float], counts: Sequence[int]) -> float:
        """The score of a window with these counts of terms."""
        model = self._model
        score = covered = 0.0
        saturation, last = model.saturation, len(model.saturation) - 1
        for weight, count in zip(weights, counts, strict=True):
            if count:
                score += weight * saturation[count if count < last else last]
                covered += weight
        return score * covered / model.total if model.total else 0.0

    def _closeness(self, weights: Sequence[float], counts: Sequence[int], alike: int) -> float:
        """The most that closeness can be, where so many pairs of hits can be equally far apart: of each pair the lesser
        weight, those that weigh most closest. The weights descend."""
        close, terms, pairs = 0.0, 0, 0
        half = self._model.weights.closeness_atoms
        for weight, count in zip(weights, counts, strict=True):
            if count:
                close += weight * terms / (1.0 + pairs // alike / half)
                pairs += terms
                terms += 1
        return close

    def _tells_context(self, episode: int) -> bool:
        """True where the hits are all there are, and the groups beside one hold all that is around it."""
        if not self._is_all:
            return False
        times = self._model.snapshot.times(episode)
        if times.looks_inside or not all(map(le, times.starts, times.starts[1:])):
            return False
        return all(end - begin <= _LONGEST_CUE for begin, end in pairwise(times.first))


def _beside(up_to: Sequence[int]) -> list[int]:
    """How often a term is said in each group with the two before and the three after it; `up_to` counts what is before
    each group, and all.

    Groups begin 30 s or 273 atoms after the one before. What is around the first hit of one reaches 30 s and 200 atoms
    back from the cue, and what is around the last, which is within that of the first, ends as far after it.
    """
    begins = chain((0, 0), up_to)
    ends = chain(up_to[4:], repeat(up_to[-1], 4))
    return [end - begin for begin, end in zip(begins, ends, strict=False)][: len(up_to) - 1]
