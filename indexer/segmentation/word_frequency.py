"""jieba's rule for the frequency at which a new word is kept whole: above that of its parts in sequence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from indexer.core.words.dictionary import Dictionary
from indexer.segmentation.best_path import WordWeights, best_segmentation

# What jieba looks up together; any other character stands alone.
_BLOCK = re.compile(r"([\u4e00-\u9fd5a-zA-Z0-9+#&._%\-]+)|\r\n|.", re.DOTALL)


def suggested_frequency(word: str, dictionary: Dictionary) -> int:
    """The frequency with which to add a word to a dictionary, given the words added so far."""
    share = 1.0
    for part in _plain_cut(word, dictionary):
        # For jieba a prefix of words is known, with frequency 0; an unknown string counts as once.
        frequency = dictionary.frequency(part) or int(not _begins_a_word(part, dictionary))
        share *= frequency / dictionary.total
    return max(int(share * dictionary.total) + 1, dictionary.frequency(word))


def _plain_cut(text: str, dictionary: Dictionary) -> Iterator[str]:
    """Yields dictionary words, single characters, and runs of Latin letters and digits."""
    weights = WordWeights(dictionary.total)
    for block in _BLOCK.finditer(text):
        if block[1] is None:
            yield block[0]
            continue
        row = best_segmentation(block[0], dictionary.entries, weights)
        for is_name, words in groupby(row.words, _is_letter):
            if is_name:
                yield "".join(words)
            else:
                yield from words


def _is_letter(word: str) -> bool:
    return len(word) == 1 and word.isascii() and word.isalnum()


def _begins_a_word(text: str, dictionary: Dictionary) -> bool:
    """True for a prefix of a longer word."""
    return any(word.startswith(text) for word in dictionary.entries[text[0]].words)
