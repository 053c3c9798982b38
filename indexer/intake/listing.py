"""Lists the sources of an index, and removes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from indexer.forgetting import forget
from indexer.intake.updating import derived
from indexer.metadata.feeds.follow import matched_files
from indexer.metadata.feeds.own_files import OwnFiles
from indexer.runs.known_episodes import known_paths
from indexer.store.library.feeds import FOLDER, read_store, write_store
from indexer.store.library.sources import LibrarySource, read_sources, remove_sources
from indexer.store.manifest import read_manifest


@dataclass(frozen=True, slots=True)
class Listed:
    """A source with the number of its episodes in the index; `items` is the number of items of a feed, and None for a
    folder."""

    source: LibrarySource
    title: str
    episodes: int
    items: int | None
    is_there: bool

    @property
    def kind(self) -> str:
        return "feed" if self.source.is_feed else "folder" if Path(self.source.place).is_dir() else "file"


def list_sources(folder: Path) -> list[Listed]:
    """The sources of an index, in the order in which they were added; those of an index that has none remembered are
    derived. Raises IndexProblem if the index cannot be read."""
    feeds, paths = read_store(folder), known_paths(folder)
    matched = matched_files(folder, paths) if feeds else {}
    found = []
    for source in read_sources(folder) or derived(folder):
        if source.is_feed:
            kept = feeds.get(source.place)
            title = kept.feed.title if kept else ""
            items = len(kept.feed.items) if kept else 0
            found.append(Listed(source, title, len(matched.get(source.place, ())), items, True))
        else:
            place = Path(source.place)
            within = sum(place in (one, *one.parents) for one in map(Path, paths))
            found.append(Listed(source, "", within, None, place.exists()))
    return found


def episodes_of(folder: Path, feeds: Iterable[str]) -> list[str]:
    """The paths of the transcripts in the index that are episodes of these feeds."""
    matched = matched_files(folder, known_paths(folder))
    return [path for feed in feeds for path in matched.get(feed, ())]


def remove_source(folder: Path, source: LibrarySource, keep: bool = False) -> tuple[int, Path | None]:
    """Removes a source and (unless `keep`) its episodes, except those that are of another source as well. Returns the
    number of episodes removed, and the folder with files made for a feed, which stay.

    Raises IndexProblem if the index cannot be read or is busy, and OSError.
    """
    others = [Path(one.place) for one in read_sources(folder) if not one.is_feed and one != source]
    paths = known_paths(folder)
    feeds = read_store(folder)
    files = None
    if source.is_feed and (kept := feeds.get(source.place)):
        homes = (folder.resolve() / FOLDER / kept.folder, OwnFiles(folder, kept.folder).home)
        leaving = [path for path in paths if not set(homes).isdisjoint(Path(path).parents)]
        files = next((home for home in reversed(homes) if home.exists()), None)
    else:
        place = Path(source.place)
        leaving = [path for path in paths if place in (Path(path), *Path(path).parents)]
        leaving = [path for path in leaving if not any(one in (Path(path), *Path(path).parents) for one in others)]
    gone = 0
    if leaving and not keep and read_manifest(folder) is not None:
        gone = len(forget(leaving, folder)[0])
    remove_sources(folder, [source.place])
    if source.is_feed and not keep and feeds.pop(source.place, None) is not None:
        write_store(folder, feeds)
    return gone, files
