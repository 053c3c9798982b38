"""Ranks moments for sentences and questions by what they share with the query at several distances.

A question uses other words than its answer, so few of them occur within 22 s. The right moment is recognised by how
much of the query occurs around it: its words within three minutes, its characters, which do not depend on word
segmentation, at two distances, and its character bigrams near it. Candidates are the windows that `sentence_windows`
chooses, and the first windows of the usual ranking. The constants are in `search.scoring.SENTENCES`, the figures in
docs/design/ranking.md.

Only the order of the best moments changes, not the set of moments.
"""

from __future__ import annotations

import heapq
import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from typing import TYPE_CHECKING, TypeAlias

from indexer.core import native
from indexer.core.memory.caches import cached
from indexer.core.named_tuples import NamedTuple
from search.matching.sources import count_atoms
from search.query.deadline import Deadline
from search.query.question_words import QUESTION_WORDS
from search.query.running_text import asked_text
from search.retrieval.moments import Ranking, in_order, least_whole
from search.retrieval.rerank import Evidence, Found, Scored, apart
from search.retrieval.resolved_plan import ResolvedPlan
from search.retrieval.scorer import Scorer
from search.retrieval.sentences.ordered_pairs import in_order_pairs
from search.retrieval.sentences.sentence_windows import SentenceWindows
from search.retrieval.windows import Hit, Window, length_of
from search.scoring import SENTENCES, Reach, information, window_score

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot
    from search.retrieval.meaning.near_lines import NearLines
    from search.retrieval.meaning.space import Nearness


_Shares: TypeAlias = "Mapping[tuple[str, ...], float]"
"""Runs of atoms of a query, with the share of its weight that each has."""
_Coded: TypeAlias = "list[tuple[str, float]]"
"""The same as units of an episode."""


class SentenceRanking(NamedTuple):
    """The moments of a query of running text, best first, and the plan whose terms their hits are of."""

    plan: ResolvedPlan
    found: Iterator[Found]


def best_of_sentence(
    plan: ResolvedPlan,
    snapshot: Snapshot,
    usual: Ranking,
    deadline: Deadline,
    moments: int,
    find_near: Callable[[Scorer], NearLines | None] | None = None,
) -> SentenceRanking | None:
    """Returns the moments of a query of running text: those of this ranking, then the rest of the `usual` one, as far
    as so many `moments` are to be made. Returns None if the best moment of the latter contains most of the query, if
    the deadline is over, and if the query is one word and nothing is near in meaning.

    `find_near` finds what is near in meaning, or returns None; it is not called for a remembered sentence."""
    evidence = Evidence(Scorer(plan, snapshot))
    likely = usual.best(SENTENCES.usual)
    first = [one.window for one in likely]
    sentence = _Sentence(plan, snapshot, deadline)
    if first and (evidence.playback.is_quote(first[0]) or sentence.is_remembered(first[0])):
        return None
    near = find_near(sentence.scorer) if find_near is not None else None
    if near is None and (plan.is_single or sentence.is_apart):
        return None
    if near is not None:
        sentence = _Sentence(near.plan, snapshot, deadline, near)
        evidence = Evidence(Scorer(near.plan, snapshot))
    scored = sentence.scored(first)
    if deadline.reason or not scored:
        return None
    best = in_order(sentence.scorer, scored, least_whole(sentence.scorer, scored))
    if likely:
        best = _scaled(best, likely[0].score)
    starts = cached(evidence.start, None)  # where to press play is asked of those that are shown
    placed = _placed(best, starts, {window: at for at, window in enumerate(first)}, sentence.scorer.apart_ms)
    rest = (Found(one, evidence.start(one.window)) for one in usual.with_further(moments, len(first)))
    shown = near.showing(hit for one in scored for hit in one.window.hits) if near is not None else plan
    return SentenceRanking(shown, apart(chain(placed, rest), sentence.scorer.apart_ms))


def _placed(
    best: Sequence[Scored], start: Callable[[Window], int], usual: Mapping[Window, int], apart_ms: int
) -> Iterator[Found]:
    """Yields the windows with their `start`, each replaced by the best moment of the `usual` ranking within `apart_ms`,
    if there is one: that ranking locates the start more precisely."""
    known = sorted((usual[one.window], Found(one, start(one.window))) for one in best if one.window in usual)
    for scored in best:
        moment = Found(scored, start(scored.window))
        beside = (
            one
            for _, one in known
            if one.window.episode == moment.window.episode and abs(one.start - moment.start) < apart_ms
        )
        yield next(beside, moment)


