"""Orders cues by time, for formats whose players do so regardless of file order (LRC, SubStation)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from indexer.core.messages import _
from indexer.core.text.time_format import exact_clock
from indexer.core.types import Complaint
from indexer.readers.shared.drafts import Draft


def in_order(drafts: Sequence[Draft]) -> list[Draft]:
    """Sorts drafts by start; those without one stay after their predecessor."""
    last, keyed = 0.0, []
    for draft in drafts:
        last = last if draft.start is None else draft.start
        keyed.append((last, draft))
    return [draft for _, draft in sorted(keyed, key=lambda pair: pair[0])]


def backward(path: str, drafts: Sequence[Draft]) -> list[Complaint]:
    """A complaint at the first place where the times of a file decrease; empty if they never do."""
    steps = [
        (before.start, after)
        for before, after in pairwise(draft for draft in drafts if draft.start is not None)
        if before.start is not None and after.start is not None and after.start < before.start
    ]
    if not steps:
        return []
    above, first = steps[0]
    times = _(" ({n} times)").format(n=len(steps)) if len(steps) > 1 else ""
    what = _("start {start} is before the start above, {above}{times}").format(
        start=exact_clock(first.start or 0.0), above=exact_clock(above), times=times
    )
    return [Complaint(path, first.line, what, _("cues put in the order of their times"))]
