"""Brings the feeds of an index up to date: reads those that are named, finds whose transcripts the files are, fetches
what is missing, and tells what all of it says of each file.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.core.feed_types import Feed, Item
from indexer.core.types import Complaint, Facts
from indexer.metadata.feeds.facts import facts_of
from indexer.metadata.feeds.match import File, Pairs, folded, match, match_surely, own_folders
from indexer.metadata.feeds.network import Network
from indexer.metadata.feeds.transcripts import Collector, feed_folder
from indexer.metadata.sidecar import FactFinder
from indexer.store.feeds import FOLDER, Kept, read_store, write_store

if TYPE_CHECKING:
    from indexer.metadata.feeds.network import Asks


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the items of a feed that was named. Counts are items; `offered` are those
    without a transcript here for which the feed points to one."""

    title: str
    items: int
    matched: int
    fetched: int
    offered: int

    @property
    def without(self) -> int:
        """Items that have no transcript here."""
        return self.items - self.matched - self.fetched


@dataclass(slots=True)
class Followed:
    """What the feeds tell: `facts` of each file by its path, the `files` that were fetched, and `surplus`, fetched
    ones whose item has a file of its own by now and which were removed."""

    facts: dict[str, Mapping[str, object]] = field(default_factory=dict)
    files: list[Path] = field(default_factory=list)
    surplus: list[str] = field(default_factory=list)
    tallies: list[Tally] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)


def follow(
    folder: Path | None,
    sources: Iterable[Path | str],
    places: Sequence[Path],
    files: Sequence[Path],
    known: Iterable[str] = (),
    network: Network | None = None,
) -> Followed:
    """Reads the feeds named by `sources` (files and addresses) for the transcripts below `places`.

    `files` are these transcripts, `known` the paths of others in the index, which may be the feed's as well. Without
    a `folder`, the index, nothing is kept and no transcripts are fetched; nor is anything kept of a `network` that does
    not keep. Raises IndexProblem when what was kept cannot be read.
    """
    followed = Followed()
    feeds = read_store(folder) if folder is not None else {}
    named = list(dict.fromkeys(map(_name, sources)))
    if not feeds and not named:
        return followed
    network = network or Network()
    fetchers = _read_all(named, feeds, places, followed.complaints, network) if named else {}
    home = folder.resolve() / FOLDER if folder is not None else None
    looked_at = _files([*files, *map(Path, known)], home)
    pairs = _match_all(feeds, looked_at)
    told: set[Hashable] = set()
    try:
        for source, kept in reversed(feeds.items()):  # the feed named last first
            fetcher = fetchers.get(source) if folder is not None else None
            collector = Collector(kept, folder or Path(), fetcher, followed.complaints, network.keeps)
            tally = _apply(kept, pairs[source], looked_at, collector, followed, told)
            if source in fetchers:
                followed.tallies.insert(0, tally)
    finally:
        if folder is not None and network.keeps and (fetchers or followed.surplus):
            write_store(folder, feeds)
    _tell_of_files({source: feeds[source] for source in fetchers}, looked_at, pairs, files, followed.complaints)
    return followed


def _name(source: Path | str) -> str:
    text = str(source)
    return text if "://" in text else str(Path(text).expanduser().resolve())


def _read_all(
    named: Iterable[str],
    feeds: dict[str, Kept],
    places: Sequence[Path],
    complaints: list[Complaint],
    network: Network,
) -> dict[str, Asks]:
    """Reads the named feeds anew into `feeds`. Returns what fetches for those that could be read; of the others what
    was known stays."""
    from indexer.metadata.feeds.source import SourceProblem, read_source  # late: it loads all of the network

    fetchers = {}
    for source in named:
        before = feeds.get(source)
        fetcher = network.asker(source)
        try:
            answer, feed = read_source(source, fetcher, (before.etag, before.modified) if before else ("", ""))
        except SourceProblem as problem:
            stays = "what it said before stays" if before else "left out"
            complaints.append(Complaint(source, 0, str(problem), stays, fatal=True))
            continue
        if feed is not None:
            complaints.extend(feed.complaints)
            kept = feeds.setdefault(source, Kept(feed, feed_folder(feed.title, source)))
            kept.feed = _with_earlier(feed, before.feed.items if before else ())
            kept.etag, kept.modified = answer.etag, answer.modified
        kept = feeds[source] = feeds.pop(source)  # in the order in which they were named
        kept.places = tuple(dict.fromkeys([*kept.places, *(str(place.resolve()) for place in places)]))
        fetchers[source] = fetcher
    return fetchers


