"""Compares names in Latin letters as a speech recogniser spells them: by consonants and by letters.

A recogniser spells what it hears: Quin, Koen and Kun for Qwen. The consonant skeletons (without vowels, w, y and h;
letters that sound alike merged) must be equal or nearly so, and the phonetic spellings must be similar by Jaro-Winkler
(Winkler, String Comparator Metrics, 1990).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from heapq import nlargest

from indexer.core.native import jaro_winkler

_SPOKEN = (
    (re.compile("ck|q|(?<!s)c(?![eihy])|g"), "k"),
    (re.compile("ph|v"), "f"),
    (re.compile("c(?=[eiy])|z"), "s"),
    (re.compile("x"), "ks"),
    (re.compile("j"), "k"),
    (re.compile("b"), "p"),
    (re.compile("d"), "t"),
    (re.compile("w"), "u"),
)
_SILENT = re.compile("[aeiouyh]")

ALIKE = 0.74
"""Least likeness of two names; relaxed a little from three consonants on."""
_ALIKE_BONES = 0.68
_SPOKEN_SHARE = 0.75
_LEAST_LENGTH = 0.6
_EDIT_COST = 0.02
_TWO_EDITS, _LONG = 4, 7
"""Consonants and letters from which two consonants may differ."""


@lru_cache(4096)
def spoken_letters(name: str) -> str:
    """The letters of a name, with those that sound alike merged.

    >>> spoken_letters("qwen"), spoken_letters("quin"), spoken_letters("phi"), spoken_letters("llama")
    ('kuen', 'kuin', 'fi', 'lama')
    """
    return re.sub(r"(.)\1+", r"\1", _merged(name))


def _merged(name: str) -> str:
    """The letters of a name, with those that sound alike merged, however often each is repeated."""
    for pattern, letters in _SPOKEN:
        name = pattern.sub(letters, name)
    return name


@lru_cache(16384)
def skeleton(name: str) -> str:
    """The consonants of a name as they sound.

    >>> skeleton("qwen"), skeleton("koen"), skeleton("grpo"), skeleton("gruple")
    ('kn', 'kn', 'krp', 'krpl')
    """
    return re.sub(r"(.)\1+", r"\1", _SILENT.sub("", spoken_letters(name)))


def likeness(one: str, other: str) -> float:
    """The likeness of two names as spoken and as written, 0 to 1; 0 below the threshold."""
    bones, others = skeleton(one), skeleton(other)
    return _likeness(one, other, bones, others) if _are_alike(bones, others) else 0.0


def _are_alike(bones: str, others: str) -> bool:
    """Whether names of these consonants may be alike."""
    short = min(len(bones), len(others))
    return short > 0 and (bones == others or (short > 1 and within_one_edit(bones, others)))


def _likeness(one: str, other: str, bones: str, others: str) -> float:
    """The likeness of two names whose consonants are alike."""
    short = min(len(bones), len(others))
    if min(len(one), len(other)) < _LEAST_LENGTH * max(len(one), len(other)):
        return 0.0
    if bones != others and short < 3 and not (one.startswith(other) or other.startswith(one)):
        return 0.0  # a third of two consonants says nothing, unless a name was cut short
    spoken = jaro_winkler(spoken_letters(one), spoken_letters(other))
    alike = _SPOKEN_SHARE * spoken + (1 - _SPOKEN_SHARE) * jaro_winkler(one, other)
    if bones != others:
        alike -= _EDIT_COST
    return alike if alike >= (_ALIKE_BONES if bones == others and short >= 3 else ALIKE) else 0.0


class SpelledNames:
    """Names indexed by skeleton, so that few need comparing."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_bones: defaultdict[str, list[str]] = defaultdict(list)
        for name in names:
            if len(name) > 1:
                self._by_bones[skeleton(name)].append(name)
        self._bones: defaultdict[str, list[str]] = defaultdict(list)
        """Skeletons by what they are without one consonant, and by themselves."""
        for bones in self._by_bones:
            for edited in _edited(bones):
                self._bones[edited].append(bones)

    def similar(self, name: str, most: int) -> list[tuple[str, float]]:
        """(name, likeness) of the most similar names, without the name itself."""
        if len(name) < 2:
            return []
        bones = skeleton(name)
        scored = (
            (other, _likeness(name, other, bones, others))
            for others in self._within_an_edit(_edited(bones))
            if _are_alike(bones, others)
            for other in self._by_bones[others]
            if other != name
        )
        return nlargest(most, (pair for pair in scored if pair[1]), key=lambda pair: (pair[1], pair[0]))

    def near(self, name: str) -> set[str]:
        """The names within an edit of its consonants, or about two of four and more, without the name itself."""
        bones = skeleton(name)
        wanted = _edited(bones) | _edited(_SILENT.sub("", spoken_letters(name)))
        wanted |= _edited(_SILENT.sub("", _merged(name)))  # InstrucGPT lacks a t between two sounds that are alike
        if len(bones) >= _TWO_EDITS or len(name) >= _LONG:
            wanted = {twice for one in wanted for twice in _edited(one)}
        return {other for others in self._within_an_edit(wanted) for other in self._by_bones[others]} - {name}

    def _within_an_edit(self, edited: Iterable[str]) -> set[str]:
        """The skeletons that share one of some skeletons that were edited."""
        return {bones for one in edited for bones in self._bones.get(one, ())}


def _edited(bones: str) -> set[str]:
    """A skeleton and its deletions of one consonant; two skeletons within one edit share an element."""
    return {bones, *(bones[:at] + bones[at + 1 :] for at in range(len(bones)))} - {""}


def within_one_edit(one: str, other: str) -> bool:
    """True if at most one insertion, deletion or replacement of a letter makes them equal.

    >>> within_one_edit("krp", "krpl"), within_one_edit("kn", "tn"), within_one_edit("kn", "krnr")
    (True, True, False)
    """
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    if len(one) == len(other):
        return one[start + 1 :] == other[start + 1 :]
    short, long = sorted((one, other), key=len)
    return short[start:] == long[start + 1 :]


def is_swapped(one: str, other: str) -> bool:
    """True if swapping two letters that are next to each other makes them equal.

    >>> is_swapped("chatgtp", "chatgpt"), is_swapped("chatgpt", "chatgpt"), is_swapped("gtpx", "xgpt")
    (True, False, False)
    """
    if len(one) != len(other):
        return False
    different = [at for at in range(len(one)) if one[at] != other[at]]
    if len(different) != 2 or different[1] != different[0] + 1:
        return False
    first, second = different
    return one[first] == other[second] and one[second] == other[first]
