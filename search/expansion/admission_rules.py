"""Decides when text that only sounds or is spelled like a term may stand for it, and with what weight.

The figures come from `bench/mishearings.py`: 6,000 words of 44 recordings whose transcripts people had corrected,
searched by sound in the recogniser's transcripts of the same recordings. Precision of the matches when the word itself
occurs nowhere (two syllables; three):

                                       same tones    same syllables    near
    a word the dictionary lacks         .74; 1.0       .17; 1.0      .17; 1.0
    several words                       .42; .87       .12; .32      .05; .61
    a word of the dictionary            .59;  -        .02;  -       .00;  -

If the word itself occurs somewhere, precision falls to .23 for the first, and to .07 or less for all others of two
syllables; of three to .42 (same tones, several words) and .12 or less. On more recordings the .59 was .04: dictionary
words depend on what else is said, so they stay suggestions.
"""

from __future__ import annotations

from enum import Enum
from math import log2

from search.expansion.similarity.phonetic import SoundLikeness
from search.matching.shapes import Shape


class Admission(Enum):
    """FREE candidates are searched everywhere. BACKED ones count only in moments that contain another term of the
    query. SUGGESTED ones are used only if the query finds nothing else, and then a few."""

    FREE = "free"
    BACKED = "backed"
    SUGGESTED = "suggested"


MOST_SUGGESTIONS = 2
"""Most moments shown for a query that matches only by sound or spelling."""

FEW = 5
"""Up to so many exact occurrences, others may be missing because they were misheard."""
SOME = 30
"""With more exact occurrences, a term that is searched alone is not expanded by sound."""
MANY = 3000
"""With more exact occurrences, a term is not expanded by sound at all: it is found wherever it matters."""
MANY_IN_TEXT = 300
"""The same for a term of running text, where the other terms lead to the place."""

MOST_TERMS = 8
"""Most terms of a query that are expanded by sound; longer queries are sentences, found by their correct words."""

SURE = 4
"""From so many syllables on, homophones are accepted even inside other words: 3 to 8 of 1,000 are wrong."""

LONGEST = 12
"""Atoms; longer runs are never misheard as a whole with every syllable alike."""

LONGEST_NAME = 32
"""Letters of an atom; longer ones are not names."""

MOST_HEARD = 100
"""Most texts that may stand for one term."""

# The weight of a match as a fraction of an exact one, in the order of the figures above.
_SHARES = {
    SoundLikeness.SAME_TONES: {Shape.NEW_WORD: 0.95, Shape.RUN: 0.92, Shape.WORD: 0.82, Shape.INSIDE: 0.88},
    SoundLikeness.SAME_SYLLABLES: {Shape.NEW_WORD: 0.77, Shape.RUN: 0.66, Shape.WORD: 0.55, Shape.INSIDE: 0.66},
    SoundLikeness.NEAR: {Shape.NEW_WORD: 0.66, Shape.RUN: 0.55, Shape.WORD: 0.44, Shape.INSIDE: 0.55},
}
NUMBER, ALIAS, VARIANT, PINYIN, QUORUM = 0.95, 0.9, 0.95, 0.7, 0.6
"""Shares of equivalent numbers, user aliases, interchangeable characters, typed pinyin, and most of a quote."""
HALF, HALF_SYLLABLES = 0.4, range(3, 6)
"""Share of text that differs by half a syllable, and the syllables it must have; longer text is not one word."""
SPELLING = 0.8
"""Share of a name spelled differently, times the likeness."""

TRANSCRIBED = 0.6
"""Share of a name transcribed as Chinese, times the likeness."""
SURE_TRANSCRIBED = 0.82
"""The least likeness to a name from which a new word of two syllables is more than a guess."""

OFTEN_SAID = 0.0002
"""Occurrences per atom from which adjacent words are a phrase of their own (好的: .0007), and do not just happen to be
read like a name (呀那: .00006)."""

RARE_NAME = 5
"""With at most so many occurrences, an odd name is likely a misspelling; a more frequent one is a word of its own."""
SURE_NAME = 0.8
"""The least likeness of a rare name to one spelled correctly elsewhere."""
ALIKE_NAME = 0.9
"""Names at least this similar stand for each other, however frequent they are."""
SAME_NAME = 0.95
"""The likeness of a name to one that has the same consonants once its signs are read aloud."""
LETTERS_KEPT = 0.08
"""Added to the likeness of a name that has the letters of an acronym in their order."""
LETTER = 0.75
"""The likeness of a letter that sounds like a name, before the same number."""
OFTEN, LEAST_GUESSED = 0.02, 0.72
"""For guesses: taken off the likeness for each doubling of the count, and the least that is left."""
RARER = 0.0001
"""Taken off for each doubling of the count where guesses are ordered: it decides only between equals."""


def share(likeness: SoundLikeness, shape: Shape) -> float:
    """The weight of a match by sound, as a fraction of an exact one."""
    return _SHARES[likeness][shape]


def admission(
    syllables: int, exact: int, likeness: SoundLikeness, shape: Shape, alone: bool, kept: int = 0
) -> Admission | None:
    """The admission of a text that sounds like a term of `syllables` syllables with `exact` exact occurrences, or None.

    `alone` is True if the query has no other term; `kept` is the number of characters that the text has in common with
    the term, at the same places.
    """
    if syllables < 2:
        return None
    if not alone:
        by_itself = admission(syllables, exact, likeness, shape, alone=True, kept=kept)
        return by_itself if by_itself is Admission.FREE else Admission.BACKED
    if syllables == 2:
        if likeness is SoundLikeness.SAME_TONES and shape is Shape.NEW_WORD and exact <= FEW:
            return Admission.FREE
        if exact or (likeness is SoundLikeness.NEAR and shape is not Shape.NEW_WORD):
            return None
        return Admission.SUGGESTED
    if shape is Shape.INSIDE:
        return Admission.FREE if syllables >= SURE and not exact else None
    if not exact and kept < syllables - 1 and not _is_sure(syllables, likeness, shape):
        return Admission.SUGGESTED
    if not exact or (likeness is SoundLikeness.SAME_TONES and shape is not Shape.WORD and exact <= SOME):
        return Admission.FREE
    return Admission.FREE if shape is Shape.NEW_WORD and exact <= FEW else None


