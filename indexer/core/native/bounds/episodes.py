"""What the terms of a query add at most in each episode."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from indexer.core.native.streams.signatures import SignedUnits
    from indexer.core.native.windows.competing import Episode, Term

Gains: TypeAlias = "dict[int, float]"
"""episode -> the most that a term adds to the score of a window."""
Form: TypeAlias = "tuple[float, Gains, Sequence[bytes], Sequence[bytes]] | Callable[[int], Term | None]"
"""A term of one form: its weight, what it adds, and its runs of units in streams of two and of four bytes a unit. Or a
function that gives a term in an episode, None if the episode lacks it."""


def most_gains(counts: dict[int, int], peaks: dict[int, int], worth: list[float]) -> Gains:
    """Returns what so many occurrences are `worth` in each episode: the lesser of its count and its peak. The last
    value is that of all higher counts. Raises KeyError for an episode without a peak."""
    last = len(worth) - 1
    return {episode: worth[min(count, peaks[episode], last)] for episode, count in counts.items()}


def episode_bounds(
    episodes: Sequence[int], forms: tuple[tuple[tuple[float, Gains], ...], ...], total: float
) -> list[tuple[float, int]]:
    """Returns (upper bound of the score of its windows, episode), best first, equals by number. A form is each of its
    (weight, gains): it adds the greatest gain of those that the episode has, and covers the greatest weight of `total`.
    """
    scores = dict.fromkeys(episodes, 0.0)
    covered = dict(scores)
    for form in forms:
        gains: Gains = {}
        weigh: Gains = {}
        for weight, most in form:
            for episode, gain in most.items():
                gains[episode] = max(gain, gains.get(episode, 0.0))
                weigh[episode] = max(weight, weigh.get(episode, 0.0))
        for episode in gains.keys() & scores.keys():
            scores[episode] += gains[episode]
            covered[episode] += weigh[episode]
    bounds = [(-(score * covered[episode] / total if total else 0.0), episode) for episode, score in scores.items()]
    bounds.sort()
    return [(-less, episode) for less, episode in bounds]


def relevances(
    episodes: Sequence[int],
    lengths: Sequence[int],
    average: float,
    k1: float,
    b: float,
    terms: tuple[tuple[float, float, dict[int, int]], ...],
) -> list[float]:
    """Returns the BM25 of each of some episodes (`search.scoring.bm25`). A term is the share that it has in it, its
    weight, and its count by episode; lengths and their `average` are in atoms."""
    norms = [k1 * (1.0 - b + b * length / average) if average else k1 for length in lengths]
    by_episode = dict(zip(episodes, norms, strict=True))
    scores = dict.fromkeys(episodes, 0.0)
    for share, weight, counts in terms:
        for episode, count in counts.items():
            if episode in scores:
                scores[episode] += share * (weight * count * (k1 + 1.0) / (count + by_episode[episode]))
    return [scores[episode] for episode in episodes]


def terms_in(episodes: Sequence[int], units: Sequence[SignedUnits], forms: tuple[Form, ...]) -> list[Episode]:
    """Returns what `competing_regions` takes of episodes with such units, without their times: the terms that add
    something there, in the order of the forms."""
    found: list[Episode] = []
    for episode, place in zip(episodes, units, strict=True):
        terms: list[Term] = []
        for form in forms:
            if callable(form):
                term = form(episode)
                if term is not None:
                    terms.append(term)
                continue
            weight, gains, narrow, wide = form
            if gain := gains.get(episode):
                terms.append((weight, gain, narrow if place[3] == 2 else wide))
        found.append((place, None, None, terms))
    return found
