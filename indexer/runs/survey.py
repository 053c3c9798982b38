"""Surveys what an indexing run has to deal with: what its feeds link to, the episodes in the index, the files to read,
and the episodes to remove."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import tee
from pathlib import Path
from typing import Any, NamedTuple

from indexer.core.types import Complaint
from indexer.discovery import inbox
from indexer.discovery.missing import find_gone, surely_gone
from indexer.discovery.moved import find_moved
from indexer.discovery.preferred import Choice, choose
from indexer.discovery.walk import find_transcripts
from indexer.metadata.feeds.follow import Followed, Tally, follow
from indexer.metadata.feeds.network import RecordingNetwork
from indexer.runs.destination import Destination
from indexer.runs.known_episodes import Known, KnownEpisode, is_as_known, not_read
from indexer.store.fields.record import from_record
from indexer.store.library.dropped_episodes import read_waiting
from indexer.store.library.ignored import still_ignored
from indexer.store.library.sources import named_before


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Those arguments of `indexer.update.index_paths` that a survey needs; `places` are its paths."""

    places: Sequence[Path]
    feeds: Sequence[Path | str]
    prune: bool
    rebuild: bool
    unattended: bool
    scopes: Mapping[str, Sequence[Path]] | None


class KnownFiles(NamedTuple):
    """What an index has: its episodes, by the paths of their files. `lost` are the paths and names of episodes that
    damage took from it and that have to be read again, `unread` the files from standard input that are not in it."""

    episodes: Known
    lost: Mapping[str, str]
    unread: Sequence[Path]


class Survey(NamedTuple):
    """What a run has to deal with.

    `files` are its transcripts, of which it reads the new and changed ones. `leaving` maps the paths of episodes to
    remove to their ids; `kept` are the other known episodes. `gone` are the paths of known episodes whose files are
    gone, and `missing` those among them that are not removed. `moved` maps old paths of moved files to new ones.
    `unreadable` counts files, archives and folders that could not be opened to look for transcripts. `facts` are what
    feeds say of episodes, by path.
    """

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


def read_known(destination: Destination, records: Iterable[Mapping[str, Any]]) -> KnownFiles:
    """The known episodes of an index, given their stored records. Unless the run is dry, files from standard input are
    first moved to where they are kept."""
    folder = destination.folder
    if not destination.is_dry:
        inbox.move_beside_index(folder)
    waiting = read_waiting(destination.home)
    lost = dict(zip(inbox.current_paths(folder, waiting), waiting.values(), strict=True))
    known = _nothing_known(destination.is_remote)
    known.update((path, not_read(path, name)) for path, name in lost.items())
    unread = inbox.UnreadInbox(folder)
    entries, again = tee(KnownEpisode(from_record(one), str(one["made"]), str(one["told"])) for one in records)
    for path, entry in zip(inbox.current_paths(folder, (one.episode.path for one in again)), entries, strict=True):
        unread.note(entry.episode.path)
        known[path] = entry
    return KnownFiles(known, lost, unread.files)


def _nothing_known(on_disk: bool) -> Known:
    if not on_disk:
        return {}
    from indexer.core.memory.on_disk import MappingOnDisk  # late: only runs into a cluster need it

    return MappingOnDisk(lambda entry: entry.episode.id)


def survey(
    options: RunOptions, destination: Destination, present: KnownFiles, prefetched: RecordingNetwork | None
) -> Survey:
    """Looks for the files of a run in its places, its feeds and the index. `prefetched` holds what was fetched from the
    feeds. Raises KeyboardInterrupt if fetching was interrupted, after storing what was fetched."""
    known, complaints = present.episodes, list[Complaint]()
    ignored = still_ignored(destination.folder, [str(place.resolve()) for place in options.places], destination.is_dry)
    there = _there(options, destination, present, ignored, complaints)
    unreadable = len({one.path for one in complaints if one.fatal and os.path.lexists(one.path)})
    named = [*options.places, *present.unread, *named_before(destination.folder)]
    chosen = choose(there, named, known)
    beaten = _inherit(known, chosen.superseded)
    gone = _look_for_gone(options, destination, known, chosen)
    files = [*chosen.files, *_read_again(options, present, {*gone.absent, *beaten})]
    followed = _followed(options, destination.folder, files, known, gone.absent, prefetched)
    left_out = ignored.union(followed.surplus)
    # With --prune, a gone file's id is free again: a moved show keeps its ids.
    leaving = _take_out(known, destination, (*followed.surplus, *gone.pruned, *beaten))
    return Survey(
        files=[path for path in dict.fromkeys([*files, *followed.files]) if str(path) not in left_out],
        leaving=leaving,
        kept=known,
        gone=gone.absent,
        missing=[path for path in gone.absent if path not in gone.pruned],
        moved=gone.moved,
        unreadable=unreadable,
        facts=followed.facts,
        tallies=followed.tallies,
        complaints=[*complaints, *chosen.complaints, *followed.complaints],
    )


