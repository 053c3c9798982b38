"""Collocates: the words that occur near a word more often than chance predicts."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import compress, repeat

from indexer.core.errors import QueryProblem
from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple
from indexer.core.tokens import split_atoms
from search.analysis.document_frequency import Spread, moment
from search.analysis.grams import count
from search.analysis.listing import Listing
from search.analysis.measures import contingency, log_dice
from search.analysis.subcorpus import Part
from search.analysis.words import NumberCounts, Words
from search.analysis.written_forms import written_forms
from search.query.deadline import Deadline, OutOfTime


class CollocationWindow(NamedTuple):
    """The collocation window on each side, in words or in seconds."""

    size: float = 5
    seconds: bool = False


WINDOW = CollocationWindow()

_ENOUGH = 3.84
"""G2 at p = .05; below it, chance may explain a collocate."""

_TO_LOOK = 0.5
"""The share of the time limit in which occurrences are sought; counting what is near them takes as long."""


@dataclass(frozen=True, slots=True)
class Collocate:
    """A collocate: two association measures (`search.analysis.measures`); its occurrences near the word, those before
    and after it (one may be both), and in the part; the episodes that have it near, the first moment, in
    seconds, and the word as these episodes most often write it."""

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
    written: str


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
    """The words near the occurrences of a text in an episode: each occurrence touches the words from one of `firsts` to
    before the same of `stops`; `beside` has a byte for each word of the episode, 1 if it is near before one, 2 if after
    one, 3 if both, else 0."""

    firsts: array[int]
    stops: array[int]
    beside: bytes

    @property
    def before(self) -> bytes:
        """A byte for each word, 1 if it is near before an occurrence."""
        return self.beside.translate(_BEFORE)

    @property
    def after(self) -> bytes:
        """A byte for each word, 1 if it is near after an occurrence."""
        return self.beside.translate(_AFTER)


_BEFORE, _AFTER = bytes.maketrans(b"\1\2\3", b"\1\0\1"), bytes.maketrans(b"\1\2\3", b"\0\1\1")
_AT_ONCE = 1024
"""Episodes that are read until the snapshot lets go of what it has read of its files."""


def collocates(
    words: Words,
    part: Part,
    text: str,
    *,
    window: CollocationWindow = WINDOW,
    limit: int | None = 20,
    least: int = 3,
    sort: str = "dice",
    function_words: bool = False,
    deadline: Deadline | None = None,
) -> Listing[Collocate]:
    """Returns the collocates of a text, matched exactly, by strength of association. A word near two occurrences counts
    once; the words an occurrence touches are not near it. Function words, numbers and single letters are listed only on
    request.

    Raises QueryProblem for a text with nothing to look for.
    """
    atoms = split_atoms(words.snapshot.folding.fold(text))
    if not atoms:
        raise QueryProblem(_("{text!r}: has no letter, digit or character to look for: name a word").format(text=text))
    part, near = _near_in_time(words, part, atoms, window, (deadline or Deadline()).share(_TO_LOOK))
    places = sum(len(found.firsts) for found in near.values())
    totals = words.counts(part)
    left_out = frozenset() if function_words else words.empty
    counts = count(compress(words[number], found.beside) for number, found in near.items())
    scores = _scores(counts, totals, places, least, left_out)
    top = sorted(scores, key=lambda one: (-SORTS[sort](one), words.vocabulary[one.word]))[:limit]
    wanted = frozenset(one.word for one in top)
    before = _count(words, {number: found.before for number, found in near.items()}, wanted)
    after = _count(words, {number: found.after for number, found in near.items()}, wanted)
    firsts = _firsts(words, near, wanted)
    written = written_forms(words, part.within(near), ((word,) for word in wanted), deadline)
    rows = [
        Collocate(
            words.vocabulary[one.word],
            one.log_dice,
            one.g2,
            one.n,
            before[one.word],
            after[one.word],
            totals[one.word],
            *firsts[one.word],
            written((one.word,)),
        )
        for one in top
    ]
    return Listing(rows, totals.total(), words.size(part.damped), places=places)


def _near_in_time(
    words: Words, part: Part, atoms: Sequence[str], window: CollocationWindow, deadline: Deadline
) -> tuple[Part, dict[int, _Near]]:
    """The part that was read by the deadline, and the words near the occurrences of a run of atoms in each of its
    episodes that has some."""
    looked_at: dict[int, _Near] = {}
    with suppress(OutOfTime):
        for number in deadline.within(part.kept):
            looked_at[number] = _near(words, part, number, atoms, window)
            if len(looked_at) % _AT_ONCE == 0:
                words.snapshot.let_go()
    read = part.within(looked_at) if len(looked_at) < len(part.kept) else part
    return read, {number: found for number, found in looked_at.items() if found.firsts}


def _near(words: Words, part: Part, episode: int, atoms: Sequence[str], window: CollocationWindow) -> _Near:
    """The words near the occurrences of a run of atoms in an episode."""
    found = words.snapshot.stream(episode).find(atoms)
    firsts, stops = array("I"), array("I")
    if not found:
        return _Near(firsts, stops, b"")
    starts, size = words.starts(episode), len(atoms)
    before, after = bytearray(len(starts)), bytearray(len(starts))
    reach = _reach(words, episode, size, window)
    for begin, end in part.kept[episode]:
        first, last = bisect_left(starts, begin), bisect_left(starts, end)
        places = found[bisect_left(found, begin) : bisect_left(found, end - size + 1)]
        begins = map(bisect_right, repeat(starts), places)
        ends = map(bisect_left, repeat(starts), [place + size for place in places])
        for place, after_first, stop in zip(places, begins, ends, strict=True):
            node = range(after_first - 1, stop)
            low, high = reach(place, node)
            if (low := max(first, low)) < node.start:
                before[low : node.start] = b"\1" * (node.start - low)
            if stop < (high := min(last, high)):
                after[stop:high] = b"\1" * (high - stop)
            firsts.append(node.start)
            stops.append(node.stop)
    for begin, stop in zip(firsts, stops, strict=True):
        before[begin:stop] = after[begin:stop] = bytes(stop - begin)
    both = int.from_bytes(before, "little") | int.from_bytes(after, "little") << 1
    return _Near(firsts, stops, both.to_bytes(len(before), "little"))


def _reach(words: Words, episode: int, size: int, window: CollocationWindow) -> Callable[[int, range], tuple[int, int]]:
    """Returns the function that gives the window of an occurrence and its words as [first, end)."""
    far = round(window.size * 1000)
    if not window.seconds:
        return lambda place, node: (node.start - int(window.size), node.stop + int(window.size))
    times, starts = words.snapshot.times(episode), words.starts(episode)

    def first_at(milliseconds: int) -> int:
        if times.looks_inside:
            return bisect_left(starts, milliseconds, key=times.at)
        return bisect_left(starts, times.first[bisect_left(times.starts, milliseconds)])

    return lambda place, node: (first_at(times.at(place) - far), first_at(times.until(place + size) + far))


def _count(words: Words, there: Mapping[int, bytes | bytearray], wanted: frozenset[int]) -> Counter[int]:
    """The number of marked occurrences (byte 1) of each wanted word."""
    return count(filter(wanted.__contains__, compress(words[number], where)) for number, where in there.items())


def _scores(
    beside: Counter[int], totals: NumberCounts, places: int, least: int, left_out: Container[int]
) -> Iterator[_Score]:
    """The measures of words that are near more often than chance predicts."""
    size, room = totals.total(), beside.total()
    for word, n in beside.items():
        if n >= least and n * size > room * totals[word] and word not in left_out:
            g2 = contingency(n, room, totals[word], size)
            if g2 >= _ENOUGH:
                yield _Score(word, n, log_dice(n, places, totals[word]), g2)


def _firsts(words: Words, near: Mapping[int, _Near], wanted: frozenset[int]) -> dict[int, Spread]:
    """The number of episodes with each word near an occurrence, and the first moment with both."""
    episodes: Counter[int] = Counter()
    first: dict[int, tuple[str, float, str]] = {}
    for episode, found in near.items():
        said, beside = words[episode], found.beside
        here = wanted.intersection(compress(said, beside))
        episodes.update(here)
        missing = here - first.keys()
        for at in compress(range(len(said)), beside) if missing else ():
            if said[at] in missing:
                missing -= {said[at]}
                one = min(range(len(found.firsts)), key=lambda one: abs(found.firsts[one] - at))
                begin, last = min(at, found.firsts[one]), max(at, found.stops[one] - 1)
                first[said[at]] = moment(words, episode, begin, last - begin + 1)
    return {word: Spread(episodes[word], *place) for word, place in first.items()}
