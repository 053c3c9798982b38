"""`podseek forget`: takes episodes out of the index."""

from __future__ import annotations

import click

from search.frontends.cli.console import ERROR, FOUND, Context, common


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="EPISODE...")
@common
def forget(context: Context, names: tuple[str, ...]) -> int:
    """Remove episodes from the index, by id or path. Their files stay; what came from standard input is put away.

    \b
    Example:
      podseek forget corpus/05-speech-recognition
    """
    import indexer
    from indexer.core.paths import default_index
    from indexer.discovery.stdin import put_away_in

    context.detail(f"Index {context.index or default_index()}")
    removed, unknown = indexer.forget(names, context.index)
    for episode in removed:
        place = put_away_in(context.index or default_index(), episode.path)
        context.say(f"{episode.id}: forgotten" + (f"; its transcript is now in {place}" if place else ""))
    for name in unknown:
        context.complain(f"{name}: no episode has this id or path: `podseek episodes` lists them")
    return ERROR if unknown else FOUND
