"""Writes the vectors beside an index: adds those of episodes, moves and drops them with their episodes.

Every change is a new list that replaces the old one, after the files that it names are on disk. Changes are short, and
one at a time, also beside a run that makes vectors for hours: so episodes can be forgotten meanwhile.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import TypeAlias

from indexer.core.errors import IndexBusy
from indexer.core.files.atomic_write import alone_in, whole_file, write_whole
from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple
from indexer.store.segments.merge_policy import SEVERAL, size_class
from indexer.store.vectors import (
    FILE,
    MAGIC,
    OpenVectors,
    VectorEntry,
    VectorFile,
    VectorList,
    open_vectors,
    packed_list,
    read_list,
)

LOCK = "podseek_meaning"

Bytes: TypeAlias = "bytes | memoryview"
Fingerprint: TypeAlias = tuple[str, int, str]


class VectorRows(NamedTuple):
    """Some rows of a file, by column (`vectors`)."""

    first: Bytes
    end: Bytes
    scale: Bytes
    vectors: Bytes

    @property
    def amount(self) -> int:
        return len(self.scale) // 4


class NewVectors(NamedTuple):
    """The vectors of an episode, with the digest and the length of its transcript."""

    episode: str
    digest: str
    atoms: int
    rows: VectorRows


@contextmanager
def making(folder: Path) -> Iterator[None]:
    """Holds the lock of the one run that makes vectors. Raises IndexBusy if another process has it."""
    from indexer.store.durable_storage import OwnLock

    lock = OwnLock(str((folder / LOCK).absolute()))
    if not lock.acquire(blocking=False):
        raise IndexBusy(
            _("{folder}: another podseek makes vectors for this index: wait until it has finished").format(
                folder=folder
            )
        )
    try:
        yield
    finally:
        lock.release()


def add_vectors(folder: Path, fingerprint: Fingerprint, pace: float, new: Sequence[NewVectors]) -> None:
    """Adds the vectors of episodes, in place of those that these had. `pace` is the seconds of work that an hour of
    speech took. Vectors with another fingerprint are removed. Raises IndexProblem, OSError."""
    with alone_in(folder):
        found = open_vectors(folder)
        if found is None or found[0].fingerprint != fingerprint:
            found = VectorList(*fingerprint, pace), {}
        listed, parts = found
        made = {one.episode for one in new}
        entries = [entry for entry in listed.entries if entry.episode not in made]
        pieces = [one.rows for one in new]
        part = _written(folder, pieces)
        first = 0
        for one in new:
            entries.append(VectorEntry(one.episode, one.digest, one.atoms, part.name, first, one.rows.amount))
            first += one.rows.amount
        after = listed._replace(pace=pace, parts=(*listed.parts, part), entries=tuple(entries))
        _commit(folder, after, parts)


def reconcile(folder: Path, living: Mapping[str, tuple[str, int]], waiting: Collection[str] = ()) -> None:
    """Drops the vectors of episodes that are no longer in the index, and gives those of a transcript that is now called
    something else to its new id. `living` maps the id of each episode to the digest and the length of its transcript;
    the ids in `waiting` are to be read again, and keep theirs. Raises IndexProblem, OSError."""
    if not (folder / FILE).exists():
        return
    with alone_in(folder):
        listed = read_list(folder)
        if listed is None:
            return
        entries = _reconciled(listed, living, waiting)
        if entries != list(listed.entries):
            found = open_vectors(folder)
            _commit(folder, listed._replace(entries=tuple(entries)), found[1] if found else {}, purge=True)


def _reconciled(
    listed: VectorList, living: Mapping[str, tuple[str, int]], waiting: Collection[str]
) -> list[VectorEntry]:
    kept = [entry for entry in listed.entries if entry.episode in living or entry.episode in waiting]
    fitting = {entry.episode for entry in kept if living.get(entry.episode) == entry.key}
    by_key = {entry.key: entry for entry in listed.entries}
    moved = {name: by_key[key] for name, key in living.items() if name not in fitting and key in by_key}
    kept = [entry for entry in kept if entry.episode not in moved]
    return [*kept, *(entry._replace(episode=name) for name, entry in moved.items())]


def remove_vectors(folder: Path) -> None:
    """Removes all vectors of an index. Raises OSError."""
    with alone_in(folder):
        (folder / FILE).unlink(missing_ok=True)
        _remove_unnamed(folder, ())


def _commit(folder: Path, listed: VectorList, parts: Mapping[str, OpenVectors], purge: bool = False) -> None:
    """Makes a list valid, after some of its files are written as one. With `purge`, no file keeps a row that the list
    does not name."""
    rewritten = set(_to_rewrite(listed, purge))
    if rewritten:
        open_parts = dict(parts)
        for part in listed.parts:
            if part.name in rewritten and part.name not in open_parts:
                open_parts[part.name] = _opened(folder, part, listed.dimensions)
        listed = _rewritten(folder, listed, rewritten, open_parts)
    write_whole(folder / FILE, packed_list(listed))
    _remove_unnamed(folder, {part.name for part in listed.parts})


def _opened(folder: Path, part: VectorFile, dimensions: int) -> OpenVectors:
    from indexer.store.vectors import open_part

    return open_part(folder, part, dimensions)


def _to_rewrite(listed: VectorList, purge: bool) -> Iterable[str]:
    """The files to write as one: several of one size, and those with rows that nothing names, if these are many or are
    to go."""
    used: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for entry in listed.entries:
        used[entry.part].add((entry.first, entry.rows))
    classes: defaultdict[int, list[str]] = defaultdict(list)
    for part in listed.parts:
        classes[size_class(part.rows)].append(part.name)
        living = sum(rows for _, rows in used[part.name])
        if living < part.rows * (1.0 if purge else 0.75):
            yield part.name
    for names in classes.values():
        if len(names) >= SEVERAL:
            yield from names


def _rewritten(
    folder: Path, listed: VectorList, names: Collection[str], parts: Mapping[str, OpenVectors]
) -> VectorList:
    """Writes the rows that are in use of some files as one, and returns the list with it."""
    places = sorted({(e.part, e.first, e.rows) for e in listed.entries if e.rows and e.part in names})
    files = [part for part in listed.parts if part.name not in names]
    moved: dict[tuple[str, int, int], tuple[str, int]] = {}
    if places:
        part = _written(folder, [_rows(parts[name], first, amount) for name, first, amount in places])
        files.append(part)
        begin = 0
        for place in places:
            moved[place] = part.name, begin
            begin += place[2]
    entries = []
    for entry in listed.entries:
        name, first = moved.get((entry.part, entry.first, entry.rows), (entry.part, entry.first))
        entries.append(entry._replace(part=name, first=first))
    return listed._replace(parts=tuple(files), entries=tuple(entries))


def _rows(part: OpenVectors, first: int, amount: int) -> VectorRows:
    end = first + amount
    size = len(part.vectors) // part.rows
    begins, ends, scale = (column[4 * first : 4 * end] for column in (part.first, part.end, part.scale))
    return VectorRows(begins, ends, scale, part.vectors[size * first : size * end])


def _written(folder: Path, rows: Sequence[VectorRows]) -> VectorFile:
    """Writes a file of vectors, and syncs it."""
    name, crc = f"meaning-{token_hex(8)}.vec", 0
    with whole_file(folder / name, replace=False) as file:
        for piece in (MAGIC, *(one[column] for column in range(len(VectorRows._fields)) for one in rows)):
            crc = zlib.crc32(piece, crc)
            file.write(piece)
    return VectorFile(name, sum(one.amount for one in rows), crc)


def _remove_unnamed(folder: Path, named: Collection[str]) -> None:
    """Removes the files that no list names: replaced ones, and those of runs that were killed."""
    for path in folder.glob("meaning-*.vec"):
        if path.name not in named:
            with suppress(OSError):
                path.unlink()
