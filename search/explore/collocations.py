"""Collocates: the words that stand near a word more often than elsewhere."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from indexer.atoms import split_atoms
from indexer.errors import QueryProblem
from search.explore.grams import count
from search.explore.listing import Listing
from search.explore.measures import contingency, log_dice
from search.explore.part import Part
from search.explore.spread import Spread, moment
from search.explore.words import Words


class Window(NamedTuple):
    """How far neighbours are looked for on each side, in words or in seconds."""

    size: float = 5
    seconds: bool = False


WINDOW = Window()

_ENOUGH = 3.84
"""G2: below, chance puts words so near more than once in twenty times."""


@dataclass(frozen=True, slots=True)
class Collocate:
    """A neighbour: two measures of how much it belongs to the word (`search.explore.measures`); how often it is near
    the word, how often of these before and after it (it may be both), and how often anywhere; how many episodes have
    it near, and the first moment, in seconds."""

    term: str
    log_dice: float
    g2: float
    count: int
    before: int
    after: int
    total: int
    episodes: int
    episode: str
    start: float
    line: str


class _Score(NamedTuple):
    word: int
    n: int
    log_dice: float
    g2: float


SORTS: dict[str, Callable[[_Score], float]] = {
    "dice": lambda row: row.log_dice,
    "g2": lambda row: row.g2,
    "count": lambda row: row.n,
}


class _Near(NamedTuple):
    """The words near the places of a text in an episode, by their ordinal numbers: `nodes` are those that each place
    touches."""

    nodes: Sequence[range]
    before: AbstractSet[int]
    after: AbstractSet[int]


def collocates(
    words: Words,
    part: Part,
    text: str,
    *,
    window: Window = WINDOW,
    limit: int | None = 20,
    least: int = 3,
    sort: str = "dice",
    function_words: bool = False,
) -> Listing[Collocate]:
    """The neighbours of a text, wherever it is exactly; those first that belong to it most. What is near two places
    counts once, and what a place touches is near none. Function words,
    numbers and single letters are listed only when asked for.

    Raises QueryProblem for a text with nothing to look for.
    """
    atoms = split_atoms(words.postings.folding.fold(text))
    if not atoms:
        raise QueryProblem(f"{text!r}: has no letter, digit or character to look for: name a word")
    near = {number: found for number in part.kept if (found := _near(words, part, number, atoms, window)).nodes}
    places = sum(len(found.nodes) for found in near.values())
    totals = words.counts(part) if near else Counter[int]()
    sides = (_count(words, near, _before), _count(words, near, _after), _count(words, near, _beside))
    left_out = frozenset() if function_words else words.empty
    scores = [one for one in _scores(sides[2], totals, places, least) if one.word not in left_out]
    top = sorted(scores, key=lambda one: (-SORTS[sort](one), words.vocabulary[one.word]))[:limit]
    firsts = _firsts(words, near, {one.word for one in top})
    rows = [
        Collocate(
            words.vocabulary[one.word],
            one.log_dice,
            one.g2,
            one.n,
            sides[0][one.word],
            sides[1][one.word],
            totals[one.word],
            *firsts[one.word],
        )
        for one in top
    ]
    return Listing(rows, totals.total(), words.size(part.damped), places=places)


def _near(words: Words, part: Part, episode: int, atoms: Sequence[str], window: Window) -> _Near:
    """What is near the places of a run of atoms in an episode."""
    found = words.postings.stream(episode).find(atoms)
    if not found:
        return _Near((), set(), set())
    starts, size = words.starts(episode), len(atoms)
    nodes: list[range] = []
    before: set[int] = set()
    after: set[int] = set()
    for begin, end in part.kept[episode]:
        first, last = bisect_left(starts, begin), bisect_left(starts, end)
        for place in found[bisect_left(found, begin) : bisect_left(found, end - size + 1)]:
            node = range(bisect_right(starts, place) - 1, bisect_left(starts, place + size))
            low, high = _reach(words, episode, (place, place + size), node, window)
            before.update(range(max(first, low), node.start))
            after.update(range(node.stop, min(last, high)))
            nodes.append(node)
    touched = frozenset(chain.from_iterable(nodes))
    return _Near(nodes, before - touched, after - touched)


def _reach(words: Words, episode: int, place: tuple[int, int], node: range, window: Window) -> tuple[int, int]:
    """The first word of a window, and the one after the last."""
    if not window.seconds:
        return node.start - int(window.size), node.stop + int(window.size)
    times, starts = words.postings.times(episode), words.starts(episode)
    far = round(window.size * 1000)
    begin, end = times.at(place[0]) - far, times.until(place[1]) + far
    return bisect_left(starts, begin, key=times.at), bisect_left(starts, end, key=times.at)


def _before(near: _Near) -> Iterable[int]:
    return near.before


def _after(near: _Near) -> Iterable[int]:
    return near.after


def _beside(near: _Near) -> Iterable[int]:
    return near.before | near.after


def _count(words: Words, near: Mapping[int, _Near], side: Callable[[_Near], Iterable[int]]) -> Counter[int]:
    return count(map(words[episode].__getitem__, side(found)) for episode, found in near.items())


def _scores(beside: Counter[int], totals: Counter[int], places: int, least: int) -> Iterator[_Score]:
    """The measures of what is near more often than by chance."""
    size, room = totals.total(), beside.total()
    for word, n in beside.items():
        if n >= least and n * size > room * totals[word]:
            g2 = contingency(n, room, totals[word], size)
            if g2 >= _ENOUGH:
                yield _Score(word, n, log_dice(n, places, totals[word]), g2)


def _firsts(words: Words, near: Mapping[int, _Near], wanted: Container[int]) -> dict[int, Spread]:
    """How many episodes have each word near a place, and the first moment that has both."""
    episodes: Counter[int] = Counter()
    first: dict[int, tuple[str, float, str]] = {}
    for episode, found in near.items():
        here: set[int] = set()
        for at in sorted(found.before | found.after):
            word = words[episode][at]
            if word in wanted and word not in here:
                here.add(word)
                if word not in first:
                    node = min(found.nodes, key=lambda node: abs(node.start - at))
                    begin, last = min(at, node.start), max(at, node.stop - 1)
                    first[word] = moment(words, episode, begin, last - begin + 1)
        episodes.update(here)
    return {word: Spread(episodes[word], *place) for word, place in first.items()}
