"""The transcripts that `podseek forget --ignore` keeps out of the index (`ignored.json` in its folder)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from indexer.core.errors import unreadable
from indexer.core.files.atomic_write import alone_in, write_whole
from indexer.core.files.sealed_json import check_version, sealed, unsealed
from indexer.core.messages import _

FILE = "ignored.json"
_VERSION = 1


def read_ignored(folder: Path) -> frozenset[str]:
    """The ignored paths. Raises IndexProblem if the file cannot be read."""
    path = folder / FILE
    try:
        values, is_sealed = unsealed(path.read_bytes())
        check_version(values["version"], is_sealed, _VERSION)
        return frozenset(map(str, values["paths"]))
    except (FileNotFoundError, NotADirectoryError):
        return frozenset()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise unreadable(path, error, _("remove it; what was ignored is then read again")) from None


def change_ignored(folder: Path, more: Iterable[str] = (), fewer: Iterable[str] = ()) -> None:
    """Adds paths and removes others. Raises OSError, and IndexProblem if the file cannot be read."""
    with alone_in(folder):
        before = read_ignored(folder)
        after = before.union(more).difference(fewer)
        if after != before:
            write_whole(folder / FILE, sealed({"version": _VERSION, "paths": sorted(after)}, indent=1))


def still_ignored(folder: Path, named: Iterable[str], is_dry: bool = False) -> frozenset[str]:
    """The paths that a run leaves out. Those that are named again are not ignored any more, which a run that is not dry
    stores. Raises OSError, and IndexProblem if the file cannot be read."""
    ignored = read_ignored(folder)
    again = ignored.intersection(named)
    if again and not is_dry:
        change_ignored(folder, fewer=again)
    return ignored - again
