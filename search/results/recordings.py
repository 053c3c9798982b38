"""Which episodes are transcripts of one recording, as the raw and the corrected text of it.

They are equally long, or have the moment at the same second, and say nearly the same at the same times: compared where
two of their moments are, and at three more places, because many episodes of a show begin alike.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

from indexer.core.memory.caches import MadeOnce
from indexer.core.positions.tokens import split_atoms
from search.api import Moment
from search.results.episodes import cues_between

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

_LENGTH, _ALIKE = 0.03, 0.6
"""Share by which the lengths of two transcripts of one recording may differ; share of the characters and Latin words of
the shorter stretch that are in the other. Chosen by hand, tried on 44 recordings (docs/design/output.md)."""
_ALIKE_IN_PAIRS = 0.4
"""The same share, of pairs of neighbouring characters."""
_SECOND = 2.0
"""Seconds between the starts of two moments whose transcripts may be of any length: one may have only a part."""
_LEEWAY = 30.0
"""Seconds by which the lengths may differ in any case: music at the end."""
_PLACES = (0.25, 0.5, 0.75)
_MOST_PLACES = len(_PLACES) // 2 + 1
_STRETCH = 40.0
"""Seconds compared at each place."""


def find_twins(moments: Sequence[Moment], snapshot: Snapshot) -> dict[int, list[Moment]]:
    """Returns, by the rank of the best, the later moments that are the same place of the same recording."""
    twins: dict[int, list[Moment]] = {}
    known: dict[frozenset[str], bool] = {}
    first: set[int] = set()
    said: MadeOnce[int, Counter[str]] = MadeOnce(
        lambda at: _counted(snapshot.folding.fold("".join(cue.text for cue in moments[at].cues)))
    )
    for at, (moment, several) in enumerate(zip(moments, candidates(moments), strict=True)):
        for before in several:
            if before not in first or not _are_alike(said[at], said[before]):
                continue
            other = moments[before]
            pair = frozenset((moment.episode.id, other.episode.id))
            if pair not in known:
                known[pair] = _is_one_recording(moment, other, snapshot)
            if known[pair]:
                twins.setdefault(other.rank, []).append(moment)
                break
        else:
            first.add(at)
    return twins


def candidates(moments: Sequence[Moment]) -> list[list[int]]:
    """By the indices of moments, those before each of which it may be a twin, in order. Only moments that meet in time
    are compared: a list of a thousand has half a million pairs."""
    found: list[list[int]] = [[] for _ in moments]
    by_start = sorted(range(len(moments)), key=lambda at: moments[at].start)
    starts = [moments[at].start for at in by_start]
    for at, one in enumerate(by_start, 1):
        for other in by_start[at : bisect_left(starts, moments[one].end, at)]:
            if may_be_twins(moments[one], moments[other]):
                found[max(one, other)].append(min(one, other))
    return list(map(sorted, found))


def may_be_twins(one: Moment, other: Moment) -> bool:
    """A quick test: moments at the same time, to the second or of equally long episodes."""
    if one.episode.id == other.episode.id or one.end <= other.start or other.end <= one.start:
        return False
    if abs(one.start - other.start) <= _SECOND:
        return True
    longest = max(one.episode.duration, other.episode.duration)
    return abs(one.episode.duration - other.episode.duration) <= max(_LEEWAY, _LENGTH * longest)


def is_other_transcript(snapshot: Snapshot, one: int, other: int) -> bool:
    """True if two episodes, of any length, say nearly the same at all of the places. Without a moment that both have,
    pairs of neighbours are compared: talks of one show have most of their characters in common."""
    length = min(snapshot.episode(number).duration for number in (one, other))
    return one != other and all(
        _share(*(Counter(pairwise(split_atoms(text))) for text in texts)) >= _ALIKE_IN_PAIRS
        for texts in _places(snapshot, [one, other], length)
    )


def _is_one_recording(one: Moment, other: Moment, snapshot: Snapshot) -> bool:
    """True if most of the places compared say nearly the same."""
    numbers = [number_of(snapshot, moment.episode.id) for moment in (one, other)]
    if -1 in numbers:
        return False
    length = min(one.episode.duration, other.episode.duration)
    alike = (_are_alike(*map(_counted, texts)) for texts in _places(snapshot, numbers, length))
    return sum(islice(filter(None, alike), _MOST_PLACES)) == _MOST_PLACES


def _places(snapshot: Snapshot, numbers: Sequence[int], length: float) -> Iterator[list[str]]:
    """Yields what episodes, of which the shortest has this length in seconds, say at each of the places, folded."""
    for share in _PLACES:
        begin = share * length
        yield [_said(snapshot, number, begin, begin + _STRETCH) for number in numbers]


def number_of(snapshot: Snapshot, name: str) -> int:
    """The number of the episode with this id, or -1 if a later commit has it no more; episodes are in the order of
    their ids."""
    numbers = snapshot.episodes()
    number = bisect_left(numbers, name, key=lambda number: snapshot.episode(number).id)
    return number if number < len(numbers) and snapshot.episode(number).id == name else -1


def _said(snapshot: Snapshot, number: int, begin: float, end: float) -> str:
    """What is said between two times in seconds, folded."""
    texts, _ = snapshot.text(number)
    return snapshot.folding.fold("".join(texts[cue] for cue in cues_between(snapshot, number, begin, end)))


def _counted(folded: str) -> Counter[str]:
    """The characters and Latin words of a folded text."""
    return Counter(split_atoms(folded))


def _are_alike(one: Counter[str], other: Counter[str]) -> bool:
    """True if most characters and Latin words of the shorter text are in the other."""
    return _share(one, other) >= _ALIKE


def _share(one: Counter[Any], other: Counter[Any]) -> float:
    """The share of the smaller of two collections that is in the other; 0 of nothing."""
    least = min(one.total(), other.total())
    common = sum(min(amount, other[part]) for part, amount in one.items() if part in other)
    return common / least if least else 0.0
