"""Explains an exception to a person, in one line.

Its caller imports it before anything fails: without a free file descriptor there is no import.
"""

from __future__ import annotations

import errno

from indexer.core.errors import PodseekProblem, system_reason
from indexer.core.messages import N_, _

_CURES = {
    (errno.ENOSPC, getattr(errno, "EDQUOT", None)): N_("make room there and run the same command again"),
    (errno.EFBIG,): N_("raise the limit of file sizes (ulimit -f) and run the same command again"),
    (errno.EMFILE, errno.ENFILE): N_("raise the limit of open files (ulimit -n) and run the same command again"),
    (errno.EACCES, errno.EPERM, errno.EROFS): N_(
        "get the right to it, or name another place, and run the same command again"
    ),
}
"""Advice for system errors; Windows has no quota."""


def explained(error: Exception) -> str:
    """One line for a person: what went wrong, and what to do."""
    if isinstance(error, PodseekProblem):
        return str(error)
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        other = N_("mend that and run the same command again")
        cure = next((cure for codes, cure in _CURES.items() if error.errno in codes), other)
        return f"{place}{system_reason(error)}: {_(cure)}"
    if (path := _of_path(error)) is not None:
        return path
    cause = _("a damaged index (`podseek status --check` tells), or a fault of podseek")
    return f"{type(error).__name__}: {error}: {cause}"


def _of_path(error: Exception) -> str | None:
    """What is wrong with a path that pathlib refuses without naming it or a cure; None for other errors."""
    text = str(error)
    if isinstance(error, RuntimeError) and text.startswith("Symlink loop from "):
        path = text.removeprefix("Symlink loop from ").strip("'")
        return _("{path}: is a link to itself: remove it, or name another").format(path=path)
    if isinstance(error, RuntimeError) and text.startswith("Could not determine home directory"):
        return _("a path begins with ~ and a name that is nobody's: name it in full")
    if isinstance(error, ValueError) and "embedded null" in text:
        return _("a path has the character U+0000, which none can have: name another")
    return None
