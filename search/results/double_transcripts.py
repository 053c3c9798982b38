"""Which episodes are two transcripts of one recording, as the raw and the corrected text: what is counted in both is
counted twice, and should be said.

Candidates are found by their names (`kp1` and `kp1_raw`, or one title), because comparing all pairs would read
everything; what they say decides.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from indexer.core.types import Episode
from search.results.recordings import is_other_transcript

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

MOST_COMPARED = 60
"""Pairs whose texts are compared: some 2 ms each."""
_MOST_ALIKE = 4
"""Episodes of one name: of more, it is the name of a series."""
_MORE_WORDS = 2
"""Words by which one name may be longer."""

_Name = tuple[str, ...]


def double_transcripts(snapshot: Snapshot, numbers: Sequence[int]) -> list[tuple[Episode, Episode]]:
    """Returns pairs of the given episodes that are transcripts of one recording, each episode once; those among the
    first `MOST_COMPARED` candidates."""
    found: list[tuple[Episode, Episode]] = []
    paired: set[int] = set()
    for at, (one, other) in enumerate(_candidates(snapshot, numbers)):
        if at >= MOST_COMPARED:
            break
        if not paired & {one, other} and is_other_transcript(snapshot, one, other):
            paired |= {one, other}
            found.append((snapshot.episode(one), snapshot.episode(other)))
    return found


def _candidates(snapshot: Snapshot, numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yields the pairs of episodes of which one has the name of the other, or that and few words more."""
    names = {number: _names(snapshot.episode(number)) for number in numbers}
    having: defaultdict[_Name, list[int]] = defaultdict(list)
    for number, own in names.items():
        for name in own:
            having[name].append(number)
    seen: set[frozenset[int]] = set()
    for number, own in names.items():
        for name in own:
            for length in range(len(name), max(0, len(name) - _MORE_WORDS - 1), -1):
                others = [other for other in having.get(name[:length], ()) if other != number]
                for other in others if len(others) < _MOST_ALIKE else ():
                    pair = frozenset((number, other))
                    if pair not in seen:
                        seen.add(pair)
                        yield min(pair), max(pair)


def _names(episode: Episode) -> set[_Name]:
    """The words of the title, and of the last part of the id."""
    texts = episode.title, episode.id.rpartition("/")[2]
    return {name for text in texts if (name := tuple(re.findall(r"[^\W_]+", text.casefold())))}
