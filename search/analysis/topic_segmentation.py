"""Parts speech into sections that each have words of their own: the likeliest way of all, found by dynamic programming.

Utiyama and Isahara (A statistical model for domain-independent text segmentation, 2001) let each section draw its words
from a distribution of its own. As nobody knows that, it is averaged over all there may be, around what is usual (a
Dirichlet prior; Eisenstein and Barzilay, Bayesian unsupervised topic segmentation, 2008). Compared with words that are
drawn from what is usual throughout, the log-likelihood of a section is

    sum of log(1 + k / (A p))  -  sum of log(1 + n / A)

over its words. A word earns the more, the rarer it usually is (p) and the oftener it came before in the section (k); it
costs the more, the more words came before (n). So what is said again and again keeps together, and new words part.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import accumulate

PRIOR_WORDS = 1000.0
"""A: so many words of a section count as much as what is usual. From 300 to 3000 little changes."""
LONGEST = 180
"""The likeliest sections are looked for among those of so many stretches at most; longer ones are joined of them."""
NO_MATTER_WHAT = 1e6
"""More nats than words ever tell: the price that allows as few borders as may be, or below 0 as many."""

MayLast = Callable[[int, int], bool]
"""Whether a section may last from a stretch to before another."""


@dataclass(frozen=True, slots=True)
class Parting:
    """With which stretches sections begin, the first left out, and how likely, in nats, all sections are together."""

    borders: Sequence[int]
    likelihood: float


class Speech:
    """Stretches of speech, each the numbers of its words: once, for words come in bursts. `usual` is the share of each
    word among all that may be said."""

    def __init__(self, stretches: Sequence[Set[int]], usual: Mapping[int, float]) -> None:
        self._stretches = stretches
        self._rates = {number: PRIOR_WORDS * share for number, share in usual.items()}
        self._sizes = list(accumulate(map(len, stretches), initial=0))

    def parted(self, most: int, gains: Sequence[float], may_last: MayLast, least: float = 0.0) -> dict[int, float]:
        """The borders of the likeliest sections, at most `most` of them, and the depth of each: how much likelier, in
        nats a word, what is said before and after is in two sections than in one.

        A border before a stretch adds its gain. Each adds more than `least`; with -NO_MATTER_WHAT there are as
        many as there is room for.
        """
        sections = self._sections()
        many, few = (_part(sections, gains, may_last, price) for price in (least, NO_MATTER_WHAT))
        # The price at which both would be as good shows what lies between: at last the price of `most` borders, or that
        # for no price these are the best.
        while len(few.borders) < most < len(many.borders):
            price = (many.likelihood - few.likelihood) / (len(many.borders) - len(few.borders))
            between = _part(sections, gains, may_last, price)
            if not len(few.borders) < len(between.borders) < len(many.borders):
                break
            if len(between.borders) > most:
                many = between
            else:
                few = between
        chosen = few if len(few.borders) >= most else many
        return self._surest(chosen.borders, most, gains, least)

    def _surest(self, borders: Sequence[int], most: int, gains: Sequence[float], least: float) -> dict[int, float]:
        """At most `most` borders and their depths: one after the other is taken away that adds least."""
        edges = [0, *borders, len(self._stretches)]
        while True:
            around = list(zip(edges, edges[1:], edges[2:], strict=False))
            apart = {border: self._apart(begin, border, end) for begin, border, end in around}
            worth = {border: nats + gains[border] for border, nats in apart.items()}
            weakest = min(worth, key=worth.__getitem__, default=0)
            if len(worth) <= most and (not worth or worth[weakest] > least):
                return {
                    border: apart[border] / max(1, self._sizes[end] - self._sizes[begin])
                    for begin, border, end in around
                }
            edges.remove(weakest)

    def _apart(self, begin: int, border: int, end: int) -> float:
        """How much likelier two sections are than one, in nats."""
        likelihood = self._likelihood
        return likelihood(begin, border) + likelihood(border, end) - likelihood(begin, end)

    def _likelihood(self, begin: int, end: int) -> float:
        """The log-likelihood of a section of the stretches from `begin` to before `end`."""
        counts = Counter(number for stretch in self._stretches[begin:end] for number in stretch)
        earned = sum(_sum_of_logs(self._rates[number], count) for number, count in counts.items())
        return earned - _sum_of_logs(PRIOR_WORDS, counts.total())

    def _sections(self) -> list[list[float]]:
        """For each stretch the log-likelihoods of the sections that begin with it: of it alone, of two, and so on."""
        sections: list[list[float]] = [[] for _ in self._stretches]
        seen: defaultdict[int, list[int]] = defaultdict(list)
        for last, stretch in enumerate(self._stretches):
            # What a stretch earns depends on how far back its section goes: more for each word it reaches again.
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
        return [
            [earned - cost[self._sizes[end] - self._sizes[begin]] for end, earned in enumerate(section, begin + 1)]
            for begin, section in enumerate(sections)
        ]


def _sum_of_logs(rate: float, count: int) -> float:
    """The sum of log(1 + k / rate) for each k below `count`."""
    return math.lgamma(rate + count) - math.lgamma(rate) - count * math.log(rate)


def _part(sections: Sequence[Sequence[float]], gains: Sequence[float], may_last: MayLast, price: float) -> Parting:
    """The likeliest parting when each border has a price."""
    size = len(sections)
    best = [0.0] + [-math.inf] * size
    begins = [0] * (size + 1)
    for begin, section in enumerate(sections):
        if best[begin] == -math.inf:
            continue
        here = best[begin] + (gains[begin] - price if begin else 0.0)
        for end, likelihood in enumerate(section, begin + 1):
            if here + likelihood > best[end] and may_last(begin, end):
                best[end] = here + likelihood
                begins[end] = begin
    borders: list[int] = []
    while size and (size := begins[size]):
        borders.append(size)
    return Parting(borders[::-1], best[-1] + price * len(borders))
