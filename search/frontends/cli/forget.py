"""`podseek forget`: takes episodes out of the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from indexer.core.messages import _, ngettext
from search.frontends.cli.arguments.options import common, completes
from search.frontends.cli.output.console import ERROR, FOUND, Context

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("names", shell_complete=completes("episode"), nargs=-1, required=True, metavar="EPISODE...")
@click.option("--ignore", is_flag=True, help="Later runs leave the file out, too, unless they name it.")
@common
def forget(context: Context, names: tuple[str, ...], ignore: bool) -> int:
    """Remove episodes from the index, by id or path. Their files stay; what came from standard input is put away.

    \b
    Examples:
      podseek forget corpus/05-speech-recognition
      podseek forget --ignore corpus/05-speech-recognition
    """
    from pathlib import Path

    import indexer
    from indexer.discovery.inbox import forgotten_folder

    home = _home(context)
    if context.backend is not None:
        from indexer.cluster.operations import forget_in_cluster

        removed, unknown = forget_in_cluster(names, context.backend)
    else:
        context.detail(_("Index {folder}").format(folder=home))
        removed, unknown = indexer.forget(names, context.index)
    for episode in removed:
        place = forgotten_folder(home, episode.path)
        context.say(
            _("{id}: forgotten; its transcript is now in {place}").format(id=episode.id, place=place)
            if place
            else _("{id}: forgotten").format(id=episode.id)
        )
    files = [name for name in unknown if ignore and Path(name).is_file()]
    _keep_out(context, [*(episode.path for episode in removed), *(str(Path(name).resolve()) for name in files)], ignore)
    unknown = [name for name in unknown if name not in files]
    for name in unknown:
        context.complain(_("{name}: no episode has this id or path: `podseek episodes` lists them").format(name=name))
    return ERROR if unknown else FOUND


def _home(context: Context) -> Path:
    """The index, or the local folder of a library in a cluster."""
    if context.backend is None:
        from indexer.core.configuration.paths import default_index

        return context.index or default_index()
    from indexer.store.cluster.library.home import home_of_backend
    from indexer.store.cluster.transport.address import parse_address

    return home_of_backend(parse_address(context.backend))


def _keep_out(context: Context, paths: list[str], ignore: bool) -> None:
    """Has later runs leave these files out, or says that they bring back those that still exist."""
    from pathlib import Path

    from indexer.store.library.ignored import change_ignored

    if ignore:
        change_ignored(_home(context), more=paths)
        return
    there = sum(Path(path).exists() for path in paths)
    if there:
        context.say(
            ngettext(
                "Its file is still there, so the next run reads it again: `podseek forget --ignore FILE` keeps it out",
                "{n} files are still there, so the next run reads them again: `podseek forget --ignore FILE...` keeps "
                "them out",
                there,
            ).format(n=there)
        )
