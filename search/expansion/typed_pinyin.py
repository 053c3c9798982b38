"""Finds the words for syllables typed in Latin letters.

A name that the segmenter does not know is cut by what is beside it, even inside another word (熟|普洱 where 熟普 was
typed), so text need not start and end at word boundaries. But there much meets by chance: of 150 foreign names that two
syllables spell and nobody says, a million cues have text for 73 between word boundaries and inside words for 35 of the
others; of 150 of three syllables for 4 and 8.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice, product

from indexer.core.positions.tokens import is_single
from search.expansion import admission_rules as rules
from search.expansion.admission_rules import Admission
from search.expansion.candidate_maker import Candidate, CandidateMaker
from search.expansion.similarity.phonetic import PhoneticMatcher, SoundLikeness, SoundMatch
from search.matching.shapes import Shape
from search.query.pinyin import pinyin_syllables

_MOST_SEQUENCES = 4
_MOST_INSIDE = 3
"""Texts that are only inside words, of the same syllables; of guesses one, so that there is room for another kind."""


def typed_pinyin(
    atoms: tuple[str, ...], alone: bool, make: CandidateMaker, matcher: PhoneticMatcher
) -> Iterator[Candidate]:
    """The candidates for typed text that may be pinyin, with spaces between any of the syllables."""
    if any(map(is_single, atoms)) or max(map(len, atoms)) > rules.LONGEST_NAME:
        return
    ways = [pinyin_syllables(atom, make.snapshot.readings.syllables) for atom in atoms]
    read = [tuple(chain(*way)) for way in islice(product(*ways), _MOST_SEQUENCES)]
    for syllables in read:
        if 2 <= len(syllables) <= rules.LONGEST:
            is_shortest = len(syllables) == len(read[0])
            sounds = [(syllable, 0) for syllable in syllables]
            found = matcher.match(sounds, SoundLikeness.SAME_SYLLABLES, inside=is_shortest)
            yield from _of_reading(found, len(syllables), is_shortest, len(atoms) > 1, alone, make)


def _of_reading(
    found: list[SoundMatch], syllables: int, is_shortest: bool, is_spaced: bool, alone: bool, make: CandidateMaker
) -> Iterator[Candidate]:
    whole = {match.atoms for match in found if match.shape is not Shape.INSIDE}
    inside = [match for match in found if match.atoms not in whole]
    for match in found:
        if match.atoms in whole:
            if match.shape is Shape.INSIDE and syllables == 2:
                continue  # the end of a word and the beginning of the next
            is_sure = is_spaced or match.shape is not Shape.RUN or (is_shortest and syllables > 2)
            rate = match.frequency / make.snapshot.total_atoms
            yield _candidate(match, rules.pinyin_admission(is_sure, rate, alone), make)
    admission = rules.pinyin_admission(rules.is_sure_inside(syllables, is_spaced), 0.0, alone)
    for match in inside[: 1 if admission is Admission.SUGGESTED else _MOST_INSIDE]:
        yield _candidate(match, admission, make)


def _candidate(match: SoundMatch, admission: Admission, make: CandidateMaker) -> Candidate:
    share = rules.pinyin_share(match.frequency)
    if admission is Admission.SUGGESTED:
        share = rules.guessed_pinyin_share(match.frequency, match.shape is Shape.INSIDE)
    return make.matching(match, "pinyin", share, admission)
