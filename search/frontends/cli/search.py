"""`podseek search`: the moments in which something was said."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from indexer.core.messages import _
from search.frontends.cli.asking import ask, ask_counts, asking, found_nothing, report_stopped, time_limit
from search.frontends.cli.console import FOUND, Context, QueryCommand, common, print_lines
from search.frontends.cli.options import chosen_format, formats

if TYPE_CHECKING:
    from search import Library
    from search.query.deadline import Deadline
    from search.query.plan import Plan


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
    AND OR NOT ( ) -word  in one moment; word*  begins so
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

        return search_several(context, text, options, form, deadline)
    with context.open_library() as library:
        found: Iterator[Any]
        asked, plan = (ask if kind == "moments" else ask_counts)(library, text, options, deadline)
        found = iter(asked)
        first = next(found, None)
        if options["explain"]:
            _explain(library, text, plan)
        all_found = [] if first is None else chain((first,), found)
        context.show(kind, all_found, form, options["target"], options["explain"])
        if first is None:
            code = found_nothing(context, deadline, text)
        _tell_instead(context, library, text, plan, first is not None, deadline)
    return code if first is None else report_stopped(context, deadline, FOUND)


def _explain(library: Library, text: str, plan: Plan) -> None:
    from search.frontends.formats import output
    from search.query.parse import parse

    print_lines(output.plan(parse(text), library.resolved(plan)), err=True)


def _tell_instead(context: Context, library: Library, text: str, plan: Plan, found: bool, deadline: Deadline) -> None:
    """Reports which expansions replaced terms without exact occurrences, or suggests some."""
    from search.frontends.formats import output

    if found:
        for line in output.instead(library.resolved(plan)):
            context.say(line)
        return
    loose = library.loosely(text) if deadline.reason is None else None
    for line in output.instead(library.resolved(loose)) if loose is not None else ():
        context.say(_("Without quotes, = and --exact: {line}").format(line=line))
