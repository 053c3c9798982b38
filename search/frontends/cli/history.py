"""`podseek history`: what was searched for at a terminal."""

from __future__ import annotations

import click

from indexer.core.messages import _
from search.frontends.cli.arguments.options import common, lines_of_json
from search.frontends.cli.output.console import FOUND, NOTHING, Context, print_lines


@click.command()
@click.option("-n", "--limit", type=click.IntRange(0), default=20, show_default=True, help="How many; 0 for all.")
@click.option("--clear", is_flag=True, help="Remove the history, and the last list.")
@lines_of_json
@common
def history(context: Context, limit: int, clear: bool, form: str | None) -> int:
    """List what was searched for at a terminal, newest first, and how much was found.

    Kept in your state folder, for you alone; with PODSEEK_HISTORY=0 nothing is kept.

    \b
    Examples:
      podseek history -n 5
      podseek history --clear
    """
    from datetime import datetime

    from search.frontends.cli.output.recent import Searched, forget_history, searched
    from search.frontends.formats.display import clean
    from search.frontends.formats.jsontext import to_json
    from search.results.records import SCHEMA

    if clear:
        removed = forget_history()
        context.say(_("The history is removed") if removed else _("There is no history"))
        return FOUND
    found = list(searched())[: limit or None]

    def line(one: Searched) -> str:
        at = datetime.fromtimestamp(one.at).astimezone()
        if form == "jsonl":
            when = at.isoformat(timespec="seconds")
            return to_json({"schema": SCHEMA, "at": when, "query": one.query, "found": one.found, "index": one.folder})
        return f"{at:%Y-%m-%d %H:%M}  {clean(one.query)}  {clean(one.found)}"

    print_lines(map(line, found))
    if not found:
        context.say(_("There is no history"))
    return FOUND if found else NOTHING
