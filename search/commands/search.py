"""`podseek search`: the moments in which something was said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

from search.commands.options import chosen_filters, filters
from search.printers.console import FOUND, NOTHING, Context, QueryCommand, common

if TYPE_CHECKING:
    from search import Library, Margin, Moment
    from search.query.plan import Plan


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1, required=True)
@click.option(
    "-n", "--limit", type=click.IntRange(0), default=10, show_default=True, help="Moments to show; 0 for all."
)
@click.option(
    "-C",
    "--context",
    "margin",
    default="5s",
    show_default=True,
    metavar="AMOUNT",
    help="Context: seconds (8s) or cues (2).",
)
@click.option("-l", "--episodes", "list_episodes", is_flag=True, help="Only the ids of the episodes with a moment.")
@click.option("-c", "--count", is_flag=True, help="Only how many moments and matches each episode has.")
@filters
@click.option(
    "--sort", type=click.Choice(["score", "date", "time"]), default="score", help="Order of the moments shown."
)
@click.option("--exact", is_flag=True, help="Nothing but exact matches: none by sound, spelling, number or alias.")
@click.option("--no-damping", is_flag=True, help="Loops and stock lines of the recogniser count as well.")
@click.option("--explain", is_flag=True, help="Show how the query was understood, and the parts of each score.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "jsonl", "tsv", "plain"]),
    default="text",
    show_default=True,
    help="How to print.",
)
@common
def search(
    context: Context,
    query: tuple[str, ...],
    limit: int,
    margin: str,
    list_episodes: bool,
    count: bool,
    form: str,
    **options: Any,
) -> int:
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
    """
    from search.printers import output
    from search.query.parse import parse

    text = " ".join(query)
    wanted = chosen_filters(options)
    style = context.style()
    with context.open_library() as library:
        exact = options["exact"]
        if count or list_episodes:
            found: Sequence[Any] = library.count(text, filters=wanted, exact=exact)
            plan = library.plan(text, wanted, exact)
            lines = output.counts(found, form, style, numbers=count)
        else:
            result = library.search(
                text,
                limit=limit or None,
                context=_margin(margin),
                filters=wanted,
                exact=exact,
                damping=not options["no_damping"],
            )
            found, plan = result, result.plan
            lines = output.moments(_sorted(result, options["sort"]), form, style, options["explain"])
        if options["explain"]:
            context.print_lines(output.plan(parse(text), plan), err=True)
        context.print_lines(lines)
        _tell_instead(context, library, text, plan, bool(found))
    return FOUND if found else NOTHING


_SHOWN = 80
"""Characters of a query that are repeated to the user."""


def _tell_instead(context: Context, library: Library, text: str, plan: Plan, found: bool) -> None:
    """Says what was looked for instead of what is nowhere exactly, or what could be."""
    from search.printers import output

    if found:
        for line in output.instead(plan):
            context.say(line)
        return
    context.say(f"Nothing found for {text[:_SHOWN]}{'…' if len(text) > _SHOWN else ''}")
    loose = library.loosely(text)
    for line in output.instead(loose) if loose is not None else ():
        context.say(f"Without quotes, = and --exact: {line}")


MOST_CONTEXT = 3600


def _margin(amount: str) -> Margin:
    from search import Margin

    match = re.fullmatch(r"(\d+(?:\.\d+)?)(s?)", amount.strip())
    if match is None:
        raise click.BadParameter(f"{amount!r} is neither seconds (8s) nor cues (2)", param_hint="-C")
    amount_given = float(match[1])
    if amount_given > MOST_CONTEXT:
        raise click.BadParameter(f"at most {MOST_CONTEXT} seconds or cues", param_hint="-C")
    return Margin(amount_given, cues=not match[2])


def _sorted(moments: Iterable[Moment], order: str) -> list[Moment]:
    """The moments by score, by date (newest first), or in the order in which they were said."""
    if order == "date":
        return sorted(moments, key=lambda m: m.episode.date or "", reverse=True)
    if order == "time":
        return sorted(moments, key=lambda m: (m.episode.date or "", m.episode.id, m.start))
    return list(moments)
