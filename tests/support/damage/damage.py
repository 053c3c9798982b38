"""Damage to the files of an index, reproducible by its seed, and an index as it was before there were checksums."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from indexer.core.files.sealed_json import unsealed
from indexer.core.words import lexicon
from indexer.store import manifest
from indexer.store.library.sources import FILE
from indexer.store.segments.checksums import SUFFIX, split_seal


class Damage(NamedTuple):
    """Damage to one file: its name below the index, the kind of damage, and its bytes afterwards."""

    file: str
    kind: str
    data: bytes

    def __str__(self) -> str:
        return f"{self.kind} {self.file}"


def _flip(data: bytearray, chance: random.Random) -> None:
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _replace(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 1, 8))):
        data[chance.randrange(len(data))] = chance.randrange(256)


def _blank(data: bytearray, chance: random.Random) -> None:
    size = chance.choice((1, 16, 512, 4096))
    at = chance.randrange(len(data))
    data[at : at + size] = bytes(len(data[at : at + size]))


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.choice((0, chance.randrange(len(data)), len(data) - 1)) :]


def _append(data: bytearray, chance: random.Random) -> None:
    data += chance.randbytes(chance.choice((1, 8, 4096)))


def _move(data: bytearray, chance: random.Random) -> None:
    """Swaps two stretches of the file."""
    size = chance.choice((1, 16, 512))
    one, other = sorted(chance.randrange(len(data)) for _ in range(2))
    data[one : one + size], data[other : other + size] = data[other : other + size], data[one : one + size]


KINDS: Sequence[Callable[[bytearray, random.Random], None]] = (_flip, _flip, _replace, _blank, _cut, _append, _move)
"""Flipped bits come twice: they are the most frequent damage by disks and memory."""


def damages(index: Path, others: Sequence[Path], count: int, seed: int) -> Iterator[Damage]:
    """`count` ways to damage files of `index`, all files in turn but those that people write; those of the `others` are
    put in their place now and then."""
    chance = random.Random(seed)
    files = sorted(path for path in index.iterdir() if path.is_file() and path.stat().st_size)
    files = [path for path in files if path.name not in (lexicon.FILE, lexicon.PLAIN_FILE)]
    for number in range(count):
        path = files[number % len(files)]
        whole = path.read_bytes()
        # A list of sources belongs to no index: another one is as good.
        swapped = [data for other in others for data in _like(path, other) if data != whole and path.name != FILE]
        data = bytearray(whole)
        while bytes(data) == whole:
            if swapped and chance.random() < 0.15:
                kind, data = "swap", bytearray(chance.choice(swapped))
            else:
                damage = chance.choice(KINDS)
                kind = damage.__name__.strip("_")
                damage(data, chance)
        yield Damage(path.name, kind, bytes(data))


def _like(path: Path, index: Path) -> Iterator[bytes]:
    """The files of another index that correspond to this one."""
    ending = path.name.partition(".")[2]
    for other in sorted(index.iterdir()):
        if other.name == path.name or (path.name.startswith(("MAIN_", "_MAIN_")) and other.name.endswith(ending)):
            yield other.read_bytes()


def without_checksums(index: Path) -> None:
    """Converts an index to format 6, which had no checksums."""
    for path in index.glob(f"*.{SUFFIX}"):
        path.unlink()
    for path in index.glob("_MAIN_*.toc"):
        path.write_bytes(split_seal(path.read_bytes())[0])
    path = index / manifest.FILE
    values, _ = unsealed(path.read_bytes())
    del values["readings_crc"]
    path.write_text(json.dumps({**values, "format": 6}, ensure_ascii=False, indent=1), "utf-8")
