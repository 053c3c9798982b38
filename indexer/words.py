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
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from indexer.atoms import HAN, KANA
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
        """(word, offset) for running Chinese: jieba's words of two characters or more, new ones found by
        its hidden Markov model included, and the dictionary words of two and three characters in them.
        """
        known = self._tokenizer.FREQ.get
        offset = 0
        for word in self._tokenizer.cut(run, HMM=True):
            length = len(word)
            if length > 2:
                for size in (2, 3):
                    if length > size:
                        for at in range(length - size + 1):
                            if known(word[at : at + size]):
                                yield word[at : at + size], offset + at
            if length > 1:
                yield word, offset
            offset += length


def _private(cache: Path) -> Path:
    """The cache folder, or a new one of our own where that cannot be made."""
    try:
        cache.mkdir(parents=True, exist_ok=True, mode=0o700)
        if os.access(cache, os.W_OK):
            return cache
    except OSError:
        pass
    return Path(tempfile.mkdtemp(prefix="podseek-"))


def place_words(timeline: Timeline, segmenter: Segmenter) -> dict[str, list[int]]:
    """word -> its positions on the timeline, ascending."""
    placed: defaultdict[str, list[int]] = defaultdict(list)
    for start, end in _stretches(timeline):
        for piece in _PIECE.finditer(timeline.units, start, end):
            if piece[1] is None:
                placed[timeline.stream.name(piece[0])].append(piece.start())
                continue
            base = piece.start()
            for word, offset in segmenter.cut(piece[1]):
                placed[word].append(base + offset)
    for positions in placed.values():
        positions.sort()
    return placed


def _stretches(timeline: Timeline) -> Iterator[tuple[int, int]]:
    """The parts of the stream between two borders."""
    size = len(timeline.units)
    return pairwise(sorted({0, *timeline.borders, *range(0, size, LONGEST_STRETCH), size}))
