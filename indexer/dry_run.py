"""The dry run: reports what an indexing run would read, without writing anything."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from indexer.analyze import shifted, with_own_facts
from indexer.core.configuration.paths import default_index
from indexer.core.errors import IndexProblem, system_reason
from indexer.core.files import sources
from indexer.core.files.sources import LARGEST_FILE
from indexer.core.messages import _
from indexer.core.types import Complaint, Facts
from indexer.discovery.missing import find_gone
from indexer.discovery.moved import find_moved
from indexer.discovery.preferred import choose
from indexer.discovery.walk import find_transcripts
from indexer.metadata.fact_finder import FactFinder
from indexer.metadata.feeds.follow import Tally, follow
from indexer.metadata.filename import facts_from_name
from indexer.readers import read_bytes
from indexer.runs.known_episodes import known_paths
from indexer.store.fields.record import from_record
from indexer.store.writer import stored_records

State: TypeAlias = Literal["read", "no cues", "refused"]


@dataclass(frozen=True, slots=True)
class FilePreview:
    """What a run would make of one file; `duration` is in seconds."""

    path: Path
    state: State
    cues: int
    duration: float
    facts: Facts
    complaints: tuple[Complaint, ...]


@dataclass(frozen=True, slots=True)
class RunPreview:
    """What concerns a run as a whole: the complaints about no single file that it reads, and its feeds."""

    complaints: tuple[Complaint, ...]
    feeds: tuple[Tally, ...] = ()


Preview: TypeAlias = FilePreview | RunPreview


class IndexedFiles(NamedTuple):
    """The transcripts of the episodes in an index: those that a run finds, and those that are gone."""

    there: Sequence[Path]
    gone: Sequence[Path]


def indexed_files(index_dir: Path | None, paths: Sequence[Path]) -> IndexedFiles:
    """The transcripts of the index (None: the default one). Only those below `paths` count as gone, or all if there are
    no `paths`; what was renamed or moved is neither. Writes nothing."""
    folder = index_dir or default_index()
    known = known_paths(folder)
    gone = set(find_gone(known, paths, set()))
    moved = _moved(folder, gone, paths) if gone else {}
    there = [Path(path) for path in known if path not in gone]
    return IndexedFiles(there, [Path(path) for path in sorted(gone) if path not in moved])


def _moved(folder: Path, gone: Collection[str], paths: Sequence[Path]) -> Mapping[str, str]:
    """The new paths of those gone whose contents a run over `paths` finds elsewhere, by the old ones."""
    try:
        before = {episode.path: episode for episode in map(from_record, stored_records(folder))}
    except IndexProblem:  # an older or damaged index, of which only the paths are known
        return {}
    new = (path for path in find_transcripts(paths, []) if str(path) not in before)
    return find_moved(((path, before[path]) for path in gone if path in before), new)


def preview(
    paths: Iterable[Path | str], feeds: Iterable[Path | str] = (), again: Iterable[Path] = ()
) -> Iterator[Preview]:
    """Reads the transcripts below `paths`, then those in `again` that are not among them. Yields a RunPreview, a
    FilePreview for each transcript, and at last another RunPreview if looking at all of them gave more complaints.

    Fetches the `feeds`, but no file that they link to. Writes nothing.
    """
    complaints: list[Complaint] = []
    places = list(map(Path, paths))
    chosen = choose(find_transcripts(places, complaints), places, ())
    complaints.extend(chosen.complaints)
    files = chosen.files
    followed = follow(None, feeds, places, files)
    yield RunPreview((*complaints, *followed.complaints), tuple(followed.tallies))
    finder = FactFinder()
    for path in dict.fromkeys((*files, *again)):
        facts = finder.facts(path, followed.facts.get(str(path)))[0] or facts_from_name(path)
        of_facts, finder.complaints = finder.complaints, []
        yield preview_of_file(path, facts, of_facts)
    finder.complain_of_names()
    if finder.complaints:
        yield RunPreview(tuple(finder.complaints))


def preview_of_feeds(paths: Iterable[Path | str], feeds: Iterable[Path | str]) -> RunPreview:
    """What the feeds offer for the transcripts below `paths`, with complaints about the feeds only: the caller's own
    preview reports those about the paths."""
    places = list(map(Path, paths))
    followed = follow(None, feeds, places, choose(find_transcripts(places, []), places, ()).files)
    return RunPreview(tuple(followed.complaints), tuple(followed.tallies))


def preview_of_file(path: Path, facts: Facts, of_facts: Iterable[Complaint] = ()) -> FilePreview:
    """Reads one transcript; `of_facts` are the complaints about its facts."""
    try:
        transcript = shifted(read_bytes(str(path), sources.read(path, LARGEST_FILE + 1)), facts.offset)
    except OSError as error:
        unreadable = Complaint(
            str(path),
            0,
            _("cannot be read ({reason})").format(reason=system_reason(error)),
            _("left out"),
            fatal=True,
        )
        return FilePreview(path, "refused", 0, 0.0, facts, (*of_facts, unreadable))
    refused = any(complaint.fatal for complaint in transcript.complaints)
    state: State = "refused" if refused else "read" if transcript.cues else "no cues"
    facts = with_own_facts(facts, path, transcript)
    duration = max((cue.end for cue in transcript.cues), default=0.0)
    return FilePreview(path, state, len(transcript.cues), duration, facts, (*of_facts, *transcript.complaints))
