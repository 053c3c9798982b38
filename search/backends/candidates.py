"""Which episodes may hold something, as a search asks an index for them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Protocol


class Candidates(Protocol):
    """The episodes of words, characters and sounds, with what bounds a score: counts, and peaks.

    A peak is an upper bound of the occurrences in one window (`indexer.store.impacts`). In `search.retrieval.pruning`,
    `top_k` visits episodes by falling bound, which it sums up from peaks, and stops at the first that cannot compete.
    Positions are not asked for here: `search.matching` finds them in the stream and the word boundaries of an episode.
    """

    def word_episodes(self, word: str) -> Mapping[int, int]:
        """episode -> number of occurrences of a word."""

    def char_episodes(self, character: str) -> Mapping[int, int]:
        """episode -> number of occurrences of a Han or kana character."""

    def word_peaks(self, word: str) -> Mapping[int, int]:
        """episode -> peak of a word; the same episodes as `word_episodes`."""

    def char_peaks(self, character: str) -> Mapping[int, int]:
        """episode -> peak of a character; the same episodes as `char_episodes`."""

    def sounding(
        self, classes: Sequence[Collection[int]], itself: Sequence[str] = (), ways: Collection[bytes] | None = None
    ) -> Iterable[tuple[int, list[int]]]:
        """(episode, ascending positions) of the runs whose sound classes are each among those given for their place,
        and together one of the `ways`, if there are some; in no particular order. Episodes in which all of these are
        the run `itself` may be left out."""

    def of_rare_words(
        self, classes: Sequence[Collection[int]], most: int, is_wanted: Callable[[str], bool]
    ) -> Iterable[tuple[int, list[int]]]:
        """Like `sounding`, for words: may leave out positions that are not a word, and words that occur more than
        `most` times or are not wanted."""

    def may_hold(self, run: Sequence[str], counts: Mapping[int, int]) -> Mapping[int, int]:
        """`counts`, by episode, without some or all of the episodes that lack a run of atoms."""

    def seek(
        self,
        runs: Sequence[Sequence[str]],
        least: int = 1,
        *,
        with_text: bool = False,
        with_signs: bool = False,
        beside: Collection[str] = (),
    ) -> None:
        """Announces that every place of some runs of atoms will be looked up, in the episodes that have at least so
        many of the runs; with the text around each, or with the signs, if so, or to see whether some atoms are
        `beside` it."""

    def look_beside(self, atoms: Iterable[str]) -> None:
        """Announces that it is looked at whether some atoms are beside places, in the episodes that are at hand."""

    def announce(self, words: Collection[str]) -> None:
        """Announces that the episodes of some words and characters will be looked up. A cluster is asked for all of
        them at once; nothing else changes."""
