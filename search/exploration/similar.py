"""More like this: moments or episodes with the words typical of a given one and, where an index has vectors, those near
it in meaning."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Protocol

from indexer.core.errors import QueryProblem
from indexer.core.messages import _
from indexer.core.positions.intervals import intersection
from indexer.core.text.time_format import exact_clock
from search.api import DEFAULT_CONTEXT, Margin, Moment, SearchRequest
from search.exploration.chapters.chapter_detection import place_of
from search.exploration.counting.occurrences import size
from search.exploration.counting.subcorpus import Part, without
from search.exploration.counting.words import Words
from search.exploration.keyness import typical
from search.exploration.listing import Rows
from search.exploration.time_limit import time_limit
from search.query.deadline import Deadline, Timeout
from search.query.syntax import Filter
from search.results.episodes import find_number
from search.results.recordings import is_other_transcript, number_of
from search.scoring import bm25, bm25_weight

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot
    from search.retrieval.meaning.space import Nearness, Space

AROUND_SECONDS = 45.0
"""A moment includes this much speech before and after."""
FEW, MANY = 8, 16
"""Number of typical words of a moment, and of an episode."""
_LIKELY = 0.5
"""Significance level of a typical word. The most significant are used; in a short stretch none may be significant."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """A similar episode: its title, show and date; its BM25 for the typical words, to which nearness in meaning adds;
    the words it has; and how near it is, in standard deviations, None without vectors."""

    episode: str
    title: str
    show: str
    date: str | None
    score: float
    words: str
    nearness: float | None = None
    period: str | None = None


class AskedLibrary(Protocol):
    """The part of a library's interface used here."""

    @property
    def explore(self) -> Any: ...

    def search(self, query: SearchRequest, /) -> Sequence[Moment]: ...


class Likenesses(Rows[Likeness]):
    """Similar episodes, best first; `by` are the typical words searched for."""

    def __init__(self, rows: Sequence[Likeness], by: Sequence[str], by_meaning: bool = False) -> None:
        super().__init__(rows)
        self.by = tuple(by)
        self.by_meaning = by_meaning
        """True if nearness in meaning is a part of the scores."""


def typical_words(words: Words, episode: int, seconds: float | None = None) -> list[str]:
    """The words typical of an episode, or of the speech around a time in seconds, most significant first. Raises
    QueryProblem for a time after its end, and for infinity and NaN."""
    everything = words.everything()
    regions: Sequence[tuple[int, int]] = everything.kept.get(episode, ())
    if seconds is not None:
        begin, end = _around(words.snapshot, episode, seconds)
        regions = intersection(regions, [(begin, end)])
    part = Part({episode: regions} if regions else {}, {})
    most = MANY if seconds is None else FEW
    found = typical(words, part, without(everything, part), limit=most, least=2, significance=_LIKELY)
    return [row.term for row in found]


def _around(snapshot: Snapshot, episode: int, seconds: float) -> tuple[int, int]:
    """The atoms [first, end) around a time in an episode. Raises QueryProblem for a time after its end, and for
    infinity and NaN."""
    if not math.isfinite(1000 * seconds):  # it cannot be given in milliseconds
        raise QueryProblem(_("{seconds} s: is no time: name a moment of the episode").format(seconds=seconds))
    about = snapshot.episode(episode)
    if seconds >= about.duration:
        raise QueryProblem(
            _("{id}: ends at {end}: name a moment before that, not {time}").format(
                id=about.id, end=exact_clock(about.duration), time=exact_clock(seconds)
            )
        )
    first = place_of(snapshot, episode, max(0.0, seconds - AROUND_SECONDS))
    return first, place_of(snapshot, episode, seconds + AROUND_SECONDS)


def _nearness(space: Space | None, snapshot: Snapshot, episode: int, seconds: float | None) -> Nearness | None:
    """How near everything is in meaning to an episode, or to the speech around a time in it; None without vectors of
    it. Raises QueryProblem as `_around`."""
    if space is None:
        return None
    first, end = (0, None) if seconds is None else _around(snapshot, episode, seconds)
    middle = space.middle(episode, first, end)
    return None if middle is None else space.nearness(middle)


