"""Collocates: the words that occur near a word more often than chance predicts."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import compress, repeat

from indexer.core.errors import QueryProblem
from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple
from indexer.core.native import tally
from indexer.core.positions.tokens import split_atoms
from search.exploration.counting.document_frequency import moment
from search.exploration.counting.measures import contingency, log_dice
from search.exploration.counting.subcorpus import Part
from search.exploration.counting.words import NumberCounts, Words
from search.exploration.counting.written_forms import written_forms
from search.exploration.listing import Listing
from search.query.deadline import Deadline, OutOfTime


class CollocationWindow(NamedTuple):
    """The collocation window on each side, in words or in seconds."""

    size: float = 5
    seconds: bool = False


WINDOW = CollocationWindow()

_ENOUGH = 3.84
"""G2 at p = .05; below it, chance may explain a collocate."""

_TO_LOOK = 0.8
"""The share of the time limit in which what is near is counted; then the words that are listed are looked up."""


@dataclass(frozen=True, slots=True)
class Collocate:
    """A collocate: two association measures (`search.exploration.counting.measures`); its occurrences near the word,
    those before and after it (one may be both), and in the part; the episodes that have it near, the first moment, in
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


_BEFORE, _AFTER = bytes.maketrans(b"\1\2\3", b"\1\0\1"), bytes.maketrans(b"\1\2\3", b"\0\1\1")
_AT_ONCE = 1024
"""Episodes that are read until the snapshot lets go of what it has read of its files."""


