"""Names as people read them out: acronyms letter by letter, and a name that sounds like one letter.

GRPO is read as its letters, so a recogniser that takes it for a word keeps them in their order (Gruple). AIME is read
as a word that sounds like the letter M, so AIME24 may be written M24.
"""

from __future__ import annotations

import re
from functools import lru_cache

from search.expansion.similarity.spelling import skeleton

_VOWEL = re.compile("[aeiouy]")
_CONSONANTS = re.compile("[aeiouy0-9]")
_LEAST_CONSONANTS = 3
_LONGEST_WORD = 4
"""Letters of a name that may sound like one letter."""
_NAMES = {
    "b": "bee", "c": "see", "d": "dee", "f": "ef", "j": "jay", "k": "kay", "l": "el", "m": "em", "n": "en",
    "p": "pee", "q": "queue", "r": "ar", "s": "es", "t": "tee", "v": "vee", "x": "ex", "z": "zee",
}  # fmt: skip
"""English names of letters. Vowels are not told apart by their consonants."""

_IN_CHINESE = {
    "a": "ei", "b": "bi", "c": "xi", "d": "di", "e": "yi", "g": "ji", "i": "ai", "j": "jie", "k": "kai", "n": "en",
    "o": "ou", "p": "pi", "q": "qiu", "r": "a", "t": "ti", "u": "you", "v": "wei", "y": "wai", "z": "zi",
}  # fmt: skip
"""The letters whose names are heard as one syllable of Chinese."""
_SAME_LETTER = (("ji", "zhi"), ("xi", "si"), ("ei", "a", "ai"), ("a", "er"), ("ou", "o"), ("en", "an"))


@lru_cache(1024)
def is_acronym(name: str) -> bool:
    """True if a folded name has consonants only, or one vowel at its end: it is read letter by letter. A name with
    letters beyond ASCII is none.

    >>> is_acronym("grpo"), is_acronym("llm"), is_acronym("group"), is_acronym("the"), is_acronym("москва")
    (True, True, False, False, False)
    """
    return name.isascii() and len(_CONSONANTS.sub("", name)) >= _LEAST_CONSONANTS and not _VOWEL.search(name[:-1])


def keeps_letters(name: str, other: str) -> bool:
    """True if another name begins with the first letter of an acronym and has its consonants in their order.

    >>> keeps_letters("grpo", "gruple"), keeps_letters("grpo", "carbon"), keeps_letters("grpo", "grok")
    (True, False, False)
    """
    letters = iter(other)
    return other[:1] == name[0] and all(letter in letters for letter in _CONSONANTS.sub("", name))


def sounds_like_letter(name: str) -> str:
    """The letter whose English name sounds like a folded name; empty if there is none.

    >>> sounds_like_letter("aime"), sounds_like_letter("tea"), sounds_like_letter("home"), sounds_like_letter("llm")
    ('m', 't', '', '')
    """
    if not 1 < len(name) <= _LONGEST_WORD:
        return ""
    sound = _sound(name)
    alike = [letter for letter, said in _NAMES.items() if _sound(said) == sound]
    return min(alike, key=lambda letter: letter not in name, default="")


def _sound(name: str) -> tuple[bool, str, bool]:
    """Whether a name begins with a vowel, its consonants, and whether it ends in a vowel that is spoken."""
    spoken = re.sub("(?<=[^aeiouy])e$", "", name)
    return bool(_VOWEL.match(spoken)), skeleton(spoken), bool(_VOWEL.match(spoken[-1:]))


def letter_name(letter: str) -> str:
    """The English name of a letter; itself if it has none of its own."""
    return _NAMES.get(letter, letter)


def letter_syllables(name: str) -> list[list[str]]:
    """For each letter of an acronym, the syllables that its name may be heard as; empty if one has none.

    >>> letter_syllables("gpt"), letter_syllables("llm")
    ([['ji', 'zhi'], ['pi'], ['ti']], [])
    """
    said = [_IN_CHINESE.get(letter, "") for letter in name]
    return [_heard_as(syllable) for syllable in said] if all(said) else []


def _heard_as(syllable: str) -> list[str]:
    return list(next((group for group in _SAME_LETTER if group[0] == syllable), (syllable,)))
