"""Finds suspects: likely mishearings among the words of an index, ranked for a person to review.

A speech recogniser that mishears a word writes something that sounds like it, in the company that the right word keeps
elsewhere in the same recordings. `pairs` finds what sounds alike; what is said right before and after decides
(`shared_contexts`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from search.expansion.mishearings.pairs import Form, Pair, announced, find_pairs, places_of
from search.expansion.mishearings.shared_contexts import Contexts
from search.expansion.mishearings.word_counts import WordsRead
from search.expansion.variants import Example, first_place
from search.matching.sources import PlacesSource
from search.query.deadline import Deadline, made_in_time

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

_LOOKED_AT, _AT_LEAST = 100, 8000
"""Pairs whose contexts are compared: per suspect requested, and at least."""
_MOST_PLACES = 20
"""Occurrences of a suspect whose contexts are compared."""
_TO_READ, _TO_PAIR, _TO_LEARN = 0.3, 0.5, 0.6
"""The shares of the time left in which words are read, pairs are found, and contexts are collected."""

# What a pair is worth before its contexts are compared, in nats like their evidence; chosen by judging what two
# collections propose first (docs/design/tolerance.md).
_FORMS = {Form.NEW_WORD: 1.0, Form.RUN: -1.7, Form.NAME: -0.5, Form.WORD: -2.5}
_TONES, _SYLLABLES, _NEAR = 1.5, 0.3, -0.8
_LENGTHS = {1: 0.0, 2: 0.0, 3: 1.2, 4: 1.8}
_LONGER = 2.2
_FREQUENT, _ENOUGH_SAID = 0.7, 1000
"""Times the logarithm of the right word's count, up to a count."""
_AGAIN = 0.4
"""Times the logarithm of the suspect's count."""
_BY_CHANCE = 0.2
"""Occurrences of two characters side by side, if they were independent words, that halve the odds of a mishearing."""
_PLAYED_WITH = 7.0
"""Taken off if the right word is said near every occurrence of the suspect."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """`heard` may be a mishearing of `right`; each with its number of occurrences. `score` ranks suspects: how alike
    the two sound, and how much better the words beside `heard` fit `right` than chance; 0 and more."""

    right: str
    heard: str
    right_count: int
    heard_count: int
    score: float
    example: Example


def find_suspects(snapshot: Snapshot, limit: int, deadline: Deadline | None = None) -> list[Suspect]:
    """The likeliest mishearings, best first; those of what was read by the deadline, or before a request raised
    OutOfTime. Raises OutOfTime if that was the first request."""
    deadline = deadline or Deadline()
    words = WordsRead(snapshot, deadline.share(_TO_READ))
    pairs = find_pairs(words, snapshot, deadline.share(_TO_PAIR))
    promises = made_in_time((_promise(pair, words), pair) for pair in pairs)
    promises.sort(key=lambda one: (-one[0], one[1].heard, one[1].right))
    promises = promises[: max(_AT_LEAST, limit * _LOOKED_AT)]
    contexts = Contexts({pair.right for _, pair in promises}, words, snapshot, deadline.share(_TO_LEARN))
    snapshot.announce_counts(filter(None, map(_looked_up, promises)))
    promised = announced(deadline.within(promises), _looked_up, snapshot)
    scored = made_in_time((promise + _evidence(pair, contexts, snapshot), pair) for promise, pair in promised)
    best: dict[str, tuple[float, Pair]] = {}
    for score, pair in sorted(scored, key=lambda one: (-one[0], one[1].heard, one[1].right)):
        best.setdefault(pair.heard, (score, pair))
    first = announced(islice(best.values(), limit), _looked_up, snapshot)
    return made_in_time(_suspect(score, pair, snapshot) for score, pair in first)


def _looked_up(rated: tuple[float, Pair]) -> str:
    """The word whose episodes are looked up for a pair; empty if its places are known."""
    return rated[1].heard if rated[1].form is Form.WORD else ""


def _promise(pair: Pair, words: WordsRead) -> float:
    """What a pair is worth before its contexts are compared."""
    alike = _TONES if pair.tones else _SYLLABLES if pair.syllables else _NEAR
    often = _FREQUENT * math.log(min(pair.right_count, _ENOUGH_SAID)) + _AGAIN * math.log(pair.heard_count)
    chance = math.log1p(words.together(pair.heard) / _BY_CHANCE) if pair.atoms == len(pair.heard) == 2 else 0.0
    return _FORMS[pair.form] + alike + _LENGTHS.get(pair.atoms, _LONGER) + often - chance


def _evidence(pair: Pair, contexts: Contexts, snapshot: Snapshot) -> float:
    """What the places of a pair add to its score."""
    places = list(islice(_spans(pair, snapshot), _MOST_PLACES))
    if not places:
        return -_PLAYED_WITH
    fits = sum(contexts.evidence(pair.right, *place) for place in places)
    near = sum(contexts.is_near(pair.right, *place) for place in places)
    return (fits - _PLAYED_WITH * near) / len(places)


def _spans(pair: Pair, snapshot: Snapshot) -> Iterator[tuple[int, int, int]]:
    """(episode, first atom, end) of each occurrence of what was heard."""
    for number, places in sorted(places_of(pair, snapshot).items()):
        for at in places:
            yield number, at, at + pair.atoms


def _suspect(score: float, pair: Pair, snapshot: Snapshot) -> Suspect:
    place = first_place(PlacesSource(pair.atoms, places_of(pair, snapshot)), snapshot)
    positive = math.log1p(math.exp(score))
    return Suspect(pair.right, pair.heard, pair.right_count, pair.heard_count, round(positive, 4), place)
