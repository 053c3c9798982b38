"""What `podseek search` adds at a terminal: how much was found, each recording only once, and numbers that other
commands accept."""

from __future__ import annotations

from collections.abc import Sequence
from time import thread_time
from typing import TYPE_CHECKING

from indexer.core.messages import _, ngettext
from search.query.deadline import Deadline

if TYPE_CHECKING:
    from search import Library, SearchRequest
    from search.api import Moment, Result
    from search.several_libraries import Libraries

COUNTING = 0.025
"""Seconds of CPU that counting all moments may take, which nobody notices; then the heading says "more than"."""


def present(library: Library | Libraries, request: SearchRequest, result: Result, moments: Sequence[Moment]) -> str:
    """Returns the heading of the moments shown at a terminal; keeps the list for commands that take its numbers, and
    the query in the history."""
    from search.frontends.cli.output.recent import remember

    head = heading(library, request, result, len(moments)) if moments else "0"
    remember(library.folders, request.query, result, head)
    return head if moments else ""


def heading(library: Library | Libraries, request: SearchRequest, result: Result, shown: int) -> str:
    """Returns how many of how many moments are shown: `10 of 126 moments in 14 episodes`."""
    episodes = len({(moment.library, moment.episode.id) for moment in result})
    if request.limit is None or (not request.offset and len(result) < request.limit and not result.incomplete):
        total, is_all = len(result), True
    else:
        deadline = Deadline(COUNTING, thread_time)
        total, episodes = library.tally(result.plan, request._replace(timeout=deadline))
        is_all = deadline.reason is None and not result.incomplete
        total, episodes = max(total, request.offset + len(result)), max(1, episodes)
    if not is_all:
        return _("{shown} of more than {total:,} moments").format(shown=shown, total=total)
    where = ngettext("{n:,} episode", "{n:,} episodes", episodes).format(n=episodes)
    if shown == total:
        return ngettext("{n:,} moment in {where}", "{n:,} moments in {where}", total).format(n=total, where=where)
    return _("{shown} of {total:,} moments in {where}").format(shown=shown, total=total, where=where)
