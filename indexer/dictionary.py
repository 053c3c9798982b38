"""jieba's dictionary and its hidden Markov model, read character by character from a prepared file.

jieba itself takes a second and a hundred megabytes to load all of it. Here its data are sorted once by
character into a file in the user's cache folder, of which only the parts that a text needs are read.
jieba's code is never run; only its data files are.
"""

from __future__ import annotations

import hashlib
import marshal
import mmap
import os
import struct
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from itertools import pairwise
from pathlib import Path
from typing import Any

from indexer.memo import Memo

FILE = "jieba.words"
HAN = "\u4e00-\u9fd5"
"""The characters that jieba joins to words; to it all others but Latin letters and figures stand alone."""
STATES = "BEMS"
"""Of the hidden Markov model: a character begins, ends, is inside, or is a word."""
STEPS = (("B", "EM"), ("M", "EM"), ("E", "BS"), ("S", "BS"))
"""From one state to the next: a word that has begun ends or goes on; after its end another begins."""
IMPOSSIBLE = -3.14e100
"""jieba's logarithm of a probability of zero."""

_FORMAT = b"podseek words 1\n"
_HEADER = struct.Struct("<16s32sII")
_MARSHAL = 2
"""The last version that every supported Python writes and reads alike."""
_DICTIONARY = "dict.txt"
_MODEL = {name: f"finalseg/prob_{name}.py" for name in ("start", "trans", "emit")}
_MOST_ENTRIES = 2500
"""Characters whose entries are held in memory, about 15 MB."""

