"""What could not be transcribed (`queue.json` in the index folder): when, and the last line that was printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from indexer.core.errors import unreadable
from indexer.core.files.atomic_write import alone_in, make_folder, write_whole
from indexer.core.files.sealed_json import check_version, sealed, unsealed
from indexer.core.messages import _

FILE = "queue.json"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Failure:
    """The last attempt that failed: when (ISO), and the last line that was printed."""

    at: str
    line: str


def note_failure(folder: Path, key: str, line: str) -> None:
    """Stores that an entry failed. Raises OSError."""
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    with alone_in(_made(folder)):
        _write_failures(folder, {**read_failures(folder), key: Failure(now, line)})


def forget_failures(folder: Path, keys: set[str]) -> None:
    """Lets entries wait again. Raises OSError."""
    with alone_in(_made(folder)):
        before = read_failures(folder)
        if not keys.isdisjoint(before):
            _write_failures(folder, {key: one for key, one in before.items() if key not in keys})


def _made(folder: Path) -> Path:
    make_folder(folder)
    return folder


def read_failures(folder: Path) -> dict[str, Failure]:
    """The failures by the keys of the entries. Raises IndexProblem if the file cannot be read."""
    path = folder / FILE
    try:
        values, is_sealed = unsealed(path.read_bytes())
        check_version(values["version"], is_sealed, _VERSION)
        return {str(key): Failure(str(one["at"]), str(one["line"])) for key, one in values["failed"].items()}
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise unreadable(path, error, _("remove it; everything in the queue is then tried again")) from None


def _write_failures(folder: Path, failures: Mapping[str, Failure]) -> None:
    plain = {key: {"at": one.at, "line": one.line} for key, one in failures.items()}
    write_whole(folder / FILE, sealed({"version": _VERSION, "failed": plain}, indent=1))
