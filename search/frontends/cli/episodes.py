"""`podseek episodes`: what is in the index."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from search.frontends.cli.arguments.options import chosen_filters, chosen_format, common, filters, formats
from search.frontends.cli.output.console import FOUND, NOTHING, Context


@click.command()
@filters
@formats("episodes")
@common
def episodes(context: Context, form: str | None, target: Path | None, **options: Any) -> int:
    """List the episodes in the index.

    \b
    Examples:
      podseek episodes --since 2025
      podseek episodes --format jsonl
    """
    from search.frontends.cli.output.no_results import no_episodes

    form = chosen_format("episodes", form, target)
    with context.open_library() as library:
        wanted = chosen_filters(options)
        found = library.episodes(wanted)
        why = no_episodes(library, wanted) if not found else ""
    context.show("episodes", found, form, target)
    if not found:
        context.say(why)
        return NOTHING
    return FOUND
