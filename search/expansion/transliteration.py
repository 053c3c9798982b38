"""Names in Latin letters that were transcribed as Chinese: 阿卡麦 for Akamai, 捆 for Qwen.

Splits a name into pieces of one syllable each. A syllable may stand for a piece with the same consonants; how well the
vowels fit is judged for the whole name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from search.expansion.spelling import jaro_winkler, spoken_letters

_PIECE = re.compile(r"[^aeiou]?[aeiou]+(?:nk?(?![aeiou]))?|[^aeiou]")
_MOST_PIECES = 6

# Pinyin letters that sound different in English.
_PINYIN = (
    ("zh", "k"), ("ch", "c"), ("sh", "s"), ("j", "k"), ("q", "c"), ("x", "s"), ("z", "s"), ("g", "k"), ("b", "p"),
    ("d", "t"), ("w", "u"), ("y", "i"), ("v", "u"), ("iu", "io"), ("uu", "u"), ("ii", "i"),
)  # fmt: skip


def name_letters(name: str) -> str:
    """The letters of a name as they sound, without silent ones at its end.

    >>> name_letters("lucene"), name_letters("okapi"), name_letters("apache")
    ('lusen', 'okapi', 'apac')
    """
    letters = spoken_letters(name).replace("y", "i").replace("h", "")
    return re.sub("(?<=[^aeiou])e$", "", letters) if len(letters) > 3 else letters


def pinyin_letters(syllable: str) -> str:
    """The letters of a syllable as a name would spell it.

    >>> pinyin_letters("kun"), pinyin_letters("qi"), pinyin_letters("shang")
    ('kun', 'ci', 'sank')
    """
    letters = syllable.replace("c", "s") if syllable.startswith("c") and not syllable.startswith("ch") else syllable
    for written, spoken in _PINYIN:
        letters = letters.replace(written, spoken)
    return letters.replace("h", "")


def syllables_for(name: str, syllables: Iterable[str]) -> list[set[str]]:
    """For each piece of a name, the syllables that may stand for it; empty if it cannot be split into syllables.

    >>> syllables_for("llama", ["la", "ma", "lan", "kun"])
    [{'la'}, {'ma'}]
    >>> sorted(*syllables_for("qwen", ["kun", "kan", "la"]))
    ['kan', 'kun']
    """
    pieces = _PIECE.findall(name_letters(name))
    silent = sum(re.search("[aeiou]", piece) is None for piece in pieces)
    if not 1 <= len(pieces) <= _MOST_PIECES or silent > len(pieces) / 3:
        return []  # an acronym is spelled out, not read
    bones = {syllable: _syllable_bones(syllable) for syllable in syllables}
    return [{syllable for syllable, own in bones.items() if own == wanted} for wanted in map(_bones, pieces)]


@lru_cache(2048)
def _syllable_bones(syllable: str) -> str:
    return _bones(pinyin_letters(syllable))


def _bones(letters: str) -> str:
    return re.sub("[aeiou]", "", letters).replace("nk", "n")


def fits(name: str, syllables: Sequence[str]) -> float:
    """How well syllables fit a name as a whole, 0 to 1.

    >>> fits("akamai", ["a", "ka", "mai"]), fits("qwen", ["kan"]) < fits("qwen", ["kun"])
    (1.0, True)
    """
    said = "".join(map(pinyin_letters, syllables)).replace("nk", "n")
    return jaro_winkler(name_letters(name).replace("nk", "n"), said)
