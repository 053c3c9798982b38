"""Updates the feeds of an index: reads the named feeds, matches items with transcript files, fetches missing
transcripts, and returns the facts of each file.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.core.feed_types import MOST_ITEMS, Feed, Item
from indexer.core.messages import _
from indexer.core.types import Complaint, Facts
from indexer.metadata.fact_finder import FactFinder
from indexer.metadata.feeds.facts import facts_of
from indexer.metadata.feeds.linked_files import LinkedFiles, feed_folder
from indexer.metadata.feeds.match import File, Pairs, folded, match, match_surely, own_folders, show_folders
from indexer.metadata.feeds.network import Network
from indexer.metadata.feeds.own_files import OwnFiles, podcasts_folder
from indexer.store.library.feeds import FOLDER, StoredFeed, read_store, write_store

if TYPE_CHECKING:
    from indexer.metadata.feeds.network import FeedFetcher


@dataclass(frozen=True, slots=True)
class Tally:
    """The outcome for the items of a named feed. All counts are items; `offered` are those without a local transcript
    for which the feed links to one, `made` those that a recogniser transcribed here."""

    title: str
    items: int
    matched: int
    fetched: int
    offered: int
    made: int = 0

    @property
    def without(self) -> int:
        """The number of items without a local transcript."""
        return self.items - self.matched - self.fetched - self.made


@dataclass(frozen=True, slots=True)
class Untranscribed:
    """An item of a feed without any transcript here; `folder` is that of the feed's files."""

    source: str
    show: str
    folder: str
    item: Item


@dataclass(slots=True)
class Followed:
    """The result of `follow`: the `facts` of files by path, the `files` fetched, and `surplus`: files fetched earlier
    and removed now, since the item has a transcript of the user's by now. `without` are the items, of all feeds of the
    index, that have no transcript."""

    facts: dict[str, Mapping[str, object]] = field(default_factory=dict)
    files: list[Path] = field(default_factory=list)
    surplus: list[str] = field(default_factory=list)
    tallies: list[Tally] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    without: list[Untranscribed] = field(default_factory=list)


def follow(
    folder: Path | None,
    sources: Iterable[Path | str],
    places: Sequence[Path],
    files: Sequence[Path],
    known: Iterable[str] = (),
    network: Network | None = None,
    scopes: Mapping[str, Sequence[Path]] | None = None,
) -> Followed:
    """Reads the feeds named by `sources` (paths and URLs) and matches them with the transcripts below `places`.

    `files` are these transcripts; `known` are the paths of the other transcripts in the index, which may match, too.
    Without an index `folder`, stores nothing and fetches no transcripts; with a `network` that does not keep, stores
    nothing. `scopes` maps sources, also those that are not read now, to the places for their episodes; without it these
    are `places`, and a file there that fits no item is reported even if the folder does not look like the show's.
    Raises IndexProblem if the stored feeds cannot be read.
    """
    followed = Followed()
    feeds = read_store(folder) if folder is not None else {}
    named = list(dict.fromkeys(map(feed_name, sources)))
    if not feeds and not named:
        return followed
    network = network or Network()
    fetchers = _read_all(named, feeds, places, followed.complaints, network, scopes or {}) if named else {}
    for source in feeds.keys() & (scopes or {}).keys() - fetchers.keys():
        feeds[source].places = _with_places(feeds[source], (scopes or {})[source])
    homes = {folder.resolve() / FOLDER, podcasts_folder(folder)} if folder is not None else set()
    looked_at = _files([*files, *map(Path, known)], homes)
    pairs = _match_all(feeds, looked_at)
    finder = _ItemFacts(looked_at, followed)
    try:
        for source, kept in reversed(feeds.items()):  # the feed named last first
            fetcher = fetchers.get(source) if folder is not None else None
            linked = LinkedFiles(kept, folder or Path(), fetcher, followed.complaints, network.keeps)
            own = OwnFiles(folder, kept.folder) if folder is not None else None
            tally = finder.add(kept, pairs[source], linked, own)
            if source in fetchers:
                followed.tallies.insert(0, tally)
    finally:
        if folder is not None and network.keeps and (fetchers or followed.surplus):
            write_store(folder, feeds)
    read = {source: feeds[source] for source in fetchers}
    _tell_of_files(read, looked_at, pairs, files, scopes is None, followed.complaints)
    return followed


