"""Dispersion: where in each episode a word occurs, and how evenly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from indexer.core.positions.token_stream import Region
from search.exploration.counting.measures import deviation, normal_deviation
from search.exploration.counting.occurrences import Occurrences, find, size
from search.exploration.counting.subcorpus import Part, in_time
from search.exploration.listing import Rows
from search.query.deadline import Deadline

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

PARTS = 50
"""Number of equal parts of an episode, and of the corpus."""


@dataclass(frozen=True, slots=True)
class Strip:
    """The occurrences of a word in an episode: their number in each of its equal parts (`parts`), their times in
    seconds (`moments`), and their deviation over the parts (`search.exploration.counting.measures`)."""

    term: str
    episode: str
    title: str
    date: str | None
    count: int
    dp: float
    dp_norm: float
    parts: tuple[int, ...]
    moments: tuple[float, ...]
    period: str | None = None


@dataclass(frozen=True, slots=True)
class Evenness:
    """How evenly a word is spread: its occurrences, the number of `episodes` with it out of `of`, and DP and DPnorm
    (`search.exploration.counting.measures`) over episodes and over equal parts of all speech, in the order of dates."""

    term: str
    count: int
    episodes: int
    of: int
    dp_episodes: float
    dp_norm_episodes: float
    dp_parts: float
    dp_norm_parts: float
    parts: int


class Dispersion(Rows[Strip]):
    """The strips of the episodes with the most occurrences. `evenness` covers all episodes, not only those listed;
    `damped` counts occurrences left out as the recogniser's loops and stock lines."""

    def __init__(self, rows: Sequence[Strip], evenness: Sequence[Evenness], damped: int) -> None:
        super().__init__(rows)
        self.evenness = tuple(evenness)
        self.damped = damped


def dispersion(
    snapshot: Snapshot,
    part: Part,
    texts: Sequence[str],
    *,
    parts: int = PARTS,
    limit: int | None = 20,
    deadline: Deadline | None = None,
) -> Dispersion:
    """Returns where each text, matched exactly, occurs in the `limit` episodes with the most occurrences.

    Raises QueryProblem for a text with nothing to look for.
    """
    found, part = find(snapshot, part, texts, deadline)
    order = in_time(snapshot, part.kept)
    counts = {
        number: sum(len(occurrences.places.get(number, ())) for occurrences in found.values()) for number in order
    }
    most = sorted((number for number in order if counts[number]), key=lambda number: -counts[number])[:limit]
    rows = [
        _strip(snapshot, part, text, number, occurrences.places[number], parts)
        for number in most
        for text, occurrences in found.items()
        if number in occurrences.places
    ]
    evenness = [_evenness(part, text, occurrences, order, parts) for text, occurrences in found.items()]
    return Dispersion(rows, evenness, sum(occurrences.damped for occurrences in found.values()))


def _strip(snapshot: Snapshot, part: Part, text: str, number: int, places: Sequence[int], parts: int) -> Strip:
    """The strip of a text in an episode."""
    episode, times, regions = snapshot.episode(number), snapshot.times(number), part.kept[number]
    counts, sizes = _cut(ranks(places, regions), size(regions), parts)
    moments = tuple(times.at(place) / 1000 for place in places)
    measures = deviation(counts, sizes), normal_deviation(counts, sizes)
    facts = (episode.id, episode.title, episode.date)
    return Strip(text, *facts, len(places), *measures, tuple(counts), moments, episode.period)


def _evenness(part: Part, text: str, found: Occurrences, order: Sequence[int], parts: int) -> Evenness:
    """The evenness of a text over the episodes in order."""
    counts = [len(found.places.get(number, ())) for number in order]
    sizes = [size(part.kept[number]) for number in order]
    begins = accumulate(sizes, initial=0)
    all_ranks = [
        begin + rank
        for begin, number in zip(begins, order, strict=False)
        for rank in ranks(found.places.get(number, ()), part.kept[number])
    ]
    equal = _cut(all_ranks, sum(sizes), parts)
    return Evenness(
        term=text,
        count=sum(counts),
        episodes=len(found.places),
        of=len(order),
        dp_episodes=deviation(counts, sizes),
        dp_norm_episodes=normal_deviation(counts, sizes),
        dp_parts=deviation(*equal),
        dp_norm_parts=normal_deviation(*equal),
        parts=len(equal[1]),
    )


def ranks(places: Sequence[int], regions: Sequence[Region]) -> list[int]:
    """The number of atoms of the regions before each position, which is in one of them.

    >>> ranks([0, 3, 10], [(0, 4), (9, 12)])
    [0, 3, 5]
    """
    found = []
    at = before = 0
    for place in places:
        while regions[at][1] <= place:
            before += regions[at][1] - regions[at][0]
            at += 1
        found.append(before + place - regions[at][0])
    return found


def _cut(found: Sequence[int], atoms: int, parts: int) -> tuple[list[int], list[int]]:
    """The occurrences in each of `parts` equal parts, of at least one atom each, and the lengths of the parts in atoms.

    >>> _cut([0, 1, 9], 10, 4)
    ([2, 0, 0, 1], [3, 2, 3, 2])
    """
    parts = max(1, min(parts, atoms))
    counts = [0] * parts
    for rank in found:
        counts[rank * parts // atoms] += 1
    begins = [-(-part * atoms // parts) for part in range(parts + 1)]
    return counts, [end - begin for begin, end in pairwise(begins)]
