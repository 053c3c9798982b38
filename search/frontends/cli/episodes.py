"""`podseek episodes`: what is in the index."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from indexer.core.messages import _
from search.frontends.cli.console import FOUND, NOTHING, Context, common
from search.frontends.cli.options import chosen_filters, chosen_format, filters, formats


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
    form = chosen_format("episodes", form, target)
    with context.open_library() as library:
        found = library.episodes(chosen_filters(options))
    context.show("episodes", found, form, target)
    if not found:
        context.say(_("No episodes"))
        return NOTHING
    return FOUND
