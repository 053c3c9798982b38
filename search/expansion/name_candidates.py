"""Finds candidates for names in Latin letters: spelled otherwise, split otherwise, or heard as Chinese."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from indexer.core.positions.tokens import is_single
from search.expansion import admission_rules as rules
from search.expansion.admission_rules import Admission
from search.expansion.candidate_maker import Candidate, CandidateMaker
from search.expansion.similarity.phonetic import PhoneticMatcher, SoundMatch
from search.expansion.similarity.read_aloud import is_acronym, keeps_letters, sounds_like_letter
from search.expansion.similarity.spelling import SpelledNames, skeleton

if TYPE_CHECKING:
    from search.expansion.guesses import Guess, NameGuesses

_MOST_NAMES, _MOST_COMPARED = 6, 60
_MOST_HALVES = 3
_MOST_CHINESE = 6
"""Chinese texts that a name beside another term may have been heard as: of three syllables a hundred may be alike
enough, and a person reads few."""


class NameCandidates:
    """Finds the candidates of names in one index."""

    def __init__(self, make: CandidateMaker, matcher: PhoneticMatcher) -> None:
        self._make = make
        self._snapshot = make.snapshot
        self._matcher = matcher

    @cached_property
    def _spelled(self) -> SpelledNames:
        return SpelledNames(self._snapshot.names)

    @cached_property
    def _by_sound(self) -> NameGuesses:
        from search.expansion.guesses import NameGuesses  # late: few queries need it

        return NameGuesses(self._make, self._spelled, self._matcher)

    def of(self, atoms: tuple[str, ...], exact: int, alone: bool) -> Iterator[Candidate]:
        """Names in Latin letters that are spelled differently, split differently, or transcribed as Chinese."""
        if any(map(is_single, atoms)) or max(map(len, atoms)) > rules.LONGEST_NAME:
            return
        if all(atom[0].isdigit() for atom in atoms):
            return
        yield from self._make.cut_otherwise(atoms)
        if alone and not exact:
            yield from self._guesses(atoms)
            return
        respelled = self._respelled(atoms)
        yield from self._alike([*respelled, *self._letter(atoms), *self._without_number(atoms)], exact)
        if len(atoms) == 1 and len(atoms[0]) > 2 and exact <= rules.SOME:
            for run, alike in self._heard_in_two(atoms[0]):
                yield from self._make.run(run, "spelling", rules.SPELLING * alike)
            written = exact + sum(count for _, alike, count in respelled if alike >= rules.ALIKE_NAME)
            yield from self._heard_as_chinese(atoms[0], exact) if written <= rules.FEW else ()

    def _guesses(self, atoms: tuple[str, ...]) -> Iterator[Candidate]:
        """What may be written for a name that is written nowhere, by its sound."""
        for run, alike, count in self._letter(atoms):
            yield from self._guess(run, alike, count)
        for run, match, alike, count in self._by_sound.of(atoms):
            yield from self._guess(run, alike, count, match)

    def _guess(
        self, run: tuple[str, ...], alike: float, count: int, match: SoundMatch | None = None
    ) -> list[Candidate]:
        """The candidate for a guess, unless it is too unlike; `match` is that of Chinese text."""
        order = rules.guess_order(alike, count)
        if order is None:
            return []
        share = rules.SPELLING * order
        if match is not None:
            return [self._make.matching(match, "near-sound", share, Admission.SUGGESTED)]
        return self._make.run(run, "spelling", share, Admission.SUGGESTED)

    def with_signs(self, spoken: tuple[str, ...], exact: int, alone: bool) -> Iterator[Candidate]:
        """What a name with signs was heard as: for pass@1, names with the consonants of passat (PiSide1) if there are
        any, and else all that are like it."""
        heard = self._respelled(spoken, _MOST_COMPARED) if not any(map(is_single, spoken)) else []
        same = [one for one in heard if list(map(skeleton, one[0])) == list(map(skeleton, spoken))]
        if same:
            yield from self._make.cut_otherwise(spoken)
            if exact or not alone:
                yield from self._alike(same, exact)
            for run, _, count in same if alone and not exact else ():
                yield from self._guess(run, rules.SAME_NAME, count)
        else:
            yield from self.of(spoken, exact, alone)

    def _alike(self, names: Iterable[tuple[tuple[str, ...], float, int]], exact: int) -> Iterator[Candidate]:
        """The candidates among (run, likeness, occurrences) of similar names."""
        for run, alike, count in names:
            admission = rules.name_admission(exact, alike, count)
            if admission is Admission.SUGGESTED:
                alike = rules.guessed(alike, count)
            if admission is not None:
                yield from self._make.run(run, "spelling", rules.SPELLING * alike, admission)

    def _respelled(self, atoms: tuple[str, ...], most: int = _MOST_NAMES) -> list[tuple[tuple[str, ...], float, int]]:
        """(run, likeness, occurrences) with one name of the run spelled differently, best first, at most `most`."""
        found = []
        for at, atom in enumerate(atoms):
            if not atom[0].isdigit():
                for other, alike in self._similar(atom, most * 2):
                    run = (*atoms[:at], other, *atoms[at + 1 :])
                    count = self._make.count(run)
                    if count:
                        found.append((run, alike, count))
        return sorted(found, key=lambda entry: (-rules.guessed(entry[1], entry[2]), entry[0]))[:most]

    def _similar(self, name: str, most: int) -> list[tuple[str, float]]:
        """(name, likeness) of the most similar names; of an acronym those are more so that keep its letters."""
        if not is_acronym(name):
            return self._spelled.similar(name, most)
        found = self._spelled.similar(name, _MOST_COMPARED)
        graded = [(other, rules.as_letters(alike) if keeps_letters(name, other) else alike) for other, alike in found]
        return sorted(graded, key=lambda pair: (-pair[1], pair[0]))[:most]

    def _letter(self, atoms: tuple[str, ...]) -> list[tuple[tuple[str, ...], float, int]]:
        """For a name with a number, the letter that sounds like the name, with the same number: M24 for AIME24."""
        if len(atoms) != 2 or not atoms[1][0].isdigit():
            return []
        run = (sounds_like_letter(atoms[0]), atoms[1])
        count = self._make.count(run) if run[0] else 0
        return [(run, rules.LETTER, count)] if count else []

    def _without_number(self, atoms: tuple[str, ...]) -> list[tuple[tuple[str, ...], float, int]]:
        """For a name with a number, the most similar names whatever the number became: AMCR 3 for AMC23."""
        if len(atoms) != 2 or not atoms[1][0].isdigit():
            return []
        found = ((run, alike, count) for run, alike, count in self._respelled(atoms[:1]) if count <= rules.RARE_NAME)
        return [(run, alike * 0.75, count) for run, alike, count in found if alike >= rules.ALIKE_NAME]

    def _heard_in_two(self, name: str) -> Iterator[tuple[tuple[str, str], float]]:
        """(run, likeness) of two adjacent names that together sound like the name: stone breaker."""
        for cut in range(2, len(name) - 1):
            parts = name[:cut], name[cut:]
            for one, alike in self._like(parts[0]):
                for other, also in self._like(parts[1]):
                    if (one, other) != parts and self._make.count((one, other)):
                        yield (one, other), (alike + also) / 2

    def _like(self, name: str) -> list[tuple[str, float]]:
        """The name, if it is known, and the few most similar."""
        return [(name, 1.0)] * bool(self._snapshot.word_count(name)) + self._spelled.similar(name, _MOST_HALVES)

    def _heard_as_chinese(self, name: str, exact: int) -> Iterator[Candidate]:
        """Chinese text that sounds like a name that is written somewhere or beside another term: the likeliest that are
        no guesses, or, of a name that is written nowhere, with those that are."""
        found: list[tuple[Admission, Guess, SoundMatch]] = []
        for guess in self._by_sound.chinese(name):
            assert guess.match is not None, "text that was found by its sound"
            admission = rules.transcribed_admission(guess.match.shape, len(guess.run), exact, guess.alike)
            if admission is not None:
                found.append((admission, guess, guess.match))
        found.sort(key=lambda one: (-one[1].alike, one[0] is not Admission.FREE))
        for admission, guess, match in found[:_MOST_CHINESE]:
            yield self._make.matching(match, "near-sound", rules.TRANSCRIBED * guess.alike, admission)
