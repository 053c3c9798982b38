"""Finds clock times with a misplaced separator, `0:1:09` or `01:8` or `0:00.18` in a file whose times are `0:18`.

Such a time can be read, but as a different one. Its shape gives it away: nearly all others have another.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from operator import itemgetter

from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple
from indexer.core.text.clock_times import clock_seconds
from indexer.core.types import Complaint

_TIME = re.compile(r"\s*(\d{1,4})[:：](\d{1,4})(?:[:：](\d{1,4}))?(?:[.,．，](\d{1,9}))?\s*$")
_REGULAR = re.compile(r"\s*(\d{1,4}[:：])\d\d([:：]\d\d)?(?:[.,．，](\d{1,9}))?\s*$")
_SUSPICIOUS = re.compile(r"[:：]\d(?!\d)|[:：]\d\d[.,．，]\d\d(?!\d)")
"""In one of the times, if any is odd: a number of one digit, or a fraction of two."""
_FEW, _FEWEST = 50, 3
"""At most one time in `_FEW` is odd, or one in a short file, and at least `_FEWEST` others are regular."""


class _Shape(NamedTuple):
    """The numbers between colons (2 or 3), and the digits of the fraction, 0 if there is none."""

    fields: int
    fraction: int


def misplaced(times: Sequence[str]) -> dict[int, str]:
    """The times with a misplaced separator, by index: each with its digits regrouped like the other times, or "" if
    their number does not allow that. Anything that is not a clock time is ignored.

    >>> misplaced(["0:03", "0:07", "01:8", "0:24"]), misplaced(["0:03", "0:07", "1:8", "0:24"])
    ({2: '0:18'}, {2: ''})
    """
    if not _SUSPICIOUS.search("\n".join(times)):
        return {}
    found = list(map(_REGULAR.match, times))
    shapes = Counter(_shape(match) for match in found if match)
    usual = [shape for shape, count in shapes.most_common() if count > 1]
    odd = [at for at, match in enumerate(found) if (match is None or _is_short(_shape(match), usual)) and times[at]]
    odd = [at for at in odd if _TIME.match(times[at])]
    if not odd or len(odd) > max(1, len(times) // _FEW) or shapes.total() < _FEWEST or not usual:
        return {}
    widest = max(len(match[1]) - 1 for match in found if match)
    meant = {at: _regrouped(times[at], usual, widest) for at in odd}
    return {at: time for at, time in meant.items() if clock_seconds(time) != clock_seconds(times[at])}


def mend_misplaced(path: str, lines: Sequence[int], times: Sequence[str], complaints: list[Complaint]) -> list[str]:
    """The times, those with a misplaced separator regrouped; appends a complaint for each. `lines` are theirs."""
    mended = list(times)
    for at, time in misplaced(times).items():
        what = _("a time unlike the others: {time!r}").format(time=times[at].strip()[:40])
        complaints.append(
            Complaint(path, lines[at], what, _("read as {time}").format(time=time) if time else _("read as it is"))
        )
        mended[at] = time or times[at]
    return mended


def _shape(match: re.Match[str]) -> _Shape:
    return _Shape(3 if match[2] else 2, len(match[3] or ""))


def _is_short(shape: _Shape, usual: Sequence[_Shape]) -> bool:
    """True for a shape in which a dot may have taken the place of the last colon: `0:00.18` for `0:00:18`."""
    return shape not in usual and shape == (2, 2) and usual == [(3, 0)]


def _regrouped(time: str, usual: Sequence[_Shape], widest: int) -> str:
    """The digits of a time in the first usual shape that they fit; "" if they fit none."""
    digits = re.sub(r"\D", "", time)
    for fields, fraction in sorted(usual, key=itemgetter(1), reverse=True):
        whole, rest = digits[: len(digits) - fraction], digits[len(digits) - fraction :]
        first, others = whole[: -2 * (fields - 1)], whole[-2 * (fields - 1) :]
        if 0 < len(first) <= widest:
            groups = [first, *(others[at : at + 2] for at in range(0, len(others), 2))]
            if all(int(group) < 60 for group in groups[1:]):
                return ":".join(groups) + (f".{rest}" if rest else "")
    return ""
