"""Finds candidates: other texts that may stand for a term of the query, each labelled with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice, product
from math import log2
from operator import eq

from indexer.core.named_tuples import NamedTuple
from indexer.core.tokens import is_single
from search.expansion import admission_rules as rules
from search.expansion.admission_rules import Admission
from search.expansion.aliases import Aliases
from search.expansion.phonetic import PhoneticMatcher, SoundLikeness, SoundMatch
from search.expansion.read_aloud import is_acronym, keeps_letters, sounds_like_letter
from search.expansion.spelling import SpelledNames, pinyin_syllables, skeleton
from search.expansion.transliteration import fits, syllables_for
from search.expansion.written_otherwise import joined_and_split, variants
from search.matching.fuzzy_phrase import QUORUM_ATOMS, most_of
from search.matching.resolver import Resolver
from search.matching.shapes import Shape
from search.matching.sources import PlacesSource
from search.matching.terms import Alternative, NumberPattern, Pattern, PercentPattern, QuorumPattern, RunPattern
from search.query.numerals import is_number, other_forms

_MOST_VARIANTS = 8
_MOST_NAMES, _MOST_COMPARED = 6, 60
_MOST_SEQUENCES = 4
_MOST_HALVES = 3
_LONGEST_NAME = 32


class Candidate(NamedTuple):
    """One text that may stand for a term, with its number of occurrences. `share` is the weight of a match, as a
    fraction of an exact one."""

    alternative: Alternative
    occurrences: int
    share: float
    admission: Admission


class CandidateFinder:
    """Finds the candidates of terms in one index."""

    def __init__(self, resolver: Resolver, aliases: Aliases) -> None:
        self.resolver = resolver
        self._snapshot = snapshot = resolver.snapshot
        self._aliases = aliases
        self._matcher = PhoneticMatcher(snapshot)

    @cached_property
    def _spelled(self) -> SpelledNames:
        return SpelledNames(self._snapshot.names)

    def of_word(
        self,
        atoms: tuple[str, ...],
        exact: int,
        alone: bool = True,
        percent: int | None = None,
        spoken: tuple[str, ...] | None = None,
    ) -> list[Candidate]:
        """The candidates for typed text that occurs `exact` times in the index; best first.

        `alone` is True if nothing else was typed; `percent` is the index of the atom that a % sign follows; `spoken` is
        the text with its signs spelled out as spoken, if it has any (passat 1 for pass@1).
        """
        found = [self._meant(atoms, percent)]
        if not exact:
            found.append(self._typed_pinyin(atoms, alone))
        found.append(self._names(atoms, exact, alone))
        if spoken is not None:
            found.append(self._signs_heard(spoken, exact, alone))
        if exact <= rules.MANY and len(atoms) <= rules.LONGEST:
            found.append(self._heard(atoms, exact, alone))
        return _best(atoms, found)

    def of_phrase(self, atoms: tuple[str, ...], percent: int | None = None) -> list[Candidate]:
        """The candidates for a quote with no exact occurrence: other figures and characters, or most of it."""
        found = _best(atoms, [self._meant(atoms, percent), self._cut_otherwise(atoms)])
        if len(atoms) >= QUORUM_ATOMS:
            for there, places in most_of(atoms, self._snapshot).items():
                pattern = QuorumPattern(atoms, there)
                self.resolver.learn(pattern, PlacesSource(len(atoms), places))
                found += self._candidate(pattern, "quorum", rules.quorum_share(there / len(atoms)))
        return found

    def _meant(self, atoms: tuple[str, ...], percent: int | None) -> Iterator[Candidate]:
        """Equivalents: numbers, aliases, interchangeable characters."""
        for number in other_forms(atoms, percent):
            pattern: Pattern = NumberPattern(number.atoms)
            if number.percent is not None:
                pattern = PercentPattern(number.atoms, number.percent)
            yield from self._candidate(pattern, "number", rules.NUMBER)
        for run in self._aliases.of(atoms):
            yield from self._run(run, "alias", rules.ALIAS)
        for run in islice(dict.fromkeys(islice(variants(atoms), _MOST_VARIANTS * 4)), _MOST_VARIANTS * 2):
            yield from self._run(run, "homophone", rules.VARIANT)

    def _run(
        self, run: tuple[str, ...], how: str, share: float, admission: Admission = Admission.FREE
    ) -> list[Candidate]:
        return self._candidate(RunPattern(run), how, share, admission)

    def _candidate(
        self, pattern: Pattern, how: str, share: float, admission: Admission = Admission.FREE
    ) -> list[Candidate]:
        """The candidate, if it occurs at all."""
        count = self.resolver.source(pattern).count
        return [Candidate(Alternative(pattern, how), count, share, admission)] if count else []

    def _matching(self, match: SoundMatch, how: str, share: float, admission: Admission = Admission.FREE) -> Candidate:
        """The candidate for a text found by its sound, whose places are known."""
        source = self.resolver.learn(match.pattern, PlacesSource(len(match.atoms), match.places))
        return Candidate(Alternative(match.pattern, how), source.count, share, admission)

    def _count(self, run: tuple[str, ...]) -> int:
        """The number of occurrences of a run."""
        return self.resolver.source(RunPattern(run)).count

    def _heard(self, atoms: tuple[str, ...], exact: int, alone: bool) -> Iterator[Candidate]:
        """Homophones of the atoms; next to other terms they need not start and end at word boundaries."""
        sounds = self._matcher.sounds(atoms) if any(map(is_single, atoms)) and not is_number(atoms) else None
        if sounds is None or len(sounds) < 2 or (alone and not rules.worth_listening(len(sounds), exact)):
            return
        found = False
        inside = not alone or len(sounds) >= rules.SURE
        for match in self._matcher.match(sounds, SoundLikeness.NEAR, inside, itself="".join(atoms)):
            admission = rules.admission(
                len(sounds), exact, match.likeness, match.shape, alone, _kept(atoms, match.atoms)
            )
            if admission is not None:
                how = "near-sound" if match.likeness is SoundLikeness.NEAR else "homophone"
                found = True
                yield self._matching(match, how, rules.share(match.likeness, match.shape), admission)
        if alone and not (exact or found):
            for match in self._matcher.match_half(sounds) if len(sounds) in rules.HALF_SYLLABLES else ():
                admission = rules.half_admission(len(sounds), match.shape, _kept(atoms, match.atoms))
                if admission is not None:
                    yield self._matching(match, "near-sound", rules.HALF, admission)

    def _typed_pinyin(self, atoms: tuple[str, ...], alone: bool) -> Iterator[Candidate]:
        """Words for syllables typed in letters."""
        if any(map(is_single, atoms)) or max(map(len, atoms)) > _LONGEST_NAME:
            return
        ways = [pinyin_syllables(atom, self._snapshot.readings.syllables) for atom in atoms]
        fewest = sum(map(len, next(product(*ways), ())))
        for way in islice(product(*ways), _MOST_SEQUENCES):
            sounds = [(syllable, 0) for syllables in way for syllable in syllables]
            if 2 <= len(sounds) <= rules.LONGEST:
                for match in self._matcher.match(sounds, SoundLikeness.SAME_SYLLABLES):
                    is_sure = len(atoms) > 1 or match.shape is not Shape.RUN or 2 < len(sounds) == fewest
                    admission = rules.pinyin_admission(is_sure, match.frequency / self._snapshot.total_atoms, alone)
                    yield self._matching(match, "pinyin", rules.pinyin_share(match.frequency), admission)

    def _names(self, atoms: tuple[str, ...], exact: int, alone: bool) -> Iterator[Candidate]:
        """Names in Latin letters that are spelled differently, split differently, or transcribed as Chinese."""
        if any(map(is_single, atoms)) or max(map(len, atoms)) > _LONGEST_NAME:
            return
        if all(atom[0].isdigit() for atom in atoms):
            return
        yield from self._cut_otherwise(atoms)
        if alone and not exact:
            yield from self._guesses(atoms)
            return
        yield from self._alike([*self._respelled(atoms), *self._letter(atoms), *self._without_number(atoms)], exact)
        if len(atoms) == 1 and len(atoms[0]) > 2 and exact <= rules.SOME:
            for run, alike in self._heard_in_two(atoms[0]):
                yield from self._run(run, "spelling", rules.SPELLING * alike)
            yield from self._heard_as_chinese(atoms[0], exact) if exact <= rules.FEW else ()

    def _guesses(self, atoms: tuple[str, ...]) -> Iterator[Candidate]:
        """What may be written for a name that is written nowhere, by its sound."""
        from search.expansion.guesses import NameGuesses  # late: few queries need it

        for run, alike, count in self._letter(atoms):
            yield from self._guess(run, alike, count)
        for run, match, alike, count in NameGuesses(self.resolver, self._spelled, self._matcher).of(atoms):
            yield from self._guess(run, alike, count, match)

    def _guess(
        self, run: tuple[str, ...], alike: float, count: int, match: SoundMatch | None = None
    ) -> list[Candidate]:
        """The candidate for a guess, unless it is too unlike; `match` is that of Chinese text."""
        guessed = rules.guessed(alike, count)
        if guessed < rules.LEAST_GUESSED:
            return []
        share = rules.SPELLING * guessed
        if match is not None:
            return [self._matching(match, "near-sound", share, Admission.SUGGESTED)]
        return self._run(run, "spelling", share, Admission.SUGGESTED)

    def _signs_heard(self, spoken: tuple[str, ...], exact: int, alone: bool) -> Iterator[Candidate]:
        """What a name with signs was heard as: for pass@1, names with the consonants of passat (PiSide1) if there are
        any, and else all that are like it."""
        heard = self._respelled(spoken, _MOST_COMPARED) if not any(map(is_single, spoken)) else []
        same = [one for one in heard if list(map(skeleton, one[0])) == list(map(skeleton, spoken))]
        if same:
            yield from self._cut_otherwise(spoken)
            if exact or not alone:
                yield from self._alike(same, exact)
            for run, _, count in same if alone and not exact else ():
                yield from self._guess(run, rules.SAME_NAME, count)
        else:
            yield from self._names(spoken, exact, alone)

    def _alike(self, names: Iterable[tuple[tuple[str, ...], float, int]], exact: int) -> Iterator[Candidate]:
        """The candidates among (run, likeness, occurrences) of similar names."""
        for run, alike, count in names:
            admission = rules.name_admission(exact, alike, count)
            if admission is Admission.SUGGESTED:
                alike = rules.guessed(alike, count)
            if admission is not None:
                yield from self._run(run, "spelling", rules.SPELLING * alike, admission)

    def _cut_otherwise(self, atoms: tuple[str, ...]) -> Iterator[Candidate]:
        """The same letters and digits, split differently."""
        if not any(map(is_single, atoms)):
            for run in dict.fromkeys(joined_and_split(atoms, self._snapshot.names)):
                yield from self._run(run, "spelling", rules.SPELLING)

    def _respelled(self, atoms: tuple[str, ...], most: int = _MOST_NAMES) -> list[tuple[tuple[str, ...], float, int]]:
        """(run, likeness, occurrences) with one name of the run spelled differently, best first, at most `most`."""
        found = []
        for at, atom in enumerate(atoms):
            if not atom[0].isdigit():
                for other, alike in self._similar(atom, most * 2):
                    run = (*atoms[:at], other, *atoms[at + 1 :])
                    count = self._count(run)
                    if count:
                        found.append((run, alike, count))
        return sorted(found, key=lambda entry: (-entry[1] + 0.02 * log2(entry[2]), entry[0]))[:most]

    def _similar(self, name: str, most: int) -> list[tuple[str, float]]:
        """(name, likeness) of the most similar names; of an acronym those are more so that keep its letters."""
        if not is_acronym(name):
            return self._spelled.similar(name, most)
        found = self._spelled.similar(name, _MOST_COMPARED)
        told = [(other, rules.as_letters(alike) if keeps_letters(name, other) else alike) for other, alike in found]
        return sorted(told, key=lambda pair: (-pair[1], pair[0]))[:most]

    def _letter(self, atoms: tuple[str, ...]) -> list[tuple[tuple[str, ...], float, int]]:
        """For a name with a number, the letter that sounds like the name, with the same number: M24 for AIME24."""
        if len(atoms) != 2 or not atoms[1][0].isdigit():
            return []
        run = (sounds_like_letter(atoms[0]), atoms[1])
        count = self._count(run) if run[0] else 0
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
                    if (one, other) != parts and self._count((one, other)):
                        yield (one, other), (alike + also) / 2

    def _like(self, name: str) -> list[tuple[str, float]]:
        """The name, if it is known, and the few most similar."""
        return [(name, 1.0)] * bool(self._snapshot.word_count(name)) + self._spelled.similar(name, _MOST_HALVES)

    def _heard_as_chinese(self, name: str, exact: int) -> Iterator[Candidate]:
        """Chinese text that sounds like a name that is written somewhere or beside another term. It must be rare: a
        frequent word means itself."""
        pieces = syllables_for(name, self._snapshot.readings.syllables)
        if not pieces or not all(pieces):
            return
        for match in self._matcher.match_pieces(pieces):
            said = [sound[0] for sound in self._snapshot.readings.read(match.atoms) if sound]
            alike = fits(name, said)
            if match.shape is not Shape.WORD and match.frequency <= rules.RARE_NAME and alike >= rules.ALIKE_SYLLABLES:
                is_odd = match.shape is Shape.NEW_WORD and alike >= rules.ALIKE_NAME
                sure = len(pieces) > 2 or (len(pieces) == 2 and is_odd)
                if sure or not exact:
                    admission = Admission.FREE if sure else Admission.SUGGESTED
                    yield self._matching(match, "near-sound", rules.TRANSCRIBED * alike, admission)


def _kept(atoms: tuple[str, ...], heard: Sequence[str]) -> int:
    """The number of atoms that are the same at the same places."""
    return sum(map(eq, atoms, heard))


def _best(atoms: tuple[str, ...], kinds: Iterable[Iterable[Candidate]]) -> list[Candidate]:
    """The best candidates of several kinds, without the term itself; of two kinds that find the same text, the first
    counts."""
    kept: list[Candidate] = []
    known = {atoms}
    for candidates in kinds:
        new = [candidate for candidate in candidates if candidate.alternative.atoms not in known]
        known.update(candidate.alternative.atoms for candidate in new)
        kept += new
    return sorted(kept, key=lambda candidate: -candidate.share)[: rules.MOST_HEARD]
