"""The episodes of a remote index that most likely answer running text, as far as they were asked for."""

from __future__ import annotations

from collections.abc import Sequence

from search.backends.remote import Likeliest

ROUNDED = 1e-5
"""Scores of a remote index are computed in 32 bits: so much of one may be missing."""
_HALF_UNIT = 6e-10
"""So much may be missing of a bound because scores are rounded to nine digits."""
_EQUALS = 20
"""Episodes that are asked for beyond those that are wanted: some may be alike but for rounding."""


def least_bound(score: float) -> float:
    """What a remote index says at least of a place that may score as much."""
    return score * (1 - ROUNDED) - _HALF_UNIT


class LikeliestEpisodes:
    """The first episodes of a ranking, and those that may be among them."""

    def __init__(self, ranked: Likeliest) -> None:
        self.ranked = ranked
        self.question: Likeliest | None = ranked._replace(size=ranked.size + _EQUALS)
        """What to ask for them; None once they are known."""
        self.keys: Sequence[str] = ()

    @property
    def are_too_many(self) -> bool:
        """True once more may be among the first than were asked for."""
        return len(self.keys) == self.ranked.size + _EQUALS

    def learn(self, best: Sequence[tuple[float, str]]) -> None:
        """Takes the answer to the question."""
        size = self.ranked.size
        least = best[size - 1][0] * (1 - ROUNDED) if len(best) >= size else 0.0
        self.keys = [key for score, key in best if score >= least]
        self.question = None
