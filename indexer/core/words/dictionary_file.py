"""The cache file that holds jieba's data, indexed by character.

jieba itself needs a second and 100 MB to load the data. Here it is packed once into a file in the user's cache folder.
jieba's code never runs; only its data files are read.
"""

from __future__ import annotations

import hashlib
import marshal
import mmap
import struct
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from indexer.core.words.dictionary import (
    IMPOSSIBLE,
    STATES,
    STEPS,
    Dictionary,
    Entry,
    HiddenMarkovModel,
    beginnings,
    followers_of,
)

FILE = "jieba.words"

_FORMAT = b"podseek words 1\n"
_HEADER = struct.Struct("<16s32sII")
_MARSHAL = 2
"""The newest marshal version that every supported Python reads and writes identically."""
_DICTIONARY = "dict.txt"
_MODEL = {name: f"finalseg/prob_{name}.py" for name in ("start", "trans", "emit")}


@dataclass(frozen=True, slots=True)
class _Entries:
    """The marshalled entries in `data`; `places` holds start and end of each, in bytes from `base`."""

    data: bytes | mmap.mmap
    base: int
    places: Mapping[str, tuple[int, int]]

    def find(self, character: str) -> bytes | None:
        if character not in self.places:
            return None
        start, end = self.places[character]
        return self.data[self.base + start : self.base + end]


def open_dictionary(cache: Path | None = None) -> Dictionary:
    """Opens the dictionary of the installed jieba. `cache` is a folder of this user for the packed file; if it is None
    or not writable, the data is packed in memory, which takes about a second. Raises ModuleNotFoundError without
    jieba."""
    source = _source()
    key = _key(source)
    kept = _read(cache / FILE, key) if cache is not None else None
    if kept is not None:
        return _unpack(kept)
    data = _pack(source, key)
    if cache is not None:
        _write(cache, data)
    return _unpack(data)


def _unpack(data: bytes | mmap.mmap) -> Dictionary:
    base = _HEADER.size + _HEADER.unpack_from(data)[3]
    total, start, steps, places = marshal.loads(data[_HEADER.size : base])
    return Dictionary(total, HiddenMarkovModel(start, steps), _Entries(data, base, places))


def _source() -> Path:
    """The folder of the installed jieba, found without importing it."""
    spec = find_spec("jieba")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("jieba is not installed", name="jieba")
    return Path(spec.submodule_search_locations[0])


def _key(source: Path) -> bytes:
    """A fingerprint that changes with the data of the installed jieba and with the fields of `Entry`.

    Of the data itself, which takes 6 ms: with times of modification, two installations of one version would replace
    each other's file in every run, for a second and 70 MB each time.
    """
    sums = [zlib.crc32((source / name).read_bytes()) for name in (_DICTIONARY, *_MODEL.values())]
    parts = [[field.name for field in fields(Entry)], sums]
    return hashlib.sha256(repr(parts).encode()).digest()


def _read(path: Path, key: bytes) -> mmap.mmap | None:
    """Maps the packed file; None if it is missing, damaged, or made for another key."""
    try:
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError):  # an empty file cannot be mapped
        return None
    with memoryview(data) as view:
        # marshal is unsafe on damaged data, so the whole file is verified; that takes a few milliseconds.
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
    """Saves the packed data for the next run."""
    from indexer.core.files.atomic_write import write_whole  # late: a search only reads

    try:
        cache.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(cache / FILE, packed)
    except OSError:
        pass  # the file only saves time


def _pack(source: Path, key: bytes) -> bytes:
    """The contents of the packed file: header, table of offsets, one entry per character."""
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
        alone = own.pop(character, 0)
        entry = (own, *beginnings(own), alone, "".join(sorted(followers.get(character, ()))), emissions)
        entries.append(marshal.dumps(entry, _MARSHAL))
        places[character] = (at, at + len(entries[-1]))
        at += len(entries[-1])
    steps = tuple(tuple(trans[before][after] for after in following) for before, following in STEPS)
    head = marshal.dumps((total, tuple(start[state] for state in STATES), steps, places), _MARSHAL)
    body = head + b"".join(entries)
    return _HEADER.pack(_FORMAT, key, zlib.crc32(body), len(head)) + body


def _frequencies(path: Path) -> tuple[dict[str, int], int]:
    """The frequency of each word in jieba's list, and their sum. As in jieba, the last of several lines for a word
    wins, but all of them count towards the sum."""
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
    """One table of the model: jieba ships each as a module that assigns it to `P`."""
    spec = spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.P
