"""A snapshot of the episodes fetched from a remote index: what a search needs of them, and no more.

Frequencies, the number of episodes and their length are those of the whole index, so the moments of the fetched
episodes have the scores that they have among all. Episodes may be partial: they have the decks that were fetched of
all, and whoever reads more of one gets filler. What these episodes cannot answer is noted (`lacking`): the search
fetches that and runs again (`search.retrieval.remote.rounds`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from indexer.core.native import by_bit, unbroken
from indexer.core.positions.tokens import is_single
from indexer.store import schema
from indexer.store.cluster.documents.decks import deck_of_sound, decks_of
from indexer.store.impacts import RUN_ATOMS
from search.backends.conditions import EVERY, Condition, Holds
from search.backends.remote import Frequency, RemoteIndex, Spelled
from search.matching.word_positions import LONGEST_PART
from search.retrieval.remote.facts.known_words import KnownWords
from search.retrieval.remote.facts.missing_facts import Lacking, having_sounds
from search.retrieval.remote.held.episode_body import Body
from search.retrieval.remote.held.places import amounts, of_words, peak, where
from search.retrieval.remote.selection.fetch_conditions import of_sought
from search.retrieval.remote.snapshots.fetched_fields import FetchedFields


class FetchedSnapshot(FetchedFields):
    """Some episodes of a remote index, numbered from 0 in the order of their ids; implements
    `search.backends.snapshot.Snapshot`, except for what only a whole index tells. One thread uses it."""

    def __init__(
        self,
        remote: RemoteIndex,
        words: KnownWords,
        bodies: Iterable[Body],
        is_complete: Callable[[Condition], bool] = lambda _condition: False,
    ) -> None:
        """All episodes that meet a condition which `is_complete` are among the bodies."""
        super().__init__(remote, words, bodies)
        self._is_complete = is_complete
        # What was needed and may be missing, in the order in which it was (`Lacking`).
        self.wanted: dict[Condition, None] = {}
        self.wanted_text: set[Condition] = set()
        self.wanted_signs: set[Condition] = set()
        self.wanted_inside: dict[str, tuple[str, ...]] = {}
        self._places: dict[str, dict[int, list[int]]] = {}
        self._peaks: dict[str, dict[int, int]] = {}
        self._amounts: dict[str, dict[int, int]] = {}
        self._mute: set[str] = set()

    def _needs(self, condition: Condition) -> None:
        if not self._is_complete(condition):
            self.wanted[condition] = None

    def lacking(self) -> Lacking:
        """What it could not answer until now."""
        terms, runs = frozenset(self.wanted_terms), frozenset(self.wanted_runs)
        whole = frozenset(body.key for body in self._bodies if body.is_wanted)
        parts = {
            body.key: frozenset(body.wanted_parts) for body in self._bodies if body.wanted_parts and not body.is_wanted
        }
        clocks = frozenset(body.key for body in self._bodies if body.wants_clock or body.tells_nothing)
        return Lacking(
            tuple(self.wanted),
            frozenset(self.wanted_text),
            frozenset(self.wanted_signs),
            terms,
            runs,
            frozenset(self.wanted_spelled),
            frozenset(self.wanted_sounds),
            frozenset(self._mute),
            frozenset(self.wanted_decks),
            clocks,
            whole,
            parts,
            dict(self.wanted_inside),
        )

    def _run_frequency(self, atoms: Sequence[str]) -> Frequency:
        return self._counted_here(tuple(atoms)) or super()._run_frequency(atoms)

    def _counted_here(self, run: tuple[str, ...]) -> Frequency | None:
        """The frequency of a run that was not asked for, if all episodes with one of its atoms are here, and tell."""
        if len(run) < 2 or self.vocabulary.known_run(run) is not None:
            return None
        one = next((atom for atom in run if self._is_complete(Holds((atom,)))), None)
        decks = frozenset[str]().union(*(decks_of(atom, self.readings) for atom in run))
        if one is None:
            return None
        # Where all episodes are here for another reason, those without the decks do not tell whether they have it.
        having = self._bodies if self._is_complete(EVERY) else map(self._body, where(self._bodies, (one,)))
        if any(body.lacks_text(decks) for body in having):
            return None
        found = where(self._bodies, run)
        return Frequency(sum(map(len, found.values())), len(found))

    def episodes(self) -> range:
        self._needs(EVERY)
        return range(len(self._bodies))

    def word_episodes(self, word: str) -> dict[int, int]:
        return {number: len(places) for number, places in self._word_places(word).items()}

    def char_episodes(self, character: str) -> dict[int, int]:
        known = self._amounts.get(character)
        if known is None:
            self._tells((character,))
            known = self._amounts[character] = amounts(self._bodies, character)
        return known

    def word_peaks(self, word: str) -> dict[int, int]:
        shift = 0 if len(word) > 1 and is_single(word[0]) else RUN_ATOMS - 1
        return self._peaks_of(word, self._word_places(word), shift)

    def char_peaks(self, character: str) -> dict[int, int]:
        return self._peaks_of(character, self._char_places(character), RUN_ATOMS - 1)

    def sounding(
        self, classes: Sequence[Collection[int]], itself: Sequence[str] = (), ways: Collection[bytes] | None = None
    ) -> Iterator[tuple[int, list[int]]]:
        self._needs(having_sounds(self.readings, classes, itself, ways))
        decks = frozenset(deck_of_sound(number) for members in classes for number in members)
        wanted = tuple(map(frozenset, classes))
        for number, body in enumerate(self._bodies):
            is_here = schema.SOUNDS in body.stored.columns or not decks.isdisjoint(body.stored.columns)
            if is_here and (places := body.sounding(wanted, decks, ways)):
                yield number, places

    def of_rare_words(
        self, classes: Sequence[Collection[int]], most: int, is_wanted: Callable[[str], bool]
    ) -> Iterator[tuple[int, list[int]]]:
        spelled = Spelled(tuple(map(self.readings.characters_of, classes)), most)
        words = self.vocabulary.spelled(spelled)
        if words is None:
            self.wanted_spelled.add(spelled)
        wanted = [tuple(word) for word in words or () if is_wanted(word)]
        decks = frozenset[str]().union(*(decks_of(atom, self.readings) for atom in chain(*wanted)))
        for atoms in wanted:
            self._needs(Holds(atoms))
            self._tells(atoms)
        every = frozenset(deck_of_sound(number) for members in classes for number in members)
        for number, places in of_words(self._bodies, wanted).items():
            body = self._bodies[number]
            if lacked := decks.intersection(body.lacks(decks)):
                self.wanted_decks |= lacked
                self._mute.add(body.key)
            if heard := sorted(places.intersection(body.sounding(tuple(map(frozenset, classes)), every))):
                yield number, heard

    def may_hold(self, run: Sequence[str], counts: Mapping[int, int]) -> Mapping[int, int]:
        """All: the cluster has already told which episodes may."""
        return counts

    def announce(self, words: Collection[str]) -> None:
        """All episodes are at hand."""

    def seek(
        self,
        runs: Sequence[Sequence[str]],
        least: int = 1,
        *,
        with_text: bool = False,
        with_signs: bool = False,
        beside: Collection[str] = (),
    ) -> None:
        condition = of_sought(runs, least)
        self._needs(condition)
        if with_text:
            self.wanted_text.add(condition)
        if with_signs:
            self.wanted_signs.add(condition)
        if beside and self._partial and any(where(self._bodies, tuple(run)) for run in runs):
            self._tells(beside)

    def look_beside(self, atoms: Iterable[str]) -> None:
        self._tells(atoms)

    def _char_places(self, character: str) -> dict[int, list[int]]:
        self._tells((character,))
        return self._found(character, lambda: where(self._bodies, (character,)))

    def _word_places(self, word: str) -> dict[int, list[int]]:
        return self._found(word, lambda: self._cut_places(word))

    def _found(self, term: str, find: Callable[[], dict[int, list[int]]]) -> dict[int, list[int]]:
        known = self._places.get(term)
        if known is None:
            known = self._places[term] = find()
        return known

    def _cut_places(self, word: str) -> dict[int, list[int]]:
        """Where a word is, as it was cut at indexing."""
        if not self.word_count(word):
            return {}
        atoms = tuple(word) if is_single(word[0]) else (word,)
        is_told = self._tells(atoms)
        found = where(self._bodies, atoms)
        size = len(atoms)
        if size == 1:
            return found
        kept: dict[int, list[int]] = {}
        inside: dict[int, list[int]] = {}
        for number, places in found.items():
            marks = self._bodies[number].marks
            whole, alone = unbroken(places, size, marks.packed, marks.atoms)
            if size > LONGEST_PART or len(alone) == len(whole):
                whole = alone
            elif alone:
                is_new = bool(by_bit(alone, marks.packed_new, marks.atoms)[1])
                self.vocabulary.note_inside(word, not is_new)
                whole = alone if is_new else whole
            elif whole:
                inside[number] = whole
            if whole:
                kept[number] = whole
        if inside and is_told and not self._counts_inside(word, kept, inside):
            kept = {number: places for number, places in kept.items() if number not in inside}
        return kept

    def _counts_inside(self, word: str, kept: Mapping[int, Sequence[int]], inside: Collection[int]) -> bool:
        """Whether a word counts where it is only `inside` longer ones; in the other episodes with it, it is alone."""
        known = self.vocabulary.is_inside(word)
        if known is not None:
            return known
        alone = next((number for number in kept if number not in inside), None)
        if alone is not None:
            marks = self._bodies[alone].marks
            known = not by_bit(kept[alone], marks.packed_new, marks.atoms)[1]
        elif len(self._bodies) == self.episode_count:
            known = True  # it is counted, and stands nowhere else
        if known is None:
            self.wanted_inside[word] = tuple(map(self.key, inside))
            return False
        self.vocabulary.note_inside(word, known)
        return known

    def _peaks_of(self, term: str, places: Mapping[int, Sequence[int]], shift: int) -> dict[int, int]:
        known = self._peaks.get(term)
        if known is None:
            known = self._peaks[term] = {}
            for number, at in places.items():
                body = self._bodies[number]
                # Of an episode, as many places of a term are the same ones.
                found = body.peaks.get((term, len(at)))
                if found is None:
                    found = body.peaks[term, len(at)] = peak(body, at, shift)
                known[number] = found
        return known
