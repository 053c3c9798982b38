"""Titles of proposed chapters: the short phrase of the text that has most of the chapter's typical words."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from indexer.core.tokens import split_atoms

SHORTEST, LONGEST = 4, 18
"""Characters of a phrase; a Latin word or a number counts as two."""
_LONGEST_CLAUSE = 200
"""Characters; longer ones have no pauses, and are not looked at."""
_FIRST = 0.15
"""A phrase at the beginning of a chapter is preferred by this share over one at its end."""
_EMPTY = 0.06
"""The share of its score that a phrase loses for each character that belongs to no typical word."""

_BREAKS = re.compile(r"[，。！？；：、…,.!?;:\n\r]+(?=\s|$|[^\x00-\x7f])|[，。！？；：、…\n\r]+|\s+-+\s+|\s{2,}")
_ADDRESS = re.compile(r"https?:|www\.|\]\(")
_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
"""Recognisers write a space where a Chinese speaker pauses."""
_LEADING = re.compile(
    r"^(?:(?:那[么麼]?|然[后後]|所以|就是[说說]?|但是?|而且|因[为為]|其[实實]|[对對]+|嗯|呃|啊|哦|好的?|[这這那][个個]|的[话話]"
    r"|(?:我|咱|你|您|他|她|它|大家)[们們]?(?:[说說讲講]|[觉覺]得|[认認][为為])?|[这這那]是的?|[是叫]|[个個](?![人性体體股别別])|[条條](?![件款例]))(?=.{4})"
    r"|(?:so|and|but|or|okay|ok|yeah|yes|well|right|now|then|um|uh|i mean|you know|like|because|that|the|a)\b\s*"
    r"(?=\S+\s+\S))+",
    re.IGNORECASE,
)
"""Words with which speakers begin, who is spoken of, and a measure word whose number is in the cue before."""
_TRAILING = re.compile(
    r"(?<=.{4})(?:的话|呢|吧|啊|嘛|呀|了|的|吗|嗎|[话話]|就是|然[后後]|所以|但是|因[为為]|[这這那][个個])+$"
)

Fold = Callable[[str], str]


def best_phrase(texts: Iterable[str], weights: Mapping[str, float], fold: Fold) -> str:
    """Returns the phrase of some cue texts with the heaviest typical words, as it is written there; empty if none has
    any. `weights` are the folded typical words and how typical each is, `fold` folds a text."""
    phrases = [phrase for text in texts for phrase in phrases_of(text)]
    if not phrases:
        return ""
    scored = (
        (_score(split_atoms(fold(phrase)), weights) * (1 - _FIRST * at / len(phrases)), -at)
        for at, phrase in enumerate(phrases)
    )
    score, place = max(scored)
    return phrases[-place] if score > 0 else ""


def phrases_of(text: str) -> Iterator[str]:
    """The short phrases of a cue, without the words with which speakers begin and end.

    >>> list(phrases_of("那么我们今天来讲锂电池的正极材料吧，嗯对，他说这个电池冬天会掉电"))
    ['今天来讲锂电池的正极材料', '电池冬天会掉电']
    """
    for clause in _BREAKS.split(text):
        for part in _BETWEEN_HAN.split(clause):
            if len(part) > _LONGEST_CLAUSE or _ADDRESS.search(part):
                continue
            phrase = _TRAILING.sub("", _LEADING.sub("", part.strip(" \t\"'“”‘’()（）《》「」-♪")))
            if SHORTEST <= _width(phrase) <= LONGEST:
                yield phrase.strip()


def _width(text: str) -> int:
    return sum(1 if len(atom) == 1 else 2 for atom in split_atoms(text))


def _score(atoms: list[str], weights: Mapping[str, float]) -> float:
    """The weights of the typical words in a phrase, each once, less for what else is in it."""
    total, covered, at = 0.0, 0, 0
    seen: set[str] = set()
    while at < len(atoms):
        word, size = _word_at(atoms, at, weights)
        if word and word not in seen:
            seen.add(word)
            total += math.log1p(weights[word])
        covered += size if word else 0
        at += size
    return total * max(0.1, 1 - _EMPTY * (len(atoms) - covered))


def _word_at(atoms: list[str], at: int, weights: Mapping[str, float]) -> tuple[str, int]:
    """The longest typical word that begins at an atom, and its length in atoms; an empty one, and 1."""
    for size in range(min(8, len(atoms) - at), 0, -1):
        word = "".join(atoms[at : at + size])
        if word in weights:
            return word, size
    return "", 1
