"""Guesses for a name in Latin letters that occurs nowhere: what a recogniser may have written for its sound.

Other names, two adjacent names or a name with characters beside it, and Chinese text, each with the likeness of its
sound (`search.expansion.similarity.sounds`), so that guesses of all kinds can be compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from indexer.core.named_tuples import NamedTuple
from indexer.core.positions.tokens import is_single
from search.expansion.candidate_maker import CandidateMaker
from search.expansion.similarity import sounds
from search.expansion.similarity.fitting_syllables import fitting, likeliest_ways, ways_to_fit
from search.expansion.similarity.phonetic import PhoneticMatcher, SoundMatch
from search.expansion.similarity.read_aloud import is_acronym, keeps_letters, letter_name, letter_syllables
from search.expansion.similarity.spelling import SpelledNames, is_swapped
from search.matching.shapes import Shape
from search.matching.terms import RunPattern

_LONG = 6.0
"""The weight of phones (`sounds.weight`) from which a name is long: little sounds like it by chance."""
LETTERS_KEPT = 0.1
"""Added for a name that begins like an acronym and keeps its letters in their order."""
START_KEPT, _LEAST_START = 0.06, 3
"""Added for a name that was cut short or has something added, and the letters that both have at least."""
TWO_NAMES, MIXED = 0.04, 0.16
"""Taken off for two adjacent names, and for a name with characters beside it, that only together sound like the name:
many do by chance."""
CHINESE_WORDS, TWO_SYLLABLES = 0.1, 0.08
"""Taken off for Chinese words that only together sound like the name, and for text of two syllables."""
_RARE = 5
"""Most occurrences of Chinese text that is a guess; what is said more often means itself."""
_FEW_PLACES, _MOST_PLACES = 40, 200
"""A part of a name with more places is not looked at for the characters beside it, and for the names beside it."""
_LEAST_PART = 2
"""In letters."""
_MOST_BESIDE = 3
"""Characters beside a part of a name."""
_SHORT = 3
"""Syllables of text of which all ways are sought that are like the name."""
_MOST_WAYS = 5000
"""Of longer text, no more ways to say it are sought than these, the likeliest: where more are like the name, most of
what is said in one of them is so by chance."""
_MOST_PIECES = 6
"""Syllables of a name that is sought as Chinese text."""
_ALIKE_ALONE, _WITHOUT_NUMBER = 0.8, 0.85
"""The least likeness of a name without its number, and what that is worth."""
_DIGITS = ("ling", "yi", "er", "san", "si", "wu", "liu", "qi", "ba", "jiu")
_NUMERALS = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8"}
_SAME_SOUND = 0.95
"""The likeness of a name whose numeral is a digit."""
_SWAPPED, _LEAST_SWAPPED = 0.95, 5
"""The likeness of a name with two letters next to each other swapped (ChatGTP), and the fewest letters it has: who
types may swap what nobody mishears."""
_FIT = 0.5
"""The most that a syllable may cost against a piece of a name."""
_PIECE = re.compile("([^aeiou]?)([aeiou]+n?(?![aeiou])|[aeiou]+)|([^aeiou])")
"""The phones that a syllable of Chinese may stand for."""
_WEAK = "rlnh"
"""Consonants at the end of a syllable that Chinese has no syllable for, or leaves out."""


def _least(phones: str) -> float:
    """The least likeness of a guess for a name with these phones."""
    return 0.72 if sounds.weight(phones) >= _LONG else 0.8


def _ways(phones: str, pieces: list[list[str]], least: float) -> list[tuple[str, ...]]:
    """The ways to say the pieces that are enough like the phones of a name; of long text the likeliest of them."""
    if len(pieces) <= _SHORT:
        return ways_to_fit(phones, pieces, least)
    return likeliest_ways(phones, pieces, least, _MOST_WAYS)


class Guess(NamedTuple):
    """What may be written for a name: a run of atoms, or Chinese text with its places; the likeness of its sound, 0 to
    1, and its number of occurrences."""

    run: tuple[str, ...]
    match: SoundMatch | None
    alike: float
    occurrences: int


class NameGuesses:
    """Guesses for names in one index."""

    def __init__(self, make: CandidateMaker, spelled: SpelledNames, matcher: PhoneticMatcher) -> None:
        self._count, self._resolver, self._snapshot = make.count, make.resolver, make.snapshot
        self._spelled = spelled
        self._matcher = matcher

    def of(self, atoms: tuple[str, ...]) -> list[Guess]:
        """The guesses for a name of one atom, or for several atoms of which one is a name, likeliest first."""
        best: dict[tuple[str, ...], Guess] = {}
        for guess in sorted(self._all(atoms), key=lambda one: (-one.alike, one.run)):
            best.setdefault(guess.run, guess)
        return list(best.values())

    def _all(self, atoms: tuple[str, ...]) -> Iterator[Guess]:
        if len(atoms) == 1:
            yield from self._with_digit(atoms[0])
            yield from self.names(atoms[0])
            if len(atoms[0]) > 2 * _LEAST_PART:
                yield from self._beside_a_part(atoms[0])
            yield from self.chinese(atoms[0])
            return
        for at, atom in enumerate(atoms):
            for guess in self.names(atom) if not atom[0].isdigit() else ():
                run = (*atoms[:at], *guess.run, *atoms[at + 1 :])
                if count := self._count(run):
                    yield guess._replace(run=run, occurrences=count)
        if len(atoms) == 2 and atoms[1].isdigit():
            yield from self._with_number(*atoms)

    def _with_number(self, name: str, number: str) -> Iterator[Guess]:
        """For a name with a number, rare names like it whatever the number became (AMCR 3 for AMC23), and names that
        sound like it with the digit read in Chinese (Cornar for Qwen2)."""
        for guess in self.names(name):
            if guess.occurrences <= _RARE and guess.alike >= _ALIKE_ALONE:
                yield guess._replace(alike=guess.alike * _WITHOUT_NUMBER)
        if len(number) == 1:
            bare = sounds.of_letters(name)
            for guess in self.names(name + _DIGITS[int(number)]):
                if guess.alike > sounds.alike(bare, sounds.of_letters(guess.run[0])):
                    yield guess

    def _with_digit(self, name: str) -> Iterator[Guess]:
        """A name that ends in an English numeral, with the digit: Alpha 1 for AlphaOne."""
        for word, digit in _NUMERALS.items():
            if name.endswith(word) and len(name) > len(word) + 1:
                run = (name.removesuffix(word), digit)
                if count := self._count(run):
                    yield Guess(run, None, _SAME_SOUND, count)

    def names(self, name: str) -> Iterator[Guess]:
        """Other names that sound like a name."""
        wanted, acronym = sounds.of_letters(name), is_acronym(name)
        for other in self._spelled.near(name):
            alike = sounds.alike(wanted, sounds.of_letters(other))
            if acronym and keeps_letters(name, other):
                alike = min(0.99, alike + LETTERS_KEPT)
            if min(len(name), len(other)) >= _LEAST_START and (name.startswith(other) or other.startswith(name)):
                alike = min(0.99, alike + START_KEPT)
            if len(name) >= _LEAST_SWAPPED and is_swapped(name, other):
                alike = max(alike, _SWAPPED)
            if alike >= _least(wanted) and (count := self._count((other,))):
                yield Guess((other,), None, alike, count)

    def _beside_a_part(self, name: str) -> Iterator[Guess]:
        """A name of which one part is written, or nearly, and the other sounds like what is beside it: mini journey,
        麦os."""
        wanted = sounds.of_letters(name)
        for cut in range(1, len(name)):
            for side, part in enumerate((name[:cut], name[cut:])):
                for anchor in self._anchors(part, len(name) - len(part)):
                    for run in set(self._runs_with(anchor, before=side == 1)):
                        chance = MIXED if any(map(is_single, run)) else TWO_NAMES
                        alike = sounds.alike(wanted, self._phones(run)) - chance
                        if alike >= _least(wanted) and (count := self._count(run)):
                            yield Guess(run, None, alike, count)

    def _anchors(self, part: str, rest: int) -> list[str]:
        """The part of a name if it is written, and what sounds most like it unless just a letter is left."""
        if len(part) < _LEAST_PART:
            return []
        wanted = sounds.of_letters(part)
        own = [part] if self._snapshot.word_count(part) else []
        if rest < _LEAST_PART:
            return own
        like = (other for other, _ in self._spelled.similar(part, 3))
        return own + [other for other in like if sounds.alike(wanted, sounds.of_letters(other)) >= _least(wanted)]

    def _runs_with(self, anchor: str, before: bool) -> Iterator[tuple[str, ...]]:
        """The runs of an atom with a name, or a word of one to three characters, beside it; of a frequent atom none."""
        source = self._resolver.source(RunPattern((anchor,)))
        if source.count > _MOST_PLACES:
            return
        self._snapshot.seek(((anchor,),), with_text=True)
        for episode in source.counts:
            stream = self._snapshot.stream(episode)
            for at in source.positions(episode):
                first, end = (at - 1, at) if before else (at + 1, at + 2)
                beside = stream.atoms(first, end) if first >= 0 else []
                if beside and not is_single(beside[0]):
                    yield (*beside, anchor) if before else (anchor, *beside)
                elif beside and source.count <= _FEW_PLACES:
                    begins = self._snapshot.marks(episode).begins
                    for size in range(1, _MOST_BESIDE + 1):
                        first, end = (at - size, at) if before else (at + 1, at + 1 + size)
                        own = stream.atoms(first, end) if first >= 0 else []
                        edge = first if before else end
                        if len(own) == size and all(map(is_single, own)) and begins[edge : edge + 1] != "0":
                            yield (*own, anchor) if before else (anchor, *own)

    def _phones(self, run: Iterable[str]) -> str:
        """The phones of a run; empty if an atom has no reading."""
        atoms = list(run)
        heard = []
        for atom, sound in zip(atoms, self._snapshot.readings.read(atoms), strict=True):
            if not (is_single(atom) or atom.isascii()) or (is_single(atom) and sound is None):
                return ""
            spoken = letter_name(atom) if len(atom) == 1 else atom
            heard.append(sounds.of_syllable(sound[0]) if sound and is_single(atom) else sounds.of_letters(spoken))
        return sounds.joined(heard)

    def chinese(self, name: str) -> Iterator[Guess]:
        """Rare Chinese text that sounds like a name, or like its letters read out; in no particular order."""
        wanted = sounds.of_letters(name)
        ways = [(wanted, pieces) for pieces in self._pieces(wanted)]
        if is_acronym(name) and (read := letter_syllables(name)):
            ways = [(sounds.joined(sounds.of_syllable(piece[0]) for piece in read), read)]
        for phones, pieces in ways:
            short = TWO_SYLLABLES if len(pieces) == 2 else 0.0
            for match in self._alike(phones, pieces, short):
                alike = sounds.alike(phones, self._phones(match.atoms))
                alike -= CHINESE_WORDS * (match.shape is Shape.RUN) + short
                if match.frequency <= _RARE and alike >= _least(phones):
                    yield Guess(tuple(match.atoms), match, alike, match.frequency)

    def _alike(self, phones: str, pieces: list[list[str]], short: float) -> Iterator[SoundMatch]:
        """Several words, and new ones, of syllables that may sound enough like the phones of a name."""
        least = _least(phones) + short

        def is_wanted(word: str) -> bool:
            return sounds.alike(phones, self._phones(word)) >= least

        if not (one := fitting(phones, pieces, least)):
            return
        if several := fitting(phones, one, least + CHINESE_WORDS):
            ways = _ways(phones, several, least + CHINESE_WORDS)
            if said := [list(dict.fromkeys(syllables)) for syllables in zip(*ways, strict=True)]:
                yield from (match for match in self._matcher.match_pieces(said, ways) if match.shape is Shape.RUN)
        yield from self._matcher.new_words(one, _RARE, is_wanted)

    def _pieces(self, phones: str) -> list[list[list[str]]]:
        """For each way to say a name in syllables, the syllables for each piece: with its weak consonants said, and
        left out."""
        ways: list[list[list[str]]] = []
        for left_out in (False, True):
            spoken = re.sub(f"(?<=[aeiou])[{_WEAK}](?![aeiou])", "", phones) if left_out else phones
            pieces = [match[0] for match in _PIECE.finditer(spoken)]
            silent = sum(re.search("[aeiou]", piece) is None for piece in pieces)
            if 2 <= len(pieces) <= _MOST_PIECES and silent <= len(pieces) / 2 and (not ways or spoken != phones):
                sets = [self._syllables(piece) for piece in pieces]
                if all(sets):
                    ways.append(sets)
        return ways

    def _syllables(self, piece: str) -> list[str]:
        """The syllables that may stand for a piece of a name."""
        return [
            syllable
            for syllable in self._snapshot.readings.syllables
            if sounds.distance(piece, sounds.of_syllable(syllable)) <= _FIT
        ]
