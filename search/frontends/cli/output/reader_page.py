"""A page of moments for a reader: each recording once; at a terminal with a heading, and numbers to go on with."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from indexer.core.memory.caches import MadeOnce
from search.frontends.cli.arguments.asking import ToShow, is_given, make_request

if TYPE_CHECKING:
    from search import Library, Moment
    from search.frontends.cli.output.console import Context
    from search.query.deadline import Deadline
    from search.several_libraries import Libraries

_SENTENCE = 6
"""Atoms from which a moment may have most of a text."""


def page_for_reader(
    context: Context, library: Library | Libraries, text: str, options: dict[str, Any], deadline: Deadline
) -> ToShow:
    """Finds the moments of a page. At a terminal, they become the last list, and the query a line of the history."""
    request = make_request(text, options, deadline, options["limit"])
    result = library.search(request)
    twins: dict[int, list[Moment]] = {}
    if may_repeat(result):
        twins = library.twins(result)
        if twins and len(result) == request.limit:  # others take the place of what is shown already
            result = library.search(request._replace(limit=2 * request.limit))
            twins = library.twins(result)
    again = {twin.rank for others in twins.values() for twin in others}
    moments = [moment for moment in result if moment.rank not in again][: request.limit]
    plan = result.plan
    fields = {"whole": is_given("margin"), "lacking": library.resolved(plan).lacking, "twins": twins}
    if any(len(text) >= _SENTENCE for text in plan.texts):
        fields["unsaid"] = library.unsaid(plan, moments)
    fields["guessed"] = plan.most_moments is not None
    if context.is_seen and options["target"] is None:
        from search.frontends.cli.output.terminal_heading import present

        fields["head"] = present(library, request, result, moments)
    return ToShow(moments, plan, result.without_meaning, fields)


def may_repeat(moments: Sequence[Moment]) -> bool:
    """A quick test: False if no two moments are at the same time of two episodes, in much the same characters."""
    ordered = sorted(moments, key=lambda moment: moment.start)
    starts = [moment.start for moment in ordered]
    said: MadeOnce[int, set[str]] = MadeOnce(
        lambda at: {character for cue in ordered[at].cues for character in cue.text}
    )
    return any(
        one.episode.id != ordered[later].episode.id
        and 2 * len(said[at] & said[later]) >= min(len(said[at]), len(said[later]))
        for at, one in enumerate(ordered)
        for later in range(at + 1, bisect_left(starts, one.end, at + 1))
    )
