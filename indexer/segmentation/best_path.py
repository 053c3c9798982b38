"""The most probable segmentation of a text into dictionary words: the one with the largest sum of log frequencies.

Computed from the end backwards. The sums are evaluated in jieba's order and ties prefer the longer first word, so that
the result equals jieba's to the last bit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log

from indexer.core.named_tuples import NamedTuple
from indexer.core.words.dictionary import Entry

_NEAR = 1e-6
"""Below this difference, two sums may or may not be equal in jieba: its rounding errors depend on all the text that
follows. In a run of a million characters they add up to less."""
_NONE = float("-inf")


class Segmentation(NamedTuple):
    """A segmentation: `words`, the score including what follows, and whether another segmentation may be tied."""

    words: list[str]
    score: float
    near: bool


class WordWeights(dict[int, float]):
    """Maps frequency -> log probability, relative to `total`; unknown words count as having occurred once."""

    def __init__(self, total: int) -> None:
        super().__init__()
        self._log_total = log(total)

    def __missing__(self, frequency: int) -> float:
        weight = self[frequency] = log(frequency or 1) - self._log_total
        return weight


def best_segmentation(
    text: str, entries: Mapping[str, Entry], weights: WordWeights, after: float = 0.0
) -> Segmentation:
    """The most probable segmentation; `after` is the score of the text that follows."""
    size = len(text)
    scores, ends, near = [after] * (size + 1), [0] * size, False
    for at in range(size - 1, -1, -1):
        entry = entries[text[at]]
        # A character that only begins words stands alone only if none of them matches.
        best, end = weights[entry.alone] + scores[at + 1] if entry.alone else _NONE, at + 1
        ahead = text[at : at + entry.longest]
        if ahead[1:2] in entry.seconds:
            words = entry.words
            for length in range(2, len(ahead) + 1):
                word = ahead[:length]
                if word in words:
                    score = weights[words[word]] + scores[at + length]
                    near = near or -_NEAR < score - best < _NEAR
                    if score >= best:
                        best, end = score, at + length
        scores[at] = best if best != _NONE else weights[0] + scores[end]
        ends[at] = end
    return Segmentation(_words(text, ends), scores[0], near)


def _words(text: str, ends: Sequence[int]) -> list[str]:
    words, at = [], 0
    while at < len(text):
        words.append(text[at : ends[at]])
        at = ends[at]
    return words
