"""`podseek concordance`: every match in its context, under each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from indexer.core.messages import _, ngettext
from search.frontends.cli.arguments.asking import report_part, time_limit, timeout, typed_query
from search.frontends.cli.arguments.command_classes import QueryCommand
from search.frontends.cli.arguments.listings import doubled, limit, no_damping
from search.frontends.cli.arguments.options import chosen_filters, chosen_format, common, filters, formats
from search.frontends.cli.output.console import FOUND, NOTHING, Context

_WIDEST = 1000


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1, required=True)
@click.option(
    "--sort",
    type=click.Choice(["time", "left", "right", "date", "episode"]),
    default="time",
    show_default=True,
    help="As it was said, by the neighbours on one side, newest first, by episode.",
)
@click.option(
    "--random",
    "sample",
    type=click.IntRange(1),
    metavar="N",
    help="A random sample of N instead, of which -n are shown if given.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Another number, another sample.")
@click.option(
    "-C",
    "--context",
    "characters",
    type=click.IntRange(0, _WIDEST),
    default=40,
    show_default=True,
    help="Characters on each side, as far as the terminal is wide.",
)
@filters
@click.option("--tolerant", is_flag=True, help="Matches by sound, spelling, number or alias as well.")
@no_damping
@limit
@timeout
@formats("concordance")
@common
def concordance(context: Context, query: tuple[str, ...], form: str | None, target: Path | None, **options: Any) -> int:
    """List every match with what is said before and after it.

    QUERY is that of `podseek search`: "a phrase", AND OR NOT, NEAR/10s, show: and
    the like. Every word is found whole and exactly, and of several side by side each
    is listed; --tolerant looks for words and their parts as the search does. Cues are
    joined. Neighbours are compared from the match outward, character by character.

    \b
    Examples:
      podseek concordance 电池 --sort right
      podseek concordance '"人工智能" NEAR/10s 医生' -n 0 -o ai.csv
      podseek concordance 我们 --random 50 --seed 7
    """
    from search.frontends.formats.no_episodes import no_episodes_left

    form = chosen_format("concordance", form, target)
    deadline = time_limit(options["timeout"])
    text = typed_query(query)
    most, sample = options["limit"] or None, options["sample"]
    if sample is not None:
        given = click.get_current_context().get_parameter_source("limit") is not ParameterSource.DEFAULT
        most, sample = None, min(sample, most) if given and most else sample
    chosen, nowhere = chosen_filters(options), ""
    with context.open_library() as library:
        found = library.explore.concordance(
            text,
            chosen,
            sort=options["sort"],
            limit=most,
            sample=sample,
            seed=options["seed"],
            context=options["characters"],
            tolerant=options["tolerant"],
            damping=not options["no_damping"],
            timeout=deadline,
        )
        context.show("concordance", found, form, target)
        twice = doubled(context, library, library.episodes(chosen), deadline) if found else ""
        if not found.total:
            nowhere = no_episodes_left(library, chosen)
    where = ngettext("{n:,} episode", "{n:,} episodes", found.episodes).format(n=found.episodes)
    shown = ngettext("{shown:,} of {n:,} match in {where}", "{shown:,} of {n:,} matches in {where}", found.total)
    message = shown.format(shown=len(found), n=found.total, where=where)
    if found.damped:
        message += _("; {n:,} in loops and stock lines left out: --no-damping lists them").format(n=found.damped)
    if not (found.total or found.damped or options["tolerant"]):
        message = _("Nowhere exactly: --tolerant lists what sounds or is spelled alike, too")
    if found.total or deadline.reason is None:
        context.say(nowhere or message)
    if twice:
        context.say(twice)
    return report_part(context, deadline, FOUND if found else NOTHING, of_candidates=True)
