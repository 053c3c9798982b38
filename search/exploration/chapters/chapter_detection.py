"""Chapter detection: proposes where a new topic begins.

Speakers announce a new topic, ask, or pause, and the words change (`chapter_evidence`, `chapter_cohesion`). Each topic
has its own vocabulary: a section is a stretch that repeats words which are rare elsewhere (`topic_segmentation`). If
the index has vectors, a section is also a stretch of one meaning (`chapter_meaning`). Of all that this makes probable,
borders are proposed where most may be expected to be right (`border_choice`).
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from indexer.core.positions.intervals import difference
from indexer.core.types import damped_kinds
from search.exploration.chapters.border_choice import most_often_right, probabilities
from search.exploration.chapters.chapter_cohesion import distances
from search.exploration.chapters.chapter_evidence import NUMBERED, log_odds
from search.exploration.chapters.topic_segmentation import NO_MATTER_WHAT, Speech
from search.exploration.chapters.utterances import utterances_of
from search.exploration.counting.words import Words

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot
    from search.exploration.chapters.chapter_meaning import Coherence
    from search.retrieval.meaning.space import Space

STRETCH_SECONDS = 5.0
"""Of the utterances that start within so many seconds, the likeliest is a candidate boundary."""
APART_SECONDS = 45.0
"""Minimum length of a chapter; between proposed borders there are at least `border_choice.SPACING` seconds."""
EVENLY = 14.0
"""Nats that a chapter e times as long or as short as the average loses; twice that logarithm costs four times this."""
PER_ROOT_MINUTE, SHORTEST_MINUTES = 1.5, 3.0
"""Chapters that people make of an episode, for the root of its minutes; but none that are shorter on average."""
SECTION_SECONDS = 600.0
"""Average length of a section at most: chapters that are longer have several, and begin where one of them does."""
NUMBERED_APART_SECONDS = 30.0
NUMBERED_DEPTH = 3.0
"""Depth added to a boundary at the announcement of a numbered part."""
ODDS = 10.0
"""Nats of words that a nat of evidence at a cue is worth: words come in bursts, so their likelihoods are too sure
(`border_choice.SURENESS` takes both down to probabilities)."""
OWN_SHARE = 0.2
"""The weight of the episode in a word's expected frequency; the index as a whole has the rest."""


@dataclass(frozen=True, slots=True)
class Border:
    """A place where a topic may begin: its first atom, its start in seconds, and its depth: the gain in log-likelihood,
    in nats per word, of two chapters around it over one. From 3 on, a numbered part is announced there."""

    atom: int
    start: float
    depth: float


def find_borders(
    words: Words,
    episode: int,
    most: int | None = None,
    space: Space | None = None,
) -> list[Border]:
    """Returns the boundaries inside an episode in order of time: the `most` likely, or by default all likely ones, up
    to the number usual for its length. `space` has the vectors of the index, if there are any."""
    snapshot = words.snapshot
    utterances = utterances_of(words, episode)
    if not utterances.cues:
        return []
    first = utterances.times.first
    starts = [start / 1000 for start in utterances.times.starts]
    said = _said(words, episode, first)
    usual = _usual(words, said)
    rarity = {number: -math.log(share) for number, share in usual.items()}
    kinds = damped_kinds(snapshot.damped_cues(episode))
    damped = [cue in kinds for cue in utterances.cues]
    duration = snapshot.episode(episode).duration
    odds = log_odds(utterances, distances(said, starts, rarity))
    places = _candidates(starts, odds, damped)
    seconds = [*(starts[place] for place in places), duration]
    gained = [odds[place] if odds[place] == NUMBERED else ODDS * odds[place] for place in places]
    edges = {0, len(places), *(at for at, gain in enumerate(gained) if gain == NUMBERED)}
    wanted = max(usual_number(seconds[-1] - seconds[0]), gained[1:].count(NUMBERED)) if most is None else most
    average = max(APART_SECONDS, (seconds[-1] - seconds[0]) / (wanted + 1))

    def lasts(begin: int, end: int) -> float:
        length = seconds[end] - seconds[begin]
        if length < (NUMBERED_APART_SECONDS if begin in edges and end in edges else APART_SECONDS):
            return -math.inf
        return -EVENLY * math.log(length / average) ** 2

    together = _coherence(space, snapshot, episode, seconds) if space is not None else None
    stretches = [frozenset(chain.from_iterable(said[a:b])) for a, b in pairwise([*places, len(said)])]
    speech = Speech(stretches, usual, lasts, together)
    expected = max(wanted, (seconds[-1] - seconds[0]) / SECTION_SECONDS) if wanted else 0
    probable = probabilities(speech.sections(), gained, expected)
    announced = _announced(seconds, probable, wanted, edges)
    chosen = most_often_right(seconds, probable, wanted, announced, APART_SECONDS)
    found = speech.surest(chosen, gained, 0.0 if most is None else -NO_MATTER_WHAT)
    depths = {at: max(depth, 0.0) + NUMBERED_DEPTH if at in edges else depth for at, depth in found.items()}
    return [Border(first[places[at]], seconds[at], depth) for at, depth in depths.items()]


