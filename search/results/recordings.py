"""Which episodes are transcripts of one recording, as the raw and the corrected text of it.

They are equally long, or have the moment at the same second, and say nearly the same at the same times: compared where
two of their moments are, and at three more places, because many episodes of a show begin alike.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from indexer.core.positions.tokens import split_atoms
from search.api import Moment
from search.results.episodes import cues_between

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

_LENGTH, _ALIKE = 0.03, 0.6
"""Share by which the lengths of two transcripts of one recording may differ; share of the characters and Latin words of
the shorter stretch that are in the other. Chosen by hand, tried on 44 recordings (docs/design/output.md)."""
_SECOND = 2.0
"""Seconds between the starts of two moments whose transcripts may be of any length: one may have only a part."""
_LEEWAY = 30.0
"""Seconds by which the lengths may differ in any case: music at the end."""
_PLACES = (0.25, 0.5, 0.75)
_STRETCH = 40.0
"""Seconds compared at each place."""


def find_twins(moments: Sequence[Moment], snapshot: Snapshot) -> dict[int, list[Moment]]:
    """Returns, by the rank of the best, the later moments that are the same place of the same recording."""
    twins: dict[int, list[Moment]] = {}
    known: dict[frozenset[str], bool] = {}
    first: list[Moment] = []
    for moment in moments:
        for other in first:
            if not may_be_twins(moment, other) or not _say_alike(moment, other, snapshot):
                continue
            pair = frozenset((moment.episode.id, other.episode.id))
            if pair not in known:
                known[pair] = _is_one_recording(moment, other, snapshot)
            if known[pair]:
                twins.setdefault(other.rank, []).append(moment)
                break
        else:
            first.append(moment)
    return twins


def may_be_twins(one: Moment, other: Moment) -> bool:
    """A quick test: moments at the same time, to the second or of equally long episodes."""
    if one.episode.id == other.episode.id or one.end <= other.start or other.end <= one.start:
        return False
    if abs(one.start - other.start) <= _SECOND:
        return True
    longest = max(one.episode.duration, other.episode.duration)
    return abs(one.episode.duration - other.episode.duration) <= max(_LEEWAY, _LENGTH * longest)


def _say_alike(one: Moment, other: Moment, snapshot: Snapshot) -> bool:
    """True if what the shorter of two moments shows is in the other."""
    fold = snapshot.folding.fold
    return _are_alike(*(fold("".join(cue.text for cue in moment.cues)) for moment in (one, other)))


def _is_one_recording(one: Moment, other: Moment, snapshot: Snapshot) -> bool:
    """True if most of the places compared say nearly the same."""
    length = min(one.episode.duration, other.episode.duration)
    numbers = [_number(snapshot, moment.episode.id) for moment in (one, other)]
    if -1 in numbers:
        return False
    same = 0
    for share in _PLACES:
        begin = share * length
        same += _are_alike(*(_said(snapshot, number, begin, begin + _STRETCH) for number in numbers))
    return same * 2 > len(_PLACES)


def _number(snapshot: Snapshot, name: str) -> int:
    """The number of the episode with this id, or -1 if a later commit has it no more; episodes are in the order of
    their ids."""
    numbers = snapshot.episodes()
    number = bisect_left(numbers, name, key=lambda number: snapshot.episode(number).id)
    return number if number < len(numbers) and snapshot.episode(number).id == name else -1


def _said(snapshot: Snapshot, number: int, begin: float, end: float) -> str:
    """What is said between two times in seconds, folded."""
    texts, _ = snapshot.text(number)
    return snapshot.folding.fold("".join(texts[cue] for cue in cues_between(snapshot, number, begin, end)))


def _are_alike(one: str, other: str) -> bool:
    """True if most characters and Latin words of the shorter text, both folded, are in the other."""
    counts = [Counter(split_atoms(text)) for text in (one, other)]
    least = min(counts[0].total(), counts[1].total())
    return least > 0 and (counts[0] & counts[1]).total() >= _ALIKE * least
