"""Topic segmentation: how likely a stretch of speech is a section with its own vocabulary.

In the model of Utiyama and Isahara (A statistical model for domain-independent text segmentation, 2001) each section
draws its words from its own distribution. That distribution is unknown, so it is integrated out under a Dirichlet prior
centred on the expected frequencies (Eisenstein and Barzilay, Bayesian unsupervised topic segmentation, 2008). Relative
to words drawn from the expected frequencies throughout, the log-likelihood of a section is

    sum of log(1 + k / (A p))  -  sum of log(1 + n / A)

over its words. A word adds more the rarer it is in general (p) and the more often it has occurred in the section (k);
it subtracts more the more words came before (n). So repeated words hold a section together, and new ones split it.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from heapq import heappop, heappush
from itertools import accumulate
from operator import add
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search.exploration.chapters.chapter_meaning import Coherence

PRIOR_WORDS = 300.0
"""A: the prior counts as this many words. docs/design/exploration.md has the measurement."""
BESIDE_MEANING = 0.5
"""What the likelihood of words counts where vectors tell what is of one meaning, too: much of it is the same."""
LONGEST = 180
"""Stretches; the search covers sections up to this length, and longer ones are joined from them."""
NO_MATTER_WHAT = 1e6
"""Nats; outweighs any evidence."""

Lasts = Callable[[int, int], float]
"""What the length of a section of the stretches [first, end) says for it, in nats; -inf if it is too short."""


class Speech:
    """Stretches of speech, each a list of word numbers: each word once, because words come in bursts. `usual` is the
    expected frequency of each word; `lasts` adds to the likelihood of a section what its length says, and `together`,
    if given, what its meaning says."""

    def __init__(
        self,
        stretches: Sequence[Set[int]],
        usual: Mapping[int, float],
        lasts: Lasts,
        together: Coherence | None = None,
    ) -> None:
        self._stretches = stretches
        self._lasts = lasts
        self._together = together
        self._share = 1.0 if together is None else BESIDE_MEANING
        self._rates = {number: PRIOR_WORDS * share for number, share in usual.items()}
        self._sizes = list(accumulate(map(len, stretches), initial=0))

    def surest(self, borders: Sequence[int], gains: Sequence[float], least: float = 0.0) -> dict[int, float]:
        """Returns those of ascending boundaries that add more than `least` nats, removing the one that adds least until
        all do: each with its depth, the gain in log-likelihood, in nats per word, of two sections over one, whatever
        their length. A boundary also adds the gain of its stretch; with -NO_MATTER_WHAT as `least` all are kept."""
        edges = [0, *borders, len(self._stretches)]
        before, after = dict(zip(borders, edges, strict=False)), dict(zip(borders, edges[2:], strict=False))
        apart: dict[int, float] = {}
        current: dict[int, float] = {}
        worth: list[tuple[float, int]] = []

        def weigh(border: int) -> None:
            begin, end = before[border], after[border]
            apart[border] = self._apart(begin, border, end)
            lengths = self._lasts(begin, border) + self._lasts(border, end) - self._lasts(begin, end)
            if least >= 0:  # that sections are of even length is no evidence that there is a border
                lengths = min(0.0, lengths)
            current[border] = apart[border] + lengths + gains[border]
            heappush(worth, (current[border], border))

        for border in borders:
            weigh(border)
        while worth:
            nats, weakest = worth[0]
            if weakest not in apart or nats != current[weakest]:  # removed, or weighed anew
                heappop(worth)
                continue
            if nats > least:
                break
            heappop(worth)
            del apart[weakest]
            begin, end = before[weakest], after[weakest]
            if begin in apart:
                after[begin] = end
                weigh(begin)
            if end in apart:
                before[end] = begin
                weigh(end)
        return {
            border: apart[border] / max(1, self._sizes[after[border]] - self._sizes[before[border]])
            for border in sorted(apart)
        }

    def _apart(self, begin: int, border: int, end: int) -> float:
        """The gain in log-likelihood of two sections over one, in nats."""
        likelihood = self._likelihood
        return likelihood(begin, border) + likelihood(border, end) - likelihood(begin, end)

    def _likelihood(self, begin: int, end: int) -> float:
        """The log-likelihood of a section of the stretches [begin, end), whatever its length."""
        counts = Counter(number for stretch in self._stretches[begin:end] for number in stretch)
        earned = sum(_sum_of_logs(self._rates[number], count) for number, count in counts.items())
        alike = self._together.of(begin, end) if self._together is not None else 0.0
        return self._share * (earned - _sum_of_logs(PRIOR_WORDS, counts.total())) + alike

    def sections(self) -> list[list[float]]:
        """For each stretch the log-likelihoods of the sections that start there: of one stretch, of two, and so on."""
        sections: list[list[float]] = [[] for _ in self._stretches]
        seen: defaultdict[int, list[int]] = defaultdict(list)
        for last, stretch in enumerate(self._stretches):
            # The gain of a stretch depends on how far back its section reaches: more for each repeated word.
            earned = [0.0] * min(last + 1, LONGEST)
            for number in stretch:
                rate = self._rates[number]
                for before, place in enumerate(reversed(seen[number])):
                    if last - place >= LONGEST:
                        break
                    earned[last - place] += math.log((before + 1 + rate) / (before + rate))
                seen[number].append(last)
            for back, more in enumerate(accumulate(earned)):
                section = sections[last - back]
                section.append((section[-1] if section else 0.0) + more)
        cost = [_sum_of_logs(PRIOR_WORDS, size) for size in range(self._sizes[-1] + 1)]
        likelihoods = [
            [
                self._share * (earned - cost[self._sizes[end] - self._sizes[begin]]) + self._lasts(begin, end)
                for end, earned in enumerate(section, begin + 1)
            ]
            for begin, section in enumerate(sections)
        ]
        if self._together is None:
            return likelihoods
        alike = (self._together.grown(begin, len(section)) for begin, section in enumerate(likelihoods))
        return [list(map(add, *pair)) for pair in zip(likelihoods, alike, strict=True)]


def _sum_of_logs(rate: float, count: int) -> float:
    """The sum of log(1 + k / rate) for each k below `count`."""
    return math.lgamma(rate + count) - math.lgamma(rate) - count * math.log(rate)
