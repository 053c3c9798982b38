"""TextTiling, for comparison with podseek: borders are the deepest valleys of lexical cohesion between blocks of words.

Hearst, TextTiling: segmenting text into multi-paragraph subtopic passages, 1997: pseudo-sentences of so many words,
blocks of so many sentences, the cosine of the counts before and after each gap, averaged over so many gaps on both
sides, and its depth between the peaks around it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from search.exploration.counting.words import Words

APART_SECONDS = 90.0


@dataclass(frozen=True, slots=True)
class TextTiling:
    """The method with its sizes; `content` leaves out function words and figures, as podseek does."""

    sentence: int = 20
    block: int = 10
    around: int = 1
    content: bool = False

    def __call__(self, words: Words, episode: int, most: int) -> list[float]:
        """The seconds of the `most` deepest gaps that are far enough apart."""
        skipped = words.empty if self.content else frozenset()
        said = [pair for pair in zip(words[episode], words.starts(episode), strict=True) if pair[0] not in skipped]
        places = [place for _, place in said[:: self.sentence]]
        depths = _depths(self._alike([number for number, _ in said]))
        kept: list[float] = []
        for gap in sorted(range(1, len(places)), key=lambda gap: -depths[gap]):
            second = words.snapshot.times(episode).at(places[gap]) / 1000
            if len(kept) < most and all(abs(second - other) >= APART_SECONDS for other in kept):
                kept.append(second)
        return sorted(kept)

    def _alike(self, said: Sequence[int]) -> list[float]:
        """How alike the blocks before and after each gap are."""
        bags = [Counter(said[at : at + self.sentence]) for at in range(0, len(said), self.sentence)]
        gaps = range(len(bags))
        alike = [_cosine(_sum(bags[max(0, n - self.block) : n]), _sum(bags[n : n + self.block])) for n in gaps]
        near = [alike[max(0, n - self.around) : n + self.around + 1] for n in gaps]
        return [sum(values) / len(values) for values in near]


def _sum(bags: Iterable[Counter[int]]) -> Counter[int]:
    total = Counter[int]()
    for bag in bags:
        total.update(bag)
    return total


def _cosine(one: Mapping[int, int], other: Mapping[int, int]) -> float:
    """The cosine of two vectors of counts, 0 where one is empty."""
    if len(other) < len(one):
        one, other = other, one
    product = sum(count * other.get(number, 0) for number, count in one.items())
    lengths = math.sqrt(_square(one) * _square(other))
    return product / lengths if lengths else 0.0


def _square(counts: Mapping[int, int]) -> int:
    return sum(count * count for count in counts.values())


def _depths(alike: Sequence[float]) -> list[float]:
    """How deep each place lies between the peaks on both sides: (left peak - here) + (right peak - here); Hearst
    (1997)."""
    left = _climbed(alike)
    right = _climbed(alike[::-1])[::-1]
    return [one + other - 2 * here for one, other, here in zip(left, right, alike, strict=True)]


def _climbed(alike: Sequence[float]) -> list[float]:
    """The height that is reached from each place by climbing to the left until it goes down again."""
    peaks: list[float] = []
    for place, here in enumerate(alike):
        climbing = place > 0 and alike[place - 1] >= here
        peaks.append(peaks[-1] if climbing else here)
    return peaks
