"""Which borders to propose: those that are right most often over all splits of an episode, rather than those of the one
likeliest split.

There are very many splits that are nearly as likely as the best one, and most agree on little. So each place has the
probability that a section begins there, summed over all of them (forward and backward: Rabiner, 1989), and places are
chosen for what they are measured by (minimum Bayes risk): how many borders they are near, and how seldom two points are
wrongly told to be in one section or not (P_k: Beeferman, Berger and Lafferty, 1999).
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from itertools import accumulate, pairwise
from operator import add

SURENESS = 0.1
"""The power of a likelihood that is taken for a probability: words come in bursts, so likelihoods are too sure."""
NEAR = 30.0
"""Seconds from a border within which a proposed one is right."""
SPACING = 2 * NEAR
"""Seconds between proposed borders: nearer ones would be right about the same one."""
OWN = 0.05
"""How much the probability of the very place adds to that of all places within NEAR."""
TELLING = 5.0
"""How many times as much as a share of borders found the same share of pairs told right counts."""
_CLOSE, _ROUNDS = 0.15, 8
"""How near the expected number of borders comes to the number wanted, and in how many rounds at most."""


def probabilities(sections: Sequence[Sequence[float]], gains: Sequence[float], number: float) -> list[float]:
    """Returns for each stretch the probability that a section begins there, when about `number` borders are expected.

    `sections` has for each stretch the log-likelihoods of the sections that start there, of one stretch, of two, and so
    on; `gains` what a border at each stretch adds, in nats.
    """
    if number < 1 or len(sections) < 2:
        return [0.0] * len(sections)
    splits = _Splits(sections, gains)
    price, step, before = 0.0, 0.0, 0.0
    slope = -1.0
    for _ in range(_ROUNDS):
        found = splits.borders(price)
        over = math.log(max(sum(found), 1e-9) / number)
        if abs(over) < _CLOSE:
            break
        # A secant: the logarithm of the number falls nearly in proportion to the price of a border.
        if step:
            slope = min(-0.1, (over - before) / step)
        step, before = -over / slope, over
        price += step
    return found


class _Splits:
    """All splits of an episode, by the logarithms of their probabilities."""

    def __init__(self, sections: Sequence[Sequence[float]], gains: Sequence[float]) -> None:
        self._size = len(sections)
        self._begun = [array("d", [SURENESS * likelihood for likelihood in section]) for section in sections]
        self._ended = [array("d") for _ in range(self._size + 1)]
        for begin, section in enumerate(self._begun):
            for end, likelihood in enumerate(section, begin + 1):
                self._ended[end].append(likelihood)
        self._gains = [SURENESS * gain for gain in gains]

    def borders(self, price: float) -> list[float]:
        """The probability of a border at each stretch, when each border costs `price`."""
        size = self._size
        paid = [0.0, *(gain - price for gain in self._gains[1:]), 0.0]
        until, after = [0.0] * (size + 1), [0.0] * (size + 1)
        # What leads to a stretch, and what follows on it, both with the border itself.
        for end in range(1, size + 1):
            likelihoods = self._ended[end]
            until[end] = paid[end] + _log_sum(list(map(add, likelihoods, until[end - len(likelihoods) : end])))
        for begin in range(size - 1, -1, -1):
            likelihoods = self._begun[begin]
            after[begin] = paid[begin] + _log_sum(list(map(add, likelihoods, after[begin + 1 :][: len(likelihoods)])))
        if until[size] == -math.inf:
            return [0.0] * size
        return [0.0, *(math.exp(min(0.0, until[at] + after[at] - paid[at] - until[size])) for at in range(1, size))]


def _log_sum(values: Sequence[float]) -> float:
    """The logarithm of the sum of what these are the logarithms of."""
    most = max(values)
    if most == -math.inf:
        return most
    return most + math.log(sum([math.exp(value - most) for value in values]))


def most_often_right(
    seconds: Sequence[float], probable: Sequence[float], number: int, given: Sequence[int], shortest: float
) -> list[int]:
    """Returns the stretches at which to propose borders, in order, up to `number`: the `given` ones, and then one at a
    time that which adds most to what may be expected of all.

    `seconds` has the start of each stretch, and the end of the last; `probable` how likely a section begins there
    (`probabilities`). No section at the ends is under `shortest` seconds.
    """
    chosen = sorted(given)
    if number <= len(chosen):
        return chosen
    worth = _Worth(seconds, probable, number)
    least, last = seconds[0] + shortest, seconds[-1] - shortest
    kept = {at for at in range(1, len(probable)) if probable[at] > 0 and least <= seconds[at] <= last}

    def leave(border: int) -> None:
        kept.difference_update(worth.within(border, SPACING))

    for border in chosen:
        leave(border)
    now = {at: worth.of(at, chosen) for at in kept}
    heap = [(-value, at) for at, value in now.items()]
    heapify(heap)
    while heap and len(chosen) < number:
        value, border = heappop(heap)
        if border not in kept or -value != now[border]:  # too near to another, or weighed anew
            continue
        insort(chosen, border)
        leave(border)
        for at in worth.within(border, worth.apart):
            if at in kept:
                now[at] = worth.of(at, chosen)
                heappush(heap, (-now[at], at))
    return chosen


class _Worth:
    """What a proposed border adds to the share of borders found and of pairs of points told right. A pair is `apart`
    seconds, half of an average section."""

    def __init__(self, seconds: Sequence[float], probable: Sequence[float], number: int) -> None:
        self._starts = seconds[:-1]
        length = seconds[-1] - seconds[0]
        self.apart = length / (number + 1) / 2
        until = [0.0, *accumulate(probable)]

        def between(begin: float, end: float) -> float:
            """How many borders may be expected in (begin, end], at most one."""
            expected = until[bisect_right(self._starts, end)] - until[bisect_right(self._starts, begin)]
            return min(1.0, max(0.0, expected))

        self._near = [
            (between(start - NEAR, start + NEAR) + OWN * own) / number
            for start, own in zip(self._starts, probable, strict=True)
        ]
        # A pair is told right by a border in it as often as there is one, else as often as there is none. Both change
        # only where a pair begins or ends at the start of a stretch.
        turns = sorted({*self._starts, *(start - self.apart for start in self._starts)})
        lost = (
            (end - begin) * (1 - 2 * between((begin + end) / 2, (begin + end) / 2 + self.apart))
            if begin >= seconds[0]
            else 0.0
            for begin, end in pairwise(turns)
        )
        share = TELLING / max(1.0, length - self.apart)
        self._lost = dict(zip(turns, accumulate((share * more for more in lost), initial=0.0), strict=True))

    def within(self, border: int, seconds: float) -> range:
        """The stretches that start less than so many seconds before or after that of a border."""
        start = self._starts[border]
        return range(bisect_right(self._starts, start - seconds), bisect_left(self._starts, start + seconds))

    def of(self, border: int, chosen: Sequence[int]) -> float:
        """What a border adds to the ascending ones chosen: pairs that one of these parts already do not count."""
        place = bisect_left(chosen, border)
        start = self._starts[border]
        begin, end = start - self.apart, start
        if place:
            begin = max(begin, self._starts[chosen[place - 1]])
        if place < len(chosen):
            end = max(begin, min(end, self._starts[chosen[place]] - self.apart))
        return self._near[border] - (self._lost[end] - self._lost[begin])
