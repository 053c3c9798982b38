"""Finds the transcripts below the paths the user names."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from indexer.core.errors import system_reason
from indexer.core.files import sources
from indexer.core.messages import _, enumeration, ngettext
from indexer.core.types import Complaint
from indexer.discovery.members import find_members
from indexer.discovery.own_output import is_own_output
from indexer.discovery.skipped_files import skipped_files
from indexer.readers import is_candidate
from indexer.readers.shared.source import HEAD

Known = Callable[[Path], bool]
"""True if the file is indexed in its present state."""


_NAMED = 3
"""Maximum number of output files named per complaint."""


def find_transcripts(
    paths: Iterable[Path], complaints: list[Complaint], is_known: Known = lambda path: False
) -> list[Path]:
    """Returns the resolved paths of the files to read, without duplicates, in a stable order.

    Files named directly are always included; folders and archives contribute what looks like a transcript, except
    hidden files and podseek's own output. `is_known` saves inspecting unchanged files. Unreadable files, own output,
    and folders without a transcript are added to `complaints`.
    """
    results: list[Path] = []

    def looks_right(path: Path) -> bool:
        if is_known(path):
            return True
        if not is_candidate(path):
            return False
        with suppress(OSError):  # the reader reports it
            if is_own_output(sources.read(path, HEAD)):
                results.append(path)
                return False
        return True

    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            passed: list[Path] = []
            inside = list(_walk(path.resolve(), looks_right, complaints, passed))
            found.update(dict.fromkeys(inside))
            own = set(results)
            complaints.extend(skipped_files(path, bool(inside), [one for one in passed if one not in own]))
        elif sources.is_archive(path):
            before = len(complaints)
            members = find_members(path.resolve(), looks_right, complaints)
            found.update(dict.fromkeys(members))
            if not members and len(complaints) == before:
                complaints.append(Complaint(str(path), 0, _("has no transcript in it"), _("nothing to index")))
        elif sources.archive_of(path.resolve()) is not None:
            found.update(dict.fromkeys(_within(path.resolve(), looks_right, complaints)))
        elif path.is_file():
            found[path.resolve()] = None
        elif path.exists():
            action = _("left out; pipe it into `podseek index - --name FILE`")
            complaints.append(Complaint(str(path), 0, _("neither a file nor a folder"), action, fatal=True))
        else:
            complaints.append(_not_there(path))
    complaints.extend(_made(path for path in results if path not in found and path.resolve() not in found))
    return list(found)


def _made(results: Iterable[Path]) -> Iterator[Complaint]:
    """One complaint per folder for podseek's own output: one query may have left hundreds of files."""
    folders: dict[Path, dict[str, None]] = {}
    for path in results:
        folders.setdefault(path.parent, {})[path.name] = None
    for folder, names in folders.items():
        some = enumeration([*list(names)[:_NAMED], *(["..."] if len(names) > _NAMED else [])])
        what = ngettext(
            "a file is a result of podseek ({some})", "{n:,} files are results of podseek ({some})", len(names)
        )
        yield Complaint(
            str(folder),
            0,
            what.format(n=len(names), some=some),
            _("left out; name one to index it"),
        )


def _within(path: Path, looks_right: Known, complaints: list[Complaint]) -> list[Path]:
    """The transcripts at a path inside an archive: a member, or those below a folder of it."""
    archive = sources.archive_of(path)
    if archive is None or not archive.is_file():
        complaints.append(_not_there(path))
        return []
    problems: list[Complaint] = []
    below = [member for member in find_members(archive, looks_right, problems) if path in member.parents]
    try:
        found = below or ([path] if sources.exists(path) else [])
    except OSError:  # the reason has been reported
        complaints.extend(problems)
        return []
    if not found:
        complaints.append(_not_there(path))
    return found


def _not_there(path: Path) -> Complaint:
    return Complaint(str(path), 0, _("no such file or folder"), _("left out"), fatal=True)


def _walk(root: Path, looks_right: Known, complaints: list[Complaint], passed: list[Path]) -> Iterator[Path]:
    """The transcripts below a folder; other files are added to `passed`."""

    def unreadable(error: OSError) -> None:
        complaints.append(
            Complaint(
                str(error.filename),
                0,
                _("cannot be opened ({reason})").format(reason=system_reason(error)),
                _("left out"),
                fatal=True,
            )
        )

    # Folders that are links are not entered, so only a file that is a link has another place than its name says.
    for folder, names, files in os.walk(root, onerror=unreadable):
        names[:] = sorted(name for name in names if not name.startswith("."))
        for name in sorted(files):
            path = Path(folder, name)
            if name.startswith("."):
                continue
            try:
                if sources.is_archive(path):
                    yield from find_members(path.resolve(), looks_right, complaints)
                elif path.is_file():
                    if looks_right(path):
                        yield path.resolve() if path.is_symlink() else path
                    else:
                        passed.append(path)
            except OSError as error:
                complaints.append(
                    Complaint(
                        str(path),
                        0,
                        _("cannot be read ({reason})").format(reason=system_reason(error)),
                        _("left out"),
                        fatal=True,
                    )
                )
