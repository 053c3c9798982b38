"""The segmenter: the same word segmentation as jieba, several times faster.

jieba takes the most probable sequence of dictionary words, then joins leftover characters with a hidden Markov model.
Two neighbours that are adjacent in no dictionary word always have a boundary between them, so a text divides into
segments, two characters long on average, that recur: each is segmented once and cached. The work per character is done
by loops in C.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import chain, compress, count, pairwise
from operator import add, contains, not_
from pathlib import Path

from indexer.core.memory.caches import Memo
from indexer.core.words.dictionary import HAN
from indexer.core.words.dictionary_file import open_dictionary
from indexer.segmentation.best_path import WordWeights, best_segmentation
from indexer.segmentation.hmm import cut_new
from indexer.segmentation.word_frequency import suggested_frequency

_BLOCK = re.compile(f"[{HAN}]+|[^{HAN}]")

# These never occur in running Chinese: a word delimiter, and a placeholder for an undecided segment.
_WORD, _UNSURE = "\0", "\1"

_LONGEST_SURE = 100
"""In characters. In longer segments rounding errors add up, and they do not recur."""

_MOST_CHARACTERS, _MOST_SEGMENTS, _MOST_WEIGHED, _MOST_NEW, _MOST_WORDS = 10_000, 40_000, 10_000, 20_000, 10_000
_MOST_KNOWN = 40_000
"""Cache sizes; 40,000 segments, in two generations, take up to 15 MB."""


class Segmenter:
    """Segments text with jieba's dictionary and the user's words.

    `lexicon` are words never to be split. `cache` is a folder of this user for the packed dictionary; if it is None or
    not writable, packing takes about a second each time.
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
        """The words of running Chinese as jieba segments it, including its hidden Markov model for new words.

        Kana and other characters outside jieba's dictionary stand alone. The run must not contain Latin letters, digits
        or control characters, which jieba treats differently.
        """
        words: list[str] = []
        for block in _BLOCK.findall(run):
            words += self._cut(block) if len(block) > 1 else block
        return words

    def knows(self, word: str) -> bool:
        """True for a word of jieba's dictionary or the lexicon."""
        return self._known[word]

    def parts(self, word: str) -> Sequence[tuple[str, int]]:
        """(part, offset) of each two- or three-character dictionary word inside a longer word."""
        return self._parts[word]

    def _cut(self, block: str) -> Iterable[str]:
        segments = self._split(block)
        marked = list(map(self._segments.__getitem__, segments))
        if _UNSURE in marked:
            self._settle(segments, marked)
        # Now words are at odd indices, and the text between them at even ones.
        pieces = "".join(marked).split(_WORD)
        pieces[::2] = map(self._new.__getitem__, pieces[::2])
        return filter(None, _WORD.join(pieces).split(_WORD))

    def _split(self, block: str) -> list[str]:
        """Splits a block between neighbours that are adjacent in no dictionary word."""
        followers = map(self._followers.__getitem__, block)
        apart = map(not_, map(contains, followers, block[1:]))
        ends = list(compress(count(1), apart))
        return [block[start:end] for start, end in pairwise((0, *ends, len(block)))]

    def _marked(self, segment: str) -> str:
        """The segmentation of a segment, with delimiters around words of at least two characters."""
        if len(segment) == 1:
            return segment
        row = best_segmentation(segment, self._entries, self._weights)
        return _UNSURE if row.near or len(segment) > _LONGEST_SURE else _mark(row.words)

    def _settle(self, segments: Sequence[str], marked: list[str]) -> None:
        """Segments the undecided segments, given the score of all that follows."""
        after, end = 0.0, len(segments)
        for at in reversed([place for place, cut in enumerate(marked) if cut is _UNSURE]):
            between = chain.from_iterable(map(self._summands.__getitem__, reversed(segments[at + 1 : end])))
            row = best_segmentation(segments[at], self._entries, self._weights, reduce(add, between, after))
            marked[at], after, end = _mark(row.words), row.score, at

    def _weigh(self, segment: str) -> Sequence[float]:
        """The log probabilities of a segment's words, last one first."""
        words: list[str] = []
        for place, piece in enumerate(self._segments[segment].split(_WORD)):
            words += [piece] if place % 2 else piece
        return [self._weights[self._dictionary.frequency(word)] for word in reversed(words)]

    def _joined(self, run: str) -> str:
        """The words of a run of single characters, separated by delimiters."""
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
