"""Atoms, the tokens of the timeline: a Han or kana character, a run of letters, or a number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

HAN = "\u2e80-\u2fdf\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
KANA = "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"

# `c++` and `c#` are names; `1.5` is one number and `1.5b` is two atoms, in text and query alike.
_ATOM = rf"[{HAN}{KANA}]|\d+(?:\.\d+)?|[^\W\d_{HAN}{KANA}]+(?:\+\+|#)?"


# For text whose other letters and digits are all ASCII. It compiles in a tenth of the time.
_ATOM_BESIDE_ASCII = r"[^\W\x00-\x7f]|\d+(?:\.\d+)?|[A-Za-z]+(?:\+\+|#)?"


@lru_cache(2)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)  # on demand: a search for Chinese needs no pattern


def find_atoms(folded: str) -> Iterator[re.Match[str]]:
    """Yields the atoms of folded text in order, as matches with character offsets."""
    return _compiled(_ATOM).finditer(folded)


def find_few(folded: str) -> Iterator[re.Match[str]]:
    """Like `find_atoms`, for a search: it handles few texts and has no time to compile the large pattern."""
    return _small_pattern(folded).finditer(folded)


def _small_pattern(folded: str) -> re.Pattern[str]:
    return _compiled(_ATOM_BESIDE_ASCII if all(map(_fits_beside_ascii, folded)) else _ATOM)


@lru_cache(32768)
def _fits_beside_ascii(character: str) -> bool:
    return character.isascii() or is_single(character) is character.isalnum()


def split_atoms(folded: str) -> list[str]:
    """The atoms of folded text.

    >>> split_atoms("gpu训练1.5b, l40s c++")
    ['gpu', '训', '练', '1.5', 'b', 'l', '40', 's', 'c++']
    """
    return list(folded) if all(map(is_single, folded)) else _small_pattern(folded).findall(folded)


def is_single(atom: str) -> bool:
    """True for an atom that is one Han or kana character, False for letters and numbers.

    >>> is_single("训"), is_single("gpu"), is_single("7")
    (True, False, False)
    """
    return _is_han_or_kana(atom[:1])


def _ranges(characters: str) -> list[tuple[str, str]]:
    """The first and last character of each range in a regular expression's character set."""
    found = []
    while characters:
        length = 3 if characters[1:2] == "-" else 1
        found.append((characters[0], characters[length - 1]))
        characters = characters[length:]
    return found


# Without patterns: compiling one takes as long as everything else here.
RANGES = _ranges(HAN + KANA)


@lru_cache(32768)
def _is_han_or_kana(character: str) -> bool:
    return any(first <= character <= last for first, last in RANGES)