def _with_earlier(feed: Feed, earlier: Iterable[Item]) -> Feed:
    """The feed with the items it had before and has no more: many feeds hold the newest items only."""
    keys = {item.key for item in feed.items}
    called = {(folded(item.title), item.date) for item in feed.items}
    gone = [item for item in earlier if item.key not in keys and (folded(item.title), item.date) not in called]
    return replace(feed, items=(*feed.items, *gone))


def _files(paths: Iterable[Path], home: Path | None) -> list[File]:
    """What names and sidecars tell of the files; those that were fetched have their items already."""
    finder = FactFinder()
    own = (path for path in dict.fromkeys(paths) if home is None or home not in path.parents)
    return [File(str(path), finder.facts(path)[0] or Facts()) for path in own]


def _match_all(feeds: dict[str, Kept], files: Sequence[File]) -> dict[str, dict[int, str]]:
    """For each feed the paths of its items' files. What is surely of one feed is not matched with another, unless it
    is the same item of a feed that moved: then the feed named last has it."""
    below = {source: [f for f in files if _is_below(f, kept.places)] for source, kept in feeds.items()}
    sure = {source: _paths(match_surely(feeds[source].feed.items, below[source]), below[source]) for source in feeds}
    keys = {source: {path: _key(feeds[source].feed, item) for item, path in sure[source].items()} for source in feeds}
    found: dict[str, dict[int, str]] = {}
    for source, kept in reversed(feeds.items()):
        own = keys[source]
        others = {path for other in feeds for path, key in keys[other].items() if own.get(path) != key}
        others |= {path for pairs in found.values() for path in pairs.values()}
        free = [file for file in below[source] if file.path not in others]
        found[source] = _paths(match(kept.feed.items, free, kept.feed.title), free)
    return found


def _key(feed: Feed, item: int) -> Hashable:
    """What an item is known by in any feed of its show."""
    return folded(feed.title), feed.items[item].key


def _paths(pairs: Pairs, files: Sequence[File]) -> dict[int, str]:
    return {item: files[number].path for item, number in pairs.items()}


def _is_below(file: File, places: Iterable[str]) -> bool:
    path = Path(file.path)
    return any(place in (path, *path.parents) for place in map(Path, places))


def _apply(
    kept: Kept,
    pairs: Mapping[int, str],
    files: Sequence[File],
    collector: Collector,
    followed: Followed,
    told: set[Hashable],
) -> Tally:
    """Takes over what one feed tells of its items that have a transcript, which is fetched where it is missing.

    What is `told` by another feed of the show is left to that, and what is told here is added.
    """
    languages = {file.path: file.facts.language for file in files}
    fetched = offered = 0
    here: set[Hashable] = set()
    for number, item in enumerate(kept.feed.items):
        path, key = pairs.get(number), _key(kept.feed, number)
        if key in told:
            followed.surplus.extend(map(str, collector.drop(item)))
            continue
        if path is not None:
            followed.surplus.extend(map(str, collector.drop(item)))
        elif file := collector.transcript(item):
            path, fetched = str(file), fetched + 1
            followed.files.extend([file] if collector.fetches else [])
        if path is None:
            offered += bool(item.transcripts)
            continue
        here.add(key)
        collector.chapters(item)
        facts = facts_of(item, kept.feed.title, kept.chapters.get(item.chapters_at or "", ()))
        # The feed tells the language of the recording; a translation has its own.
        written = languages.get(path) or collector.language(item)
        followed.facts[path] = {**facts, "language": written} if written else facts
    told |= here
    collector.finish()
    return Tally(kept.feed.title or kept.feed.source, len(kept.feed.items), len(pairs), fetched, offered)


def _tell_of_files(
    feeds: Mapping[str, Kept],
    files: Sequence[File],
    pairs: Mapping[str, Mapping[int, str]],
    wanted: Iterable[Path],
    complaints: list[Complaint],
) -> None:
    """Complains of the files in a feed's folders that are none of its items."""
    taken = {path for found in pairs.values() for path in found.values()}
    now = {str(path) for path in wanted}
    for source, kept in feeds.items():
        numbers = {file.path: number for number, file in enumerate(files)}
        own = own_folders({i: numbers[path] for i, path in pairs[source].items()}, files, kept.feed.title)
        for file in files:
            if file.folder in own and file.path in now and file.path not in taken and _is_below(file, kept.places):
                what = f"no item of the feed {kept.feed.title or source} is surely this one"
                complaints.append(Complaint(file.path, 0, what, "facts from its names and podcast.toml only"))
                taken.add(file.path)
