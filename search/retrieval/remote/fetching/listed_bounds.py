"""Episodes and passages that a remote index listed for one question in falling order of what they may score, as far as
the list was asked for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Generic, TypeVar

from search.backends.conditions import Condition
from search.backends.remote import ByBound, Likeliest, Peak
from search.retrieval.remote.fetching.likeliest_episodes import LikeliestEpisodes

_Entry = TypeVar("_Entry")


class ListedSoFar(Generic[_Entry]):
    """The first entries of a list. `size` is how many were asked for; `was_read` says whether episodes among them were
    fetched."""

    def __init__(self) -> None:
        self.found: Sequence[_Entry] = ()
        self.size = 0
        self.was_read = False

    @property
    def is_all(self) -> bool:
        """True if there are no others."""
        return len(self.found) < self.size


class ListedPassages(ListedSoFar[tuple[float, str]]):
    """Episodes with a passage: (the highest bound of their windows, key), in a query of the weight `total`."""

    total = 1.0

    def weigh(self, total: float) -> None:
        """Takes them as those of a query of another weight, which the bounds are divided by: a query may have terms
        that no passage is listed for, of which it is learned later how much they weigh."""
        if total != self.total:
            self.found = [(bound * self.total / total, key) for bound, key in self.found]
            self.total = total

    def reaching(self, least: float) -> list[str]:
        """The keys of episodes with a passage that is bounded by at least so much, best first."""
        return [key for bound, key in self.found if bound >= least]

    def is_over(self, least: float) -> bool:
        """True if none of those that are not known is."""
        return self.size > 0 and (self.is_all or self.found[-1][0] < least)

    def highest(self) -> dict[str, float]:
        """key of each listed episode -> its bound."""
        return {key: bound for bound, key in self.found}

    @property
    def of_others(self) -> float:
        """The highest bound that an episode may have which is not listed: infinite if none is."""
        if not self.size:
            return math.inf
        return 0.0 if self.is_all else self.found[-1][0]


class ListedPeaks(ListedSoFar[Peak]):
    """Episodes in the order of the peaks of a run."""

    def before(self, floor: Peak | None) -> Sequence[Peak]:
        """Those that come before a peak (None: all)."""
        if floor is None:
            return self.found
        return [one for one in self.found if (-one.count, one.id) < (-floor.count, floor.id)]

    def is_over(self, floor: Peak | None) -> bool:
        """True if none of those that are not known does."""
        return self.size > 0 and (self.is_all or len(self.before(floor)) < len(self.found))


class EpisodeLists:
    """What was listed for one question."""

    def __init__(self) -> None:
        self._passages: dict[ByBound, ListedPassages] = {}
        self._peaks: dict[object, ListedPeaks] = {}
        self.pending: ByBound | None = None
        """What to list with the next questions."""
        self.last: ListedPassages | None = None
        """What was listed last."""
        self.likeliest: LikeliestEpisodes | None = None
        self.wants_likeliest = False
        """Whether they are fetched with others."""

    @property
    def likely(self) -> Sequence[str]:
        """The keys of the likeliest episodes, if they are fetched with others and known."""
        return self.likeliest.keys if self.likeliest and self.wants_likeliest else ()

    def of_passages(self, listed: ByBound) -> ListedPassages:
        """What is known of these passages."""
        known = self._passages.setdefault(listed._replace(size=0, total=1.0), ListedPassages())
        known.weigh(listed.total)
        return known

    def learn(self, listed: ByBound, found: Sequence[tuple[float, str]]) -> None:
        """Takes the answer to a question for passages."""
        known = self.of_passages(listed)
        known.found, known.size = found, listed.size
        self.last, self.pending = known, None

    def of_peaks(self, run: tuple[str, ...], condition: Condition) -> ListedPeaks:
        """What is known of the episodes with a run that meet a condition."""
        return self._peaks.setdefault((run, condition), ListedPeaks())

    def want_likeliest(self, ranked: Likeliest, is_first: bool) -> None:
        """Has the likeliest episodes asked for with the next questions, and then fetched with other episodes: not with
        the first, which may hold all of a remembered sentence."""
        self.wants_likeliest = not is_first
        if self.likeliest is None or self.likeliest.ranked != ranked:
            self.likeliest = LikeliestEpisodes(ranked)
