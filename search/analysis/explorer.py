"""The explorer: all analyses of an index as methods; those of words are inherited, those of places and of episodes are
here. Each imports what it needs when called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from search.analysis.arguments import check_choice, several
from search.analysis.counting.words import Words
from search.analysis.exploration_time import time_limit
from search.analysis.listing import Listing
from search.analysis.material import MOSTLY_READ, TO_FIND
from search.analysis.word_explorer import WordExplorer
from search.query.deadline import Deadline, Timeout
from search.query.syntax import Filter

if TYPE_CHECKING:
    from search.analysis.chapters.outline import Section
    from search.analysis.concordance import Concordance
    from search.analysis.dispersion import Dispersion
    from search.analysis.similar import Likenesses
    from search.analysis.summary import Summary
    from search.analysis.trends import Trend
    from search.retrieval.meaning.space import Space


class Explorer(WordExplorer):
    """Analyses one commit of an index. Words are counted once and kept, so the first call takes longest.

    In every method `filters` choose the part of the corpus, `damping` False also counts the recogniser's loops and
    stock lines, and `limit` None returns all rows. After `timeout` seconds, or once the given Deadline has passed, the
    answer is that of what was read by then; the `reason` of the Deadline says whether it was all. Raises QueryProblem
    for an invalid filter.
    Threads may share an explorer; the first that needs the words counts them for all.
    """

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
        from search.analysis.concordance import SORTS, concordance, make_plan
        from search.matching.resolver import Resolver
        from search.retrieval.resolved_plan import resolve

        check_choice("sort", sort, SORTS)
        with time_limit(self.snapshot, timeout) as deadline:
            resolver = Resolver(self.snapshot)
            plan = make_plan(query, filters, resolver, self._material.lexicons, deadline, tolerant=tolerant)._replace(
                damping=damping
            )
            return concordance(
                self.snapshot,
                resolve(plan, resolver),
                sort=sort,
                limit=limit,
                sample=sample,
                seed=seed,
                context=context,
                deadline=deadline,
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
        """How often each word (any text) occurs per hour, `by` month, year, episode or show. Raises QueryProblem for a
        text without a word."""
        from search.analysis.trends import GROUPS, trend

        if by is not None:
            check_choice("by", by, GROUPS)
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
        from search.analysis.dispersion import dispersion

        with time_limit(self.snapshot, timeout) as deadline:
            part = self._material.part(filters, damping, deadline)
            return dispersion(
                self.snapshot, part, several(words), parts=parts, limit=limit, deadline=deadline.share(TO_FIND)
            )

    def outline(
        self, name: str, *, given: bool | None = None, most: int | None = None, timeout: Timeout = None
    ) -> Listing[Section]:
        """The chapters of an episode, named by id or part of its title: the given ones, or if there are none (or
        `given` is False) at most `most` proposed ones. What is usual is counted in what was read in time. Raises
        NoSuchEpisode."""
        from search.analysis.chapters.outline import outline
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
        from search.analysis.similar import similar_episodes
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
        from search.analysis.summary import summarise

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
