"""Rebuilds an index of an older format in a hidden folder beside it, and puts that in its place once it is complete.

Searches go on from the old index meanwhile, where its format can still be read. A run that was cut off is gone on with:
what the new folder holds is not read again. Everything in the old folder that is not made from transcripts (feeds and
what was fetched, sources, aliases, saved queries, what later versions add) moves with it.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from secrets import token_hex

from indexer.core.errors import IndexProblem
from indexer.core.files.atomic_write import make_folder, sync_files, sync_folder
from indexer.core.messages import _
from indexer.core.words import pronunciation
from indexer.store import manifest, schema
from indexer.store.library.dropped_episodes import FILE as WAITING
from indexer.store.library.dropped_episodes import read_waiting, write_waiting
from indexer.store.manifest import DamagedManifest, Manifest, OutdatedIndex, read_manifest, write_manifest
from indexer.store.repair.salvage import examine
from indexer.store.segments import newest_generation

_MADE = (*schema.FILES, schema.LOCK, manifest.FILE, pronunciation.FILE, WAITING, ".podseek-*", "*.damaged")
"""Names of what an index is made of."""
_READY = ".complete"
_EXCHANGE = 2
_HERE = -100


@dataclass(frozen=True, slots=True)
class Renewal:
    """An index and the folder in which it is made anew."""

    old: Path
    new: Path

    def finish(self) -> None:
        """Puts the new index into the place of the old one. Raises OSError; then the old one is where it was."""
        for path in _kept(self.old):
            _copy(path, self.new / path.name)
        (self.new / _READY).touch()
        sync_folder(self.new)
        aside = self.old.with_name(f".{self.old.name}.old-{token_hex(4)}")
        if _exchanged(self.new, self.old):
            self.new.rename(aside)
        else:
            self.old.rename(aside)
            self.new.rename(self.old)
        sync_folder(self.old.parent)
        (self.old / _READY).unlink(missing_ok=True)
        shutil.rmtree(aside, ignore_errors=True)


def needs_renewal(folder: Path) -> bool:
    """True for an index of a format that is not written to any more. Raises IndexProblem for one of a newer format, or
    a damaged one."""
    try:
        found = read_manifest(folder)
    except OutdatedIndex:
        return True
    return found is not None and found.format < schema.OLDEST_WRITTEN


def renewal_of(folder: Path, rebuild: bool) -> Renewal | None:
    """The renewal that a run needs; None for an index that is written in place. Raises IndexProblem, before the files
    of the index are opened, for one that is damaged or of another format, unless it is rebuilt."""
    try:
        if not needs_renewal(folder):
            return None
    except DamagedManifest:
        if not rebuild:
            raise
        return None
    if not rebuild:
        read_manifest(folder)
        what = _("{folder}: this index has an older format: `podseek update` reads its transcripts again")
        raise OutdatedIndex(what.format(folder=folder))
    return _begin(folder)


def _begin(folder: Path) -> Renewal:
    """Prepares the new folder, or takes the one of a run that was cut off. All episodes of the index wait in it to be
    read. Raises IndexProblem if nothing can be created there, or if of some episodes not even the paths can be read."""
    old = Path(os.path.realpath(folder))
    new = old.with_name(f".{old.name}.upgrade")
    try:
        if not (new / manifest.FILE).is_file():
            shutil.rmtree(new, ignore_errors=True)
            make_folder(new)
            write_waiting(new, _episodes(old))
            _write_manifest(old, new)
    except OSError as error:
        what = _("{folder}: cannot be made ({why}): the index of an older format is rebuilt there")
        raise IndexProblem(what.format(folder=new, why=error.strerror)) from None
    return Renewal(old, new)


def recover(folder: Path) -> None:
    """Finishes a renewal that was cut off between its two last steps, where folders cannot be exchanged."""
    old = Path(os.path.realpath(folder))
    new = old.with_name(f".{old.name}.upgrade")
    if not old.exists() and (new / _READY).exists():
        new.rename(old)
        (old / _READY).unlink(missing_ok=True)


def _episodes(folder: Path) -> dict[str, str]:
    """Path -> id of every episode, whatever the format of the index."""
    parts = examine(folder, newest_generation(folder))[0]
    lost = sum(not path for part in parts for _name, path in part.living)
    if lost:
        what = _("{folder}: of {n} episodes not even the paths can be read: name the folders of all transcripts")
        raise IndexProblem(what.format(folder=folder, n=lost))
    with suppress(IndexProblem):
        return {**read_waiting(folder), **{path: name for part in parts for name, path in part.living}}
    return {path: name for part in parts for name, path in part.living}


def _write_manifest(old: Path, new: Path) -> None:
    """A manifest with what the user specified for the old index: words and files of aliases."""
    values = json.loads((old / manifest.FILE).read_bytes())
    words, lexicons = (tuple(map(str, values.get(name, ()))) for name in ("lexicon", "lexicons"))
    write_manifest(new, Manifest(schema.FORMAT_VERSION, {}, words, {}, "", lexicons))


def _kept(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if not any(fnmatchcase(path.name, name) for name in _MADE):
            yield path


def _copy(source: Path, target: Path) -> None:
    """Copies a file, or a folder with all in it. Files are linked where that is possible: podseek replaces files and
    never changes them in place."""
    if source.is_dir():
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target, symlinks=True, copy_function=_linked)
        sync_folder(target)
    else:
        target.unlink(missing_ok=True)
        _linked(str(source), str(target))
        sync_files([target])


def _linked(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchanges two folders in one step, so that there is an index at any time; False where that cannot be done."""
    try:
        import ctypes

        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
        return bool(renameat2(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0)
    except (ImportError, OSError, AttributeError, TypeError):
        return False
