"""How the words before a cue differ from those after it: the cosine of their weights, with two windows that slide over
the episode (TextTiling without its blocks: Hearst, 1997), and whether what is just said is what follows is about."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from operator import itemgetter
from statistics import fmean, pstdev

SCALES = {"apart, 60 s": 60.0, "apart, 150 s": 150.0}
"""Features and the seconds of their windows."""
NOW, LATER = 20.0, 240.0
"""Seconds around a cue whose words are looked for, and those within which they come back."""
_MOST_WORDS = 300
"""Words said just before or after a cue that are looked for: more than anybody says in so many seconds. Where times are
wrong, all cues of an episode may be within them."""
_FEW = 5.0
"""Added to the rarity of the words just said, so that two of them do not decide."""
_MOST = 3.0
"""Standard deviations from which more is no stronger evidence."""


def distances(
    said: Sequence[Iterable[int]], starts: Sequence[float], rarity: Mapping[int, float]
) -> dict[str, Sequence[float]]:
    """Returns features of the words around each cue, in standard deviations above their mean over the episode: those of
    SCALES, how far they are apart; "brings up", how much more often the words said just after the cue are said later
    than earlier, and "drops", how much more often those just before it are said earlier than later.

    `said` are the words of each cue, `starts` its start in seconds, `rarity` the weight of each word.
    """
    once = [frozenset(words) for words in said]
    found = {name: [-like for like in _alike(once, starts, rarity, seconds)] for name, seconds in SCALES.items()}
    found["brings up"], found["drops"] = _carried(once, starts, rarity)
    return {name: _standard(values) for name, values in found.items()}


def _standard(values: Sequence[float]) -> list[float]:
    if not values:
        return []
    mean, deviation = fmean(values), pstdev(values) or 1.0
    return [max(-_MOST, min(_MOST, (value - mean) / deviation)) for value in values]


def _carried(
    said: Sequence[frozenset[int]], starts: Sequence[float], rarity: Mapping[int, float]
) -> tuple[list[float], list[float]]:
    """For the words of the seconds after each cue, how much oftener they come back than they came before; for those of
    the seconds before it, the opposite."""
    spoken: defaultdict[int, list[float]] = defaultdict(list)
    for start, words in sorted(zip(starts, said, strict=True), key=itemgetter(0)):
        for word in words:
            spoken[word].append(start)

    def times(word: int, begin: float, end: float) -> float:
        heard = spoken[word]
        return rarity[word] * math.log1p(max(0, bisect_left(heard, end) - bisect_left(heard, begin)))

    until = [0, *accumulate(map(len, said))]
    ahead, behind = [], []
    for cue, start in enumerate(starts):
        last = max(cue + 1, bisect_right(until, until[cue] + _MOST_WORDS) - 1)
        first = min(cue - 1, bisect_left(until, until[cue] - _MOST_WORDS))
        after = frozenset().union(*said[cue : min(last, max(cue, bisect_left(starts, start + NOW)))])
        before = frozenset().union(*said[max(0, first, min(cue, bisect_left(starts, start - NOW))) : cue])
        comes = sum(times(word, start + NOW, start + LATER) - times(word, start - LATER, start) for word in after)
        goes = sum(times(word, start - LATER, start - NOW) - times(word, start + NOW, start + LATER) for word in before)
        ahead.append(comes / (sum(map(rarity.__getitem__, after)) + _FEW))
        behind.append(goes / (sum(map(rarity.__getitem__, before)) + _FEW))
    return ahead, behind


def _alike(
    said: Sequence[frozenset[int]], starts: Sequence[float], rarity: Mapping[int, float], seconds: float
) -> list[float]:
    """The cosine of the words in the seconds before and after the start of each cue; a word weighs the logarithm of 1
    and its rarity for each cue that has it."""
    before, after = _Window(rarity), _Window(rarity)
    product = 0.0
    found = []
    first = end = 0
    for cue, start in enumerate(starts):
        # The cue before this one leaves the window after it and enters that before it; both windows move on.
        if cue:
            for word in said[cue - 1]:
                product += after.change(word, -1, before) + before.change(word, 1, after)
        for other in range(end, max(cue + 1, bisect_left(starts, start + seconds))):
            product += sum(after.change(word, 1, before) for word in said[other])
            end = other + 1
        for other in range(first, max(first, min(cue, bisect_left(starts, start - seconds)))):
            product += sum(before.change(word, -1, after) for word in said[other])
            first = other + 1
        lengths = math.sqrt(max(0.0, before.square * after.square))
        found.append(product / lengths if lengths > 1e-9 else 0.0)
    return found


class _Window:
    """The words of a window, with their weights and the square of its length."""

    def __init__(self, rarity: Mapping[int, float]) -> None:
        self._rarity = rarity
        self._counts: defaultdict[int, int] = defaultdict(int)
        self.weights: defaultdict[int, float] = defaultdict(float)
        self.square = 0.0

    def change(self, word: int, by: int, other: _Window) -> float:
        """Adds or removes a word; returns the change of the product with another window."""
        self._counts[word] += by
        old, new = self.weights[word], math.log1p(self._rarity[word] * self._counts[word])
        self.weights[word] = new
        self.square += new * new - old * old
        return (new - old) * other.weights[word]