def feed_name(source: Path | str) -> str:
    """The name under which a feed is stored: its URL, or its absolute path."""
    text = str(source)
    return text if "://" in text else str(Path(text).expanduser().resolve())


def matched_files(folder: Path, known: Iterable[str]) -> dict[str, list[str]]:
    """Feed -> the paths of its transcripts among the known ones of an index: of the user, fetched or made. Changes
    nothing. Raises IndexProblem if the stored feeds cannot be read."""
    feeds, known = read_store(folder), list(known)
    homes = {folder.resolve() / FOLDER, podcasts_folder(folder)}
    pairs = _match_all(feeds, _files(map(Path, known), homes))
    found = {}
    for source, kept in feeds.items():
        own = {folder.resolve() / FOLDER / kept.folder, OwnFiles(folder, kept.folder).home}
        made = [path for path in known if not own.isdisjoint(Path(path).parents)]
        found[source] = [*pairs[source].values(), *made]
    return found


def _read_all(
    named: Iterable[str],
    feeds: dict[str, StoredFeed],
    places: Sequence[Path],
    complaints: list[Complaint],
    network: Network,
    scopes: Mapping[str, Sequence[Path]],
) -> dict[str, FeedFetcher]:
    """Reads the named feeds into `feeds`. Returns the fetchers of those that could be read; a feed that could not keeps
    its stored items."""
    from indexer.metadata.feeds.source import SourceProblem, read_source  # late: it loads the network modules

    fetchers = {}
    for source in named:
        before = feeds.get(source)
        fetcher = network.fetcher(source)
        try:
            answer, feed = read_source(source, fetcher, (before.etag, before.modified) if before else ("", ""))
        except SourceProblem as problem:
            stays = _("what it said before stays") if before else _("left out")
            complaints.append(Complaint(source, 0, str(problem), stays, fatal=True))
            continue
        if feed is not None:
            complaints.extend(feed.complaints)
            kept = feeds.setdefault(source, StoredFeed(feed, feed_folder(feed.title, source)))
            kept.feed = _with_earlier(feed, before.feed.items if before else ())
            kept.etag, kept.modified = answer.etag, answer.modified
        kept = feeds[source] = feeds.pop(source)  # in the order in which they were named
        kept.places = _with_places(kept, scopes.get(source, places))
        fetchers[source] = fetcher
    return fetchers


def _with_places(kept: StoredFeed, more: Iterable[Path]) -> tuple[str, ...]:
    """The places of a feed, with more."""
    return tuple(dict.fromkeys([*kept.places, *(str(place.resolve()) for place in more)]))


def _with_earlier(feed: Feed, earlier: Iterable[Item]) -> Feed:
    """Returns the feed with the earlier items it no longer lists appended: many feeds list only the newest items. A
    feed that makes up new ones each time cannot grow beyond `MOST_ITEMS`; the oldest are forgotten."""
    keys = {item.key for item in feed.items}
    called = {(folded(item.title), item.date) for item in feed.items}
    gone = [item for item in earlier if item.key not in keys and (folded(item.title), item.date) not in called]
    return replace(feed, items=(*feed.items, *gone)[:MOST_ITEMS])


def _files(paths: Iterable[Path], homes: set[Path]) -> list[File]:
    """Returns the files with the facts from names and sidecars, without files fetched or made for a feed, whose items
    are known."""
    finder = FactFinder()
    own = (path for path in dict.fromkeys(paths) if homes.isdisjoint(path.parents))
    return [File(str(path), finder.facts(path)[0] or Facts()) for path in own]


