"""The sources of an index (`sources.json` in its folder): the folders, files and feeds that `podseek update` reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from indexer.core.errors import unreadable
from indexer.core.files.atomic_write import alone_in, make_folder, write_whole
from indexer.core.files.sealed_json import check_version, sealed, unsealed
from indexer.core.messages import _

FILE = "sources.json"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class LibrarySource:
    """A folder, file or archive of transcripts, or (`is_feed`) a feed by its path or URL. Paths are absolute.

    `audio` says whether the audio of a feed's episodes is downloaded. `below` are the only places whose transcripts may
    be its episodes; empty for all of the index.
    """

    place: str
    is_feed: bool = False
    audio: bool = False
    below: tuple[str, ...] = ()


def read_sources(folder: Path) -> list[LibrarySource]:
    """The sources of an index, in the order in which they came. Raises IndexProblem if the file cannot be read."""
    path = folder / FILE
    try:
        values, is_sealed = unsealed(path.read_bytes())
        check_version(values["version"], is_sealed, _VERSION)
        return [_source(value) for value in values["sources"]]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise unreadable(path, error, _("remove it, and add your sources again with `podseek add`")) from None


def _source(value: Any) -> LibrarySource:
    place, below = str(value["place"]), tuple(map(str, value["below"]))
    return LibrarySource(place, bool(value["is_feed"]), bool(value["audio"]), below)


def add_sources(folder: Path, new: Iterable[LibrarySource]) -> None:
    """Adds sources; one that is there already is replaced, but keeps wanting audio. A folder takes the place of the
    folders below it. Raises OSError, and IndexProblem if the file cannot be read."""
    make_folder(folder)
    with alone_in(folder):
        before = read_sources(folder)
        kept = {source.place: source for source in before}
        for source in new:
            old = kept.get(source.place, source)
            below = () if not (old.below and source.below) else tuple(dict.fromkeys((*old.below, *source.below)))
            kept[source.place] = replace(source, audio=source.audio or old.audio, below=below)
        after = _without_inner(list(kept.values()))
        if after != before:
            _write(folder, after)


def remove_sources(folder: Path, places: Iterable[str]) -> None:
    """Removes sources by their places. Raises OSError, and IndexProblem if the file cannot be read."""
    gone = set(places)
    with alone_in(folder):
        _write(folder, [source for source in read_sources(folder) if source.place not in gone])


def _write(folder: Path, sources: Sequence[LibrarySource]) -> None:
    write_whole(folder / FILE, sealed({"version": _VERSION, "sources": list(map(asdict, sources))}, indent=1))


def _without_inner(sources: Sequence[LibrarySource]) -> list[LibrarySource]:
    """The sources without folders that others hold. Files stay: a walk may leave out what was named."""
    folders = {source.place for source in sources if not source.is_feed and Path(source.place).is_dir()}
    return [one for one in sources if one.place not in folders or not _is_within(Path(one.place), folders)]


def _is_within(path: Path, folders: set[str]) -> bool:
    """True if a walk of one of the folders reaches the path: hidden folders are not entered."""
    inner = [path.name]
    for above in path.parents:
        if str(above) in folders and not any(name.startswith(".") for name in inner):
            return True
        inner.append(above.name)
    return False


def named_before(folder: Path) -> list[Path]:
    """The transcripts that were named themselves, not found in a folder: no better one takes their place."""
    return [path for path in (Path(one.place) for one in read_sources(folder) if not one.is_feed) if path.is_file()]
