"""The words of a timeline, each at the position of its first atom.

The segmenter sees the running Chinese between two borders of the timeline, not single cues, so a word split by a cue
boundary is still one word. Letter runs and numbers are words. Single Chinese characters are not listed, because the
token stream finds them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, compress, pairwise

from indexer.core.positions.timeline import Timeline
from indexer.core.positions.token_stream import is_basic
from indexer.core.positions.tokens import HAN, KANA
from indexer.segmentation.segmenter import Segmenter
from indexer.store.fields.word_boundaries import NEW_WORD, WORD

LONGEST_STRETCH = 10_000
"""In atoms. No speaker goes on that long without a pause, and segmentation needs a bound."""

_PIECE = re.compile(rf"[{HAN}{KANA}]+|[^{HAN}{KANA}]")


@dataclass(frozen=True, slots=True)
class PlacedWords:
    """The words of a timeline.

    `tokens` are all tokens of the segmentation in order, including single characters and coded names; `parts` maps each
    distinct token to the words it contains, as (word, offset). `counts` maps each word to its frequency; `marks` has
    one mark per atom (`indexer.store.fields.word_boundaries`).
    """

    tokens: Sequence[str]
    parts: Mapping[str, Sequence[tuple[str, int]]]
    counts: Mapping[str, int]
    marks: bytes

    def positions(self) -> dict[str, list[int]]:
        """Maps each word to its ascending positions."""
        begins: defaultdict[str, list[int]] = defaultdict(list)
        starts = accumulate(map(len, self.tokens), initial=0)
        have_words = map(self.parts.__getitem__, self.tokens)
        for start, token in compress(zip(starts, self.tokens, strict=False), have_words):
            begins[token].append(start)
        found: dict[str, list[int]] = {}
        for token, at in begins.items():
            for word, offset in self.parts[token]:
                places = [start + offset for start in at] if offset else at
                found[word] = sorted(found[word] + places) if word in found else places
        return found


def place_words(timeline: Timeline, segmenter: Segmenter) -> PlacedWords:
    """Segments a timeline; also lists the dictionary words inside longer words."""
    tokens: list[str] = []
    for start, end in _stretches(timeline):
        for piece in _PIECE.findall(timeline.units, start, end):
            tokens += segmenter.cut(piece) if len(piece) > 1 else piece
    counts: dict[str, int] = {}
    parts: dict[str, Sequence[tuple[str, int]]] = {}
    marks: dict[str, bytes] = {}
    for token, count in Counter(tokens).items():
        parts[token] = words = _words_of(token, timeline, segmenter)
        if len(token) > 1:
            marks[token] = (_WORD if segmenter.knows(token) else _NEW_WORD) + bytes(len(token) - 1)  # INSIDE is zero
        else:
            marks[token] = _WORD
        for word, _ in words:
            counts[word] = counts.get(word, 0) + count
    return PlacedWords(tokens, parts, counts, b"".join(map(marks.__getitem__, tokens)))


_WORD, _NEW_WORD = bytes((WORD,)), bytes((NEW_WORD,))


def _words_of(token: str, timeline: Timeline, segmenter: Segmenter) -> Sequence[tuple[str, int]]:
    """The words in a token, with offsets: the token itself, and dictionary words inside it."""
    if len(token) > 1:
        return [(token, 0), *segmenter.parts(token)] if len(token) > 2 else [(token, 0)]
    return [] if is_basic(token) else [(timeline.stream.name(token), 0)]


def _stretches(timeline: Timeline) -> Iterator[tuple[int, int]]:
    """The ranges of the stream between borders."""
    size = len(timeline.units)
    return pairwise(sorted({0, *timeline.borders, *range(0, size, LONGEST_STRETCH), size}))
