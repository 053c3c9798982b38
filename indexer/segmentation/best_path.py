"""The most probable row of dictionary words in a text: the sum of their log frequencies is the largest.

Worked out from the end backwards. The sums are jieba's own, in its order, and of equal rows the one whose
first word is longer wins, so the row is the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log

from indexer.core.dictionary import Entry
from indexer.core.named_tuples import NamedTuple

_NEAR = 1e-6
"""Two rows with sums closer than this may be equal in jieba or not, as rounding has it, and rounding depends on
all that comes after. In a run of a million characters it adds up to less."""
_NONE = float("-inf")


class Row(NamedTuple):
    """`words`, the sum of their log frequencies and all that comes after, and whether another row is as good."""

    words: list[str]
    score: float
    near: bool


class WordWeights(dict[int, float]):
    """frequency -> its logarithm as a share of the `total`; unknown words count as if they had occurred once."""

    def __init__(self, total: int) -> None:
        super().__init__()
        self._log_total = log(total)

    def __missing__(self, frequency: int) -> float:
        weight = self[frequency] = log(frequency or 1) - self._log_total
        return weight


def best_row(text: str, entries: Mapping[str, Entry], weights: WordWeights, after: float = 0.0) -> Row:
    """The most probable row of words; `after` is the score of what follows the text."""
    size = len(text)
    scores, ends, near = [after] * (size + 1), [0] * size, False
    for at in range(size - 1, -1, -1):
        entry = entries[text[at]]
        # A character that begins words but is none is left alone only where none of them fits.
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
    return Row(_words(text, ends), scores[0], near)


def _words(text: str, ends: Sequence[int]) -> list[str]:
    words, at = [], 0
    while at < len(text):
        words.append(text[at : ends[at]])
        at = ends[at]
    return words