def _announced(seconds: Sequence[float], probable: Sequence[float], most: int, edges: Set[int]) -> list[int]:
    """The stretches at which a numbered part begins, at most so many, without those that are too near to a likelier one
    or to the ends."""
    taken = [seconds[0], seconds[-1]]
    found: list[int] = []
    for at in sorted(edges - {0, len(probable)}, key=lambda at: (-probable[at], at)):
        if len(found) < most and all(abs(seconds[at] - other) >= NUMBERED_APART_SECONDS for other in taken):
            taken.append(seconds[at])
            found.append(at)
    return found


def usual_number(seconds: float) -> int:
    """The number of boundaries that people usually put into an episode of this length.

    >>> [usual_number(60 * minutes) for minutes in (1, 12, 60, 180)]
    [0, 3, 12, 20]
    """
    minutes = max(0.0, seconds / 60)
    return max(0, round(min(PER_ROOT_MINUTE * math.sqrt(minutes), minutes / SHORTEST_MINUTES - 1)))


def _coherence(space: Space, snapshot: Snapshot, episode: int, seconds: Sequence[float]) -> Coherence | None:
    """The coherence of sections by their vectors; None if the episode has none."""
    if space.place(episode) is None:
        return None
    from search.exploration.chapters.chapter_meaning import Coherence

    return Coherence(space, snapshot, episode, seconds)


def _candidates(starts: Sequence[float], odds: Sequence[float], damped: Sequence[bool]) -> list[int]:
    """The utterances that start a stretch, with ascending times: the first, and after it no damped ones."""
    places = [0]
    until = starts[0] + STRETCH_SECONDS
    for place, start in enumerate(starts):
        if damped[place] or start <= starts[places[-1]]:
            continue
        if start >= until:
            places.append(place)
            until = start + STRETCH_SECONDS
        elif len(places) > 1 and odds[place] > odds[places[-1]]:
            places[-1] = place
    return places


def _said(words: Words, episode: int, first: Sequence[int]) -> list[list[int]]:
    """The content words between each two of these atoms, by number, without damped cues."""
    empty, damped = words.empty, words.snapshot.damped(episode)
    return [
        [
            number
            for begin, end in words.spans(episode, difference([span], damped))
            for number in words[episode][begin:end]
            if number not in empty
        ]
        for span in pairwise(first)
    ]


def _usual(words: Words, said: Iterable[Iterable[int]]) -> dict[int, float]:
    """The expected frequency of each word: a weighted mean of the episode and the index."""
    own = Counter(chain.from_iterable(said))
    said_anywhere = words.counts(words.everything())
    here, everywhere = own.total(), said_anywhere.total()
    return {
        number: OWN_SHARE * count / here + (1 - OWN_SHARE) * said_anywhere[number] / everywhere
        for number, count in own.items()
    }


def place_of(snapshot: Snapshot, episode: int, seconds: float) -> int:
    """The first atom spoken at or after a time."""
    times = snapshot.times(episode)
    cue = bisect_left(times.starts, round(seconds * 1000))
    return times.first[min(cue, len(times))]
