"""The speakers that the user renamed (`speakers.json` in the index folder), in whatever transcript they are named."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from indexer.core.errors import unreadable
from indexer.core.files.atomic_write import alone_in, write_whole
from indexer.core.files.sealed_json import check_version, sealed, unsealed
from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple

FILE = "speakers.json"
_VERSION = 1


class Rename(NamedTuple):
    """The name of a speaker in transcripts, and the new one; `show` is the only show where it holds, or empty."""

    old: str
    new: str
    show: str = ""


def read_renames(folder: Path) -> tuple[Rename, ...]:
    """The renames of an index, in the order in which they were made. Raises IndexProblem if they cannot be read."""
    path = folder / FILE
    try:
        values, is_sealed = unsealed(path.read_bytes())
        check_version(values["version"], is_sealed, _VERSION)
        return tuple(Rename(*map(str, one)) for one in values["names"])
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise unreadable(path, error, _("remove it, and rename the speakers again")) from None


def add_rename(folder: Path, new: Rename) -> None:
    """Adds a rename; one that undoes an earlier one takes its place. Raises OSError, and IndexProblem."""
    with alone_in(folder):
        kept = [one for one in read_renames(folder) if one.show != new.show or one.old not in (new.old, new.new)]
        names = [list(one) for one in (*kept, new)]
        write_whole(folder / FILE, sealed({"version": _VERSION, "names": names}, indent=1))


def renamed(name: str, renames: Iterable[Rename]) -> str:
    """A name after these renames, each applied to what the ones before made of it."""
    for one in renames:
        name = one.new if name == one.old else name
    return name
