"""The windows of a ranked query that follow those with a full score, for lists of more moments than these give.

They are ordered by their own score alone, however many moments are asked for, so that one long list has the moments of
its pages. The windows with a full score were the best by their own score, and their full score is no less than that. So
scores do not rise from one moment to the next, except where one episode has very many windows: their scores are capped
at that of the moment before.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from search.retrieval.pruning.top_k import (
    BestOfAll,
    are_cut,
    best_windows,
    damped_windows,
    ranks_by_bound,
    with_stand_ins,
)
from search.retrieval.rerank import Scored, not_above
from search.retrieval.scorer import Scorer
from search.retrieval.windows import Window

MORE = 2
"""How many windows to look for, as a multiple of the moments requested, since neighbours become one moment; and by how
much to multiply that if they are not enough."""


class FurtherWindows:
    """All windows of a ranked query by their own score, as far as they were asked for; the damped ones come last.

    `most` is the greatest number that was asked for (0 if none was), and `wants_damped` is True once damped ones were
    asked for. `least` is the lowest score of the windows taken so far, 0 once all were: windows that score less change
    nothing.
    """

    def __init__(self, scorer: Scorer, first: Sequence[Window], exact: FurtherWindows | None = None) -> None:
        """`first` are the windows with a full score; `exact` are the further windows of the same query without
        expansions, if there is such a ranking."""
        self.most = 0
        self.least = math.inf
        self.wants_damped = False
        self._scorer = scorer
        self._exact = exact
        self._known: dict[int, list[Window]] = {}
        undamped = [window for window in first if not window.damped]
        is_cut = are_cut(scorer, undamped) or (exact is not None and exact._all is None)
        self._all: Sequence[Window] | None = None if is_cut else undamped

    def windows(self, most: int) -> Sequence[Window]:
        """The `most` best windows that are not damped, best first; all of them if there are fewer."""
        self.most = max(self.most, most)
        if self._all is not None:
            return self._all
        if most not in self._known:
            self._known[most] = self._best(most)
        return self._known[most]

    def scored(self, moments: int, worst: float) -> Iterator[Scored]:
        """Yields as many windows as it takes to make `moments` moments, best first, then the others. Scores do not
        rise, and do not exceed `worst`, the lowest of the full scores."""
        for window, score in self._in_order(moments):
            one = not_above(Scored(window, score, (("window", score),)), worst)
            worst = one.score
            yield one

    def _in_order(self, moments: int) -> Iterator[tuple[Window, float]]:
        given = set[tuple[int, int]]()
        most = MORE * max(moments, self._scorer.most_windows)
        while True:
            for window in self.windows(most):
                place = window.episode, window.hits[0][0]
                if place not in given:
                    given.add(place)
                    self._note_taken(window.score)
                    yield window, window.score
            if self._are_all(most):
                break
            most *= MORE
        self._note_taken(0.0)
        self._note_damped()
        share = self._scorer.weights.damped
        damped = sorted(damped_windows(self._scorer), key=lambda one: (-one.score, one.episode, one.hits[0]))
        yield from ((window, share * window.score) for window in damped)

    def _best(self, most: int) -> list[Window]:
        scorer, exact = self._scorer, self._exact
        if exact is None:
            return best_windows(scorer, most)
        share = exact._scorer.total / scorer.total
        known = [one._replace(score=one.score * share) for one in exact.windows(most)]
        return with_stand_ins(scorer, known, BestOfAll(most, exact._ranks))

    @cached_property
    def _ranks(self) -> Mapping[int, int]:
        return ranks_by_bound(self._scorer)

    def _note_taken(self, score: float) -> None:
        self.least = min(self.least, score)
        if self._exact is not None:  # of which a window scores its share of this at least
            self._exact._note_taken(score * self._scorer.total / self._exact._scorer.total)

    def _note_damped(self) -> None:
        self.wants_damped = True
        if self._exact is not None:
            self._exact._note_damped()

    def _are_all(self, most: int) -> bool:
        """True if there are no windows beyond the `most` best ones."""
        if self._all is not None or self._scorer.deadline.is_over():
            return True
        return len(self.windows(most)) < most and (self._exact is None or self._exact._are_all(most))
