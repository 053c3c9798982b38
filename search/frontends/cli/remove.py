"""`podseek remove`: takes feeds and folders out of the index."""

from __future__ import annotations

import click

from indexer.core.messages import _, ngettext
from search.frontends.cli.arguments.options import common, completes
from search.frontends.cli.output.console import FOUND, Context


@click.command()
@click.argument("names", shell_complete=completes("source"), nargs=-1, required=True, metavar="SOURCE...")
@click.option("--keep", is_flag=True, help="Its episodes stay in the index.")
@common
def remove(context: Context, names: tuple[str, ...], keep: bool) -> int:
    """Remove sources, by place or title, and their episodes. Files stay where they are.

    \b
    Example:
      podseek remove 回声机房
    """
    from indexer.core.configuration.paths import default_index
    from indexer.intake.listing import remove_source
    from indexer.intake.updating import find
    from indexer.store.library.sources import read_sources

    folder = context.index or default_index()
    context.detail(_("Index {folder}").format(folder=folder))
    for source in find(folder, read_sources(folder), names):
        gone, files = remove_source(folder, source, keep)
        message = ngettext("{source}: removed, with {n:,} episode", "{source}: removed, with {n:,} episodes", gone)
        context.say(message.format(source=source.place, n=gone))
        if files is not None:
            context.say(_("Its audio and transcripts are still in {folder}").format(folder=files))
    return FOUND
