"""When what only sounds or is spelled like the query may stand for it, and how much it then counts.

The figures behind: 6,000 words of 44 recordings that people had corrected, listened for in the recogniser's
own transcripts of the same recordings, by `bench/mishearings.py`. Share of what was heard that is right,
when the word itself is written nowhere (two syllables; three):

                                       same tones    same syllables    near
    a word the dictionary lacks         .74; 1.0       .17; 1.0      .17; 1.0
    several words                       .42; .87       .12; .32      .05; .61
    a word of the dictionary            .59;  -        .02;  -       .00;  -

Once the word itself is written somewhere, these fall to .23 for the first, and to .07 or less for all others
of two syllables; of three to .42 (same tones, several words) and .12 or less. Among more recordings the .59
was .04: dictionary words depend on what else is said, so they stay guesses.
"""

from __future__ import annotations

from enum import Enum

from search.expansion.phonetic import Shape, SoundLikeness


class Standing(Enum):
    """FREE forms are looked for everywhere. BACKED ones count only in moments where another term of the query is
    said. SUGGESTED ones come in only when the query finds nothing else, and then a few."""

    FREE = "free"
    BACKED = "backed"
    SUGGESTED = "suggested"


MOST_SUGGESTIONS = 2
"""Moments that only sound or look like a query that is said nowhere."""

FEW = 5
"""Exact occurrences up to which a listener may miss some of what is there."""
SOME = 30
"""Exact occurrences beyond which nothing that only sounds alike is looked for on its own."""
MANY = 3000
"""Exact occurrences beyond which a word is found wherever it matters; nobody listens for it."""

MOST_TERMS = 8
"""Terms of a query that are listened for; longer queries are sentences, and find their moment by what is right."""

SURE = 4
"""Syllables from which on what sounds alike is the same even inside other words: 3 to 8 false ones in 1,000."""

LONGEST = 12
"""Atoms: longer runs are never heard wrong as a whole in a way that leaves every syllable alike."""

MOST_HEARD = 100
"""Different texts that stand for one term."""

# What a match counts, as a share of an exact one; the order is that of the figures above.
_SHARES = {
    SoundLikeness.SAME_TONES: {Shape.NEW_WORD: 0.95, Shape.RUN: 0.92, Shape.WORD: 0.82, Shape.INSIDE: 0.88},
    SoundLikeness.SAME_SYLLABLES: {Shape.NEW_WORD: 0.77, Shape.RUN: 0.66, Shape.WORD: 0.55, Shape.INSIDE: 0.66},
    SoundLikeness.NEAR: {Shape.NEW_WORD: 0.66, Shape.RUN: 0.55, Shape.WORD: 0.44, Shape.INSIDE: 0.55},
}
NUMBER, ALIAS, VARIANT, PINYIN, QUORUM = 0.95, 0.9, 0.95, 0.7, 0.6
"""Shares of what is meant the same, confirmed by a person, written with another character, typed as it sounds, and of
most of a quote."""
HALF, HALF_SYLLABLES = 0.4, range(3, 6)
"""Share of what sounds alike but for half a syllable, and how many syllables it has; longer text is no one word."""
SPELLING = 0.8
"""Share of a name spelled differently, times how alike it is."""

TRANSCRIBED = 0.6
"""Share of a name heard as Chinese, times how well the syllables fit."""
ALIKE_SYLLABLES = 0.76
"""The least fit."""

RARE_NAME = 5
"""Occurrences up to which an odd name is likely a misspelling; a common one is a word of its own."""
SURE_NAME = 0.8
"""The least likeness of a rare name to one that is spelled right elsewhere."""
ALIKE_NAME = 0.9
"""Names at least so alike stand for each other however common they are."""


def share(likeness: SoundLikeness, shape: Shape) -> float:
    """What a match by sound counts, as a share of an exact one."""
    return _SHARES[likeness][shape]


def standing(syllables: int, exact: int, likeness: SoundLikeness, shape: Shape, alone: bool) -> Standing | None:
    """How a text that sounds like a term of so many syllables, written itself `exact` times, stands for it.

    `alone` tells that the query has no other term.
    """
    if syllables < 2:
        return None
    if not alone:
        by_itself = standing(syllables, exact, likeness, shape, alone=True)
        return by_itself if by_itself is Standing.FREE else Standing.BACKED
    if syllables == 2:
        if likeness is SoundLikeness.SAME_TONES and shape is Shape.NEW_WORD and exact <= FEW:
            return Standing.FREE
        if exact or (likeness is SoundLikeness.NEAR and shape is not Shape.NEW_WORD):
            return None
        return Standing.SUGGESTED
    if shape is Shape.INSIDE:
        return Standing.FREE if syllables >= SURE and not exact else None
    if not exact or (likeness is SoundLikeness.SAME_TONES and shape is not Shape.WORD and exact <= SOME):
        return Standing.FREE
    return Standing.FREE if shape is Shape.NEW_WORD and exact <= FEW else None


def pinyin_share(count: int) -> float:
    """The share of a word typed as it sounds: the commoner word is the likelier one."""
    return PINYIN - 0.1 / (count + 1)


def worth_listening(syllables: int, exact: int) -> bool:
    """False when nothing that sounds like a term could stand for it by itself."""
    return exact <= (FEW if syllables == 2 else SOME)


def half_standing(syllables: int, shape: Shape) -> Standing | None:
    """How a text of which one syllable is half wrong stands for a term, when nothing sounds alike altogether. Of three
    syllables .61 of the words the dictionary lacks were right, and .09 of several words; of four .82 and more.
    """
    if shape is Shape.WORD:
        return None
    return Standing.FREE if syllables > 3 or shape is Shape.NEW_WORD else Standing.SUGGESTED


def name_standing(exact: int, alike: float, count: int) -> Standing | None:
    """How a name of likeness `alike` that occurs `count` times stands for one that occurs `exact` times."""
    rare = count <= RARE_NAME and exact <= SOME and (not exact or alike >= SURE_NAME)
    if alike >= ALIKE_NAME or rare:
        return Standing.FREE
    return None if exact else Standing.SUGGESTED
