"""`podseek forget`: takes episodes out of the index."""

from __future__ import annotations

import click

from indexer.core.messages import _
from search.frontends.cli.console import ERROR, FOUND, Context, common, completes


@click.command()
@click.argument("names", shell_complete=completes("episode"), nargs=-1, required=True, metavar="EPISODE...")
@click.option("--ignore", is_flag=True, help="Later runs leave the file out, too, unless it is named.")
@common
def forget(context: Context, names: tuple[str, ...], ignore: bool) -> int:
    """Remove episodes from the index, by id or path. Their files stay; what came from standard input is put away.

    \b
    Examples:
      podseek forget corpus/05-speech-recognition
      podseek forget --ignore corpus/05-speech-recognition
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
    _tell_of_files(context, {episode.id: episode.path for episode in removed}, ignore)
    for name in unknown:
        context.complain(_("{name}: no episode has this id or path: `podseek episodes` lists them").format(name=name))
    return ERROR if unknown else FOUND


def _tell_of_files(context: Context, paths: dict[str, str], ignore: bool) -> None:
    """Has later runs leave the files of forgotten episodes out, or says that they bring them back."""
    from pathlib import Path

    from indexer.core.paths import default_index
    from indexer.store.ignored import change_ignored

    if ignore:
        change_ignored(context.index or default_index(), more=paths.values())
        return
    there = [name for name, path in paths.items() if Path(path).exists()]
    if there:
        what = _("{id}: its file is still there: a later run reads it again, but not after `podseek forget --ignore`")
        context.say(what.format(id=there[0]))
