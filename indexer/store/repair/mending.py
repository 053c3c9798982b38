"""Repairs a damaged index, or one of an older format, in place, so that it can be written to again.

Intact segments stay, with a new signature if only theirs is damaged. For the others only the ids and paths of the
episodes are kept (`indexer.store.library.dropped_episodes`), and the transcripts are read again. Damaged files that
cannot be rebuilt (facts from feeds, seen moments) are renamed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from indexer.core.errors import IndexProblem, fault_of
from indexer.core.files.atomic_write import put
from indexer.core.files.sealed_json import unsealed
from indexer.core.messages import _, enumeration, ngettext
from indexer.core.types import Complaint
from indexer.store import manifest
from indexer.store.library.dropped_episodes import FILE as WAITING
from indexer.store.library.dropped_episodes import read_waiting, write_waiting
from indexer.store.library.feeds import FILE as FEEDS
from indexer.store.library.feeds import read_store
from indexer.store.library.ignored import FILE as IGNORED
from indexer.store.library.ignored import read_ignored
from indexer.store.library.recognition_failures import FILE as FAILURES
from indexer.store.library.recognition_failures import read_failures
from indexer.store.library.seen_moments import FILE as SEEN
from indexer.store.library.sources import FILE as SOURCES
from indexer.store.library.sources import read_sources
from indexer.store.manifest import DamagedManifest, Manifest, OutdatedIndex, read_manifest, write_manifest
from indexer.store.repair.salvage import SalvagedPart, examine
from indexer.store.schema import FORMAT_VERSION, make_schema
from indexer.store.seal import read_identity, restore_signature
from indexer.store.segments.checksums import SUFFIX
from indexer.store.segments.segment import RUNS
from indexer.store.segments.toc import NOTHING, newest_generation


def mend(folder: Path, storage: Any) -> list[Complaint]:
    """Makes the index writable; returns what was done. `storage` is Whoosh's; the caller holds its lock.

    Raises IndexProblem for an index of a newer format, OSError if it cannot be written.
    """
    generation = newest_generation(folder)
    is_outdated = False
    try:
        is_new = read_manifest(folder) is None
    except OutdatedIndex:
        is_outdated, is_new = True, False
    except DamagedManifest:
        is_new = False
    if generation == NOTHING and is_new and not (folder / WAITING).exists():
        return []
    parts, has_contents = examine(folder, generation)
    complaints = list(_set_aside(folder, has_contents))
    given_up = [part for part in parts if is_outdated or not part.is_sound]
    kept = [part for part in parts if part not in given_up]
    unsigned = [part.unsigned for part in kept if part.unsigned]
    left = [entry for entry in unsigned if not restore_signature(folder, entry)]
    for entry in left:  # the commit makes them anew
        (folder / f"{entry.name}.{SUFFIX}").unlink()
    for entry in unsigned:
        place = str(folder / f"{entry.name}.{RUNS}")
        complaints.append(_complaint(place, _("was missing or damaged"), _("made again")))
    if given_up or left or not has_contents:
        complaints += _give_up(folder, storage, kept, given_up, generation, has_contents)
        if not has_contents and any(part.is_sound for part in parts):
            place = str(folder)
            what = _("its table of contents was damaged")
            complaints.append(_complaint(place, what, _("forgotten episodes may be back")))
    if is_outdated:
        _renew(folder)
    return complaints


def _give_up(
    folder: Path,
    storage: Any,
    kept: Sequence[SalvagedPart],
    given_up: Sequence[SalvagedPart],
    generation: int,
    has_contents: bool,
) -> Iterator[Complaint]:
    """Commits an index of the intact parts, after the names of all others are safely stored."""
    from whoosh.index import TOC, clean_files

    waiting = dict(read_waiting(folder))
    for part in given_up:
        waiting |= {path: name for name, path in part.living if path}
    write_waiting(folder, waiting)
    lost = sum(not path for part in given_up for _, path in part.living)
    if lost:
        known = enumeration(sorted({str(Path(path).parent) for path in waiting})[:3])
        hint = _(", perhaps in {known}").format(known=known) if known else ""
        what = _("of {lost} episodes not even the paths can be read{hint}").format(lost=lost, hint=hint)
        cure = _("name the folders of all transcripts: `podseek index --rebuild PATH...`")
        yield Complaint(str(folder), 0, what, cure, fatal=True)
    if not has_contents:  # it may belong to another index, whose identity must not be copied
        (folder / f"_MAIN_{generation}.toc").unlink(missing_ok=True)
    segments = _segments(kept)
    after = generation + 1 if generation != NOTHING else 0
    TOC(make_schema(), segments, after).write(storage, "MAIN")
    clean_files(storage, "MAIN", after, segments)
    if given_up:
        count = sum(len(part.living) for part in given_up)
        yield _complaint(
            str(folder),
            ngettext(
                "{n} episode of it was damaged or of an older format",
                "{n} episodes of it were damaged or of an older format",
                count,
            ).format(n=count),
            _("read again"),
        )


def _segments(kept: Sequence[SalvagedPart]) -> list[Any]:
    """Whoosh's segment objects, without documents whose episode also occurs in a later segment."""
    from indexer.store.segments.whoosh_private import existing_segment

    segments = []
    seen: set[str] = set()
    for part in reversed(kept):
        deleted = set(part.deleted)
        deleted |= {n for n, (name, _) in enumerate(part.episodes) if n not in deleted and name in seen}
        seen |= {name for n, (name, _) in enumerate(part.episodes) if n not in deleted}
        segments.append(existing_segment(part.name.partition("_")[2], len(part.episodes), deleted))
    return segments[::-1]


