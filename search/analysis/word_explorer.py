"""Statistics of words and n-grams as methods: which are frequent, typical or new, and which occur together. Each
imports what it needs when called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING

from search.analysis.arguments import check_choice
from search.analysis.exploration_time import time_limit
from search.analysis.listing import Listing
from search.analysis.material import MOSTLY_READ, TO_READ, Material
from search.query.deadline import Timeout
from search.query.syntax import Filter

if TYPE_CHECKING:
    from typing_extensions import Self

    from search.analysis.collocations import Collocate, CollocationWindow
    from search.analysis.frequency import Sizes, TermCount
    from search.analysis.keyness import Keyword
    from search.analysis.new_words import NewWord
    from search.backends.snapshot import Snapshot
    from search.retrieval.meaning.asking import Meaning


class WordExplorer:
    """The analyses of words in one commit of an index; their arguments are those of `Explorer`."""

    def __init__(
        self, snapshot: Snapshot, lexicons: Iterable[Path] = (), meaning: Callable[[], Meaning] | None = None
    ) -> None:
        """`lexicons` are files with more known words; `meaning` gives the vectors, which are else opened."""
        self.snapshot = snapshot
        self._material = Material(snapshot, lexicons, meaning)

    def with_meaning(self, meaning: Callable[[], Meaning]) -> Self:
        """An explorer of the same commit that takes its vectors from `meaning` and shares the words counted so far."""
        other = copy(self)
        other._material = self._material.with_meaning(meaning)
        return other

    def terms(
        self,
        filters: Sequence[Filter] = (),
        *,
        sizes: Sizes = (1, 1),
        limit: int | None = 20,
        least: int = 1,
        function_words: bool = False,
        characters: bool = False,
        damping: bool = True,
        timeout: Timeout = None,
    ) -> Listing[TermCount]:
        """The frequent words, or n-grams of `sizes` words (or `characters`), with at least `least` occurrences; without
        `function_words`, none that contain one, a number or a single letter."""
        from search.analysis.frequency import frequent

        with time_limit(self.snapshot, timeout) as deadline:
            share = MOSTLY_READ if sizes[1] == 1 else TO_READ
            words, part = self._material.words_and_part(filters, damping, deadline, characters, share)
            return frequent(
                words, part, sizes=sizes, limit=limit, least=least, function_words=function_words, deadline=deadline
            )

    def keywords(
        self,
        filters: Sequence[Filter],
        *,
        against: Sequence[Filter] = (),
        sizes: Sizes = (1, 1),
        limit: int | None = 20,
        least: int = 3,
        least_episodes: int = 1,
        least_ratio: float = 1.0,
        significance: float | None = None,
        sort: str = "g2",
        function_words: bool = False,
        characters: bool = False,
        damping: bool = True,
        timeout: Timeout = None,
    ) -> Listing[Keyword]:
        """What is typical of the part, compared with the rest or with what passes the filters `against`: at least
        `least` occurrences in at least `least_episodes` episodes, overrepresented by at least `least_ratio` doublings;
        without `function_words`, nothing that contains one, a number or a single letter.

        Raises QueryProblem if there is nothing to compare with.
        """
        from search.analysis.keyness import SIGNIFICANCE, SORTS, typical

        check_choice("sort", sort, SORTS)
        with time_limit(self.snapshot, timeout) as deadline:
            part, other = self._material.part_and_other(filters, against, damping, deadline)
            words = self._material.words(deadline, characters=characters)
            return typical(
                words,
                words.read_of(part),
                words.read_of(other),
                sizes=sizes,
                limit=limit,
                least=least,
                least_episodes=least_episodes,
                least_ratio=least_ratio,
                significance=SIGNIFICANCE if significance is None else significance,
                sort=sort,
                function_words=function_words,
                deadline=deadline,
            )

    def new_words(
        self,
        filters: Sequence[Filter] = (),
        *,
        limit: int | None = 20,
        least: int | None = None,
        sort: str = "score",
        damping: bool = True,
        timeout: Timeout = None,
    ) -> Listing[NewWord]:
        """Likely words that are in neither the dictionary nor a lexicon."""
        from search.analysis.new_words import new_words

        with time_limit(self.snapshot, timeout) as deadline:
            words, part = self._material.words_and_part(filters, damping, deadline)
            return new_words(
                words, part, self._material.known_words(), limit=limit, least=least, sort=sort, deadline=deadline
            )

    def collocates(
        self,
        text: str,
        filters: Sequence[Filter] = (),
        *,
        window: CollocationWindow | None = None,
        limit: int | None = 20,
        least: int = 3,
        sort: str = "dice",
        function_words: bool = False,
        damping: bool = True,
        timeout: Timeout = None,
    ) -> Listing[Collocate]:
        """The collocates of a text, matched exactly. Raises QueryProblem for a text without a word."""
        from search.analysis.collocations import SORTS, WINDOW, collocates

        check_choice("sort", sort, SORTS)
        with time_limit(self.snapshot, timeout) as deadline:
            words, part = self._material.words_and_part(filters, damping, deadline)
            return collocates(
                words,
                part,
                text,
                window=window or WINDOW,
                limit=limit,
                least=least,
                sort=sort,
                function_words=function_words,
                deadline=deadline,
            )
