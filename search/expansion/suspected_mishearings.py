"""Finds suspects: likely mishearings among the words of an index, ranked for a person to review.

A speech recogniser that mishears a word writes words that no dictionary has, or odd names, beside the right ones
elsewhere in the same recordings. A suspect sounds like a more frequent word and often shares its neighbours.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from indexer.core.caches import cached
from indexer.core.pronunciation import near_form
from indexer.core.token_stream import is_basic
from search.expansion.spelling import SpelledNames
from search.expansion.variants import Example, first_place
from search.matching.sources import PlacesSource, PositionSource, WordSource
from search.query.deadline import Deadline

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

_WORD = re.compile("10+")
_MOST_PLACES = 20
"""Occurrences of a suspect whose neighbours are compared."""
_MOST_NEIGHBOURS = 300
"""Occurrences of the right word whose neighbours are collected."""
_LOOKED_AT = 40
"""Pairs whose neighbours are compared, per suspect requested."""
_TO_PAIR, _TO_READ = 0.8, 0.6
"""The share of the time limit in which pairs are sought, and of that, the share in which words are read."""
_LONGEST = 6
_SYLLABLE_TRUST = {2: 0.3, 3: 0.8}
"""Precision of words that sound alike, by number of syllables; longer ones are nearly always right."""
_NAME_ALIKE = 0.85


@dataclass(frozen=True, slots=True)
class Suspect:
    """`heard` may be a mishearing of `right`; each with its number of occurrences. `score` ranks suspects: the trust in
    the phonetic match, times the logarithm of the right word's count, times the fraction of occurrences with a
    shared neighbour (plus a tenth, for those with none)."""

    right: str
    heard: str
    right_count: int
    heard_count: int
    score: float
    example: Example


class _Pair:
    """A likely mishearing before its neighbours are compared."""

    def __init__(self, right: str, right_count: int, heard: str, source: PositionSource, trust: float) -> None:
        self.right = right
        self.right_count = right_count
        self.heard = heard
        self.source = source
        self.trust = trust

    @property
    def promise(self) -> float:
        return self.trust * math.log1p(self.right_count)

    def order(self) -> tuple[float, str]:
        return -self.promise, self.heard


def find_suspects(snapshot: Snapshot, limit: int, deadline: Deadline | None = None) -> list[Suspect]:
    """The likeliest mishearings, best first; those of what was read by the deadline."""
    deadline = deadline or Deadline()
    stage = deadline.share(_TO_PAIR)
    pairs = sorted((*_by_sound(snapshot, stage), *_by_spelling(snapshot, stage)), key=_Pair.order)
    neighbours = _Neighbours(snapshot)
    found = [_suspect(pair, neighbours, snapshot) for pair in deadline.within(pairs[: limit * _LOOKED_AT])]
    best: dict[str, Suspect] = {}
    for suspect in sorted(found, key=lambda s: (-s.score, s.heard)):
        best.setdefault(suspect.heard, suspect)
    return list(best.values())[:limit]


def _suspect(pair: _Pair, neighbours: _Neighbours, snapshot: Snapshot) -> Suspect:
    score = pair.promise * (0.1 + neighbours.shared(pair))
    place = first_place(pair.source, snapshot)
    return Suspect(pair.right, pair.heard, pair.right_count, pair.source.count, round(score, 4), place)


def _by_sound(snapshot: Snapshot, deadline: Deadline) -> Iterator[_Pair]:
    """Out-of-dictionary words that sound like more frequent dictionary words."""
    known, new = _words(snapshot, deadline.share(_TO_READ))
    by_sound: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for word, count in known.items():
        if count > 1:
            by_sound[_sound_of(word, snapshot)].append(word)
    for word, places in deadline.within(new.items()):
        source = PlacesSource(len(word), places)
        for right in by_sound.get(_sound_of(word, snapshot), ()):
            if known[right] > source.count:
                yield _Pair(right, known[right], word, source, _trust(right, word, snapshot))


def _words(snapshot: Snapshot, deadline: Deadline) -> tuple[Counter[str], dict[str, dict[int, list[int]]]]:
    """The dictionary words with their counts, and the positions of out-of-dictionary words."""
    known: Counter[str] = Counter()
    new: defaultdict[str, dict[int, list[int]]] = defaultdict(dict)
    for number in deadline.within(snapshot.episodes()):
        units = snapshot.stream(number).units()
        marks = snapshot.marks(number)
        for match in _WORD.finditer(marks.begins):
            start, end = match.span()
            if end - start > _LONGEST:
                continue
            if marks.new[start] == "1":
                new[units[start:end]].setdefault(number, []).append(start)
            else:
                known[units[start:end]] += 1
    return known, new


def _sound_of(word: str, snapshot: Snapshot) -> tuple[str, ...]:
    """The syllables of a word; for longer words with easily confused ones merged."""
    syllables = [sound[0] if sound else "" for sound in snapshot.readings.read(word)]
    return tuple(map(near_form, syllables)) if len(word) > 2 else tuple(syllables)


def _trust(right: str, heard: str, snapshot: Snapshot) -> float:
    trust = _SYLLABLE_TRUST.get(len(right), 0.95)
    read = zip(snapshot.readings.read(right), snapshot.readings.read(heard), strict=True)
    return trust if all(one == other for one, other in read) else trust / 2


def _by_spelling(snapshot: Snapshot, deadline: Deadline) -> Iterator[_Pair]:
    """Rare names that sound like frequent ones."""
    counts = {name: snapshot.word_count(name) for name in snapshot.names if len(name) > 3 and name.isascii()}
    common = SpelledNames(name for name, count in counts.items() if count > 4)
    for name, count in deadline.within(counts.items()):
        for right, alike in common.similar(name, 3):
            if alike >= _NAME_ALIKE and counts[right] > 4 * count and not _is_inflected(right, name):
                source = WordSource(snapshot, (name,))
                if _stands_in_chinese(source, snapshot):
                    yield _Pair(right, counts[right], name, source, alike / 2)


def _stands_in_chinese(source: PositionSource, snapshot: Snapshot) -> bool:
    """True if the first occurrence of a name is next to Chinese, not in running English."""
    number = min(source.counts)
    position = source.positions(number)[0]
    return any(map(is_basic, snapshot.stream(number).atoms(max(0, position - 1), position + 2)))


def _is_inflected(one: str, other: str) -> bool:
    """True for two inflections of one English word, which are not mishearings."""
    short, long = sorted((one, other), key=len)
    return _ENDING.sub("", long) in (short, _ENDING.sub("", short), short.rstrip("e"), short + short[-1])


_ENDING = re.compile("(?:e?s|ing|e?d|e?r|ly|ion|al|e)$")


class _Neighbours:
    """The neighbours of words."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._beside = cached(partial(_find_beside, snapshot), 4096)

    def shared(self, pair: _Pair) -> float:
        """The fraction of the suspect's occurrences with a neighbour that the right word also has."""
        before, after = self._beside(pair.right)
        places = islice(_places(self._snapshot, pair.source), _MOST_PLACES)
        fitting = [one in before or other in after for one, other in places]
        return sum(fitting) / len(fitting) if fitting else 0.0


def _find_beside(snapshot: Snapshot, word: str) -> tuple[frozenset[str], frozenset[str]]:
    source = WordSource(snapshot, (word,) if word.isascii() else word)
    places = list(islice(_places(snapshot, source), _MOST_NEIGHBOURS))
    return frozenset(before for before, _ in places), frozenset(after for _, after in places)


def _places(snapshot: Snapshot, source: PositionSource) -> Iterator[tuple[str, str]]:
    """The two atoms before and after each occurrence; empty beyond the ends of an episode."""
    for number in sorted(source.counts):
        stream = snapshot.stream(number)
        for position in source.positions(number):
            end = position + source.length
            before, after = stream.atoms(max(0, position - 2), position), stream.atoms(end, end + 2)
            if len(before) == len(after) == 2:
                yield "".join(before), "".join(after)
