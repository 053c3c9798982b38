"""The explorer: every exploration of an index, by name. What one needs is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.errors import QueryProblem
from search.explore.listing import Listing
from search.explore.part import choose, without
from search.explore.words import Words
from search.postings import Postings
from search.query.tree import Filter

if TYPE_CHECKING:
    from search.explore.collocations import Collocate, Window
    from search.explore.frequency import Sizes, Term
    from search.explore.keyness import Keyword
    from search.explore.new_words import NewWord


class Explorer:
    """Explores one commit of an index. Its words are counted once and kept, so the first question takes longest.

    Every method takes `filters`, which choose the part it is about, and `damping`: without it loops and stock lines of
    the recogniser count as everything else does. `limit` None asks for all rows. Raises QueryProblem for a filter that
    cannot be understood.
    """

    def __init__(self, postings: Postings, lexicons: Iterable[Path] = ()) -> None:
        """`lexicons` are files with more words that are known."""
        self.postings = postings
        self._lexicons = tuple(lexicons)
        self._words = lru_cache(2)(lambda characters: Words(postings, characters))

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
    ) -> Listing[Term]:
        """The frequent words, or n-grams of `sizes` words (of `characters`), that come `least` times; without
        `function_words` those that have none, and no number."""
        from search.explore.frequency import frequent

        part = choose(self.postings, filters, damping)
        words = self._words(characters)
        return frequent(words, part, sizes=sizes, limit=limit, least=least, function_words=function_words)

    def keywords(
        self,
        filters: Sequence[Filter],
        *,
        against: Sequence[Filter] = (),
        sizes: Sizes = (1, 1),
        limit: int | None = 20,
        least: int = 3,
        least_episodes: int = 1,
        significance: float | None = None,
        sort: str = "g2",
        characters: bool = False,
        damping: bool = True,
    ) -> Listing[Keyword]:
        """What is typical of the part, compared with the rest, or with what passes the filters `against`.

        Raises QueryProblem where there is nothing to compare with.
        """
        from search.explore.keyness import SIGNIFICANCE, typical

        part = choose(self.postings, filters, damping)
        other = without(choose(self.postings, against, damping), part)
        if not other.kept:
            raise QueryProblem("there is nothing beside this part to compare it with: choose less, or --frequent words")
        return typical(
            self._words(characters),
            part,
            other,
            sizes=sizes,
            limit=limit,
            least=least,
            least_episodes=least_episodes,
            significance=SIGNIFICANCE if significance is None else significance,
            sort=sort,
        )

    def new_words(
        self,
        filters: Sequence[Filter] = (),
        *,
        limit: int | None = 20,
        least: int | None = None,
        sort: str = "score",
        damping: bool = True,
    ) -> Listing[NewWord]:
        """What is most likely a word, and neither in the dictionary nor in a lexicon."""
        from search.explore.new_words import new_words

        part = choose(self.postings, filters, damping)
        return new_words(self._words(False), part, self._known(), limit=limit, least=least, sort=sort)

    def collocates(
        self,
        text: str,
        filters: Sequence[Filter] = (),
        *,
        window: Window | None = None,
        limit: int | None = 20,
        least: int = 3,
        sort: str = "dice",
        function_words: bool = False,
        damping: bool = True,
    ) -> Listing[Collocate]:
        """The words that stand near a text, wherever it is exactly."""
        from search.explore.collocations import WINDOW, collocates

        part = choose(self.postings, filters, damping)
        return collocates(
            self._words(False),
            part,
            text,
            window=window or WINDOW,
            limit=limit,
            least=least,
            sort=sort,
            function_words=function_words,
        )

    def _known(self) -> Callable[[str], bool]:
        """The test of a word that the dictionary or a lexicon has."""
        from indexer.dictionary_file import open_dictionary
        from indexer.home import default_cache
        from indexer.lexicon import folded_words

        dictionary = open_dictionary(default_cache())
        files = [path for path in self._lexicons if path.is_file()]
        own = self.postings.lexicon.union(*(folded_words(path, self.postings.folding) for path in files))
        return lambda word: word in own or dictionary.frequency(word) > 0
