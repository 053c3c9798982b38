"""`podseek update`: brings the sources of the index up to date."""

from __future__ import annotations

import click

from indexer.core.messages import ngettext
from search.frontends.cli.arguments.options import common, completes
from search.frontends.cli.output.console import Context


@click.command()
@click.argument("names", shell_complete=completes("source"), nargs=-1, metavar="[SOURCE...]")
@click.option("--audio", is_flag=True, help="Download the audio of the feeds' episodes, too, this time.")
@click.option("--prune", is_flag=True, help="Remove episodes whose files are gone.")
@click.option(
    "--rebuild", is_flag=True, help="Read all known episodes again, with the words of the lexicons as they are now."
)
@click.option("-j", "--jobs", type=click.IntRange(1), help="Processes. Default: one per core.")
@common
def update(context: Context, names: tuple[str, ...], audio: bool, prune: bool, rebuild: bool, jobs: int | None) -> int:
    """Read what is new in the feeds and folders that were added, or in those with these names.

    Everything that `podseek index` was given counts as added. A file of
    subscriptions (.opml) stands for those of its feeds that were added.

    \b
    Examples:
      podseek update
      podseek update 回声机房 --audio
    """
    from search.frontends.cli.runs.updating_sources import bring

    names = tuple(name for given in names for name in _meant(context, given))
    return bring(context, names, audio=audio, prune=prune, rebuild=rebuild, jobs=jobs)


def _meant(context: Context, name: str) -> list[str]:
    """The sources that are meant by a name: for a file of subscriptions those of its feeds that were added. Raises
    ClickException if none was."""
    from pathlib import Path

    from indexer.core.configuration.paths import default_index
    from indexer.intake.opml import is_opml, read_subscriptions
    from indexer.store.library.sources import read_sources

    path = Path(name).expanduser()
    if "://" in name or not name.strip() or not path.is_file() or not is_opml(path):
        return [name]
    added = {source.place for source in read_sources(context.index or default_index())}
    feeds = [one.address for one in read_subscriptions(path).feeds]
    new = sum(feed not in added for feed in feeds)
    if new:
        message = ngettext(
            "{file}: {n:,} feed in it is not added: `podseek add {file}` adds it",
            "{file}: {n:,} feeds in it are not added: `podseek add {file}` adds them",
            new,
        ).format(file=path, n=new)
        if new == len(feeds):
            raise click.ClickException(message)
        context.say(message)
    return [feed for feed in feeds if feed in added]
