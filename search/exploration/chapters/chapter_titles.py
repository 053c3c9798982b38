"""Titles of proposed chapters: the short phrase of the text that has most of the chapter's typical words."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from indexer.core.positions.tokens import find_atoms, split_atoms

SHORTEST, LONGEST = 4, 18
"""Characters of a phrase; a Latin word or a number counts as two."""
_LONGEST_CLAUSE = 200
"""Characters; longer ones have no pauses, and are not looked at."""
_FIRST = 0.4
"""A phrase at the beginning of a chapter is preferred by this share over one at its end."""
_EMPTY = 0.06
"""The share of its score that a phrase loses for each character that belongs to no typical word."""

_BREAKS = re.compile(r"[，。！？；：、…,.!?;:\n\r]+(?=\s|$|[^\x00-\x7f])|[，。！？；：、…\n\r]+|\s+-+\s+|\s{2,}")
_ADDRESS = re.compile(r"https?:|www\.|\]\(")
_AROUND = " \t\"'“”‘’()（）《》「」-♪"
_BRACKETS = (("(", ")"), ("（", "）"), ("《", "》"), ("「", "」"), ("“", "”"))
_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
"""Recognisers write a space where a Chinese speaker pauses."""
_LEADING = re.compile(
    r"那[么麼]?|可能|然[后後]|所以|就是[说說]?|但是?|而且|因[为為]|其[实實]|[对對]+|嗯|呃|啊|哦|好的?|[这這那][个個]|的[话話]"
    r"|(?:我|咱|你|您|他|她|它|大家)[们們]?(?:[说說讲講]|[觉覺]得|[认認][为為])?|[这這那]是的?|也?是|[叫的了也个個条條]"
)
"""Words with which speakers begin, who is spoken of, and a particle or measure word of what is in the cue before."""
_LEADING_ENGLISH = re.compile(
    r"(?:so|and|but|or|okay|ok|yeah|yes|well|right|now|then|um|uh|i (?:mean|think|guess)|you know|like|because|that|the"
    r"|a)\b\s*(?![-’'])(?=\S+\s+\S)",
    re.IGNORECASE,
)
_TRAILING = re.compile(r"的[话話]|[呢吧啊哦嘛呀了的话話]|[吗嗎]|就是|然[后後]|所以|但是|因[为為]|[这這那][个個]")
_MOST_CUT = 6
"""Characters that are cut from either end at once: no fewer than the longest of these words has."""
_LEAST_LEFT = 4
"""Characters that are left."""

_STAMMERED = re.compile(r"(\S{1,3})\1\1|([^\W\d_]{2,6})\s*\2|[两二三四五六七八九十百千万零\d]{6}")
"""Text that repeats itself, or a number that is read out, is not a title."""

Fold = Callable[[str], str]


def best_phrase(texts: Iterable[tuple[str, str]], weights: Mapping[str, float], fold: Fold) -> str:
    """Returns the phrase of some cue texts with the heaviest typical words, as it is written there; empty if none has
    any. With each text come the marks of its atoms: "1" where a word begins. `weights` are the folded typical words and
    how typical each is, `fold` folds a text."""
    phrases = [phrase for text, begins in texts for phrase in phrases_of(text, begins)]
    if not phrases:
        return ""
    scored = (
        (_score(split_atoms(fold(phrase)), weights) * (1 - _FIRST * at / len(phrases)), -at)
        for at, phrase in enumerate(phrases)
    )
    score, place = max(scored)
    return phrases[-place] if score > 0 else ""


def phrases_of(text: str, begins: str) -> Iterator[str]:
    """The short phrases of a cue, without the words with which speakers begin and end; only whole words are cut.
    `begins` has "1" for each atom of the text with which a word begins.

    >>> list(phrases_of("那么我们今天来讲锂电池吧，嗯对，大家庭的生活", "10101011100111100110"))
    ['今天来讲锂电池', '大家庭的生活']
    """
    inside = _inside_words(text, begins)
    for first, end in _parts(text):
        if end - first > _LONGEST_CLAUSE or _ADDRESS.search(text, first, end):
            continue
        first, end = _without_edges(text, first, end)
        first = _after_leading(text, first, end, inside)
        phrase = text[first : _before_trailing(text, first, end, inside)]
        if SHORTEST <= _width(phrase) <= LONGEST and not _STAMMERED.search(phrase) and _is_balanced(phrase):
            yield phrase.strip()


def _inside_words(text: str, begins: str) -> Collection[int]:
    """The characters of a text before which no word may be cut off: all of them, if the marks are not those of its
    atoms (folding can change their number)."""
    places = [atom.start() for atom in find_atoms(text)]
    if len(places) != len(begins):
        return range(len(text))
    return {place for place, mark in zip(places, begins, strict=True) if mark == "0"}


def _parts(text: str) -> Iterator[tuple[int, int]]:
    """The parts of a text between pauses, as characters [first, end)."""
    for first, end in _between(_BREAKS, text, 0, len(text)):
        yield from _between(_BETWEEN_HAN, text, first, end)


def _between(pattern: re.Pattern[str], text: str, first: int, end: int) -> Iterator[tuple[int, int]]:
    for found in pattern.finditer(text, first, end):
        yield first, found.start()
        first = found.end()
    yield first, end


def _without_edges(text: str, first: int, end: int) -> tuple[int, int]:
    """The part [first, end) without spaces, quotes and brackets around it, but with a bracket whose partner is inside.

    >>> text = "「叫《三体》」"
    >>> text[slice(*_without_edges(text, 0, len(text)))]
    '叫《三体》'
    """
    inner = end - len(text[first:end].lstrip(_AROUND))
    last = inner + len(text[inner:end].rstrip(_AROUND))
    for opening, closing in _BRACKETS:
        opened, closed = text.count(opening, inner, last), text.count(closing, inner, last)
        if opened > closed and text.startswith(closing, last, end):
            return inner, last + 1
        if closed > opened and inner > first and text[inner - 1] == opening:
            return inner - 1, last
    return inner, last


def _is_balanced(phrase: str) -> bool:
    """True if each bracket of a phrase has its partner."""
    return all(phrase.count(opening) == phrase.count(closing) for opening, closing in _BRACKETS)


def _after_leading(text: str, first: int, end: int, inside: Collection[int]) -> int:
    """The first character of a part after the words with which speakers begin."""
    while True:
        if found := _LEADING_ENGLISH.match(text, first, end):
            first = found.end()
            continue
        places = range(min(first + _MOST_CUT, end - _LEAST_LEFT), first, -1)
        cut = (place for place in places if place not in inside and _LEADING.fullmatch(text, first, place))
        if (place := next(cut, None)) is None:
            return first
        first = place


def _before_trailing(text: str, first: int, end: int, inside: Collection[int]) -> int:
    """The end of a part before the words with which speakers end."""
    while True:
        places = range(max(end - _MOST_CUT, first + _LEAST_LEFT), end)
        cut = (place for place in places if place not in inside and _TRAILING.fullmatch(text, place, end))
        if (place := next(cut, None)) is None:
            return end
        end = place


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
            total += math.sqrt(weights[word])
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
