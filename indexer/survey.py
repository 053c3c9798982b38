"""What an indexing run finds: what its feeds link to, the episodes that the index has, the files to read, and the
episodes that leave."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import tee
from pathlib import Path
from typing import Any, NamedTuple

from indexer.core.types import Complaint
from indexer.discovery import stdin
from indexer.discovery.missing import find_gone, surely_gone
from indexer.discovery.moved import find_moved
from indexer.discovery.preferred import choose
from indexer.discovery.walk import find_transcripts
from indexer.known_episodes import Known, KnownEpisode, inherit, is_as_known, not_read
from indexer.metadata.feeds.follow import Followed, Tally, follow
from indexer.metadata.feeds.recording import Gathering
from indexer.store.dropped_episodes import read_waiting
from indexer.store.fields.record import from_record
from indexer.store.ignored import still_ignored
from indexer.store.library_sources import named_before
from indexer.store.target import EpisodeWriter
from indexer.store.writer import IndexWriter


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The arguments of `indexer.update.index_paths` of these names; `folder` is that of the index, or of what is kept
    beside a library elsewhere. A run that `is_dry` changes nothing there."""

    folder: Path
    places: Sequence[Path]
    feeds: Sequence[Path | str]
    prune: bool
    rebuild: bool
    unattended: bool
    scopes: Mapping[str, Sequence[Path]] | None
    is_dry: bool = False


class KnownFiles(NamedTuple):
    """The episodes of the index by the paths of their files. `lost` are the paths and names of those that wait to be
    read again, `unread` the files from standard input that are not in the index."""

    episodes: Known
    lost: Mapping[str, str]
    unread: Sequence[Path]


class Survey(NamedTuple):
    """The `files` of the run, of which it reads those that are not unchanged; the ids of the episodes that leave, by
    path; those that stay (`kept`: the known ones, which have lost the others). `gone` are the paths of the known
    episodes whose files are gone; those of them that do not leave are `missing`; `moved` has the new paths of others
    by the old ones. `unreadable` counts files, archives and folders that could not be opened to look for transcripts.
    `facts` are those of feeds, by path."""

    files: Sequence[Path]
    leaving: Mapping[str, str]
    kept: Known
    gone: Sequence[str]
    missing: Sequence[str]
    moved: Mapping[str, str]
    unreadable: int
    facts: Mapping[str, Mapping[str, object]]
    tallies: list[Tally]
    complaints: Sequence[Complaint]


def read_known(
    folder: Path, home: Path, records: Iterable[Mapping[str, Any]], is_dry: bool = False, on_disk: bool = False
) -> KnownFiles:
    """The known episodes of an index, given their stored records; `home` is where those are that wait to be read again.
    Unless the run is dry, files from standard input are first moved to where they are kept. With `on_disk` the episodes
    may be more than memory holds."""
    if not is_dry:
        stdin.move_out(folder)
    waiting = read_waiting(home)
    lost = dict(zip(stdin.now_at(folder, waiting), waiting.values(), strict=True))
    known = _nothing_known(on_disk)
    known.update((path, not_read(path, name)) for path, name in lost.items())
    unread = stdin.Unread(folder)
    entries, again = tee(KnownEpisode(from_record(one), str(one["made"]), str(one["told"])) for one in records)
    for path, entry in zip(stdin.now_at(folder, (one.episode.path for one in again)), entries, strict=True):
        unread.note(entry.episode.path)
        known[path] = entry
    return KnownFiles(known, lost, unread.files)


def _nothing_known(on_disk: bool) -> Known:
    if not on_disk:
        return {}
    from indexer.core.memory.on_disk import MappingOnDisk  # late: only runs into a cluster need it

    return MappingOnDisk(lambda entry: entry.episode.id)


