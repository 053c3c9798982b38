"""`podseek update`: brings the sources of the index up to date."""

from __future__ import annotations

import click

from search.frontends.cli.console import Context, common, completes


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

    Everything that `podseek index` was given counts as added.

    \b
    Examples:
      podseek update
      podseek update 回声机房 --audio
    """
    from search.frontends.cli.bringing import bring

    return bring(context, names, audio=audio, prune=prune, rebuild=rebuild, jobs=jobs)
