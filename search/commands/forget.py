"""`podseek forget`: takes episodes out of the index."""

from __future__ import annotations

import click

from search.printers.console import ERROR, FOUND, Context, common


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="EPISODE...")
@common
def forget(context: Context, names: tuple[str, ...]) -> int:
    """Remove episodes from the index, by id or path. Their files stay.

    \b
    Example:
      podseek forget corpus/05-speech-recognition
    """
    import indexer

    removed, unknown = indexer.forget(names, context.index)
    for episode in removed:
        context.say(f"{episode.id}: forgotten")
    for name in unknown:
        context.complain(f"{name}: no episode has this id or path: `podseek episodes` lists them")
    return ERROR if unknown else FOUND