def similar_moments(
    library: AskedLibrary,
    name: str,
    seconds: float | None = None,
    *,
    limit: int = 10,
    filters: Sequence[Filter] = (),
    timeout: Timeout = None,
    meaning: bool = True,
    context: Margin = DEFAULT_CONTEXT,
) -> tuple[list[str], list[Moment]]:
    """Returns the typical words and the moments with most of them, and, unless `meaning` is False, those near in
    meaning where the index has vectors; none in the neighbourhood of the given moment, in another transcript of the
    recording neither. The `reason` of a Deadline passed as `timeout` says whether it was enough."""
    explore = library.explore
    snapshot = explore.snapshot
    with time_limit(snapshot, timeout) as deadline:
        number = find_number(snapshot, name)
        words = typical_words(explore.read_words(deadline, number), number, seconds)
    if not words:
        return [], []

    @cache
    def is_same(other: str) -> bool:
        found = number_of(snapshot, other)
        return found == number or (found != -1 and is_other_transcript(snapshot, number, found))

    def is_wanted(moment: Moment) -> bool:
        return not (_is_noise(moment) or (_is_around(moment, seconds) and is_same(moment.episode.id)))

    nearness = _nearness(explore.space, snapshot, number, seconds) if meaning else None
    if nearness is not None:
        from search.exploration.similar_meaning import moments_alike

        without = () if seconds is not None else (number,)
        return words, moments_alike(snapshot, nearness, words, filters, limit, is_wanted, deadline, without, context)
    request = SearchRequest(" ".join(words), tuple(filters), 3 * limit + 10, context, exact=True, timeout=deadline)
    others = filter(is_wanted, library.search(request))
    return words, [moment._replace(rank=rank) for rank, moment in zip(range(1, limit + 1), others, strict=False)]


def similar_episodes(
    words: Words,
    part: Part,
    episode: int,
    seconds: float | None = None,
    *,
    limit: int | None = 10,
    deadline: Deadline | None = None,
    space: Space | None = None,
) -> Likenesses:
    """Returns the other episodes of a part by BM25 for the words typical of one, and by nearness in meaning if `space`
    has vectors of it, without other transcripts of its recording; document frequencies are those of the whole index."""
    by = typical_words(words, episode, seconds)
    snapshot, everything = words.snapshot, words.everything()
    spoken = _counts(words, everything, by, deadline)
    counts = spoken if part.kept == everything.kept else _counts(words, part, by, deadline)
    having = Counter(word for said in spoken.values() for word in said)
    average = sum(map(size, everything.kept.values())) / max(1, len(everything.kept))
    near: Mapping[int, float] = {}
    nearness = _nearness(space, snapshot, episode, seconds)
    if nearness is not None:
        from search.exploration.similar_meaning import EPISODES_NEARNESS, NEAR_EPISODE, episodes_alike

        near = episodes_alike(nearness, [one for one in everything.kept if one != episode])
    weight = sum(bm25_weight(having[word], len(everything.kept)) for word in by)
    rows = []
    for other, said in counts.items():
        how_near = near.get(other)
        if other != episode and (said or (how_near is not None and how_near > NEAR_EPISODE)):
            facts = snapshot.episode(other)
            occurrences = [(count, having[word]) for word, count in said.items()]
            score = bm25(occurrences, len(everything.kept), size(part.kept[other]), average)
            if how_near is not None:
                score += EPISODES_NEARNESS * weight * how_near
            shared = "、".join(word for word in by if word in said)
            row = Likeness(facts.id, facts.title, facts.show, facts.date, score, shared, how_near, facts.period)
            rows.append((other, row))
    rows.sort(key=lambda row: (-row[1].score, row[1].episode))
    others = (row for other, row in rows if not is_other_transcript(snapshot, episode, other))
    return Likenesses(list(islice(others, limit)), by, bool(near))


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


def _is_around(moment: Moment, seconds: float | None) -> bool:
    """True if a moment is around this time of its episode; without a time, always."""
    return seconds is None or (
        moment.start < seconds + 2 * AROUND_SECONDS and moment.end > seconds - 2 * AROUND_SECONDS
    )
