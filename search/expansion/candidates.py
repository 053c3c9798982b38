"""Finds candidates: other texts that may stand for a term of the query, each labelled with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from operator import eq
from typing import TYPE_CHECKING

from indexer.core.positions.tokens import is_single
from search.expansion import admission_rules as rules
from search.expansion.admission_rules import Admission
from search.expansion.aliases import Aliases
from search.expansion.candidate_maker import Candidate, CandidateMaker
from search.expansion.similarity.phonetic import PhoneticMatcher, SoundLikeness
from search.expansion.similarity.written_otherwise import variants
from search.expansion.typed_pinyin import typed_pinyin
from search.matching.fuzzy_phrase import QUORUM_ATOMS, most_of
from search.matching.resolver import Resolver
from search.matching.sources import PlacesSource
from search.matching.terms import NumberPattern, Pattern, PercentPattern, QuorumPattern
from search.query.numerals import is_number, other_forms

if TYPE_CHECKING:
    from indexer.core.words.dictionary import Dictionary
    from search.expansion.name_candidates import NameCandidates

_MOST_VARIANTS = 8


class CandidateFinder:
    """Finds the candidates of terms in one index."""

    def __init__(self, resolver: Resolver, aliases: Aliases) -> None:
        self.resolver = resolver
        self._snapshot = snapshot = resolver.snapshot
        self._aliases = aliases
        self._matcher = PhoneticMatcher(snapshot)
        self._make = CandidateMaker(resolver)

    @cached_property
    def _names(self) -> NameCandidates:
        from search.expansion.name_candidates import NameCandidates  # late: most queries have no name

        return NameCandidates(self._make, self._matcher)

    def of_word(
        self,
        atoms: tuple[str, ...],
        exact: int,
        alone: bool = True,
        percent: int | None = None,
        spoken: tuple[str, ...] | None = None,
        most: int = rules.MANY,
    ) -> list[Candidate]:
        """The candidates for typed text that occurs `exact` times in the index; best first.

        `alone` is True if nothing else was typed; `percent` is the index of the atom that a % sign follows; `spoken` is
        the text with its signs spelled out as spoken, if it has any (passat 1 for pass@1). What occurs more than `most`
        times is not sought by sound.
        """
        found: list[Iterable[Candidate]] = [self._meant(atoms, percent)]
        if not exact:
            found.append(typed_pinyin(atoms, alone, self._make, self._matcher))
        if not any(map(is_single, atoms)):
            found.append(self._names.of(atoms, exact, alone))
        if spoken is not None:
            found.append(self._names.with_signs(spoken, exact, alone))
        if exact <= most and len(atoms) <= rules.LONGEST:
            heard = list(self._heard(atoms, exact, alone))
            found.append(self._doubted(atoms, heard) if alone and not exact else heard)
        return _best(atoms, found)

    def of_phrase(self, atoms: tuple[str, ...], percent: int | None = None) -> list[Candidate]:
        """The candidates for a quote with no exact occurrence: other figures and characters, or most of it."""
        found = _best(atoms, [self._meant(atoms, percent), self._make.cut_otherwise(atoms)])
        if len(atoms) >= QUORUM_ATOMS:
            for there, places in most_of(atoms, self._snapshot).items():
                pattern = QuorumPattern(atoms, there)
                self.resolver.learn(pattern, PlacesSource(len(atoms), places))
                found += self._make.candidate(pattern, "quorum", rules.quorum_share(there / len(atoms)))
        return found

    def _meant(self, atoms: tuple[str, ...], percent: int | None) -> Iterator[Candidate]:
        """Equivalents: numbers, aliases, interchangeable characters."""
        for number in other_forms(atoms, percent):
            pattern: Pattern = NumberPattern(number.atoms)
            if number.percent is not None:
                pattern = PercentPattern(number.atoms, number.percent)
            yield from self._make.candidate(pattern, "number", rules.NUMBER)
        for run in self._aliases.of(atoms):
            yield from self._make.run(run, "alias", rules.ALIAS)
        for run in islice(dict.fromkeys(islice(variants(atoms), _MOST_VARIANTS * 4)), _MOST_VARIANTS * 2):
            yield from self._make.run(run, "homophone", rules.VARIANT)

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
                yield self._make.matching(match, how, rules.share(match.likeness, match.shape), admission)
        if alone and not (exact or found):
            for match in self._matcher.match_half(sounds) if len(sounds) in rules.HALF_SYLLABLES else ():
                admission = rules.half_admission(len(sounds), match.shape, _kept(atoms, match.atoms))
                if admission is not None:
                    yield self._make.matching(match, "near-sound", rules.HALF, admission)

    def _doubted(self, atoms: tuple[str, ...], heard: list[Candidate]) -> list[Candidate]:
        """What was heard for a term alone that is written nowhere, with what is sure only of an unknown word made a
        guess if a dictionary has the term, or if it may be a name and its surname was not heard."""
        doubtful = {one for one in heard if one.admission is Admission.FREE and _is_doubtful(atoms, one)}
        if _are_often(doubtful) and not self._dictionary.frequency("".join(atoms)):
            from search.expansion.similarity.surnames import loses_surname  # late: few queries need it

            doubtful = {one for one in doubtful if loses_surname(atoms, one.alternative.atoms)}
        if not _are_often(doubtful):
            return heard
        return [one._replace(admission=Admission.SUGGESTED) if one in doubtful else one for one in heard]

    @cached_property
    def _dictionary(self) -> Dictionary:
        from indexer.core.configuration.paths import default_cache
        from indexer.core.words.dictionary_file import open_dictionary  # late: few queries need it

        return open_dictionary(default_cache())


def _is_doubtful(atoms: tuple[str, ...], one: Candidate) -> bool:
    return rules.is_doubtful(len(atoms), _kept(atoms, one.alternative.atoms))


def _are_often(some: Iterable[Candidate]) -> bool:
    return sum(one.occurrences for one in some) > rules.MOST_SUGGESTIONS


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
