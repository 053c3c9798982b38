"""What a search asks an index on other machines, in few and large questions.

`search.retrieval.remote` makes a `Snapshot` of the answers. A key names an episode there; keys have no order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from indexer.core.named_tuples import NamedTuple
from search.backends.conditions import EVERY, Condition, HasSounds


class Frequency(NamedTuple):
    """The number of occurrences in all episodes, and of episodes with one."""

    count: int  # type: ignore[assignment]  # not the method of a tuple, which nobody asks a frequency for
    episodes: int


FIRST_SINGLE = "\u2e80"
"""Names and numbers sort before every Han and kana character."""


class Spelled(NamedTuple):
    """Words with one of some characters at each place, which occur at most `most` times."""

    characters: tuple[str, ...]
    most: int


class Frequencies(NamedTuple):
    """Frequencies of words and characters, without unknown ones; of runs; of the words that are spelled in some ways;
    and of all names and numbers, sorted, if they were asked for; and the different values of some fields, of those that
    do not have too many."""

    terms: Mapping[str, Frequency]
    runs: Sequence[Frequency] = ()
    spelled: Sequence[Mapping[str, Frequency]] = ()
    names: Mapping[str, Frequency] | None = None
    values: Mapping[str, Sequence[str]] = {}


class Stored(NamedTuple):
    """The stored fields of an episode: its record, and the columns that were asked for, by the names in
    `indexer.store.schema`, `cluster.documents.layout` (the clock), `decks` and `text_parts` there. One that the episode
    lacks is empty."""

    key: str
    id: str
    record: Mapping[str, Any]
    columns: Mapping[str, bytes]


class Bound(NamedTuple):
    """A term that a window scores by: the words or characters of which a window has at least as many as of the term,
    its weight, and runs of several atoms that may be the term, too."""

    texts: tuple[str, ...]
    weight: float
    runs: tuple[tuple[str, ...], ...] = ()


class ByBound(NamedTuple):
    """The episodes with the passages whose windows may score most, by these terms, as (upper bound of the best passage,
    key of the episode), rounded to 32 bits: at most `size`, falling, of a query of the weight `total`, in episodes that
    meet a condition, as far as it is about their ids, dates and other facts; with `among` only by passages in which one
    of these runs of several atoms may begin."""

    terms: tuple[Bound, ...]
    total: float
    condition: Condition
    size: int
    among: tuple[tuple[str, ...], ...] = ()


class Counted(NamedTuple):
    """A word, or a run of atoms, by which episodes are ranked, and its weight."""

    run: tuple[str, ...]
    weight: float


class Likeliest(NamedTuple):
    """The `size` first episodes that meet a condition, by their BM25: the sum of what each term adds, by its
    occurrences n in an episode: weight x n / (n + base + slope x atoms of the episode)."""

    terms: tuple[Counted, ...]
    base: float
    slope: float
    size: int
    condition: Condition = EVERY


class Peak(NamedTuple):
    """An episode, by its id and its key, with the most occurrences of a run that one of its windows may have."""

    count: float  # type: ignore[assignment]  # not the method of a tuple
    id: str
    key: str


class WantedEpisodes(NamedTuple):
    """Episodes that are wanted with columns: at most `size` of those, in the order of their ids, that meet one of the
    conditions `having`, but none of `lacking`; none of the keys `known` either, or with `is_known` only of these."""

    having: tuple[Condition, ...]
    lacking: tuple[Condition, ...]
    known: tuple[str, ...]
    is_known: bool
    columns: tuple[str, ...]
    size: int


class Questions(NamedTuple):
    """What is asked at once: for each condition the keys of the episodes that meet it, of more than `most` at least so
    many; other episodes with their columns, of which the answer may have some or none, if they are too many; passages
    by bound; the likeliest episodes; of words, which episodes of some keys have them; how often runs are said; and of
    several sounds, which of them each episode has, of at most `most`."""

    conditions: tuple[Condition, ...] = ()
    most: int = 0
    also: tuple[WantedEpisodes, ...] = ()
    listed: ByBound | None = None
    ranked: Likeliest | None = None
    words: tuple[tuple[str, tuple[str, ...]], ...] = ()
    runs: tuple[tuple[str, ...], ...] = ()
    sounding: tuple[tuple[HasSounds, ...], ...] = ()


class Answers(NamedTuple):
    """The answers, in the order of the questions; (score, key) of the likeliest episodes falls, rounded to 32 bits."""

    keys: Sequence[list[str]] = ()
    stored: Sequence[Stored] = ()
    passages: Sequence[tuple[float, str]] = ()
    likeliest: Sequence[tuple[float, str]] = ()
    having: Sequence[Collection[str]] = ()
    frequencies: Sequence[Frequency] = ()
    sounding: Sequence[Mapping[str, Sequence[HasSounds]]] = ()


class Cost(NamedTuple):
    """What was asked so far: requests, and bytes of their answers."""

    requests: int
    bytes: int


class RemoteIndex(Protocol):
    """One state of an index on other machines; threads may share it. Every method may raise IndexProblem, when no part
    of the index answers."""

    @property
    def place(self) -> str:
        """Where it is, as messages name it."""

    @property
    def folder(self) -> str:
        """The local folder of what is kept beside an index."""

    @property
    def copies(self) -> str:
        """The local folder of the manifest and the readings of this state."""

    @property
    def commit(self) -> int:
        """Grows whenever the counts change."""

    @property
    def episode_count(self) -> int: ...

    @property
    def total_atoms(self) -> int: ...

    @property
    def has_titles(self) -> bool:
        """Whether any episode has chapter titles."""

    @property
    def has_decks(self) -> bool:
        """Whether episodes have decks (`indexer.store.cluster.documents.decks`) and a clock, as columns by their
        names."""

    @property
    def has_text_parts(self) -> bool:
        """Whether episodes have text parts (`indexer.store.cluster.documents.text_parts`), as columns likewise."""

    def is_current(self) -> bool:
        """False once there are other counts."""

    def newest(self) -> RemoteIndex:
        """The state now."""

    def close(self) -> None:
        """Ends its connections."""

    def within(self, left: Callable[[], float]) -> AbstractContextManager[None]:
        """Questions of this thread take at most the seconds that `left` returns; what it raises once there are none
        ends them."""

    def cost(self) -> Cost:
        """What this thread has asked so far."""

    def unanswered(self) -> Sequence[str]:
        """What this thread was not answered completely, one line each, since it last asked this; oldest first."""

    def frequencies(self, terms: Collection[str]) -> Mapping[str, Frequency]:
        """The frequencies of words and of Han and kana characters; unknown ones are left out."""

    def all_frequencies(
        self,
        terms: Collection[str],
        runs: Sequence[tuple[str, ...]],
        spelled: Sequence[Spelled] = (),
        with_names: bool = False,
        fields: Sequence[str] = (),
    ) -> Frequencies:
        """The frequencies of words and characters, of runs of several atoms, of words that are spelled so, and of all
        names and numbers, and the values of show, title or voices, in one request, if the index can."""

    def episodes_with(self, condition: Condition) -> int:
        """The number of episodes that meet a condition."""

    def words(self, prefix: str, first: str = "", until: str | None = None) -> Iterator[tuple[str, Frequency]]:
        """Yields the words that begin so, from `first` on and before `until`, sorted."""

    def characters(self) -> Iterator[str]:
        """Yields the Han and kana characters, sorted."""

    def values(self, field: str) -> Sequence[str]:
        """The different values of show, title or voices."""

    def keys(self, condition: Condition) -> list[str]:
        """The keys of the episodes that meet a condition, in the order of their ids."""

    def answers(self, questions: Questions) -> Answers:
        """Answers questions in one request, if the index can."""

    def peaks(
        self, run: tuple[str, ...], condition: Condition, size: int, first: int, columns: Sequence[str]
    ) -> tuple[list[Peak], list[Stored]]:
        """The episodes with a run that meet a condition, by falling peak, equals by id, at most `size`; and the `first`
        of them with columns. In one request, if the index can."""

    def listed(self, condition: Condition) -> Iterator[Stored]:
        """Yields the episodes that meet a condition with their records and no columns, in no particular order."""

    def stored(self, keys: Collection[str], columns: Sequence[str]) -> list[Stored]:
        """The episodes with these keys, as far as they still exist."""

    def stored_of_each(self, groups: Sequence[tuple[Collection[str], Sequence[str]]]) -> list[Stored]:
        """The episodes of several groups of keys, each with columns of its own, in one request, if the index can."""

    def counts(self, terms: Sequence[str]) -> Sequence[Mapping[str, int]]:
        """For each word or character: key -> occurrences, in all episodes that have it. In one request, if the index
        can and none is in too many episodes for one answer."""