Emissions = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of a character: the words that begin with it with their frequencies, the length of the
    longest, the characters that follow it anywhere in a word, its log probability in each of the `STATES`."""

    words: Mapping[str, int]
    longest: int
    followers: Collection[str]
    emissions: Emissions


NOTHING = Entry({}, 1, "", (IMPOSSIBLE,) * 4)
"""The entry of a character that is in no word."""


@dataclass(frozen=True, slots=True)
class Model:
    """Log probabilities of the hidden Markov model: of each of the `STATES` at the beginning, and of the `STEPS`."""

    start: Sequence[float]
    steps: Sequence[tuple[float, float]]


class Dictionary:
    """The prepared data and words added to them: `entries` by character (also of those in no word), `total`, the
    sum of all frequencies, and `model`, what of the hidden Markov model belongs to no character."""

    def __init__(self, data: bytes | mmap.mmap) -> None:
        size = _HEADER.unpack_from(data)[3]
        self._data = data
        self._base = _HEADER.size + size
        self.total, start, steps, self._places = marshal.loads(data[_HEADER.size : self._base])
        self.model = Model(start, steps)
        self.entries = Memo(self._load, _MOST_ENTRIES)
        self._added: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self._added_followers: defaultdict[str, set[str]] = defaultdict(set)

    def frequency(self, word: str) -> int:
        """How often a word is, 0 for an unknown one."""
        return self.entries[word[0]].words.get(word, 0)

    def add(self, word: str, frequency: int) -> None:
        """Adds a word, or changes its frequency."""
        self._added[word[0]][word] = frequency
        self.total += frequency
        for before, after in followers_of([word]).items():
            self._added_followers[before] |= after
        self.entries.forget()

    def _load(self, character: str) -> Entry:
        entry = NOTHING
        if character in self._places:
            start, end = self._places[character]
            entry = Entry(*marshal.loads(self._data[self._base + start : self._base + end]))
        added = self._added.get(character, {})
        followers = self._added_followers.get(character, set())
        if not added and not followers:
            return entry
        longest = max(entry.longest, *map(len, added)) if added else entry.longest
        return replace(entry, words={**entry.words, **added}, longest=longest, followers={*entry.followers, *followers})


def open_dictionary(cache: Path | None = None) -> Dictionary:
    """The dictionary of the installed jieba. `cache` is a folder of this user for the prepared file; where it
    cannot be written, or is None, the data are prepared in memory, which takes about a second."""
    source = _source()
    key = _key(source)
    kept = _read(cache / FILE, key) if cache is not None else None
    if kept is not None:
        return Dictionary(kept)
    data = _pack(source, key)
    if cache is not None:
        _write(cache, data)
    return Dictionary(data)


def _source() -> Path:
    """The folder of the installed jieba, which is not imported."""
    spec = find_spec("jieba")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("jieba is not installed", name="jieba")
    return Path(spec.submodule_search_locations[0])


def _key(source: Path) -> bytes:
    """Changes whenever another jieba is installed."""
    status = [(source / name).stat() for name in (_DICTIONARY, *_MODEL.values())]
    return hashlib.sha256(repr([(s.st_size, s.st_mtime_ns) for s in status]).encode()).digest()


def _read(path: Path, key: bytes) -> mmap.mmap | None:
    """The prepared file, or None when there is none for `key`, or a damaged one."""
    try:
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError):  # ValueError: an empty file
        return None
    with memoryview(data) as view:
        # marshal may do anything with damaged data, so all of it is checked; it takes a few milliseconds.
        sound = len(view) >= _HEADER.size and _HEADER.unpack_from(view)[:3] == (
            _FORMAT,
            key,
            zlib.crc32(view[_HEADER.size :]),
        )
    if not sound:
        data.close()
        return None
    return data


def _write(cache: Path, packed: bytes) -> None:
    """Keeps the prepared data for the next time; whoever reads meanwhile sees all of it or nothing."""
    temporary = cache / f"{FILE}.{os.getpid()}.new"
    try:
        cache.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            temporary.write_bytes(packed)
            temporary.replace(cache / FILE)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError:
        pass  # without the file everything works, only slower to start


def _pack(source: Path, key: bytes) -> bytes:
    """The prepared file: a header, the table of places, and the entry of each character."""
    frequencies, total = _frequencies(source / _DICTIONARY)
    words: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for word, frequency in frequencies.items():
        words[word[0]][word] = frequency
    followers = followers_of(frequencies)
    start, trans, emit = (_table(source / file) for file in _MODEL.values())
    characters = sorted({*words, *followers, *(c for state in STATES for c in emit[state])})
    entries, places, at = [], {}, 0
    for character in characters:
        emissions = tuple(emit[state].get(character, IMPOSSIBLE) for state in STATES)
        own = words.get(character, {})
        entry = (own, max(map(len, own), default=1), "".join(sorted(followers.get(character, ()))), emissions)
        entries.append(marshal.dumps(entry, _MARSHAL))
        places[character] = (at, at + len(entries[-1]))
        at += len(entries[-1])
    steps = tuple(tuple(trans[before][after] for after in following) for before, following in STEPS)
    head = marshal.dumps((total, tuple(start[state] for state in STATES), steps, places), _MARSHAL)
    body = head + b"".join(entries)
    return _HEADER.pack(_FORMAT, key, zlib.crc32(body), len(head)) + body


def followers_of(words: Iterable[str]) -> dict[str, set[str]]:
    """character -> those that follow it within a word; where none does, every cut has a border."""
    followers: defaultdict[str, set[str]] = defaultdict(set)
    for word in words:
        for before, after in pairwise(word):
            if "\u4e00" <= before <= "\u9fd5" and "\u4e00" <= after <= "\u9fd5":
                followers[before].add(after)
    return followers


def _frequencies(path: Path) -> tuple[dict[str, int], int]:
    """The frequency of each word of jieba's list, and their sum. Of a word listed twice the last counts, as in
    jieba, but both belong to the sum."""
    frequencies, total = {}, 0
    for word, frequency in _listed(path):
        frequencies[word] = frequency
        total += frequency
    return frequencies, total


def _listed(path: Path) -> Iterator[tuple[str, int]]:
    with path.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            word, frequency = line.strip().split(" ")[:2]
            yield word, int(frequency)


def _table(path: Path) -> Any:
    """A table of the model: a module that does nothing but name it `P`."""
    spec = spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.P
