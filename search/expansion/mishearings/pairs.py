"""Finds the pairs of a word that may have been misheard and the word that was probably said: a rare text that sounds or
is spelled like a frequent word of the same index.

What is well formed is left out where that can be told: variants of one character, interjections, inflections and
compounds of one English word.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from enum import Enum
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, TypeVar

from indexer.core.memory.caches import MadeOnce
from indexer.core.named_tuples import NamedTuple
from indexer.core.native import runs_heard
from indexer.core.positions.token_stream import Region, is_basic
from indexer.core.words.pronunciation import NO_SOUND, Sound
from search.expansion.mishearings.word_counts import Places, WordsRead
from search.expansion.similarity.inflections import is_inflected
from search.expansion.similarity.spelling import SpelledNames, skeleton
from search.matching.sources import WordSource
from search.query.deadline import Deadline, OutOfTime, made_in_time

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

T = TypeVar("T")

_LONGEST = 6
"""Atoms of a word."""
_RUNS = range(2, 5)
"""Atoms of a run of several words."""
_LEAST, _MOST, _ATOMS = 2, 8, 100_000
"""A word occurs at least this often for others to be its mishearings: once in so many atoms, within bounds."""
_TIMES = 4
"""Times as often as its mishearing a word occurs."""
_LEAST_NAME, _LEAST_NAME_SAID = 4, 5
"""Letters of a name, and its occurrences, for others to be its misspellings."""
_NAME_ALIKE = 0.85
_MOST_NAMES = 3
_AT_ONCE = 250
"""Pairs whose words are announced together."""

_INTERJECTIONS = frozenset(
    "啊呀哇啦嘛吗吧嗯哦喔噢呃唉哎诶欸呢哈嘿呵嘻哼咯喽哟哩么吼咦呐嗨嘞罢啵嘎嘟叭咚咕噜啪呜嗷汪喵滴哒嗒"
)
_SAME = (
    *("他她它牠祂", "的得地", "着著", "那哪", "做作", "象像", "什甚", "你妳您", "账帐", "唯惟", "念唸", "份分"),
    *("复覆", "机几"),
)
"""Characters of which one is often written for the other."""
_WRITTEN_AS = {one: same for same in ("".join(_INTERJECTIONS), *_SAME) for one in same}
"""What may be written for a character."""


class Form(Enum):
    """How a suspect is written: as a word that no dictionary has, as several words, as a word of the dictionary, or in
    Latin letters."""

    NEW_WORD = "new word"
    RUN = "several words"
    WORD = "word"
    NAME = "name"


class Pair(NamedTuple):
    """`heard` may be a mishearing of `right`; each with its number of occurrences. `tones` and `syllables` say whether
    they are equal; for names `tones` says whether their consonants are."""

    right: str
    right_count: int
    heard: str
    heard_count: int
    form: Form
    tones: bool
    syllables: bool
    places: Places
    """The places of what was heard; empty for a word of the dictionary, whose places `places_of` looks up."""

    @property
    def atoms(self) -> int:
        """The length of what was heard."""
        return 1 if self.form is Form.NAME else len(self.heard)


def places_of(pair: Pair, snapshot: Snapshot) -> Places:
    """The positions of what was heard."""
    return pair.places if pair.form is not Form.WORD else _places(WordSource(snapshot, pair.heard))


def _places(source: WordSource) -> Places:
    found = {number: source.positions(number) for number in source.counts}
    return {number: positions for number, positions in found.items() if positions}


def find_pairs(words: WordsRead, snapshot: Snapshot, deadline: Deadline) -> list[Pair]:
    """The pairs among some words, as far as found by the deadline or before a request raised OutOfTime, in no
    particular order."""
    return made_in_time(_by_sound(words, snapshot, deadline)) + made_in_time(_by_spelling(snapshot, deadline))


def _by_sound(words: WordsRead, snapshot: Snapshot, deadline: Deadline) -> Iterator[Pair]:
    least = min(_MOST, max(_LEAST, snapshot.total_atoms // _ATOMS))
    short = {word: count for word, count in words.counts.items() if len(word) <= _LONGEST}
    said = _Said({word: count for word, count in short.items() if count >= least}, snapshot)
    for word, count in deadline.within(short.items()):
        if count * _TIMES <= said.most:
            form = Form.NEW_WORD if word in words.new else Form.WORD
            yield from said.pairs(word, count, form, words.new.get(word, {}))
    for run, places in _runs(said, snapshot, deadline).items():
        yield from said.pairs(run, sum(map(len, places.values())), Form.RUN, places)


class _Said:
    """The frequent words of an index by their sound."""

    def __init__(self, counts: Mapping[str, int], snapshot: Snapshot) -> None:
        self.counts = counts
        self.most = max(counts.values(), default=0)
        self._readings = snapshot.readings
        self._read = MadeOnce(snapshot.readings.read)
        self.by_sound: defaultdict[bytes, list[str]] = defaultdict(list)
        for word in counts:
            if key := self._key(word):
                self.by_sound[key].append(word)

    def pairs(self, heard: str, count: int, form: Form, places: Places) -> Iterator[Pair]:
        """The pairs of one text with the words that sound like it."""
        alike = self.by_sound.get(self._key(heard), ())
        rights = [right for right in alike if self.counts[right] >= _TIMES * count and not _is_variant(right, heard)]
        if rights:
            one = self._readings.read(heard)
            without_tones = _syllables(one)
            for right in rights:
                other = self._read[right]
                tones, syllables = one == other, without_tones == _syllables(other)
                yield Pair(right, self.counts[right], heard, count, form, tones, syllables, places)

    def _key(self, text: str) -> bytes:
        """The sound classes, as `Snapshot.sounds` has them; empty for a text about which they say nothing."""
        if len(set(text)) == 1 or _INTERJECTIONS.issuperset(text):
            return b""
        classes = self._readings.phrase_code(text) or bytes(self._readings.code(text))
        return b"" if NO_SOUND in classes else classes


def _syllables(sounds: Sequence[Sound | None]) -> list[str | None]:
    """The sounds of a text without their tones."""
    return [sound and sound[0] for sound in sounds]


def _runs(said: _Said, snapshot: Snapshot, deadline: Deadline) -> dict[str, dict[int, list[int]]]:
    """The places of runs of several words that sound like one word; not those in loops of the recogniser."""
    found: defaultdict[str, dict[int, list[int]]] = defaultdict(dict)
    keys = {size: _packed(key for key in said.by_sound if len(key) == size) for size in _RUNS}
    with suppress(OutOfTime):
        for number in deadline.within(snapshot.episodes()):
            sounds, units = snapshot.sounds(number), snapshot.stream(number).units()
            marks, damped = snapshot.marks(number).packed, snapshot.damped(number)
            for size in _RUNS:
                for at in runs_heard(sounds, marks, size, keys[size]):
                    if not (damped and _is_damped(at, damped)):
                        found[units[at : at + size]].setdefault(number, []).append(at)
    return found


def _packed(keys: Iterable[bytes]) -> array[int]:
    """Keys as `runs_heard` takes them."""
    return array("I", sorted(int.from_bytes(key, "big") for key in keys))


def _is_damped(position: int, damped: Sequence[Region]) -> bool:
    at = bisect_right(damped, position, key=lambda region: region[0]) - 1
    return at >= 0 and position < damped[at][1]


def _is_variant(one: str, other: str) -> bool:
    """True for two ways to write one word, which no listener could tell apart."""
    return all(a == b or b in _WRITTEN_AS.get(a, "") for a, b in zip(one, other, strict=True))


def _by_spelling(snapshot: Snapshot, deadline: Deadline) -> Iterator[Pair]:
    """Rare names that are spelled like frequent ones and stand in Chinese text."""
    names = [name for name in snapshot.names if len(name) >= _LEAST_NAME and name.isascii()]
    counts = {name: snapshot.word_count(name) for name in names}
    common = SpelledNames(name for name, count in counts.items() if count >= _LEAST_NAME_SAID)
    alike = (
        (name, right)
        for name, count in deadline.within(counts.items())
        for right, likeness in common.similar(name, _MOST_NAMES)
        if likeness >= _NAME_ALIKE and counts[right] >= _TIMES * count and not is_inflected(right, name)
    )
    for name, right in announced(alike, itemgetter(0), snapshot):
        places = _places(WordSource(snapshot, (name,)))
        if places and _stands_in_chinese(places, snapshot):
            equal = skeleton(right) == skeleton(name)
            yield Pair(right, counts[right], name, counts[name], Form.NAME, equal, True, places)


def announced(found: Iterable[T], word: Callable[[T], str], snapshot: Snapshot) -> Iterator[T]:
    """Yields what was found. The words of it, empty ones left out, are announced to the snapshot, many at a time."""
    rest = iter(found)
    while some := list(islice(rest, _AT_ONCE)):
        snapshot.announce(list(filter(None, map(word, some))))
        yield from some


def _stands_in_chinese(places: Places, snapshot: Snapshot) -> bool:
    """True if the first occurrence of a name is next to Chinese, not in running English."""
    number = min(places)
    position = places[number][0]
    return any(map(is_basic, snapshot.stream(number).atoms(max(0, position - 1), position + 2)))
