"""The segmenter: cuts running Chinese into words exactly as jieba does, several times faster.

jieba's cut is the most probable row of dictionary words; characters that are left alone are then joined by a
hidden Markov model. Between two neighbours that no word of the dictionary has side by side there is always a
border, so a text falls into segments, two characters long on average, that come again and again: each is
cut once and remembered. What is done for each character of a text is done by loops that run in C.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import chain, compress, count, pairwise
from operator import add, contains, not_
from pathlib import Path

from indexer.core.dictionary import HAN
from indexer.core.dictionary_file import open_dictionary
from indexer.core.memo import Memo
from indexer.segmentation.best_path import WordWeights, best_row
from indexer.segmentation.hmm import cut_new
from indexer.segmentation.word_frequency import suggested_frequency

_BLOCK = re.compile(f"[{HAN}]+|[^{HAN}]")

# Never in running Chinese: around words, and instead of what is not sure yet.
_WORD, _UNSURE = "\0", "\1"

_LONGEST_SURE = 100
"""Characters. In longer segments rounding adds up, and they do not come again."""

_MOST_CHARACTERS, _MOST_SEGMENTS, _MOST_WEIGHED, _MOST_NEW, _MOST_WORDS = 10_000, 40_000, 10_000, 20_000, 10_000
_MOST_KNOWN = 40_000
"""How many of each are remembered; 40,000 segments and those before take up to 15 MB."""


class Segmenter:
    """jieba's dictionary and the user's words.

    `lexicon` are words that shall be kept whole. `cache` is a folder of this user for the prepared dictionary;
    without it, or when it cannot be written, preparing takes about a second each time.
    """

    def __init__(self, lexicon: Iterable[str] = (), cache: Path | None = None) -> None:
        self._dictionary = open_dictionary(cache)
        for word in filter(None, lexicon):
            self._dictionary.add(word, suggested_frequency(word, self._dictionary))
        self._entries = self._dictionary.entries
        self._weights = WordWeights(self._dictionary.total)
        self._followers = Memo(lambda character: self._entries[character].followers, _MOST_CHARACTERS)
        self._segments = Memo(self._marked, _MOST_SEGMENTS)
        self._summands = Memo(self._weigh, _MOST_WEIGHED)
        self._new = Memo(self._joined, _MOST_NEW)
        self._parts = Memo(self._inside, _MOST_WORDS)
        self._known = Memo(lambda word: self._dictionary.frequency(word) > 0, _MOST_KNOWN)

    def cut(self, run: str) -> list[str]:
        """The words of running Chinese, in jieba's cut; new words are found by its hidden Markov model.

        Kana and other characters that jieba's dictionary does not join stand alone. Latin letters, figures and
        control characters, which jieba treats otherwise, must not be in the run.
        """
        words: list[str] = []
        for block in _BLOCK.findall(run):
            words += self._cut(block) if len(block) > 1 else block
        return words

    def knows(self, word: str) -> bool:
        """True for a word of jieba's dictionary or the lexicon."""
        return self._known[word]

    def parts(self, word: str) -> Sequence[tuple[str, int]]:
        """(part, offset) for the dictionary words of two and three characters inside a longer word."""
        return self._parts[word]

    def _cut(self, block: str) -> Iterable[str]:
        segments = self._split(block)
        marked = list(map(self._segments.__getitem__, segments))
        if _UNSURE in marked:
            self._settle(segments, marked)
        # Words are at the odd places now, what is between two words at the even ones.
        pieces = "".join(marked).split(_WORD)
        pieces[::2] = map(self._new.__getitem__, pieces[::2])
        return filter(None, _WORD.join(pieces).split(_WORD))

    def _split(self, block: str) -> list[str]:
        """The segments of a block: parted where no word has both neighbours side by side."""
        followers = map(self._followers.__getitem__, block)
        apart = map(not_, map(contains, followers, block[1:]))
        ends = list(compress(count(1), apart))
        return [block[start:end] for start, end in pairwise((0, *ends, len(block)))]

    def _marked(self, segment: str) -> str:
        """The cut of a segment, with marks around words of two and more characters."""
        if len(segment) == 1:
            return segment
        row = best_row(segment, self._entries, self._weights)
        return _UNSURE if row.near or len(segment) > _LONGEST_SURE else _mark(row.words)

    def _settle(self, segments: Sequence[str], marked: list[str]) -> None:
        """Cuts what was not sure, with the score of all that comes after it."""
        after, end = 0.0, len(segments)
        for at in reversed([place for place, cut in enumerate(marked) if cut is _UNSURE]):
            between = chain.from_iterable(map(self._summands.__getitem__, reversed(segments[at + 1 : end])))
            row = best_row(segments[at], self._entries, self._weights, reduce(add, between, after))
            marked[at], after, end = _mark(row.words), row.score, at

    def _weigh(self, segment: str) -> Sequence[float]:
        """The weights of a segment's words, the last one first."""
        words: list[str] = []
        for place, piece in enumerate(self._segments[segment].split(_WORD)):
            words += [piece] if place % 2 else piece
        return [self._weights[self._dictionary.frequency(word)] for word in reversed(words)]

    def _joined(self, run: str) -> str:
        """The words of a run of single characters, with marks between them."""
        if len(run) < 2:
            return run
        if self.knows(run):
            return _WORD.join(run)
        emissions = [self._entries[character].emissions for character in run]
        return _WORD.join(cut_new(run, emissions, self._dictionary.model))

    def _inside(self, word: str) -> Sequence[tuple[str, int]]:
        return [
            (part, at)
            for size in (2, 3)
            if size < len(word)
            for at in range(len(word) - size + 1)
            if self.knows(part := word[at : at + size])
        ]


def _mark(words: Iterable[str]) -> str:
    return "".join(_WORD + word + _WORD if len(word) > 1 else word for word in words)
