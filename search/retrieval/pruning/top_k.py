"""The best windows of a ranked query, found without reading most of the matches.

Two upper bounds, both in the manner of MaxScore (Turtle and Flood, 1995), make this possible; both are built from what
a term can add to one window (`Scorer.most_gains`). Episodes are visited in the order of falling bounds. Once enough
windows are known, terms that together cannot reach the worst of them are looked up only near rarer ones.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import chain, count
from typing import TypeAlias

from indexer.core import native
from indexer.core.named_tuples import NamedTuple
from indexer.core.positions.intervals import union
from indexer.core.positions.token_stream import Region
from search.matching.sources import MANY
from search.retrieval.pruning.regions import BESIDE, pruning
from search.retrieval.scorer import Scorer
from search.retrieval.windows import Hit, Window, hit_times, is_apart, keep_apart

_DIGITS = 9
_LESS = 1e-8
"""Scores that differ by less may be equal but for rounding."""
_SURELY = 8
"""How many of the likeliest episodes are looked at even after the deadline."""

Timed: TypeAlias = tuple[int, Window]
"""A window with the time of its first hit, in milliseconds."""


def best_windows(scorer: Scorer, most: int | None = None) -> list[Window]:
    """The best windows by their own score, best first; ties in the order in which their episodes are visited. Without
    `most`, returns as many windows as get a full score, and only so many of one episode; with `most`, that many of all
    windows, which are also the first of any longer list."""
    if len(scorer.forms) > MANY and not scorer.plan.stand_ins and native.is_compiled:
        return _best_of_many(scorer, most)
    size, per_episode = _limits(scorer, most)
    best: list[tuple[float, int, Window]] = []
    earlier = count(0, -1)  # on a tie, the first found wins
    by_bound = _by_bound(scorer)
    competing = pruning(scorer, [episode for _, episode in by_bound])
    floor, rank = 0.0, 0
    while rank < len(by_bound) and not scorer.deadline.is_over():
        bound, episode = by_bound[rank]
        if floor and bound <= floor + BESIDE:
            break
        regions = competing.regions(rank, floor)
        rank = competing.following(rank)
        if regions is not None and not regions:
            continue
        for window in windows_of(scorer, episode, floor, per_episode, regions, most is not None):
            entry = (window.score, next(earlier), window)
            if len(best) < size:
                heapq.heappush(best, entry)
            elif window.score > best[0][0]:
                heapq.heapreplace(best, entry)
        floor = best[0][0] if len(best) == size else 0.0
    return [window for _, _, window in sorted(best, reverse=True)]


def _best_of_many(scorer: Scorer, most: int | None) -> list[Window]:
    """The same for a query of many terms, each of which is in most episodes. Its bounds come from the text itself and
    are so close to the scores that few episodes are left to search."""
    size, per_episode = _limits(scorer, most)
    likely: list[tuple[float, int, int]] = []
    by_bound = _by_bound(scorer)
    for rank, (_, episode) in enumerate(scorer.deadline.within(by_bound)):
        heapq.heappush(likely, (-scorer.likely.best(episode), rank, episode))
    best: list[tuple[float, int, int, Window]] = []
    in_order = (heapq.heappop(likely) for _ in range(len(likely)))
    competing = pruning(scorer, [episode for _, episode in by_bound])
    for less, rank, episode in scorer.deadline.surely(in_order, _SURELY):
        floor = best[0][0] if len(best) == size else 0.0
        if floor and -less <= (floor - _LESS) * scorer.total:
            break
        below = max(0.0, floor - _LESS)
        regions = competing.regions(rank, below)
        for number, window in enumerate(windows_of(scorer, episode, below, per_episode, regions)):
            entry = (window.score, -rank, -number, window)
            if len(best) < size:
                heapq.heappush(best, entry)
            elif entry[:3] > best[0][:3]:
                heapq.heapreplace(best, entry)
    return [window for *_, window in sorted(best, reverse=True)]


def are_cut(scorer: Scorer, windows: Sequence[Window]) -> bool:
    """True if there may be more windows than these, which get a full score."""
    most = scorer.weights.per_episode
    return len(windows) >= scorer.most_windows or most in Counter(window.episode for window in windows).values()


def _limits(scorer: Scorer, most: int | None) -> tuple[int, int | None]:
    """How many windows to find, and how many of one episode at most."""
    return (scorer.most_windows, scorer.weights.per_episode) if most is None else (most, None)


class BestOfAll(NamedTuple):
    """How many of all windows are wanted, and the ranks of the episodes (`ranks_by_bound`), which break ties between
    windows without expansions, so that their order does not depend on how many are wanted."""

    most: int
    ranks: Mapping[int, int]


def with_stand_ins(scorer: Scorer, known: Sequence[Window], wanted: BestOfAll | None = None) -> list[Window]:
    """The best windows of a plan with expansions: of the `known` windows, which `best_windows` found without them, and
    of those that contain an expansion. Returns as many as `best_windows` does."""
    size, per_episode = _limits(scorer, None if wanted is None else wanted.most)
    standing = {number for numbers in scorer.plan.stand_ins.values() for number in numbers}
    counted = set(chain.from_iterable(scorer.plan.terms[number].counts for number in standing))
    exact: defaultdict[int, list[Window]] = defaultdict(list)
    for window in known:
        exact[window.episode].append(window)
    best = [window for window in known if window.episode not in counted]
    # If all windows are wanted, the known ones beside an expansion count once it is decided which of them are kept.
    certain = known if wanted is None else best
    scores = heapq.nlargest(size, (window.score for window in certain))
    heapq.heapify(scores)
    by_bound = [(bound, episode) for bound, episode in _by_bound(scorer) if episode in counted]
    competing = pruning(scorer, [episode for _, episode in by_bound])
    equal = 0.0 if wanted is None else _LESS
    for rank, (bound, episode) in enumerate(by_bound):
        floor = max(0.0, scores[0] - equal) if len(scores) == size else 0.0
        if scorer.deadline.is_over():
            best += exact[episode]
            continue
        if floor and bound <= floor + BESIDE:
            best += exact[episode]
            continue
        regions = competing.regions(rank, floor, standing)
        for window in _beside(scorer, episode, exact[episode], standing, floor, regions, per_episode):
            best.append(window)
            if wanted is not None or _holds_any(standing, window):
                heapq.heappush(scores, window.score)
                if len(scores) > size:
                    heapq.heappop(scores)
    if wanted is None:
        return heapq.nlargest(size, best, key=lambda window: window.score)
    ranks, others = wanted.ranks, len(wanted.ranks)
    best.sort(key=lambda one: (-one.score, ranks.get(one.episode, others), one.episode, one.hits[0]))
    return best[:size]


def _beside(
    scorer: Scorer,
    episode: int,
    exact: Sequence[Window],
    standing: Set[int],
    floor: float,
    regions: Sequence[Region] | None,
    most: int | None,
) -> list[Window]:
    """At most `most` windows of an episode, kept apart: the `exact` ones, and those in the regions (None: everywhere)
    with an expansion that score more than `floor`."""
    timed = _windows_in(scorer, episode, regions, floor)
    windows = [entry for entry in timed if _holds_any(standing, entry[1])]
    if exact:
        times = scorer.snapshot.times(episode)
        windows += [(hit_times(window.hits[:1], times)[0], window) for window in exact]
    # An expansion must not displace an exact match, except in a list of all windows, which goes by score.
    windows.sort(key=lambda entry: (most is not None and not scorer.is_whole(entry[1]), -entry[1].score, entry[0]))
    return keep_apart(windows, scorer.apart_ms, most)


def _holds_any(terms: Set[int], window: Window) -> bool:
    return any(number in terms for _, number, _ in window.hits)


def all_windows(scorer: Scorer) -> Iterator[Window]:
    """Every window of every episode, kept apart."""
    for episode in scorer.deadline.within(scorer.candidates):
        yield from windows_of(scorer, episode, 0.0)


def damped_windows(scorer: Scorer) -> Iterator[Window]:
    """The windows that occur only in loops and stock lines, kept apart."""
    for episode in scorer.deadline.within(scorer.candidates):
        yield from damped_windows_of(scorer, episode)


def damped_windows_of(scorer: Scorer, episode: int) -> Iterator[Window]:
    """Those of one episode, best first."""
    if scorer.snapshot.damped(episode):
        heard = scorer.hits(scorer.wanted, episode, damped=True)
        rest = set(scorer.undamped(heard, episode))
        timed = _timed_windows(scorer, episode, [hit for hit in heard if hit not in rest])
        timed.sort(key=lambda entry: (-entry[1].score, entry[1].hits[0]))
        for window in keep_apart(timed, scorer.apart_ms):
            yield window._replace(damped=True)


def ranks_by_bound(scorer: Scorer) -> Mapping[int, int]:
    """The place of each episode in the order in which `best_windows` looks at them."""
    return {episode: rank for rank, (_, episode) in enumerate(_by_bound(scorer))}


def _by_bound(scorer: Scorer) -> list[tuple[float, int]]:
    """(upper bound of the score of its windows, episode), best first."""
    weights, most_gains = scorer.term_weights, scorer.most_gains
    forms = tuple(tuple((weights[number], most_gains(number)) for number in numbers) for numbers in scorer.forms)
    return native.episode_bounds(scorer.candidates, forms, scorer.total)


def windows_of(
    scorer: Scorer,
    episode: int,
    floor: float,
    most: int | None = None,
    regions: Sequence[Region] | None = None,
    by_score: bool = False,
) -> list[Window]:
    """At most `most` windows of an episode in the regions (None: everywhere) that score more than `floor`, best first
    and kept apart. A window with all of the query exactly displaces its neighbours whatever they score, unless
    `by_score`."""
    if not scorer.plan.stand_ins:
        return _best_apart(scorer, episode, _hits_in(scorer, episode, regions), floor, most)
    windows = _windows_in(scorer, episode, regions, floor)
    windows.sort(key=lambda entry: (-entry[1].score, entry[1].hits[0]))
    if not by_score:  # an expansion must not displace an exact match
        windows.sort(key=lambda entry: not scorer.is_whole(entry[1]))
    return keep_apart(windows, scorer.apart_ms, most)


def _windows_in(scorer: Scorer, episode: int, regions: Sequence[Region] | None, floor: float) -> list[Timed]:
    """The windows in the regions (None: everywhere) that score more than `floor`."""
    return _timed_windows(scorer, episode, _hits_in(scorer, episode, regions), floor)


def _hits_in(scorer: Scorer, episode: int, regions: Sequence[Region] | None) -> list[Hit]:
    """The hits in the regions (None: everywhere), and those just before a region that decide which of them count."""
    if regions is not None and not regions:
        return []
    if regions is not None and scorer.whole_of:
        # A term that begins just before a region may contain a part in it, which does not count there.
        regions = union((max(0, first - scorer.longest), end) for first, end in regions)
    return scorer.hits(scorer.wanted, episode, regions)


def _best_apart(scorer: Scorer, episode: int, hits: Sequence[Hit], floor: float, most: int | None) -> list[Window]:
    """At most `most` windows that begin at the hits and score more than `floor`, best first and kept apart. Of
    thousands of windows few are kept, and only these are built."""
    if not hits:
        return []
    hits, at = scorer.counting(hits, hit_times(hits, scorer.snapshot.times(episode)))
    spans = [(-round(score, _DIGITS), begin, end) for score, begin, end in scorer.slide(hits, at, floor)]
    spans.sort()
    starts: list[int] = []
    kept: list[Window] = []
    for less, begin, end in spans:
        if is_apart(starts, at[begin], scorer.apart_ms):
            kept.append(Window(episode, tuple(hits[begin:end]), -less))
            if len(kept) == most:
                break
    return kept


def _timed_windows(scorer: Scorer, episode: int, hits: Sequence[Hit], floor: float = 0.0) -> list[Timed]:
    """The window that begins at each of the hits, if it scores more than `floor`."""
    if not hits:
        return []
    hits, at = scorer.counting(hits, hit_times(hits, scorer.snapshot.times(episode)))
    spans = scorer.slide(hits, at, floor)
    # Rounded, so that equal windows score alike wherever the slide began.
    return [(at[begin], Window(episode, tuple(hits[begin:end]), round(score, _DIGITS))) for score, begin, end in spans]
