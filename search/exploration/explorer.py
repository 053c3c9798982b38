"""The explorer: all explorations of an index as methods. Each imports what it needs when called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING

from search.exploration.arguments import check_choice, several
from search.exploration.counting.material import MOSTLY_READ, TO_FIND, TO_READ, Material
from search.exploration.counting.words import Words
from search.exploration.listing import Listing
from search.exploration.time_limit import time_limit
from search.query.deadline import Deadline, Timeout
from search.query.syntax import Filter

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot
    from search.exploration.chapters.outline import Section
    from search.exploration.collocations import Collocate, CollocationWindow
    from search.exploration.concordance import Concordance
    from search.exploration.dispersion import Dispersion
    from search.exploration.frequency import Sizes, TermCount
    from search.exploration.keyness import Keyword
    from search.exploration.new_words import NewWord
    from search.exploration.similar import Likenesses
    from search.exploration.summary import Summary
    from search.exploration.trends import Trend
    from search.retrieval.meaning.asking import Meaning
    from search.retrieval.meaning.space import Space


class Explorer:
    """Explores one commit of an index. Words are counted once and kept, so the first call takes longest.

    In every method `filters` choose the part of the corpus, `damping` False also counts the recogniser's loops and
    stock lines, and `limit` None returns all rows. After `timeout` seconds, or once the given Deadline has passed, the
    answer is that of what was read by then; the `reason` of the Deadline says whether it was all. Raises QueryProblem
    for an invalid filter. Threads may share an explorer; the first that needs the words counts them for all.
    """

    def __init__(
        self, snapshot: Snapshot, lexicons: Iterable[Path] = (), meaning: Callable[[], Meaning] | None = None
    ) -> None:
        """`lexicons` are files with more known words; `meaning` gives the vectors, which are else opened."""
        self.snapshot = snapshot
        self._material = Material(snapshot, lexicons, meaning)

    def with_meaning(self, meaning: Callable[[], Meaning]) -> Explorer:
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
        from search.exploration.frequency import frequent

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
        from search.exploration.keyness import SIGNIFICANCE, SORTS, typical

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
        from search.exploration.new_words import new_words

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
        from search.exploration.collocations import SORTS, WINDOW, collocates

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

    def concordance(
        self,
        query: str,
        filters: Sequence[Filter] = (),
        *,
        sort: str = "time",
        limit: int | None = 20,
        sample: int | None = None,
        seed: int = 0,
        context: int = 40,
        tolerant: bool = False,
        damping: bool = True,
        timeout: Timeout = None,
    ) -> Concordance:
        """Every match of a query with `context` characters on each side; exact matches only, unless `tolerant`. A
        random `sample` is the same for the same `seed`. Sorting takes time beyond the limit. Raises QueryProblem for an
        invalid query."""
        from search.exploration.concordance import SORTS, concordance, resolved_query

        check_choice("sort", sort, SORTS)
        with time_limit(self.snapshot, timeout) as deadline:
            snapshot, lexicons = self.snapshot, self._material.lexicons
            plan = resolved_query(query, filters, snapshot, lexicons, deadline, tolerant=tolerant, damping=damping)
            return concordance(
                snapshot, plan, sort=sort, limit=limit, sample=sample, seed=seed, context=context, deadline=deadline
            )

    def trend(
        self,
        words: Sequence[str] | str,
        filters: Sequence[Filter] = (),
        *,
        by: str | None = None,
        damping: bool = True,
        timeout: Timeout = None,
    ) -> Trend:
        """How often each word (any text) occurs per hour, `by` month, year, episode, show or speaker. Raises
        QueryProblem for a text without a word."""
        from search.exploration.trends import BY, trend

        if by is not None:
            check_choice("by", by, BY)
        with time_limit(self.snapshot, timeout) as deadline:
            part = self._material.part(filters, damping, deadline)
            return trend(self.snapshot, part, several(words), by, deadline.share(TO_FIND))

    def dispersion(
        self,
        words: Sequence[str] | str,
        filters: Sequence[Filter] = (),
        *,
        parts: int = 50,
        limit: int | None = 20,
        damping: bool = True,
        timeout: Timeout = None,
    ) -> Dispersion:
        """Where in each episode each word (any text) occurs, and how evenly over episodes and over equal `parts`."""
        from search.exploration.dispersion import dispersion

        with time_limit(self.snapshot, timeout) as deadline:
            part = self._material.part(filters, damping, deadline)
            deadline = deadline.share(TO_FIND)
            return dispersion(self.snapshot, part, several(words), parts=parts, limit=limit, deadline=deadline)

    def outline(
        self, name: str, *, given: bool | None = None, most: int | None = None, timeout: Timeout = None
    ) -> Listing[Section]:
        """The chapters of an episode, named by id or part of its title: the given ones, or if there are none (or
        `given` is False) at most `most` proposed ones. What is usual is counted in what was read in time. Raises
        NoSuchEpisode."""
        from search.exploration.chapters.outline import outline
        from search.results.episodes import find_number

        with time_limit(self.snapshot, timeout) as deadline:
            number = find_number(self.snapshot, name)
            words = self.read_words(deadline, number)
            return outline(words, number, given=given, most=most, space=self.space)

    def similar(
        self,
        name: str,
        filters: Sequence[Filter] = (),
        *,
        seconds: float | None = None,
        limit: int | None = 10,
        damping: bool = True,
        timeout: Timeout = None,
        meaning: bool = True,
    ) -> Likenesses:
        """The episodes that most often contain the words typical of one, or of the speech around `seconds` in it, and
        with vectors those near it in `meaning`. Raises NoSuchEpisode."""
        from search.exploration.similar import similar_episodes
        from search.results.episodes import find_number

        with time_limit(self.snapshot, timeout) as deadline:
            number = find_number(self.snapshot, name)
            part = self._material.part(filters, damping, deadline)
            words = self.read_words(deadline, number)
            space = self.space if meaning else None
            return similar_episodes(
                words, words.read_of(part), number, seconds, limit=limit, deadline=deadline, space=space
            )

    def summary(self, damping: bool = True, timeout: Timeout = None) -> Summary:
        """A summary of the corpus."""
        from search.exploration.summary import summarise

        with time_limit(self.snapshot, timeout) as deadline:
            return summarise(self.read_words(deadline), damping)

    @property
    def space(self) -> Space | None:
        """The vectors beside the index as they are now; None if there are none, or they cannot be read."""
        return self._material.vectors[0]

    @property
    def without_meaning(self) -> str:
        """Why the vectors beside the index cannot be read; empty if they can, or there are none."""
        return self._material.vectors[1]

    @property
    def words(self) -> Words:
        """The words of the index, by number."""
        return self.read_words(Deadline())

    def read_words(self, deadline: Deadline, *needed: int) -> Words:
        """The words read in most of the time left, those of the `needed` episodes in any case."""
        return self._material.words(deadline, needed, share=MOSTLY_READ)