class _Counts:
    """How often each word is near a text, in all episodes together: which words these are is not kept."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self.places = 0
        self.episodes: list[int] = []
        """The episodes that contain the text."""
        self._near, self._before, self._after, self._having = (words.no_counts() for _ in range(4))
        self.near, self.before = NumberCounts(self._near), NumberCounts(self._before)
        self.after, self.having = NumberCounts(self._after), NumberCounts(self._having)
        """By word: its occurrences near the text, those before and those after it, and the episodes with any."""

    def add(self, episode: int, near: _Near) -> None:
        said = self._words[episode]
        self.episodes.append(episode)
        self.places += len(near.firsts)
        here = array("I", compress(said, near.beside))
        tally(here, self._near)
        tally(array("I", set(here)), self._having)
        tally(array("I", compress(said, near.beside.translate(_BEFORE))), self._before)
        tally(array("I", compress(said, near.beside.translate(_AFTER))), self._after)


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
    part, counts = _counted(words, part, atoms, window, (deadline or Deadline()).share(_TO_LOOK))
    totals = words.counts(part)
    left_out = frozenset() if function_words else words.empty
    scores = _scores(counts.near, totals, counts.places, least, left_out)
    top = sorted(scores, key=lambda one: (-SORTS[sort](one), words.vocabulary[one.word]))[:limit]
    wanted = frozenset(one.word for one in top)
    firsts = _firsts(words, part, atoms, window, counts.episodes, wanted)
    written = written_forms(words, part.within(counts.episodes), ((word,) for word in wanted), deadline)
    rows = [
        Collocate(
            words.vocabulary[one.word],
            one.log_dice,
            one.g2,
            one.n,
            counts.before[one.word],
            counts.after[one.word],
            totals[one.word],
            counts.having[one.word],
            *firsts[one.word],
            written((one.word,)),
        )
        for one in top
    ]
    return Listing(rows, totals.total(), words.size(part.damped), places=counts.places)


def _counted(
    words: Words, part: Part, atoms: Sequence[str], window: CollocationWindow, deadline: Deadline
) -> tuple[Part, _Counts]:
    """The part that was read by the deadline, and what is near a run of atoms in it."""
    looked_at: list[int] = []
    counts = _Counts(words)
    with suppress(OutOfTime):
        for episode in deadline.within(part.kept):
            near = _near(words, part, episode, atoms, window)
            looked_at.append(episode)
            if near.firsts:
                counts.add(episode, near)
            if len(looked_at) % _AT_ONCE == 0:
                words.snapshot.let_go()
    return part.within(looked_at) if len(looked_at) < len(part.kept) else part, counts


def _near(words: Words, part: Part, episode: int, atoms: Sequence[str], window: CollocationWindow) -> _Near:
    """The words near the occurrences of a run of atoms in an episode."""
    found = words.snapshot.stream(episode).find(atoms)
    firsts, stops = array("I"), array("I")
    if not found:
        return _Near(firsts, stops, b"")
    starts, size = words.starts(episode), len(atoms)
    beside, nodes = bytearray(len(starts)), bytearray(len(starts))
    in_seconds = _in_seconds(words, episode, size, window) if window.seconds else None
    for begin, end in part.kept[episode]:
        first, last = bisect_left(starts, begin), bisect_left(starts, end)
        places = found[bisect_left(found, begin) : bisect_left(found, end - size + 1)]
        heads = [after - 1 for after in map(bisect_right, repeat(starts), places)]
        ends = list(map(bisect_left, repeat(starts), [place + size for place in places]))
        if in_seconds:
            spans = zip(heads, ends, *in_seconds(places), strict=True)
            beside[first:last] = _beside_spans(first, last, spans)
        else:
            beside[first:last] = _beside_words(first, last, heads, ends, int(window.size))
        for head, stop in zip(heads, ends, strict=True):
            nodes[head:stop] = b"\3" * (stop - head)
        firsts.extend(heads)
        stops.extend(ends)
    marked = int.from_bytes(beside, "little")
    marked ^= marked & int.from_bytes(nodes, "little")
    return _Near(firsts, stops, marked.to_bytes(len(beside), "little"))


def _beside_words(first: int, last: int, heads: Sequence[int], ends: Sequence[int], far: int) -> bytes:
    """A byte for each of the words [first, last): 1 for up to `far` words before a head, 2 after an end, 3 for both."""
    room = last - first + 1  # a head may be the word before the first
    far = max(0, min(far, room))
    begins, tails = bytearray(room), bytearray(room)
    for head in heads:
        begins[head - first + 1] = 1
    for end in ends:
        tails[end - first] = 2
    before, after = int.from_bytes(begins, "little"), int.from_bytes(tails, "little")
    reached = 1
    while reached < far:
        more = min(reached, far - reached)
        before |= before >> 8 * more
        after |= after << 8 * more
        reached += more
    both = (before >> 8 | after << 8) if far else 0
    return both.to_bytes(room + far + 1, "little")[1:room]


def _beside_spans(first: int, last: int, spans: Iterable[tuple[int, int, int, int]]) -> bytes:
    """Like `_beside_words`, given the window of each occurrence: its head, its end, and the first word and the end of
    the window."""
    before, after = bytearray(last - first), bytearray(last - first)
    for head, stop, low, high in spans:
        if (low := max(first, low)) < head:
            before[low - first : head - first] = b"\1" * (head - low)
        if stop < (high := min(last, high)):
            after[stop - first : high - first] = b"\2" * (high - stop)
    both = int.from_bytes(before, "little") | int.from_bytes(after, "little")
    return both.to_bytes(last - first, "little")


def _in_seconds(
    words: Words, episode: int, size: int, window: CollocationWindow
) -> Callable[[Sequence[int]], tuple[list[int], list[int]]]:
    """Returns the function that gives the first words and the ends of the windows of runs of `size` atoms."""
    far = round(window.size * 1000)
    times, starts = words.snapshot.times(episode), words.starts(episode)

    def first_at(milliseconds: int) -> int:
        if times.looks_inside:
            return bisect_left(starts, milliseconds, key=times.at)
        return bisect_left(starts, times.first[bisect_left(times.starts, milliseconds)])

    return lambda places: (
        [first_at(times.at(place) - far) for place in places],
        [first_at(times.until(place + size) + far) for place in places],
    )


def _scores(
    beside: NumberCounts, totals: NumberCounts, places: int, least: int, left_out: Container[int]
) -> Iterator[_Score]:
    """The measures of words that are near more often than chance predicts."""
    size, room = totals.total(), beside.total()
    for word, n in beside.items():
        if n >= least and n * size > room * totals[word] and word not in left_out:
            g2 = contingency(n, room, totals[word], size)
            if g2 >= _ENOUGH:
                yield _Score(word, n, log_dice(n, places, totals[word]), g2)


def _firsts(
    words: Words,
    part: Part,
    atoms: Sequence[str],
    window: CollocationWindow,
    episodes: Iterable[int],
    wanted: frozenset[int],
) -> dict[int, tuple[str, float, str]]:
    """The first moment at which each word is near an occurrence, as `moment` gives it."""
    first: dict[int, tuple[str, float, str]] = {}
    missing = set(wanted)
    for episode in episodes:
        if not missing:
            break
        said = words[episode]
        if missing.isdisjoint(said):
            continue
        near = _near(words, part, episode, atoms, window)
        for at in compress(range(len(said)), near.beside):
            if said[at] in missing:
                missing.remove(said[at])
                one = min(range(len(near.firsts)), key=lambda one: abs(near.firsts[one] - at))
                begin, last = min(at, near.firsts[one]), max(at, near.stops[one] - 1)
                first[said[at]] = moment(words, episode, begin, last - begin + 1)
    return first