def _is_sure(syllables: int, likeness: SoundLikeness, shape: Shape) -> bool:
    """True if text that sounds like a term of three or more syllables surely stands for it, although the term occurs
    nowhere. If not sure: a term that is searched alone may also be a name that nobody mentions, and much sounds nearly
    like a name."""
    if likeness is SoundLikeness.SAME_SYLLABLES:
        return shape is Shape.NEW_WORD or (shape is Shape.RUN and syllables >= SURE)
    return likeness is SoundLikeness.SAME_TONES


def is_doubtful(syllables: int, kept: int) -> bool:
    """True if text that would surely stand for a word unknown to dictionaries is only a guess for a word that they
    have, once it occurs more than `MOST_SUGGESTIONS` times. Recognisers know dictionary words and rarely mishear
    them, so text that occurs often means itself (霸凌, bullying, for the place 灞陵). Text with all but one of three
    or more characters of the word is likely the same word in another spelling (爱丽丝 for 爱丽思). `kept` is as in
    `admission`."""
    return syllables == 2 or kept < syllables - 1


def quorum_share(there: float) -> float:
    """The share of a quote of which this part is there: squared, so that a place with more of it comes before two with
    less."""
    return QUORUM * there * there


def pinyin_share(count: int) -> float:
    """The share of a word typed as pinyin: a more frequent word is more likely."""
    return PINYIN - 0.1 / (count + 1)


def guessed_pinyin_share(count: int, is_inside: bool) -> float:
    """The share of a guess for typed pinyin. It comes before names and text that only sound like what was typed, unless
    they sound very much like it. Text that occurs only inside words comes after other text."""
    return SPELLING * ALIKE_NAME - 0.02 / (count + 1) - (0.01 if is_inside else 0.0)


def is_sure_inside(syllables: int, is_spaced: bool) -> bool:
    """True if text for typed pinyin that occurs only inside words is more than a guess. Three syllables typed without a
    space may match by chance, because a foreign name was typed (Gemini, 个迷你)."""
    return syllables >= SURE - is_spaced


def pinyin_admission(is_sure: bool, rate: float, alone: bool) -> Admission:
    """The admission of a text that is read like what was typed in letters, and occurs `rate` times per atom.

    `is_sure` is True for a word, for what was typed with spaces, and for three or more syllables that can be cut in
    only one way. Other words that are read like this only together are a guess, unless they occur often, such as 好的
    for haode.
    """
    if is_sure or rate >= OFTEN_SAID:
        return Admission.FREE
    return Admission.SUGGESTED if alone else Admission.BACKED


def worth_listening(syllables: int, exact: int) -> bool:
    """False if no homophone could stand for the term by itself."""
    return exact <= (FEW if syllables == 2 else SOME)


def half_admission(syllables: int, shape: Shape, kept: int) -> Admission | None:
    """The admission of a text with one half-wrong syllable when nothing sounds fully alike. Of three syllables .61 of
    the out-of-dictionary words were right, and .09 of several words; of four .82 and more; but much sounds so like a
    name that nobody says, unless all its other characters are right. `kept` as for `admission`."""
    if shape is Shape.WORD:
        return None
    return Admission.FREE if shape is Shape.NEW_WORD and kept >= syllables - 1 else Admission.SUGGESTED


def guessed(alike: float, count: int) -> float:
    """The likeness with which a name with `count` occurrences is taken as a guess for another: a frequent name is more
    likely a word of its own."""
    return alike - OFTEN * log2(count)


def guess_order(alike: float, count: int) -> float | None:
    """The sort key of guesses for a name that is searched alone: the likeness and, among equals, the rarer first. None
    if the text is not a guess: frequent text must be more like the name, but text that hardly differs from the name
    always is a guess."""
    if alike < ALIKE_NAME and guessed(alike, count) < LEAST_GUESSED:
        return None
    return alike - RARER * log2(count)


def as_letters(alike: float) -> float:
    """The likeness of a name that keeps the letters of an acronym: more, but it does not make a frequent name sure."""
    return max(alike, min(alike + LETTERS_KEPT, ALIKE_NAME - 0.01))


def transcribed_admission(shape: Shape, syllables: int, exact: int, alike: float) -> Admission | None:
    """The admission of rare Chinese text of likeness `alike` for a name with `exact` occurrences, or beside another
    term; None if the name is written somewhere, and this would be a guess."""
    if syllables > 2 or (shape is Shape.NEW_WORD and alike >= SURE_TRANSCRIBED):
        return Admission.FREE
    return None if exact else Admission.SUGGESTED


def name_admission(exact: int, alike: float, count: int) -> Admission | None:
    """The admission of a name of likeness `alike` with `count` occurrences for one with `exact`, or beside another
    term; None if it is another name."""
    if alike >= ALIKE_NAME:
        return Admission.FREE
    if exact:
        return Admission.FREE if count <= RARE_NAME and exact <= SOME and alike >= SURE_NAME else None
    return Admission.FREE if count <= RARE_NAME else Admission.SUGGESTED
