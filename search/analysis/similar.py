"""More like this: moments or episodes with the words typical of a given one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Protocol

from indexer.core.errors import QueryProblem
from indexer.core.messages import _
from indexer.core.time_format import exact_clock
from indexer.core.types import Episode
from search.analysis.chapter_detection import place_of
from search.analysis.keyness import typical
from search.analysis.listing import Rows
from search.analysis.occurrences import size
from search.analysis.subcorpus import Part, without
from search.analysis.words import Words
from search.api import Moment, SearchRequest
from search.query.deadline import Deadline, Timeout, as_deadline
from search.query.syntax import Filter
from search.results.episodes import find_number
from search.scoring import bm25

AROUND_SECONDS = 45.0
"""A moment includes this much speech before and after."""
FEW, MANY = 8, 16
"""Number of typical words of a moment, and of an episode."""
_LIKELY = 0.5
"""Significance level of a typical word. The most significant are used; in a short stretch none may be significant."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """A similar episode: its BM25 for the typical words, the words it has, its title, show and date."""

    episode: str
    title: str
    show: str
    date: str | None
    score: float
    words: str


class AskedLibrary(Protocol):
    """The part of a library's interface used here."""

    @property
    def explore(self) -> Any: ...

    def find_episode(self, name: str) -> Episode: ...

    def search(self, query: SearchRequest, /) -> Sequence[Moment]: ...


class Likenesses(Rows[Likeness]):
    """Similar episodes, best first; `by` are the typical words searched for."""

    def __init__(self, rows: Sequence[Likeness], by: Sequence[str]) -> None:
        super().__init__(rows)
        self.by = tuple(by)


def typical_words(words: Words, episode: int, seconds: float | None = None) -> list[str]:
    """The words typical of an episode, or of the speech around a time in seconds, most significant first. Raises
    QueryProblem for a time after its end."""
    everything = words.everything()
    regions: Sequence[tuple[int, int]] = everything.kept.get(episode, ())
    if seconds is not None:
        about = words.snapshot.episode(episode)
        if seconds >= about.duration:
            raise QueryProblem(
                _("{id}: ends at {end}: name a moment before {time}").format(
                    id=about.id, end=exact_clock(about.duration), time=exact_clock(seconds)
                )
            )
        begin = place_of(words.snapshot, episode, max(0.0, seconds - AROUND_SECONDS))
        end = place_of(words.snapshot, episode, seconds + AROUND_SECONDS)
        regions = [(max(a, begin), min(b, end)) for a, b in regions if a < end and begin < b]
    part = Part({episode: regions} if regions else {}, {})
    most = MANY if seconds is None else FEW
    found = typical(words, part, without(everything, part), limit=most, least=2, significance=_LIKELY)
    return [row.term for row in found]


def similar_moments(
    library: AskedLibrary,
    name: str,
    seconds: float | None = None,
    *,
    limit: int = 10,
    filters: Sequence[Filter] = (),
    timeout: Timeout = None,
) -> tuple[list[str], list[Moment]]:
    """Returns the typical words and the moments with most of them, except in the neighbourhood of the given moment. The
    `reason` of a Deadline passed as `timeout` says whether it was enough."""
    deadline = as_deadline(timeout)
    episode, explore = library.find_episode(name), library.explore
    number = find_number(explore.snapshot, name)
    words = typical_words(explore.read_words(deadline, number), number, seconds)
    if not words:
        return [], []
    request = SearchRequest(" ".join(words), tuple(filters), 3 * limit + 10, exact=True, timeout=deadline)
    found = library.search(request)
    others = [moment for moment in found if not (_is_near(moment, episode.id, seconds) or _is_noise(moment))]
    return words, [moment._replace(rank=rank) for rank, moment in enumerate(others[:limit], 1)]


def similar_episodes(
    words: Words,
    part: Part,
    episode: int,
    seconds: float | None = None,
    *,
    limit: int | None = 10,
    deadline: Deadline | None = None,
) -> Likenesses:
    """Returns the other episodes of a part by BM25 for the words typical of one; document frequencies are those of the
    whole index."""
    by = typical_words(words, episode, seconds)
    snapshot, everything = words.snapshot, words.everything()
    spoken = _counts(words, everything, by, deadline)
    counts = spoken if part.kept == everything.kept else _counts(words, part, by, deadline)
    having = Counter(word for said in spoken.values() for word in said)
    average = sum(map(size, everything.kept.values())) / max(1, len(everything.kept))
    rows = []
    for other, said in counts.items():
        if said and other != episode:
            facts = snapshot.episode(other)
            occurrences = [(count, having[word]) for word, count in said.items()]
            score = bm25(occurrences, len(everything.kept), size(part.kept[other]), average)
            shared = "、".join(word for word in by if word in said)
            rows.append(Likeness(facts.id, facts.title, facts.show, facts.date, score, shared))
    rows.sort(key=lambda row: (-row.score, row.episode))
    return Likenesses(rows[:limit], by)


def _counts(words: Words, part: Part, wanted: Sequence[str], deadline: Deadline | None) -> dict[int, Counter[str]]:
    """The occurrences of each wanted word in each episode of a part, as far as it is read by the deadline."""
    numbers = words.numbers(wanted)
    counts = {}
    for episode, regions in (deadline or Deadline()).within(part.kept.items()):
        said = words[episode]
        spoken = (said[first:end] for first, end in words.spans(episode, regions))
        found = Counter(filter(numbers.__contains__, chain.from_iterable(spoken)))
        counts[episode] = Counter({words.vocabulary[number]: count for number, count in found.items()})
    return counts


def _is_noise(moment: Moment) -> bool:
    """True if only loops and stock lines match; a search lists such moments last."""
    said = [cue.damped for cue in moment.cues if cue.highlights]
    return bool(said) and all(said)


def _is_near(moment: Moment, episode: str, seconds: float | None) -> bool:
    if moment.episode.id != episode:
        return False
    return seconds is None or (
        moment.start < seconds + 2 * AROUND_SECONDS and moment.end > seconds - 2 * AROUND_SECONDS
    )
