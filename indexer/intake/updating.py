"""Brings the sources of an index up to date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from indexer.core.errors import PodseekProblem
from indexer.core.files import sources as files
from indexer.core.messages import _
from indexer.core.types import Complaint
from indexer.index_folder import check_own
from indexer.metadata.feeds.follow import matched_files
from indexer.runs.known_episodes import known_paths
from indexer.store.library.feeds import read_store
from indexer.store.library.sources import LibrarySource, add_sources, read_sources
from indexer.store.repair.renewal import needs_renewal
from indexer.update import Progress, Report, Watch, index_paths


class NoSource(PodseekProblem):
    """There is no such source, or none at all."""


@dataclass(frozen=True, slots=True)
class Updated:
    """What an update did: the report of the indexing run, and the sources that it read. `is_derived` is True if the
    index had none, so that they are the folders of its episodes and its feeds."""

    report: Report
    sources: tuple[LibrarySource, ...]
    is_derived: bool = False
    complaints: list[Complaint] = field(default_factory=list)


def update_sources(
    folder: Path,
    names: Sequence[str] = (),
    *,
    prune: bool = False,
    rebuild: bool = False,
    unattended: bool = False,
    jobs: int | None = None,
    progress: Progress | None = None,
    watch: Watch | None = None,
) -> Updated:
    """Reads what is new in the sources of an index (with `names`, only those), without audio. The other options are
    those of `index_paths`.

    Raises NoSource for a name that fits none, and if the index has no sources; IndexProblem as `index_paths` does.
    """
    check_own(folder)
    every = _every(folder)
    is_derived = not read_sources(folder)
    chosen = find(folder, every, names) if names else every
    if is_derived:
        add_sources(folder, every)
    complaints = [_away(source) for source in chosen if not source.is_feed and not _is_there(source)]
    places = [Path(source.place) for source in chosen if not source.is_feed and _is_there(source)]
    feeds = [source.place for source in chosen if source.is_feed]
    scopes = _scopes(every)
    report = index_paths(
        places,
        folder,
        feeds=feeds,
        scopes=scopes,
        prune=prune,
        rebuild=rebuild or needs_renewal(folder),
        unattended=unattended,
        jobs=jobs,
        progress=progress,
        watch=watch,
        remember=False,
    )
    report.complaints.extend(complaints)
    if feeds and any(tally.matched for tally in report.feeds) and len(chosen) < len(every):
        _tell_own_files(folder, feeds, report, jobs)
    return Updated(report, tuple(chosen), is_derived)


def _tell_own_files(folder: Path, feeds: Sequence[str], report: Report, jobs: int | None) -> None:
    """Gives the user's own transcripts, of whose folders the run read none, the facts of these feeds. Adds to the
    report."""
    matched = matched_files(folder, known_paths(folder))
    more = index_paths([path for feed in feeds for path in matched[feed]], folder, jobs=jobs, remember=False)
    report.changed, report.cues = report.changed + more.changed, report.cues + more.cues
    report.unchanged += more.unchanged


def _every(folder: Path) -> list[LibrarySource]:
    """The sources of an index, derived if none are remembered. Raises NoSource if there are none."""
    every = read_sources(folder) or derived(folder)
    if not every:
        what = _("{folder}: no sources are known: `podseek add FEED` or `podseek add FOLDER` adds one")
        raise NoSource(what.format(folder=folder))
    return every


def scopes_of(folder: Path) -> dict[str, list[Path]]:
    """The remembered feeds of an index -> the places for their episodes."""
    return _scopes(read_sources(folder))


def _scopes(sources: Sequence[LibrarySource]) -> dict[str, list[Path]]:
    """Feed -> the places for its episodes."""
    roots = [Path(source.place) for source in sources if not source.is_feed]
    return {source.place: [*map(Path, source.below)] or roots for source in sources if source.is_feed}


def remembered(folder: Path) -> tuple[list[Path], dict[str, list[Path]]]:
    """The folders and files of an index, and its feeds with the places for their episodes. Raises NoSource if there are
    none of either."""
    every = _every(folder)
    return [Path(source.place) for source in every if not source.is_feed], _scopes(every)


def _is_there(source: LibrarySource) -> bool:
    try:
        return files.exists(Path(source.place)) or Path(source.place).exists()
    except OSError:
        return False


def _away(source: LibrarySource) -> Complaint:
    return Complaint(source.place, 0, _("is not there now"), _("its episodes stay; `podseek remove` forgets it"))


def derived(folder: Path) -> list[LibrarySource]:
    """The sources of an index that was made before they were remembered: the folders of its episodes, outermost ones
    only, and its feeds."""
    feeds = read_store(folder)
    own = {folder.resolve(), *(path.parent for path in _inner(folder))}
    parents = {files.archive_of(Path(path)) or Path(path).parent for path in known_paths(folder)}
    places = [one for one in sorted(parents) if own.isdisjoint((one, *one.parents))]
    outer = [one for one in places if parents.isdisjoint(one.parents)]
    return [
        *(LibrarySource(str(place)) for place in outer),
        *(LibrarySource(name, True, False, kept.places) for name, kept in feeds.items()),
    ]


def _inner(folder: Path) -> Iterable[Path]:
    from indexer.core.files.kept_folder import beside

    return (beside(folder) / "any",)


def find(folder: Path, sources: Sequence[LibrarySource], names: Iterable[str]) -> list[LibrarySource]:
    """The sources of these names: a place, a part of it, or a part of the title of a feed that fits one source.

    Raises NoSource for a name that is empty, or fits none or several.
    """
    titles = {name: kept.feed.title for name, kept in read_store(folder).items()}
    chosen = dict.fromkeys(_one(sources, titles, name) for name in names)
    return list(chosen)


def _one(sources: Sequence[LibrarySource], titles: dict[str, str], name: str) -> LibrarySource:
    if not name.strip():  # an unset variable would be a part of every name
        raise NoSource(_("a source is empty; is a variable not set?"))
    path = str(Path(name).expanduser().resolve()) if "://" not in name else name
    exact = [one for one in sources if one.place in (name, path)]
    part = name.casefold()
    fitting = exact or [
        one for one in sources if part in one.place.casefold() or part in titles.get(one.place, "").casefold()
    ]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        what = _("{name}: {n} sources have this in their names: `podseek sources` lists them, give more of one")
        raise NoSource(what.format(name=name, n=len(fitting)))
    raise NoSource(_("{name}: no source has this name: `podseek sources` lists them").format(name=name))
