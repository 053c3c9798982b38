"""The part of the vocabulary of a remote index that has been fetched; a query needs only a few words of it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property

from indexer.core.memory.caches import BoundedDict
from indexer.core.text.folding import Folding
from indexer.core.words.pronunciation import Readings, read_readings
from indexer.store.manifest import Manifest, read_manifest
from search.backends.conditions import Disjunction, Holds
from search.backends.remote import FIRST_SINGLE, Frequency, RemoteIndex, Spelled
from search.query.deadline import OutOfTime

NONE = Frequency(0, 0)
_MOST_TERMS, _MOST_RUNS, _MOST_SEVERAL, _MOST_SPELLED = 200_000, 50_000, 1000, 100
"""Frequencies that are kept: of words and characters, of runs, and of several runs together; ways of spelling words."""


class KnownWords:
    """The frequencies of one state of a remote index; threads may share them. What a query asks for while it is planned
    or searched is taken to be nothing once its time is over (`RemoteIndex.within`)."""

    def __init__(self, remote: RemoteIndex, manifest: Manifest) -> None:
        self._remote = remote
        self.manifest = manifest
        self.folding = Folding(manifest.folding)
        self.lexicon = frozenset(manifest.lexicon)
        self._terms: BoundedDict[str, Frequency] = BoundedDict(_MOST_TERMS)
        self._names: list[str] | None = None
        self.forget()

    @cached_property
    def readings(self) -> Readings:
        return read_readings(self._remote.copies, self.manifest.readings_crc)

    def learn(self, terms: Iterable[str]) -> None:
        """Asks for the frequencies of these words and characters that are not known yet, all at once."""
        missing = {term for term in terms if self.known(term) is None}
        if missing:
            found = self._remote.frequencies(missing)
            self._terms.add({term: found.get(term, NONE) for term in missing})

    def learn_all(
        self,
        terms: Iterable[str],
        runs: Iterable[tuple[str, ...]],
        spelled: Iterable[Spelled] = (),
        with_names: bool = False,
        fields: Sequence[str] = (),
    ) -> Mapping[str, Sequence[str]]:
        """Asks for the frequencies of words, characters and runs that are not known yet, for the words that are spelled
        in some ways, and for all names and numbers, all at once. Returns the values of some `fields` of episodes,
        unless they are too many."""
        missing = {term for term in terms if self.known(term) is None}
        others = sorted(run for run in set(runs) if run not in self._runs)  # the same request in every process
        ways = sorted(way for way in set(spelled) if way not in self._spelled)
        with_names = with_names and self._names is None
        if missing or others or ways or with_names or fields:
            found = self._remote.all_frequencies(missing, others, ways, with_names, fields)
            self._terms.add({term: found.terms.get(term, NONE) for term in missing})
            self._runs.add(dict(zip(others, found.runs, strict=True)))
            for way, words in zip(ways, found.spelled, strict=True):
                self._terms.add(words)
                self._spelled.add({way: tuple(words)})
            if found.names is not None:
                self._terms.add(found.names)
                self._names = list(found.names)
            return found.values
        return {}

    def spelled(self, way: Spelled) -> Sequence[str] | None:
        """The words that are spelled so; None while they are not known."""
        return self._spelled.get(way)

    def known(self, term: str) -> Frequency | None:
        """The frequency of a word, or of a Han or kana character; None while it is not known."""
        found = self._terms.get(term)
        if found is None and self._names is not None and term < FIRST_SINGLE and not _has(self._names, term):
            return NONE
        return found

    def may_occur(self, term: str) -> bool:
        """Whether the index may have a word, or a Han or kana character."""
        known = self.known(term)
        return known is None or known.count > 0

    def note_runs(self, counted: Mapping[tuple[str, ...], Frequency]) -> None:
        """Notes the frequencies of runs that were asked for with other questions."""
        self._runs.add(counted)

    def forget(self) -> None:
        """Asks again for what may not be complete: all but the frequencies of words and characters."""
        self._names = None
        self._spelled: BoundedDict[Spelled, Sequence[str]] = BoundedDict(_MOST_SPELLED)
        self._runs: BoundedDict[tuple[str, ...], Frequency] = BoundedDict(_MOST_RUNS)
        self._several: BoundedDict[tuple[tuple[str, ...], ...], int] = BoundedDict(_MOST_SEVERAL)
        self._inside: BoundedDict[str, bool] = BoundedDict(_MOST_RUNS)

    def known_run(self, run: tuple[str, ...]) -> Frequency | None:
        """The frequency of a run of several atoms, however it is cut; None while it is not known."""
        return self._runs.get(run)

    def having(self, ways: Sequence[Sequence[str]]) -> int:
        """The number of episodes with one of several runs."""
        runs = tuple(sorted(set(map(tuple, ways))))
        known = self._several.get(runs)
        if known is None:
            try:
                known = self._remote.episodes_with(Disjunction(tuple(map(Holds, runs))))
            except OutOfTime:
                return 0
            self._several.add({runs: known})
        return known

    def is_inside(self, word: str) -> bool | None:
        """Whether a word counts inside longer words, as those of the dictionary do; None while this is not known."""
        return self._inside.get(word)

    def note_inside(self, word: str, counts: bool) -> None:
        self._inside.add({word: counts})

    def note_all_inside(self, counts: Mapping[str, bool]) -> None:
        self._inside.add(counts)

    def words(self, prefix: str = "") -> Iterator[str]:
        """Yields the words that begin so, sorted."""
        with suppress(OutOfTime):
            if not prefix:
                yield from self._all_names()
            for word, frequency in self._remote.words(prefix, "" if prefix else FIRST_SINGLE):
                if len(self._terms) < _MOST_TERMS:
                    self._terms.setdefault(word, frequency)
                yield word

    def _all_names(self) -> list[str]:
        """The names and numbers, sorted."""
        self.learn_all((), (), with_names=True)
        return self._names or []

    @property
    def names(self) -> list[str]:
        """The words in letters, sorted."""
        with suppress(OutOfTime):
            return [word for word in self._all_names() if not word[0].isdigit()]
        return []

    def characters(self) -> Iterator[str]:
        with suppress(OutOfTime):
            yield from self._remote.characters()


def _has(names: Sequence[str], name: str) -> bool:
    """Whether a name is one of some, which are sorted."""
    at = bisect_left(names, name)
    return at < len(names) and names[at] == name


def known_words(remote: RemoteIndex) -> KnownWords:
    """The vocabulary of a remote index, of which nothing is known yet. Raises IndexProblem."""
    manifest = read_manifest(remote.copies)
    assert manifest is not None, "the client has written it"
    return KnownWords(remote, manifest)
