"""Chooses the windows that may answer a sentence or a question: the best ones of the episodes with the highest BM25,
and those near in meaning."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from operator import neg
from typing import TYPE_CHECKING

from indexer.core import native
from indexer.core.named_tuples import NamedTuple
from search.matching.sources import as_dict
from search.retrieval.scorer import Scorer
from search.retrieval.windows import Hit, Window, hit_times
from search.scoring import K1, SENTENCES, B, bm25_weight

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot
    from search.retrieval.meaning.near_lines import NearLines


class Said(NamedTuple):
    """The counted hits of an episode, sorted, with their positions and their times in milliseconds."""

    hits: Sequence[Hit]
    places: Sequence[int]
    at: Sequence[int]


class SentenceWindows:
    """Chooses windows for one query of running text."""

    def __init__(self, scorer: Scorer, snapshot: Snapshot, shares: Sequence[float]) -> None:
        """`shares` are the shares of the terms in the BM25 of an episode."""
        self._scorer = scorer
        self._snapshot = snapshot
        self._shares = shares
        self._bm25: dict[int, float] = {}
        self._known: dict[int, Said] = {}

    def bm25(self, episode: int) -> float:
        """The BM25 of an episode, known once `windows` has been called."""
        return self._bm25.get(episode, 0.0)

    def windows(self) -> list[Window]:
        """The best windows of the episodes with the highest BM25, at most one per `SentenceWeights.every` seconds."""
        each = round(SENTENCES.every * 1000)
        found: list[tuple[float, int, int, int]] = []
        for episode in self._scorer.deadline.within(self._best_episodes()):
            said = self.hits(episode)
            best: dict[int, tuple[float, int, int]] = {}
            for score, begin, end in self._scorer.slide(said.hits, said.at):
                part = said.at[begin] // each
                if part not in best or score > best[part][0]:
                    best[part] = score, begin, end
            found += ((-score, episode, begin, end) for score, begin, end in best.values())
        return [
            Window(episode, tuple(self.hits(episode).hits[begin:end]), -less)
            for less, episode, begin, end in heapq.nsmallest(SENTENCES.windows, found)
        ]

    def hits(self, episode: int) -> Said:
        """The hits of an episode, kept."""
        said = self._known.get(episode)
        if said is None:
            scorer = self._scorer
            hits = scorer.hits(scorer.wanted, episode)
            counted, at = scorer.counting(hits, hit_times(hits, self._snapshot.times(episode)))
            said = self._known[episode] = Said(counted, [hit[0] for hit in counted], at)
        return said

    def near_windows(self, others: Iterable[Window], near: NearLines) -> Iterator[Window]:
        """Yields a window for each segment near in meaning in which none of the others begins: its line, and the best
        of its hits."""
        taken: defaultdict[int, list[int]] = defaultdict(list)
        for window in others:
            taken[window.episode].append(window.hits[0][0])
        for at, (segment, *_) in enumerate(near.lines):
            if not any(segment.first <= place < segment.end for place in taken[segment.episode]):
                hits = (*self._best_hits(segment.episode, segment.first, segment.end), near.hit(at))
                yield Window(segment.episode, tuple(sorted(hits)), 0.0)

    def _best_episodes(self) -> list[int]:
        """Returns the episodes with the highest BM25, best first."""
        scorer, snapshot = self._scorer, self._snapshot
        count, episodes = snapshot.episode_count, scorer.candidates
        average = snapshot.total_atoms / max(1, count)
        terms = [(self._shares[number], scorer.plan.terms[number]) for number in scorer.wanted]
        weighed = tuple(
            (share, bm25_weight(term.episodes, count), as_dict(term.counts)) for share, term in terms if term.is_exact
        )
        scores = native.relevances(episodes, snapshot.lengths(episodes), average, K1, B, weighed)
        self._bm25 = dict(zip(episodes, scores, strict=True))
        best = heapq.nsmallest(SENTENCES.episodes, zip(map(neg, scores), episodes, strict=True))
        return [episode for _, episode in best]

    def _best_hits(self, episode: int, first: int, end: int) -> Sequence[Hit]:
        """The hits of the best window that lies in the atoms [first, end)."""
        said = self.hits(episode)
        low, high = bisect_left(said.places, first), bisect_left(said.places, end)
        hits, at = said.hits[low:high], said.at[low:high]
        _, begin, until = max(self._scorer.slide(hits, at), default=(0.0, 0, 0))
        return hits[begin:until]
