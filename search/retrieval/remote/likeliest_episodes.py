"""The episodes of a remote index that are likeliest to answer running text, as far as they were asked for."""

from __future__ import annotations

from collections.abc import Sequence

from search.backends.remote import EVERY, Bound, Condition, Likeliest, RemoteIndex

ROUNDED = 1e-5
"""Scores of a remote index are computed in 32 bits: so much of one may be missing."""
_EQUALS = 20
"""Episodes that are asked for beyond those that are wanted: some may be alike but for rounding."""


class LikeliestEpisodes:
    """The `most` episodes that rank first, and those that may be among them."""

    def __init__(self, remote: RemoteIndex, ranked: Likeliest, most: int) -> None:
        self._remote = remote
        self.ranked = ranked
        self._most = most
        self._keys: Sequence[str] | None = None

    @property
    def known(self) -> Sequence[str]:
        """The keys of the episodes; empty before they are asked for."""
        return self._keys or ()

    @property
    def are_too_many(self) -> bool:
        """True once more may be among the first than were asked for."""
        return len(self.known) == self._most + _EQUALS

    def ask(self) -> Sequence[str]:
        """The keys of the episodes. Raises IndexProblem."""
        if self._keys is None:
            self.ask_beside((), 1.0, EVERY, 1)
        return self.known

    def ask_beside(
        self, terms: Sequence[Bound], total: float, condition: Condition, size: int
    ) -> Sequence[tuple[float, str]]:
        """The passages by their bounds; asks for the episodes in the same request, unless they are known. Raises
        IndexProblem."""
        if self._keys is not None:
            return self._remote.passages(terms, total, condition, size)
        passages, best = self._remote.likely(terms, total, condition, size, self.ranked, self._most + _EQUALS)
        least = best[self._most - 1][0] * (1 - ROUNDED) if len(best) >= self._most else 0.0
        self._keys = [key for score, key in best if score >= least]
        return passages
