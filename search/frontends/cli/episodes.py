"""`podseek episodes`: what is in the index."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from indexer.core.messages import _
from search.frontends.cli.arguments.options import chosen_filters, chosen_format, common, filters, formats
from search.frontends.cli.output.console import FOUND, NOTHING, Context


@click.command()
@click.argument("words", nargs=-1)
@filters
@formats("episodes")
@common
def episodes(context: Context, words: Sequence[str], form: str | None, target: Path | None, **options: Any) -> int:
    """List the episodes in the index, or those that have WORDS in the title or show.

    \b
    Examples:
      podseek episodes 海底 互联网
      podseek episodes --since 2025
      podseek episodes --format jsonl
    """
    from search.frontends.formats.no_episodes import no_episodes
    from search.results.titles import with_words

    form = chosen_format("episodes", form, target)
    with context.open_library() as library:
        wanted = chosen_filters(options)
        text = " ".join(words)
        found = library.episodes(wanted)
        why = no_episodes(library, wanted) if not found else ""
        if found and text:
            found = with_words(found, text, library.snapshot.folding.fold)
            why = _("No episode has this in its title or show: {text}").format(text=text)
    context.show("episodes", found, form, target)
    if not found:
        context.say(why)
        return NOTHING
    return FOUND
