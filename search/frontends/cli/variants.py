"""`podseek variants`: what sounds or is spelled like a term."""

from __future__ import annotations

from pathlib import Path

import click

from indexer.core.messages import _
from search.frontends.cli.arguments.asking import report_part, time_limit, timeout
from search.frontends.cli.arguments.options import chosen_format, common, formats
from search.frontends.cli.output.console import FOUND, NOTHING, Context


@click.command()
@click.argument("term", required=False)
@click.option("--discover", is_flag=True, help="Propose the likeliest mishearings of the whole index.")
@click.option("-n", "--limit", type=click.IntRange(1), default=50, show_default=True, help="How many to list at most.")
@timeout
@formats("variants")
@common
def variants(
    context: Context,
    term: str | None,
    discover: bool,
    limit: int,
    timeout: float,
    form: str | None,
    target: Path | None,
) -> int:
    """List what here sounds or is spelled like TERM, or likely mishearings.

    \b
    Examples:
      podseek variants Lucene
      podseek variants --discover -n 20
    """
    form = chosen_format("variants", form, target)
    if (term is None) != discover:
        raise click.UsageError(_("name a term, such as: podseek variants Lucene, or let --discover propose some"))
    deadline = time_limit(timeout)
    with context.open_library() as library:
        if term is None:
            suspects = library.suspects(limit, deadline)
            context.show("suspects", suspects, form, target)
            found = bool(suspects)
        else:
            known = library.variants(term, deadline)[:limit]
            context.show("variants", known, form, target)
            found = bool(known)
    if not found and not deadline.reason:
        context.say(
            _("Nothing sounds or is spelled like {term}").format(term=term) if term else _("No likely mishearings")
        )
    return report_part(context, deadline, FOUND if found else NOTHING)
