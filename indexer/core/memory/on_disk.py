"""Collections that a run fills and reads and that may be larger than memory: they are held in temporary files without a
name, which end with the process, however it ends.
"""

from __future__ import annotations

import errno
import os
import pickle
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from indexer.core.errors import placed

V = TypeVar("V")

_CACHE_KB = 8192
"""What SQLite keeps in memory."""


class MappingOnDisk(MutableMapping[str, V]):
    """A mapping in the order in which keys were added, as a dict. Values are pickled. One thread uses it. Every method
    raises OSError, with the folder of temporary files, if the disk is full or no file can be made."""

    def __init__(self, name: Callable[[V], str]) -> None:
        """`name` is the text by which `key_of` finds a value."""
        import sqlite3  # late: only runs into a cluster need it

        self._name = name
        self._database = sqlite3.connect("", isolation_level=None)
        for line in (
            "PRAGMA journal_mode = OFF",
            f"PRAGMA cache_size = -{_CACHE_KB}",
            "CREATE TABLE entries (number INTEGER PRIMARY KEY, key BLOB UNIQUE, name BLOB, value BLOB)",
            "CREATE INDEX names ON entries (name)",
        ):
            self._database.execute(line)

    def key_of(self, name: str) -> str | None:
        """The key of the value of this name that was added last."""
        found = self._one("SELECT key FROM entries WHERE name = ? ORDER BY number DESC LIMIT 1", _bytes(name))
        return _text(found[0]) if found else None

    def __getitem__(self, key: str) -> V:
        found = self._one("SELECT value FROM entries WHERE key = ?", _bytes(key))
        if found is None:
            raise KeyError(key)
        value: V = pickle.loads(found[0])
        return value

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self._one("SELECT 1 FROM entries WHERE key = ?", _bytes(key)) is not None

    def __setitem__(self, key: str, value: V) -> None:
        row = _bytes(key), _bytes(self._name(value)), pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        with _as_os_error():
            self._database.execute(
                "INSERT INTO entries (key, name, value) VALUES (?, ?, ?)"
                " ON CONFLICT (key) DO UPDATE SET name = excluded.name, value = excluded.value",
                row,
            )

    def __delitem__(self, key: str) -> None:
        with _as_os_error():
            if not self._database.execute("DELETE FROM entries WHERE key = ?", (_bytes(key),)).rowcount:
                raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        """The keys; the mapping must not be changed meanwhile."""
        with _as_os_error():
            for row in self._database.execute("SELECT key FROM entries ORDER BY number"):
                yield _text(row[0])

    def __len__(self) -> int:
        found = self._one("SELECT count(*) FROM entries")
        assert found is not None
        return int(found[0])

    def _one(self, question: str, *values: bytes) -> tuple[Any, ...] | None:
        with _as_os_error():
            row: tuple[Any, ...] | None = self._database.execute(question, values).fetchone()
        return row


class Spooled(Collection[V], Generic[V]):
    """Items in the order in which they were added, pickled. Raises OSError, with the folder of temporary files, if the
    disk is full."""

    def __init__(self, items: Iterable[V] = ()) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it ends with this object
        self._count = 0
        for item in items:
            self.append(item)

    def append(self, item: V) -> None:
        try:
            self._file.seek(0, 2)
            pickle.dump(item, self._file, pickle.HIGHEST_PROTOCOL)
        except OSError as error:
            raise placed(error, tempfile.gettempdir()) from None
        self._count += 1

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[V]:
        at = 0
        for _ in range(self._count):
            try:
                self._file.seek(at)  # writes what was appended last
                item: V = pickle.load(self._file)
                at = self._file.tell()
            except OSError as error:
                raise placed(error, tempfile.gettempdir()) from None
            yield item

    def __contains__(self, item: object) -> bool:
        return any(one == item for one in self)


@contextmanager
def _as_os_error() -> Iterator[None]:
    """Raises OSError for an error of SQLite: a file without a name has none but a full disk, or that it cannot be
    made."""
    import sqlite3

    try:
        yield
    except sqlite3.OperationalError as error:
        code = errno.EACCES if "unable to open" in str(error) else errno.ENOSPC
        raise OSError(code, str(error), _sqlite_folder()) from None


def _sqlite_folder() -> str:
    """Where SQLite has its temporary files (sqlite.org/tempfiles.html), which is not where Python has them."""
    usual = tempfile.gettempdir() if os.name == "nt" else "/var/tmp"
    return os.environ.get("SQLITE_TMPDIR") or os.environ.get("TMPDIR") or usual


def _bytes(text: str) -> bytes:
    """A path may have surrogates, which SQLite takes for no text."""
    return text.encode("utf-8", "surrogatepass")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")
