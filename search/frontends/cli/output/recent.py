"""What was listed last at a terminal, by number, and what was searched for: two files in the user's state folder.

Private to the user and bounded. A search never fails because of them, and does not wait for a disk: a list lost in a
power failure is made again by the same search.
"""

# ruff: noqa: PTH105, PTH108, PTH118, PTH123
from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from time import time
from typing import Any

from indexer.core.configuration.library_address import is_address
from indexer.core.configuration.paths import default_state
from indexer.core.named_tuples import NamedTuple
from search.api import Moment

LAST, HISTORY = "last.json", "history.jsonl"
OFF = "PODSEEK_HISTORY"
"""Set to 0, nothing is kept in the history; the last list is."""
MOST = 1000
"""Moments of a list, and searches in the history, at most."""
_LONGEST_HISTORY = 400_000
"""In bytes; beyond, the older half goes."""
_LARGEST = 4 << 20
"""In bytes; what is beyond in a file was not written here."""
_DAMAGED = (ValueError, KeyError, TypeError, OverflowError, RecursionError)
"""What is raised for a file that was not written here."""


class NumberedMoment(NamedTuple):
    """A moment of the last list: its number there, the id of its episode, seconds, and the folder of its index, or the
    address of its library in a cluster."""

    number: int
    episode: str
    start: float
    end: float
    folder: str


class LastList(NamedTuple):
    """The last list of moments, and what it was the answer to; `folder` is that of its index (or an address),
    empty if several were searched."""

    folder: str
    query: str
    moments: tuple[NumberedMoment, ...]


class Searched(NamedTuple):
    """An entry of the history: when (seconds since 1970), in which index (empty if in several), for what, and how many
    moments were found."""

    at: float
    folder: str
    query: str
    found: str


def remember(folders: Mapping[str, str], query: str, moments: Sequence[Moment], found: str | None) -> None:
    """Keeps a list of moments as the last one, and the query in the history, with what its heading says was found; not
    where `found` is None. `folders` are those of the indexes, or addresses, by the names of their libraries. Does
    nothing where the state folder cannot be written."""
    folder = default_state()
    if folder is None:
        return
    full = {name: full_place(index) for name, index in folders.items()}
    index = next(iter(full.values())) if len(full) == 1 else ""
    listed = [[m.rank, m.episode.id, m.start, m.end, *(() if index else (full[m.library],))] for m in moments[:MOST]]
    with suppress(OSError):
        if not os.path.isdir(folder):  # noqa: PTH112
            os.makedirs(folder, 0o700, exist_ok=True)  # noqa: PTH103
        if moments:
            _replace(folder, LAST, _line({"schema": 1, "index": index, "query": query, "moments": listed}))
        if found is not None and os.environ.get(OFF) != "0":
            _append(folder, _line({"at": round(time()), "index": index, "query": query, "found": found}))


def full_place(place: str) -> str:
    """A folder from the root, or an address, written one way."""
    return place.strip().rstrip("/") if is_address(place) else os.path.abspath(place)  # noqa: PTH100


def _line(record: Any) -> bytes:
    return (json.dumps(record, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")


def _replace(folder: str, name: str, data: bytes) -> None:
    """Replaces a file in one step, unsynced. Raises OSError."""
    temporary = os.path.join(folder, f".{name}.{os.getpid()}")
    try:
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
        os.replace(temporary, os.path.join(folder, name))
    except OSError:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _append(folder: str, line: bytes) -> None:
    path = os.path.join(folder, HISTORY)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as file:
        file.write(line)
        if file.tell() < _LONGEST_HISTORY:
            return
    with open(path, "rb") as file:
        lines = file.readlines()
    _replace(folder, HISTORY, b"".join(lines[len(lines) // 2 :]))


def last_list() -> LastList | None:
    """The last list of moments; None if there is none, or it cannot be read."""
    try:
        record = json.loads(_read(LAST))
        index = str(record["index"])
        moments = [
            NumberedMoment(int(n), str(e), float(start), float(end), str(own[0]) if own else index)
            for n, e, start, end, *own in record["moments"]
        ]
        if not moments or not all(0 <= one.start <= one.end < math.inf and one.folder for one in moments):
            return None
        return LastList(index, str(record["query"]), tuple(moments))
    except (OSError, *_DAMAGED):
        return None


def searched() -> Iterator[Searched]:
    """The history, newest first. Entries that cannot be read are left out."""
    try:
        lines = _read(HISTORY).splitlines()
    except OSError:
        return
    for line in reversed(lines[-MOST:]):
        with suppress(*_DAMAGED):
            one = json.loads(line)
            at = float(one["at"])
            if 0 <= at < math.inf:
                yield Searched(at, str(one["index"]), str(one["query"]), str(one["found"]))


def forget_history() -> bool:
    """Removes the history and the last list; False if there was neither. Raises OSError."""
    folder, removed = default_state(), False
    for name in (HISTORY, LAST) if folder is not None else ():
        with suppress(FileNotFoundError):
            os.unlink(os.path.join(folder or "", name))
            removed = True
    return removed


def _read(name: str) -> bytes:
    """Raises OSError."""
    folder = default_state()
    if folder is None:
        raise FileNotFoundError(name)
    path = os.path.join(folder, name)
    if not os.path.isfile(path):  # noqa: PTH113 - a pipe would be waited for
        raise FileNotFoundError(name)
    with open(path, "rb") as file:
        return file.read(_LARGEST)


def numbers_in(words: Iterable[str]) -> list[int] | None:
    """The numbers of a list that are typed, such as 3, or 2 5-7; None for anything else.

    >>> numbers_in(["3", "5-7"]), numbers_in(["3", "x"]), numbers_in(["2024"])
    ([3, 5, 6, 7], None, None)
    """
    numbers: list[int] = []
    for word in words:
        first, dash, last = word.partition("-")
        if not _is_number(first) or (dash and not _is_number(last)):
            return None
        numbers += range(int(first), int(last or first) + 1)
    return numbers or None


def _is_number(text: str) -> bool:
    """True for 1 to 999: longer ones are years, and words of a query."""
    return text.isascii() and text.isdigit() and 1 <= len(text) <= 3 and text[0] != "0"
