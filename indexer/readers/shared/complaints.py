"""Collects the complaints about one file, in bounded memory even for a million faults of one kind."""

from __future__ import annotations

import re
from collections.abc import Iterable

from indexer.core.messages import _
from indexer.core.types import Complaint

MOST_OF_A_KIND = 100
"""Complaints of one kind that are kept in full; the others are counted in one line."""
_MOST_KINDS = 100
"""Maximum number of kinds; complaints of any further kind share one."""

_VARYING = re.compile(r"'[^']*'|\"[^\"]*\"|\d[\d.,:]*")
"""What differs between complaints of one kind: numbers, times, and quotations from the file."""


class Complaints(list[Complaint]):
    """Keeps the first `MOST_OF_A_KIND` complaints of each kind, then one line with the number of the others and the
    place of the first: `a.csv:104: ... and 12,345 more like this: no times: cue kept, ...`.

    Add with `append`, `extend` and `+=` only.
    """

    def __init__(self, complaints: Iterable[Complaint] = ()) -> None:
        super().__init__()
        self._counts: dict[tuple[str, str], int] = {}
        self._rests: dict[tuple[str, str], tuple[int, Complaint]] = {}
        self.extend(complaints)

    def append(self, complaint: Complaint) -> None:
        kind = _kind(complaint)
        if kind not in self._counts and len(self._counts) >= _MOST_KINDS:
            kind = ("", "")
        count = self._counts[kind] = self._counts.get(kind, 0) + complaint.places
        if count <= MOST_OF_A_KIND:
            super().append(complaint)
            return
        place, first = self._rests.setdefault(kind, (len(self), complaint))
        more, like = count - MOST_OF_A_KIND, first.like or first.what
        what = _("... and {count:,} more like this: {what}").format(count=more, what=like)
        self[place : place + 1] = [first._replace(what=what, places=more, like=like)]

    def extend(self, complaints: Iterable[Complaint]) -> None:
        for complaint in complaints:
            self.append(complaint)

    def __iadd__(self, complaints: Iterable[Complaint]) -> Complaints:  # type: ignore[override, misc]
        self.extend(complaints)
        return self


def by_kind(complaints: Iterable[Complaint]) -> list[Complaint]:
    """The first complaint of each kind about each file, with the number of its places."""
    firsts: dict[tuple[str, str, str], Complaint] = {}
    for complaint in complaints:
        key = (complaint.path, *_kind(complaint))
        first = firsts.get(key)
        firsts[key] = first._replace(places=first.places + complaint.places) if first is not None else complaint
    return list(firsts.values())


def _kind(complaint: Complaint) -> tuple[str, str]:
    return _VARYING.sub("#", (complaint.like or complaint.what)[:200]), complaint.action