def _there(
    options: RunOptions,
    destination: Destination,
    present: KnownFiles,
    ignored: Container[str],
    complaints: list[Complaint],
) -> list[Path]:
    """The transcripts in the places of the run, and those from standard input; without what was to be forgotten, or is
    ignored."""
    known = present.episodes
    places = [*options.places, *present.unread]
    found = find_transcripts(places, complaints, lambda path: is_as_known(path, known.get(str(path))))
    return [path for path in inbox.without_forgotten(destination.folder, found) if str(path) not in ignored]


def _inherit(known: Known, superseded: Mapping[str, Path]) -> list[str]:
    """Replaces superseded transcripts in `known` by the better ones (`superseded` maps the former to the latter), which
    take over the ids. The indexed episodes stay until the better transcripts are read. Returns the paths of the
    superseded transcripts whose better one is in the index already."""
    beaten = []
    for path, best in superseded.items():
        if str(best) in known:
            beaten.append(path)
        else:
            known[str(best)] = known.pop(path)
    return beaten


class _Gone(NamedTuple):
    """The paths of the known episodes whose files are `absent`, those of them that leave (`pruned`), and the new paths
    of the others that were `moved` or renamed, by the old ones."""

    absent: Sequence[str]
    pruned: Collection[str]
    moved: Mapping[str, str]


def _look_for_gone(options: RunOptions, destination: Destination, known: Known, chosen: Choice) -> _Gone:
    below = [*options.places, *inbox.inboxes(destination.folder)] if options.places else []
    gone = find_gone(known, below, {str(path) for path in (*chosen.files, *chosen.left)})
    moved = _carried_over(known, gone, chosen.files)
    absent = [path for path in gone if path not in moved]
    if not options.prune:
        return _Gone(absent, (), moved)
    leave = surely_gone(absent, below, chosen.files) if options.unattended else absent
    return _Gone(absent, dict.fromkeys(leave), moved)


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


def _read_again(options: RunOptions, present: KnownFiles, but: Container[str]) -> Iterator[Path]:
    """The known files that are read even if nothing names them: those of lost episodes, or all for a rebuild."""
    for path in present.episodes if options.rebuild else present.lost:
        if path not in but:
            yield Path(path)


def _followed(
    options: RunOptions,
    folder: Path,
    files: Sequence[Path],
    known: Known,
    absent: Iterable[str],
    prefetched: RecordingNetwork | None,
) -> Followed:
    network = prefetched.replayed() if prefetched else None
    unique, gone = list(dict.fromkeys(files)), set(absent)
    there = (path for path in known if path not in gone)
    followed = follow(folder, options.feeds, options.places, unique, there, network, options.scopes)
    if prefetched and prefetched.interrupted:  # `follow` has stored what was fetched by then
        raise KeyboardInterrupt
    return followed


def _take_out(known: Known, destination: Destination, paths: Iterable[str]) -> dict[str, str]:
    """Takes the episodes of these paths that the run looks after out of `known`; returns their ids by path."""
    ids = {path: known[path].episode.id for path in paths if path in known}
    leaving = {path: name for path, name in ids.items() if destination.has(name)}
    for path in leaving:
        del known[path]
    return leaving


def prefetch(
    options: RunOptions, destination: Destination, watch: Callable[[str], None] | None = None
) -> RecordingNetwork:
    """Performs the fetches of a run before the index is locked, and returns the recorded responses, to be replayed by
    `survey`. Stores nothing. `watch(address)` is called before each fetch.

    Raises IndexProblem, before any fetch, if the index cannot be written now. A rebuild repairs a damaged index first
    and reports that in the complaints.
    """
    places = options.places
    network = RecordingNetwork(watch=watch)
    writer = destination.opened(mending=options.rebuild)
    try:
        network.complaints += writer.complaints
        known = [*(str(record["path"]) for record in writer.records()), *read_waiting(destination.home)]
    finally:
        writer.close()
    known_now = frozenset(known)
    found = find_transcripts(places, [], lambda path: str(path) in known_now)  # known files are not opened again
    chosen = choose(found, places, known_now)
    gone = set(find_gone(known, places, {str(path) for path in (*chosen.files, *chosen.left)}))
    try:
        others = [path for path in known if path not in gone]
        follow(destination.folder, options.feeds, places, chosen.files, others, network, options.scopes)
    except KeyboardInterrupt:
        network.interrupted = True
    return network
