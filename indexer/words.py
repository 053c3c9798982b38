"""Words: jieba's cut of a timeline, each word at the position of its first atom.

jieba sees the running Chinese between two borders of the timeline, not single cues, so a word that a
cue border splits is still one word. Letters and numbers are words of their own. Single Chinese
characters are not listed: the stream finds them.
"""

from __future__ import annotations

import logging
import os
import re
import tempfile
import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from indexer.atoms import HAN, KANA
from indexer.sounds import NEW_WORD, SINGLE, WORD
from indexer.timeline import Timeline

LONGEST_STRETCH = 10_000
"""Atoms. jieba's time grows faster than the text it is given at once; no speaker goes on for so long."""

_PIECE = re.compile(rf"([{HAN}{KANA}]+)|[^{HAN}{KANA}]")


class Segmenter:
    """jieba with its dictionary, the user's words, and a private place for its cache.

    `lexicon` are folded words that jieba shall keep whole. `cache` is a folder of this user: jieba
    loads what it finds there without checking who wrote it. Loading takes about a second.
    """

    def __init__(self, lexicon: Sequence[str] = (), cache: Path | None = None) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import jieba
        jieba.setLogLevel(logging.WARNING)
        self._tokenizer = jieba.Tokenizer()
        if cache is not None:
            self._tokenizer.tmp_dir = str(_private(cache))
        self._tokenizer.initialize()
        for word in lexicon:
            self._tokenizer.add_word(word)

    def cut(self, run: str) -> Iterator[tuple[str, int]]:
        """(word, offset) for running Chinese, in jieba's cut; new words are found by its hidden Markov model."""
        offset = 0
        for word in self._tokenizer.cut(run, HMM=True):
            yield word, offset
            offset += len(word)

    def knows(self, word: str) -> bool:
        """True for a word of jieba's dictionary or the lexicon."""
        return bool(self._tokenizer.FREQ.get(word))

    def parts(self, word: str) -> Iterator[tuple[str, int]]:
        """(part, offset) for the dictionary words of two and three characters inside a longer word."""
        known = self._tokenizer.FREQ.get
        length = len(word)
        for size in (2, 3):
            if length > size:
                for at in range(length - size + 1):
                    if known(word[at : at + size]):
                        yield word[at : at + size], at


def _private(cache: Path) -> Path:
    """The cache folder, or a new one of our own where that cannot be made."""
    try:
        cache.mkdir(parents=True, exist_ok=True, mode=0o700)
        if os.access(cache, os.W_OK):
            return cache
    except OSError:
        pass
    return Path(tempfile.mkdtemp(prefix="podseek-"))


@dataclass(frozen=True, slots=True)
class Placed:
    """The words of a timeline: word -> its positions, ascending, and a mark for each atom (`indexer.sounds`)."""

    positions: Mapping[str, list[int]]
    marks: bytes


def place_words(timeline: Timeline, segmenter: Segmenter) -> Placed:
    """The words of a timeline, with the dictionary words inside longer ones."""
    placed: defaultdict[str, list[int]] = defaultdict(list)
    marks = bytearray(len(timeline.units))
    for start, end in _stretches(timeline):
        for piece in _PIECE.finditer(timeline.units, start, end):
            base = piece.start()
            if piece[1] is None:
                placed[timeline.stream.name(piece[0])].append(base)
                marks[base] = SINGLE
                continue
            for word, offset in segmenter.cut(piece[1]):
                position = base + offset
                if len(word) == 1:
                    marks[position] = SINGLE
                    continue
                marks[position] = WORD if segmenter.knows(word) else NEW_WORD
                placed[word].append(position)
                for part, at in segmenter.parts(word) if len(word) > 2 else ():
                    placed[part].append(position + at)
    for positions in placed.values():
        positions.sort()
    return Placed(placed, bytes(marks))


def _stretches(timeline: Timeline) -> Iterator[tuple[int, int]]:
    """The parts of the stream between two borders."""
    size = len(timeline.units)
    return pairwise(sorted({0, *timeline.borders, *range(0, size, LONGEST_STRETCH), size}))
