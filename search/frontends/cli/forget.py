"""`podseek forget`: takes episodes out of the index."""

from __future__ import annotations

import click

from indexer.core.messages import _
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

    context.detail(_("Index {folder}").format(folder=context.index or default_index()))
    removed, unknown = indexer.forget(names, context.index)
    for episode in removed:
        place = put_away_in(context.index or default_index(), episode.path)
        context.say(
            _("{id}: forgotten; its transcript is now in {place}").format(id=episode.id, place=place)
            if place
            else _("{id}: forgotten").format(id=episode.id)
        )
    for name in unknown:
        context.complain(_("{name}: no episode has this id or path: `podseek episodes` lists them").format(name=name))
    return ERROR if unknown else FOUND