def _match_all(feeds: dict[str, StoredFeed], files: Sequence[File]) -> dict[str, dict[int, str]]:
    """Returns, for each feed, the path of the file of each matched item. A file that matches an item of one feed surely
    is not matched with another feed, unless both items are the same (a feed that moved); then the feed named last gets
    it."""
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
    """Returns a key that is the same for an item in all feeds of its show."""
    return folded(feed.title), feed.items[item].key


def _paths(pairs: Pairs, files: Sequence[File]) -> dict[int, str]:
    return {item: files[number].path for item, number in pairs.items()}


def _is_below(file: File, places: Iterable[str]) -> bool:
    path = Path(file.path)
    return any(place in (path, *path.parents) for place in map(Path, places))


class _ItemFacts:
    """Adds the facts of items to `followed`, one feed after another. Several feeds may list the same item of a show:
    the first that has a transcript for it describes it, the others skip it. `files` are the user's transcripts."""

    def __init__(self, files: Sequence[File], followed: Followed) -> None:
        self._languages = {file.path: file.facts.language for file in files}
        self._followed = followed
        self._described: set[Hashable] = set()

    def add(self, kept: StoredFeed, pairs: Mapping[int, str], linked: LinkedFiles, own: OwnFiles | None) -> Tally:
        """Adds the items of one feed that have a transcript, fetching missing ones. `pairs` are the paths of the files
        that match an item, by its number; `own` are the files made here for items, None without an index folder."""
        fetched = offered = made = 0
        here: set[Hashable] = set()
        for number, item in enumerate(kept.feed.items):
            path, key = pairs.get(number), _key(kept.feed, number)
            mine = own.transcript(item) if own is not None else None
            if key in self._described or path is not None:
                self._followed.surplus.extend(map(str, [*linked.drop(item), *([mine] if mine else [])]))
            if key in self._described:
                continue
            if path is None and mine is not None:
                path, made = str(mine), made + 1
                self._followed.files.extend([mine] if linked.fetches else [])
            elif path is None and (file := linked.transcript(item)):
                path, fetched = str(file), fetched + 1
                self._followed.files.extend([file] if linked.fetches else [])
            if path is None:
                offered += bool(item.transcripts)
                self._followed.without.append(Untranscribed(kept.feed.source, kept.feed.title, kept.folder, item))
                continue
            here.add(key)
            linked.chapters(item)
            facts = facts_of(item, kept.feed.title, kept.chapters.get(item.chapters_at or "", ()))
            if own is not None and (audio := own.audio(item)) is not None:
                facts["audio"] = str(audio)
            # The feed has the language of the recording; a translation has another.
            written = self._languages.get(path) or linked.language(item)
            self._followed.facts[path] = {**facts, "language": written} if written else facts
        self._described |= here
        linked.finish()
        return Tally(kept.feed.title or kept.feed.source, len(kept.feed.items), len(pairs), fetched, offered, made)


def _tell_of_files(
    feeds: Mapping[str, StoredFeed],
    files: Sequence[File],
    pairs: Mapping[str, Mapping[int, str]],
    wanted: Iterable[Path],
    is_named_with: bool,
    complaints: list[Complaint],
) -> None:
    """Reports the files in a feed's folders that match none of its items; the only folder is its own if it was named
    together with the feed."""
    taken = {path for found in pairs.values() for path in found.values()}
    now = {str(path) for path in wanted}
    for source, kept in feeds.items():
        numbers = {file.path: number for number, file in enumerate(files)}
        known = {item: numbers[path] for item, path in pairs[source].items()}
        own = (own_folders if is_named_with else show_folders)(known, files, kept.feed.title)
        for file in files:
            if file.folder in own and file.path in now and file.path not in taken and _is_below(file, kept.places):
                what = _("no item of the feed {feed} is surely this one").format(feed=kept.feed.title or source)
                complaints.append(Complaint(file.path, 0, what, _("facts from its names and podcast.toml only")))
                taken.add(file.path)