def survey(
    options: RunOptions, present: KnownFiles, gathered: Gathering | None, is_ours: Callable[[str], bool] | None = None
) -> Survey:
    """Looks for the files of a run in its places, its feeds and the index. `gathered` holds what was fetched of the
    feeds; `is_ours` is True for the id of an episode that the run looks after (None: all). Raises KeyboardInterrupt if
    fetching was interrupted, after storing what was fetched."""
    folder, places = options.folder, options.places
    known, complaints = present.episodes, list[Complaint]()
    named = [*places, *present.unread]
    ignored = still_ignored(folder, [str(place.resolve()) for place in places], options.is_dry)
    found = find_transcripts(named, complaints, lambda path: is_as_known(path, known.get(str(path))))
    found = [path for path in stdin.without_forgotten(folder, found) if str(path) not in ignored]
    chosen = choose(found, [*named, *named_before(folder)], known)
    unreadable = len({one.path for one in complaints if one.fatal and os.path.lexists(one.path)})
    complaints += chosen.complaints
    beaten = inherit(known, chosen.outdone)
    below = [*places, *stdin.inboxes(folder)] if places else []
    gone = find_gone(known, below, {str(path) for path in (*chosen.files, *chosen.left)})
    moved = _carried_over(known, gone, chosen.files)
    gone = [path for path in gone if path not in moved]
    pruned: Sequence[str] = ()
    if options.prune:
        pruned = surely_gone(gone, below, chosen.files) if options.unattended else gone
    absent, replaced = set(gone), set(beaten)
    again = known if options.rebuild else present.lost
    files = [*chosen.files, *(Path(path) for path in again if path not in absent and path not in replaced)]
    followed = _followed(options, files, (path for path in known if path not in absent), gathered)
    complaints += followed.complaints
    left_out = ignored.union(followed.surplus)
    files = [path for path in dict.fromkeys([*files, *followed.files]) if str(path) not in left_out]
    # With --prune, a gone file's id is free again: a moved show keeps its ids.
    leaving = {path: known[path].episode.id for path in (*followed.surplus, *pruned, *beaten) if path in known}
    if is_ours is not None:
        leaving = {path: name for path, name in leaving.items() if is_ours(name)}
    for path in leaving:
        del known[path]
    going = set(pruned)
    missing = [path for path in gone if path not in going]
    return Survey(files, leaving, known, gone, missing, moved, unreadable, followed.facts, followed.tallies, complaints)


def _carried_over(known: Known, gone: Sequence[str], files: Sequence[Path]) -> dict[str, str]:
    """Moves the episodes of transcripts that were renamed or moved in `known`, so that they keep their ids; returns the
    new paths by the old ones. Of episodes in memory all are looked at, wherever their files were; of more than that,
    only those that are `gone`."""
    new = [path for path in files if str(path) not in known]
    if not new:
        return {}
    paths = known if isinstance(known, dict) else gone
    moved = find_moved(((path, known[path].episode) for path in paths), new)
    for path, now in moved.items():
        known[now] = known.pop(path)
    return moved


def _followed(options: RunOptions, files: Sequence[Path], known: Iterable[str], gathered: Gathering | None) -> Followed:
    network = gathered.answers() if gathered else None
    unique = list(dict.fromkeys(files))
    followed = follow(options.folder, options.feeds, options.places, unique, known, network, options.scopes)
    if gathered and gathered.interrupted:  # `follow` has stored what was fetched by then
        raise KeyboardInterrupt
    return followed


def gather(
    options: RunOptions,
    home: Path,
    watch: Callable[[str], None] | None = None,
    elsewhere: EpisodeWriter | None = None,
) -> Gathering:
    """Performs the fetches of a run before the index is locked, and returns the recorded responses, to be replayed by
    `survey`. Stores nothing. The index is in `home`, or `elsewhere`; `watch(address)` is called before each fetch.

    Raises IndexProblem, before any fetch, if the index cannot be written now. A rebuild repairs a damaged index first
    and reports that in the complaints.
    """
    places = options.places
    gathering = Gathering(watch=watch)
    writer: EpisodeWriter = elsewhere or IndexWriter(home, mending=options.rebuild)
    try:
        gathering.complaints += writer.complaints
        known = [*(str(record["path"]) for record in writer.records()), *read_waiting(home)]
    finally:
        writer.close()
    known_now = frozenset(known)
    found = find_transcripts(places, [], lambda path: str(path) in known_now)  # known files are not opened again
    chosen = choose(found, places, known_now)
    gone = set(find_gone(known, places, {str(path) for path in (*chosen.files, *chosen.left)}))
    try:
        others = [path for path in known if path not in gone]
        follow(options.folder, options.feeds, places, chosen.files, others, gathering, options.scopes)
    except KeyboardInterrupt:
        gathering.interrupted = True
    return gathering
