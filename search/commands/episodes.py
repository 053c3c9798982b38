"""`podseek episodes`: what is in the index."""

from __future__ import annotations

from typing import Any

import click

from search.commands.options import chosen_filters, filters
from search.printers.console import FOUND, NOTHING, Context, common


@click.command()
@filters
@click.option("--format", "form", type=click.Choice(["text", "jsonl", "tsv"]), default="text", show_default=True)
@common
def episodes(context: Context, form: str, **options: Any) -> int:
    """List the episodes in the index.

    \b
    Examples:
      podseek episodes --since 2025
      podseek episodes --format jsonl
    """
    from search.printers import output

    with context.open_library() as library:
        found = library.episodes(chosen_filters(options))
    context.print_lines(output.episodes(found, form, context.style()))
    if not found:
        context.say("No episodes")
        return NOTHING
    return FOUND
