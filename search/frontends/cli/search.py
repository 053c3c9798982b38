"""`podseek search`: the moments in which something was said."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from indexer.core.messages import _, ngettext
from search.frontends.cli.arguments.asking import (
    ask,
    ask_counts,
    asking,
    found_nothing,
    make_request,
    report_stopped,
    time_limit,
    typed_query,
)
from search.frontends.cli.arguments.command_classes import QueryCommand, option
from search.frontends.cli.arguments.options import chosen_format, common, formats
from search.frontends.cli.output.console import FOUND, NOTHING, Context, print_lines
from search.frontends.cli.output.reader_page import page_for_reader

if TYPE_CHECKING:
    from search import EpisodeCount, Library, Moment, SearchRequest
    from search.query.deadline import Deadline
    from search.query.plan import Plan


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1, required=True)
@asking
@option(
    "--offset",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Leave out the first N: with -n, the next page.",
)
@option("-l", "--episodes", "list_episodes", is_flag=True, help="Only the ids of the episodes with a moment.")
@option("-c", "--count", is_flag=True, help="Only how many moments and matches each episode has.")
@option("--explain", is_flag=True, help="Show how the query was understood, and the parts of each score.")
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
      pbpaste | podseek search -
    """
    from search.frontends.formats import query_plans

    text = typed_query(query)
    if options["count"] and options["list_episodes"]:
        raise click.UsageError(_("-c lists the episodes with their counts, -l without: leave one of them out"))
    kind = "counts" if options["count"] else "ids" if options["list_episodes"] else "moments"
    form = chosen_format(kind, options["form"], options["target"])
    deadline = time_limit(options["timeout"])
    if len(context.libraries) > 1:
        if kind != "moments":
            raise click.UsageError(_("-c and -l are for one library: name one with -L"))
        from search.frontends.cli.output.several_libraries import search_several

        return search_several(context, text, options, form, deadline)
    with context.open_library() as library:
        for_reader = kind == "moments" and form == "text" and options["limit"]
        if for_reader:
            answer = page_for_reader(context, library, text, options, deadline)
        else:
            answer = (ask if kind == "moments" else ask_counts)(library, text, options, deadline)
        shown: list[Moment] = list(answer.found) if for_reader else []
        found = iter(answer.found)
        first = next(found, None)
        if options["explain"]:
            _explain(library, text, answer.plan)
        all_found: Iterator[Any] = iter(()) if first is None else chain((first,), found)
        if kind == "moments" and not options["limit"] and context.is_list(form, options["target"]):
            from search.frontends.cli.arguments.list_numbers import as_last_list

            all_found = as_last_list(library.folders, text, all_found)
        context.show(kind, all_found, form, options["target"], options["explain"], **answer.fields)
        if kind == "counts":
            _tell_doubled(context, library, answer.found, deadline)
        if "*" in text:
            _tell_star(context, text)
        if answer.without_meaning:
            context.say(_("Answered without meaning: {reason}").format(reason=answer.without_meaning))
        if first is None:
            return _nothing(context, library, make_request(text, options, deadline, 1), kind)
        for line in query_plans.instead(library.resolved(answer.plan), shown, partial(_to_search, context)):
            context.say(line)
        if for_reader and context.is_list(form, options["target"]):
            _tell_titles(context, library, text, {moment.episode.id for moment in shown})
    return report_stopped(context, deadline, FOUND)


def _to_search(context: Context, query: str) -> str:
    from search.frontends.cli.output.commands import commands

    return commands(context).search(query)


def _tell_star(context: Context, text: str) -> None:
    from search.frontends.cli.output.commands import of_library
    from search.frontends.cli.output.inner_stars import inner_star

    if message := inner_star(text, of_library(context)):
        context.say(message)


def _tell_doubled(context: Context, library: Library, counts: Iterable[EpisodeCount], deadline: Deadline) -> None:
    from search.frontends.cli.arguments.listings import doubled

    if message := doubled(context, library, (count.episode for count in counts), deadline):
        context.say(message)


def _tell_titles(context: Context, library: Library, text: str, shown: Collection[str]) -> None:
    """Says which episodes a person may mean that have the text as their title; in a cluster that would take requests,
    for a script time."""
    from search.frontends.cli.output.commands import commands
    from search.frontends.formats.titles import titled

    if library.cost is None and (message := titled(library, text, shown, commands(context))):
        context.say(message)


def _explain(library: Library, text: str, plan: Plan) -> None:
    from search.frontends.formats import query_plans
    from search.query.parse import parse

    cost = library.cost
    print_lines(query_plans.plan(parse(text), library.resolved(plan)), err=True)
    if cost is not None:
        asked = ngettext("asked  {n:,} request, {size:.2f} MB", "asked  {n:,} requests, {size:.2f} MB", cost[0])
        print_lines([asked.format(n=cost[0], size=cost[1] / 1e6)], err=True)


def _nothing(context: Context, library: Library, request: SearchRequest, kind: str) -> int:
    """Reports that nothing of a kind was found, and why; returns the exit code."""
    from search.query.deadline import as_deadline

    if request.offset:
        from search.frontends.formats.no_results import beyond_the_last

        if message := beyond_the_last(library, request, kind != "moments"):
            context.say(message)
            return NOTHING

    deadline = as_deadline(request.timeout)
    code = found_nothing(context, deadline, request.query)
    if deadline.reason is None and not context.quiet:
        from search.frontends.cli.output.commands import commands
        from search.frontends.formats.no_results import reasons

        for line in reasons(library, request, commands(context)):
            context.say(line)
    return code