def _scaled(scored: Sequence[Scored], best: float) -> list[Scored]:
    """Returns the windows with scores scaled so that the highest is `best`, which makes them comparable with those of
    the usual ranking and of titles."""
    factor = best / max(one.score for one in scored)
    parts = (tuple((name, value * factor) for name, value in one.parts) for one in scored)
    return [Scored(one.window, one.score * factor, of) for one, of in zip(scored, parts, strict=True)]


def shares_of(plan: ResolvedPlan) -> list[float]:
    """The share of its weight that each term of a query of running text keeps."""
    return [SENTENCES.question if term.label in QUESTION_WORDS else 1.0 for term in plan.terms]


def _as_shares(weights: Mapping[tuple[str, ...], float]) -> _Shares:
    every = sum(weights.values())
    return {gram: weight / every for gram, weight in weights.items()} if every else {}


class _Candidate(NamedTuple):
    """A window with the parts of its score that need no text."""

    window: Window
    narrow: float
    wide: float
    episode: float

    @property
    def so_far(self) -> float:
        return self.narrow + self.wide + self.episode


class _Sentence:
    """Scores windows by one query of running text."""

    def __init__(
        self,
        plan: ResolvedPlan,
        snapshot: Snapshot,
        deadline: Deadline,
        near: NearLines | None = None,
    ) -> None:
        self._shares = shares_of(plan)
        self.scorer = Scorer(plan.weighing(self._shares), snapshot, deadline=deadline)
        self._snapshot = snapshot
        self._near = near
        is_long = any(len(text) >= SENTENCES.atoms for text in plan.texts)
        asked = () if is_long else tuple(asked_text(plan.texts))
        self._texts = (asked,) if asked else plan.texts
        self.is_apart = bool(asked)
        """True for a question whose words are apart: its words alone are ranked as well by the usual ranking."""
        self._grams = self._all_grams()
        self._chosen = SentenceWindows(self.scorer, snapshot, self._shares)
        self._ordered: dict[int, bool] = {}
        self._coded: dict[int, tuple[_Coded, _Coded]] = {}

    def is_remembered(self, window: Window) -> bool:
        """Returns True if the window contains the query, or most of it in order: a sentence quoted from memory, or one
        that sounds alike."""
        texts = self._texts
        quote = max(self.scorer.weights.quote_atoms, max(map(len, texts)) / 2)
        if any(length_of(hit, self.scorer.plan.terms) >= quote for hit in window.hits):
            return True
        stream = self._snapshot.stream(window.episode)
        said = stream.units(*self._span(window, SENTENCES.pairs))
        in_order = sum(in_order_pairs(stream.coded(text), said)[0] for text in texts)
        return in_order >= SENTENCES.remembered * sum(len(text) - 1 for text in texts)

    def scored(self, usual: Sequence[Window]) -> list[Scored]:
        """Returns the scored candidates, the `usual` ones first."""
        known = {(window.episode, window.hits) for window in usual}
        others = [window for window in self._chosen.windows() if (window.episode, window.hits) not in known]
        several = map(self._candidate, others)
        chosen = heapq.nlargest(SENTENCES.candidates, several, key=lambda one: one.so_far)
        candidates = [*map(self._candidate, usual), *chosen]
        if self._near is None:
            return list(map(self._scored, candidates))
        candidates += map(self._candidate, self._chosen.near_windows([one.window for one in candidates], self._near))
        return self._with_nearness(list(map(self._scored, candidates)), self._near.nearness)

    def _with_nearness(self, windows: Sequence[Scored], nearness: Nearness) -> list[Scored]:
        """The windows with the nearness in meaning of what is said there and of their episodes. An episode that has no
        vectors yet is taken to be as near as the others here are on average: that would else be the nearness of
        anything, which no window that the words found has."""
        total = self.scorer.total or 1.0  # of a question whose words are nowhere only the meaning counts
        of_episodes = [nearness.episode(one.window.episode) for one in windows]
        of_segments = [
            None if of_episode is None else nearness.segment(one.window.episode, *_extent(one.window)) or 0.0
            for one, of_episode in zip(windows, of_episodes, strict=True)
        ]
        found = []
        for one, near, near_episode in zip(windows, _filled(of_segments), _filled(of_episodes), strict=True):
            added = (
                ("meaning", SENTENCES.nearness * total * near),
                ("episode's meaning", SENTENCES.near_episode * total * near_episode),
            )
            found.append(Scored(one.window, one.score + sum(value for _, value in added), (*one.parts, *added)))
        return found

    def _candidate(self, window: Window) -> _Candidate:
        said = self._chosen.hits(window.episode)
        first, end = self._span(window, SENTENCES.wide)
        near = said.hits[bisect_left(said.places, first) : bisect_left(said.places, end)]
        episode = SENTENCES.episode * self._chosen.bm25(window.episode)
        return _Candidate(window, self._score(window.hits), SENTENCES.wide.weight * self._score(near), episode)

    def _score(self, hits: Iterable[Hit]) -> float:
        """Returns the window score of some hits."""
        scorer, counts = self.scorer, [0] * len(self._shares)
        for _, number, _ in hits:
            counts[number] += 1
        present = [counts[number] for number in scorer.wanted]
        weights = [scorer.term_weights[number] for number in scorer.wanted]
        return window_score(present, weights, scorer.total, scorer.weights)

    def _all_grams(self) -> tuple[_Shares, _Shares]:
        """Returns the atoms of the query's texts, each weighted by its information, and their bigrams, by the mean of
        both; the weights of each add up to 1."""
        tells: dict[tuple[str, ...], float] = {}
        pairs: dict[tuple[str, ...], float] = {}
        snapshot = self._snapshot
        for text in self._texts:
            for atom in text:
                if (atom,) not in tells:
                    tells[atom,] = information(count_atoms(snapshot, (atom,)), snapshot.total_atoms)
            pairs.update((pair, (tells[pair[:1]] + tells[pair[1:]]) / 2) for pair in pairwise(text))
        return _as_shares(tells), _as_shares(pairs)

    def _scored(self, one: _Candidate) -> Scored:
        total = self.scorer.total
        parts = [("window", one.narrow), ("minutes", one.wide), ("episode", one.episode)]
        for reach in SENTENCES.characters:
            share = reach.weight * self._shared(one.window, reach, 1)
            parts.append((f"characters in {reach.before + reach.after:g} s", share * total))
        near = SENTENCES.pairs
        share = near.weight * self._shared(one.window, near, 2)
        parts.append((f"pairs in {near.before + near.after:g} s", share * total))
        if one.window.damped:
            parts = [(name, value * self.scorer.weights.damped) for name, value in parts]
        return Scored(one.window, sum(value for _, value in parts), tuple(parts))

    def _shared(self, window: Window, reach: Reach, size: int) -> float:
        """Returns the total weight of the query's runs of `size` atoms (1 or 2) that occur within the reach of a
        window."""
        said = self._snapshot.stream(window.episode).units(*self._span(window, reach))
        return sum(share for gram, share in self._coded_grams(window.episode)[size - 1] if gram in said)

    def _coded_grams(self, episode: int) -> tuple[_Coded, _Coded]:
        """Returns the query's atoms, and its bigrams, as coded units of an episode, with their weights."""
        known = self._coded.get(episode)
        if known is None:
            coded = self._snapshot.stream(episode).coded
            atoms, pairs = ([(coded(gram), share) for gram, share in of.items()] for of in self._grams)
            known = self._coded[episode] = atoms, pairs
        return known

    def _span(self, window: Window, reach: Reach) -> tuple[int, int]:
        """Returns the atoms [first, end) within the reach of a window's first hit, limited to what can be spoken in
        that time; this limit alone applies if times are out of order."""
        times, place = self._snapshot.times(window.episode), window.hits[0][0]
        rate = self.scorer.weights.window_atoms / self.scorer.weights.window
        first, end = place - math.ceil(reach.before * rate), place + math.ceil(reach.after * rate)
        if self._is_in_order(window.episode):
            at = times.at(place)
            first = max(first, times.first[bisect_left(times.starts, at - round(1000 * reach.before))])
            end = min(end, times.first[bisect_right(times.starts, at + round(1000 * reach.after))])
        return max(0, min(first, place)), min(max(end, place + 1), self._snapshot.atoms(window.episode))

    def _is_in_order(self, episode: int) -> bool:
        known = self._ordered.get(episode)
        if known is None:
            known = self._ordered[episode] = native.ascends(self._snapshot.times(episode).starts)
        return known


def _extent(window: Window) -> tuple[int, int]:
    """The atoms [first, end) from the first to the last hit of a window."""
    return window.hits[0][0], window.hits[-1][0] + 1


def _filled(values: Sequence[float | None]) -> list[float]:
    """The values, with the mean of those known in place of others; 0 if none is."""
    known = [value for value in values if value is not None]
    mean = sum(known) / len(known) if known else 0.0
    return [mean if value is None else value for value in values]