def _renew(folder: Path) -> None:
    """Rewrites an outdated manifest, keeping what the user specified: words and lexicons."""
    values = json.loads((folder / manifest.FILE).read_bytes())
    words, lexicons = (tuple(map(str, values.get(name, ()))) for name in ("lexicon", "lexicons"))
    known = Manifest(FORMAT_VERSION, {}, words, {}, "", lexicons, identity=read_identity(folder))
    write_manifest(folder, known)


def _set_aside(folder: Path, has_contents: bool) -> Iterator[Complaint]:
    """Renames damaged files, so that the next run creates new ones."""
    files: tuple[tuple[str, Callable[[], object], str], ...] = (
        (
            manifest.FILE,
            lambda: _readable_manifest(folder, has_contents),
            _("words of a lexicon named with --lexicon must be named again"),
        ),
        (FEEDS, lambda: read_store(folder), _("name your feeds again with --feed")),
        (SOURCES, lambda: read_sources(folder), _("name your folders and feeds again with `podseek add`")),
        (FAILURES, lambda: read_failures(folder), _("what failed before is in the queue again")),
        (IGNORED, lambda: read_ignored(folder), _("what was ignored is read again")),
        (SEEN, lambda: _readable_moments(folder / SEEN), _("what is in the index then counts as told")),
        (
            WAITING,
            lambda: read_waiting(folder),
            _("name the folders of all transcripts: `podseek index --rebuild PATH...`"),
        ),
    )
    for name, read, cure in files:
        try:
            read()
        except IndexProblem:
            aside = folder / f"{name}.damaged"
            put(folder / name, aside)
            yield _complaint(str(folder / name), _("was damaged, and is now {name}").format(name=aside.name), cure)


def _readable_manifest(folder: Path, has_contents: bool) -> None:
    with suppress(OutdatedIndex):
        found = read_manifest(folder)
        if found and has_contents and found.identity != read_identity(folder):
            raise IndexProblem(_("{folder}: the manifest is of another index").format(folder=folder))


def _readable_moments(path: Path) -> None:
    try:
        unsealed(path.read_bytes())
    except FileNotFoundError:
        pass
    except (OSError, ValueError) as error:
        raise IndexProblem(f"{path}: {fault_of(error)}") from None


def _complaint(place: str, what: str, done: str) -> Complaint:
    return Complaint(place, 0, what, done)
