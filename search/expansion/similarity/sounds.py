"""How names sound: a string of phones for Latin letters and for Chinese syllables, and how alike two such strings are.

A recogniser that does not know a name writes what sounds like it, in letters or in characters: Demitra for Nemotron,
瑞迪斯 for Redis. What it confuses are sounds of one class (b and p, n and m, any two vowels), and what it loses are
weak ones (r and n at the end of a syllable). The likeness is a weighted edit distance over phones.

Vowels are a e i o u; consonants their letters, with C for ch, S for sh, J for j and zh, and T for th.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from functools import lru_cache
from itertools import permutations

from indexer.core import native
from indexer.core.native.sounds.phones import PHONES, PhoneCosts

_LETTERS = tuple(
    (re.compile(pattern), phones)
    for pattern, phones in (
        ("[ts]ion", "Son"), ("ph", "f"), ("t?ch", "C"), ("sch|sh", "S"), ("th", "T"), ("ck|cq", "k"), ("qu", "kw"),
        ("^kn", "n"), ("^wr", "r"), ("^x", "s"), ("x", "ks"), ("c(?=[eiy])", "s"), ("[cq]", "k"), ("j", "J"),
        ("g(?=[ei][^lrt]|y)", "J"), ("(?<=[^aeiou])e$", ""), ("(?<=[aeiou])re$", "r"), ("(?<=[^aeiou])le$", "el"),
        ("ee|ea|ie|y(?=[^aeiou]|$)", "i"), ("oo|ou|ow|ew|ue", "u"), ("ai|ay|ei|ey", "e"), ("au|aw|oa", "o"),
        ("eu", "u"), ("ng(?=[^aeioulr]|$)", "n"), (r"(.)\1+", r"\1"),
    )
)  # fmt: skip
"""Spellings and their phones, replaced one after the other."""
_INITIALS = tuple(
    (re.compile(pattern), phones)
    for pattern, phones in (
        ("^([zcs]h?|r)i$", r"\1"), ("^zh|^j", "J"), ("^ch|^q", "C"), ("^sh|^x", "S"), ("^c", "s"),
        ("ng$", "n"), ("ai$", "a"), ("ei$", "e"), ("ao$|ou$|uo$", "o"), ("ui$", "ue"), ("iu$", "iu"), ("v", "u"),
        ("ian$", "ien"),
    )
)  # fmt: skip
"""The same substitutions for pinyin."""

_TWICE = re.compile(r"(.)\1+")
_VOWELS = "aeiou"
_NEAR_VOWELS = {"ae": 0.15, "ei": 0.2, "ou": 0.15, "ao": 0.2, "eo": 0.25, "au": 0.25, "iu": 0.3, "eu": 0.3}
_OTHER_VOWELS = 0.4
_CLOSE = {
    pair: cost
    for cost, pairs in (
        (0.15, "bp dt gk fv sz SJ CJ CS Ts TS Tt Td Tf Tz Jz sS zJ sC zC zS vw lr"),
        (0.35, "Js mn nl nd ln td hk hg hf fp bv Jg wu yi rw ds ts nt rn ml bm"),
    )
    for pair in pairs.split()
}
_CLOSE |= {"ks": 0.7, "Jk": 0.55, "Ck": 0.55, "Jd": 0.55, "Ct": 0.45, "Jt": 0.55}
"""What it costs to mishear a consonant as another, in either direction; other pairs _UNLIKE."""
_LOST = {"r": 0.4, "l": 0.5, "n": 0.55, "h": 0.25, "w": 0.25, "y": 0.2, "t": 0.6, "d": 0.6, "s": 0.65}
"""What a lost or added phone costs; other consonants 1."""
_LOST_CONSONANT, _LOST_VOWEL = 1.0, 0.3
_UNLIKE = 1.5
"""The cost of a consonant for one of another class; only of weak ones is it less to lose the one and add the other."""
_FIRST = 1.5
"""Times the cost of the first phone: a recogniser seldom mishears how a name begins."""
_VOWEL_WEIGHT = 0.4
"""Weight of a vowel in the length of a name, where a consonant has 1."""


def _replaced(text: str, rules: Iterable[tuple[re.Pattern[str], str]]) -> str:
    for pattern, phones in rules:
        text = pattern.sub(phones, text)
    return text


@lru_cache(16384)
def of_letters(name: str) -> str:
    """The phones of a folded name in Latin letters.

    >>> of_letters("nemotron"), of_letters("phi"), of_letters("qwen"), of_letters("docker"), of_letters("space")
    ('nemotron', 'fi', 'kwen', 'doker', 'spas')
    """
    return _replaced(name, _LETTERS)


@lru_cache(4096)
def of_syllable(syllable: str) -> str:
    """The phones of a syllable of pinyin without its tone.

    >>> of_syllable("zhang"), of_syllable("si"), of_syllable("xian"), of_syllable("rui")
    ('Jan', 's', 'Sien', 'rue')
    """
    return _TWICE.sub(r"\1", _replaced(syllable, _INITIALS))


def joined(parts: Iterable[str]) -> str:
    """The phones of parts that are said together.

    >>> joined(["doe", "el"])
    'doel'
    """
    return _TWICE.sub(r"\1", "".join(parts))


@lru_cache(16384)
def alike(one: str, other: str) -> float:
    """How alike two strings of phones are, 0 to 1.

    >>> alike("docker", "docker"), alike("nemotron", "demitra") > alike("nemotron", "modern")
    (1.0, True)
    """
    long = max(weight(one), weight(other))
    return max(0.0, 1 - distance(one, other) / long) if long else 0.0


def weight(phones: str) -> float:
    """The length of a string of phones, in consonants."""
    return sum(_VOWEL_WEIGHT if phone in _VOWELS else 1.0 for phone in phones)


@lru_cache(65536)
def distance(one: str, other: str) -> float:
    """What it costs to mishear one string of phones as the other."""
    return native.distances(one, other, True, COSTS)[-1]


def _costs() -> PhoneCosts:
    changed = array("d", [_UNLIKE]) * (PHONES * PHONES)
    lost = array("d", [_LOST_CONSONANT]) * PHONES
    for one, other in permutations(_VOWELS, 2):
        cost = _NEAR_VOWELS.get(one + other, _NEAR_VOWELS.get(other + one, _OTHER_VOWELS))
        changed[ord(one) * PHONES + ord(other)] = cost
    for pair in _CLOSE:
        for one, other in permutations(pair):
            changed[ord(one) * PHONES + ord(other)] = _CLOSE.get(one + other, _CLOSE[pair])
    for phone, cost in (_LOST | dict.fromkeys(_VOWELS, _LOST_VOWEL)).items():
        lost[ord(phone)] = cost
    return _FIRST, changed, lost


COSTS = _costs()
"""What mishearing costs, by phones."""
