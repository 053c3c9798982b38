"""Episodes whose part of the index was damaged and dropped, until their transcripts are read again (`waiting.json`).

Written before the damaged part is dropped, so that a killed run or an unmounted disk loses nothing: every later run
retries these transcripts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from indexer.core.errors import unreadable
from indexer.core.files.atomic_write import write_whole
from indexer.core.files.sealed_json import check_version, sealed, unsealed
from indexer.core.messages import _

FILE = "waiting.json"
_VERSION = 1


def read_waiting(folder: Path) -> dict[str, str]:
    """Maps path -> id of the waiting episodes. Raises IndexProblem if the file is damaged."""
    path = folder / FILE
    try:
        values, is_sealed = unsealed(path.read_bytes())
        check_version(values["version"], is_sealed, _VERSION)
        return {str(place): str(name) for place, name in values["episodes"].items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        cure = _("repair it with `podseek index --rebuild PATH`, with the paths of all transcripts")
        raise unreadable(path, error, cure) from None


def write_waiting(folder: Path, waiting: Mapping[str, str]) -> None:
    """Stores the waiting episodes, path -> id; removes the file if there are none. Raises OSError."""
    if waiting:
        write_whole(folder / FILE, sealed({"version": _VERSION, "episodes": dict(waiting)}))
    else:
        (folder / FILE).unlink(missing_ok=True)


def keep_waiting(folder: Path, waiting: Mapping[str, str], still: Iterable[str]) -> None:
    """Stores those of the waiting episodes whose paths are in `still`, because their transcripts are still missing."""
    still = set(still)
    left = {path: name for path, name in waiting.items() if path in still}
    if left != waiting:
        write_waiting(folder, left)
