"""Tells inflections, derivations and compounds of one English word from different words."""

from __future__ import annotations

import re

_ENDING = re.compile(
    "|able|al|ally|ance|ations?|ce|cy|d|e|ed|en|ence|ent|ers?|es|est|ic|ical|ics|ied|iers?|ies|ings?|ions?|ish|ism|ists?"
    "|ity|ive|ize|ly|ments?|nce|ness|nt|ors?|ous|r|s|t|te|th|tions?|ty|ve|y"
)
"""What may follow the letters that two forms of a word share."""
_STEM = 3
"""The least letters that they share."""


def is_inflected(one: str, other: str) -> bool:
    """True for two forms of one word, and for a word in another.

    >>> is_inflected("soul", "soulla"), is_inflected("train", "retraining"), is_inflected("agent", "agency")
    (True, True, True)
    >>> is_inflected("chatgpt", "chatgvt"), is_inflected("lucene", "lucine")
    (False, False)
    """
    short, long = sorted((one, other), key=len)
    stem = next((at for at, letter in enumerate(short) if letter != long[at]), len(short))
    fits = stem >= _STEM and _ENDING.fullmatch(short[stem:]) and _ENDING.fullmatch(long[stem:])
    return short in long or bool(fits)
