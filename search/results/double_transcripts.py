"""Which episodes are two transcripts of one recording, as the raw and the corrected text: what is counted in both is
counted twice, and should be said.

Candidates are found by their names (`kp1` and `kp1_raw`, or one title) and by their lengths, because comparing all
pairs would read everything; what they say decides.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING

from indexer.core.types import Episode

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

MOST_COMPARED = 60
"""Pairs whose texts are compared: some 2 ms each."""
_MOST_ALIKE = 4
"""Episodes of one name: of more, it is the name of a series."""
_MORE_WORDS = 2
"""Words by which one name may be longer."""
_EQUAL, _NEARLY = 0.002, 0.5
"""Seconds by which the lengths of episodes of any name may differ, and of those with as many cues: of 10,000 episodes
of an hour, some 50 and 15 pairs by chance."""
_SHORTEST = 60.0
"""Seconds of an episode that is found by its length: transcripts without times have none."""

_Name = tuple[str, ...]


def double_transcripts(
    snapshot: Snapshot, numbers: Sequence[int], are_alike: Callable[[tuple[int, int]], bool]
) -> list[tuple[Episode, Episode]]:
    """Returns pairs of the given episodes that are transcripts of one recording, each episode once; those among the
    first `MOST_COMPARED` candidates of each kind. `are_alike` tells whether two episodes say the same."""
    found: list[tuple[Episode, Episode]] = []
    paired: set[int] = set()
    episodes = {number: snapshot.episode(number) for number in numbers}
    by_name, by_length = _of_one_name(episodes), _of_one_length(episodes)
    for one, other in chain(islice(by_name, MOST_COMPARED), islice(by_length, MOST_COMPARED)):
        if not paired & {one, other} and are_alike((one, other)):
            paired |= {one, other}
            found.append((episodes[one], episodes[other]))
    return found


def _of_one_length(episodes: Mapping[int, Episode]) -> Iterator[tuple[int, int]]:
    """Yields the pairs of episodes that end at the same time, where few do: many are cut to that length."""
    lasting = sorted((one.duration, number) for number, one in episodes.items() if one.duration >= _SHORTEST)
    for at, (length, one) in enumerate(lasting):
        end = bisect_right(lasting, (length + _NEARLY, len(episodes)), at)
        if end - bisect_left(lasting, (length - _NEARLY,)) > _MOST_ALIKE:
            continue
        for longer, other in lasting[at + 1 : end]:
            if longer - length <= _EQUAL or episodes[one].cues == episodes[other].cues:
                yield min(one, other), max(one, other)


def _of_one_name(episodes: Mapping[int, Episode]) -> Iterator[tuple[int, int]]:
    """Yields the pairs of episodes of which one has the name of the other, or that and few words more."""
    names = {number: _names(episode) for number, episode in episodes.items()}
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
