"""Finds the transcripts in an archive, and reports what is left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath

from indexer.core.errors import system_reason
from indexer.core.files.archives import contents
from indexer.core.files.sources import ZIP
from indexer.core.messages import _
from indexer.core.types import Complaint
from indexer.readers import may_be_candidate

_JUNK = (".", "__MACOSX")
"""Prefixes of hidden names, and of the files that macOS adds to archives."""


def find_members(archive: Path, looks_right: Callable[[Path], bool], complaints: list[Complaint]) -> list[Path]:
    """Returns the sorted paths of the members that look like transcripts, and adds complaints.

    A malicious archive is refused with one complaint; one without any name like a transcript's is skipped silently.
    """
    try:
        found = contents(archive)
    except OSError as error:
        complaints.append(Complaint(str(archive), 0, system_reason(error), _("left out"), fatal=True))
        return []
    paths = {archive / name: member for name, member in found.members.items() if not _is_junk(name)}
    nested = [path for path in paths if path.suffix.lower() == ZIP]
    named = [path for path in paths if may_be_candidate(path)]
    if found.harm and (named or nested):
        complaints.append(Complaint(str(archive), 0, found.harm, _("refused"), fatal=True))
        return []
    _tell(complaints, nested, _("an archive in an archive"), _("left out; unpack it first"))
    doubled = [archive / name for name in found.doubled if archive / name in named]
    _tell(complaints, doubled, _("another member has the same name"), _("the last one is read"))
    faulty: defaultdict[str, list[Path]] = defaultdict(list)
    right = []
    for path in named:
        try:
            if fault := paths[path].fault:
                faulty[fault].append(path)
            elif looks_right(path):
                right.append(path)
        except OSError as error:
            faulty[_("cannot be read ({reason})").format(reason=system_reason(error))].append(path)
    for fault, those in faulty.items():
        _tell(complaints, those, fault, _("left out"), fatal=True)
    return sorted(right)


def _is_junk(name: str) -> bool:
    return any(part.startswith(_JUNK) for part in PurePosixPath(name).parts)


def _tell(complaints: list[Complaint], paths: Sequence[Path], what: str, action: str, fatal: bool = False) -> None:
    """Adds one complaint for all members with the same fault: there may be thousands."""
    if paths:
        more = f" (and {len(paths) - 1:,} more)" if len(paths) > 1 else ""
        complaints.append(Complaint(str(paths[0]), 0, what + more, action, fatal))
