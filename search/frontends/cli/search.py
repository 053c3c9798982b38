"""`podseek search`: the moments in which something was said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from indexer.core.messages import _, ngettext
from indexer.core.named_tuples import NamedTuple
from search.frontends.cli.asking import (
    ask,
    ask_counts,
    asking,
    found_nothing,
    is_given,
    make_request,
    report_stopped,
    time_limit,
)
from search.frontends.cli.command_classes import QueryCommand
from search.frontends.cli.console import FOUND, Context, common, print_lines
from search.frontends.cli.options import chosen_format, formats

if TYPE_CHECKING:
    from search import Library, Moment, SearchRequest
    from search.query.deadline import Deadline
    from search.query.plan import Plan
    from search.several_libraries import Libraries

_LONGEST_WORD = 5
"""Atoms; of a longer text parts are what a search looks for."""


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1, required=True)
@asking
@click.option(
    "--offset",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Leave out the first N: with -n, the next page.",
)
@click.option("-l", "--episodes", "list_episodes", is_flag=True, help="Only the ids of the episodes with a moment.")
@click.option("-c", "--count", is_flag=True, help="Only how many moments and matches each episode has.")
@click.option("--explain", is_flag=True, help="Show how the query was understood, and the parts of each score.")
@formats("moments")
@common
def search(context: Context, query: tuple[str, ...], **options: Any) -> int:
    """Find the moments in which something was said.

    \b
    强化 学习             ranked: moments that say much of it come first
    "强化学习"            an exact run of text, across cues
    AND OR NOT ( ) -word  in one moment; word*  begins so; *word  ends so
    /第.{1,3}代/          a regular expression over the text
    A NEAR/10s B          within 10 seconds; NEAR/8 within 8 characters
    =word  ~word          only exactly; in any form that sounds or is spelled alike
    show: title: speaker: date:2025-06..    filters

    \b
    Examples:
      podseek search 强化学习 推理
      podseek search '"大模型" -幻觉' --since 2025-03
      podseek search --format jsonl -n 0 GRPO > hits.jsonl
      podseek search -n 0 GRPO -o hits.csv
    """
    from search.frontends.formats import output

    text = " ".join(query)
    if options["count"] and options["list_episodes"]:
        raise click.UsageError(_("-c lists the episodes with their counts, -l without: leave one of them out"))
    kind = "counts" if options["count"] else "ids" if options["list_episodes"] else "moments"
    form = chosen_format(kind, options["form"], options["target"])
    deadline = time_limit(options["timeout"])
    if len(context.libraries) > 1:
        if kind != "moments":
            raise click.UsageError(_("-c and -l are for one library: name one with -L"))
        from search.frontends.cli.several import search_several

        return search_several(context, text, options, form, deadline, for_people)
    with context.open_library() as library:
        if kind == "moments" and form == "text" and options["limit"]:
            shown = for_people(context, library, text, options, deadline)
            found: Iterator[Any] = iter(shown.moments)
            plan, more, without = shown.plan, shown.page, shown.without_meaning
        else:
            asked, plan = (ask if kind == "moments" else ask_counts)(library, text, options, deadline)
            found, more, without = iter(asked), {}, getattr(asked, "without_meaning", None)
        first = next(found, None)
        if options["explain"]:
            _explain(library, text, plan)
        all_found = [] if first is None else chain((first,), found)
        context.show(kind, all_found, form, options["target"], options["explain"], **more)
        if without:
            context.say(_("Answered without meaning: {reason}").format(reason=without))
        if first is None:
            return _nothing(context, library, make_request(text, options, deadline, 1))
        for line in output.instead(library.resolved(plan)):
            context.say(line)
    return report_stopped(context, deadline, FOUND)


class Shown(NamedTuple):
    """A page of moments as text, the plan, the fields of `Page`, and why the vectors of the index were not used."""

    moments: Sequence[Moment]
    plan: Plan
    page: dict[str, Any]
    without_meaning: str | None


def for_people(
    context: Context, library: Library | Libraries, text: str, options: dict[str, Any], deadline: Deadline
) -> Shown:
    """Finds the moments for a reader: each recording once; at a terminal with a heading, and numbers to go on with."""
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
    page = {"whole": is_given("margin"), "lacking": lacking(result.plan), "twins": twins}
    if context.is_seen and options["target"] is None:
        from search.frontends.cli.screen import present

        page["head"] = present(context, library, request, result, moments)
    return Shown(moments, result.plan, page, result.without_meaning)


def may_repeat(moments: Sequence[Moment]) -> bool:
    """A quick test: False if no two moments are at the same time of two episodes, in much the same characters."""
    ordered = sorted(moments, key=lambda moment: moment.start)
    return any(
        later.start < one.end and later.episode.id != one.episode.id and _share_characters(one, later)
        for at, one in enumerate(ordered)
        for later in ordered[at + 1 :]
    )


def _share_characters(one: Moment, other: Moment) -> bool:
    said = [{character for cue in moment.cues for character in cue.text} for moment in (one, other)]
    return 2 * len(said[0] & said[1]) >= min(map(len, said))


def lacking(plan: Plan) -> tuple[str, ...]:
    """The words of a query, folded, of two to five characters, that are nowhere in the index as a whole."""
    return tuple(
        "".join(term.alternatives[0].atoms)
        for number, term in enumerate(plan.terms)
        if not term.weight and term.is_exact and term.alternatives and number not in plan.excluded
        if 2 <= len(term.alternatives[0].atoms) <= _LONGEST_WORD
    )


def _explain(library: Library, text: str, plan: Plan) -> None:
    from search.frontends.formats import output
    from search.query.parse import parse

    cost = library.cost
    print_lines(output.plan(parse(text), library.resolved(plan)), err=True)
    if cost is not None:
        asked = ngettext("asked  {n:,} request, {size:.2f} MB", "asked  {n:,} requests, {size:.2f} MB", cost[0])
        print_lines([asked.format(n=cost[0], size=cost[1] / 1e6)], err=True)


def _nothing(context: Context, library: Library, request: SearchRequest) -> int:
    """Reports that nothing was found, and why; returns the exit code."""
    from search.query.deadline import as_deadline

    deadline = as_deadline(request.timeout)
    code = found_nothing(context, deadline, request.query)
    if deadline.reason is None and not context.quiet:
        from search.frontends.cli.nothing import reasons

        for line in reasons(library, request):
            context.say(line)
    return code
