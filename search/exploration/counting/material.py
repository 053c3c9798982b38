"""The input of the explorations: the chosen part of an index, its words, the known words, and its vectors. Each is read
within a share of the time limit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.core.errors import PodseekProblem, QueryProblem
from indexer.core.messages import _
from search.exploration.counting.subcorpus import Part, choose, without
from search.exploration.counting.word_reader import WordReader
from search.exploration.counting.words import Words
from search.query.deadline import Deadline
from search.query.syntax import Filter

if TYPE_CHECKING:
    from indexer.core.words.dictionary import Dictionary
    from search.backends.snapshot import Snapshot
    from search.retrieval.meaning.asking import Meaning
    from search.retrieval.meaning.space import Space

TO_CHOOSE, TO_READ, TO_FIND = 0.3, 0.5, 0.6
"""Shares of the time left for choosing the part, then for reading its words, or for finding a text in it."""
MOSTLY_READ = 0.8
"""That for reading the words where little is done with them: where each is only counted."""


class Material:
    """Reads one commit of an index. Words are counted once and kept; threads may share it."""

    def __init__(
        self, snapshot: Snapshot, lexicons: Iterable[Path], meaning: Callable[[], Meaning] | None = None
    ) -> None:
        """`lexicons` are files with more known words; they need not exist. `meaning` gives the vectors of the snapshot
        (None: they are opened)."""
        self.snapshot = snapshot
        self._meaning = meaning
        self._lexicons = tuple(lexicons)
        self._readers = {characters: WordReader(snapshot, characters) for characters in (False, True)}

    @property
    def lexicons(self) -> tuple[Path, ...]:
        """The files with more known words."""
        return self._lexicons

    def part(self, filters: Sequence[Filter], damping: bool, deadline: Deadline) -> Part:
        """The part of the corpus that passes the filters. Raises QueryProblem."""
        return choose(self.snapshot, filters, damping, deadline.share(TO_CHOOSE))

    def part_and_other(
        self, filters: Sequence[Filter], against: Sequence[Filter], damping: bool, deadline: Deadline
    ) -> tuple[Part, Part]:
        """The part of the corpus that passes the filters, and the rest of what passes those of `against`. Raises
        QueryProblem if there is nothing to compare with."""
        stage = deadline.share(TO_CHOOSE)
        part = choose(self.snapshot, filters, damping, stage)
        other = without(choose(self.snapshot, against, damping, stage), part)
        if part.kept and not other.kept and not deadline.reason:
            if against:
                raise QueryProblem(_("nothing else passes --against to compare this part with: name another"))
            raise QueryProblem(
                _("there is nothing beside this part to compare it with: choose less, or --frequent words")
            )
        return part, other

    def words(
        self, deadline: Deadline, needed: Sequence[int] = (), characters: bool = False, share: float = TO_READ
    ) -> Words:
        """The words, or `characters`, read in a share of the time left; those of the `needed` episodes in any case."""
        return self._readers[characters].read(deadline.share(share), needed)

    def words_and_part(
        self,
        filters: Sequence[Filter],
        damping: bool,
        deadline: Deadline,
        characters: bool = False,
        share: float = TO_READ,
    ) -> tuple[Words, Part]:
        """The words of the index, read in a share of the time left, and what was read of the part chosen. Raises
        QueryProblem."""
        part = self.part(filters, damping, deadline)
        words = self.words(deadline, characters=characters, share=share)
        return words, words.read_of(part)

    def with_meaning(self, meaning: Callable[[], Meaning]) -> Material:
        """A copy that takes its vectors from `meaning`, and shares the words already counted."""
        other = copy(self)
        other._meaning = meaning
        return other

    @property
    def vectors(self) -> tuple[Space | None, str]:
        """The vectors beside the index as they are now, None if there are none or they cannot be read; and why they
        cannot be read, else an empty text."""
        try:
            return (self._meaning() if self._meaning else self._own_meaning).space(), ""
        except PodseekProblem as problem:
            return None, str(problem)

    @cached_property
    def _own_meaning(self) -> Meaning:
        from search.retrieval.meaning.asking import Meaning

        return Meaning(self.snapshot)

    @cached_property
    def _dictionary(self) -> Dictionary:
        from indexer.core.configuration.paths import default_cache
        from indexer.core.words.dictionary_file import open_dictionary

        return open_dictionary(default_cache())

    def known_words(self) -> Callable[[str], bool]:
        """The test of whether a word is in the dictionary or a lexicon."""
        from indexer.core.words.lexicon import folded_words

        dictionary = self._dictionary
        files = [path for path in self._lexicons if path.is_file()]
        own = self.snapshot.lexicon.union(*(folded_words(path, self.snapshot.folding) for path in files))
        return lambda word: word in own or dictionary.frequency(word) > 0
