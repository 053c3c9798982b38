"""`podseek read`: an episode around a time."""

from __future__ import annotations

import click

from search.commands.options import seconds
from search.printers.console import FOUND, NOTHING, Context, common


@click.command()
@click.argument("episode")
@click.option("--at", metavar="TIME", default="0", help="Around this time: seconds, mm:ss or hh:mm:ss.")
@click.option(
    "-C",
    "--context",
    "around",
    type=click.FloatRange(0),
    default=30.0,
    show_default=True,
    help="Seconds before and after.",
)
@click.option("--all", "whole", is_flag=True, help="The whole episode.")
@click.option("--format", "form", type=click.Choice(["text", "jsonl", "plain"]), default="text", show_default=True)
@common
def read(context: Context, episode: str, at: str, around: float, whole: bool, form: str) -> int:
    """Print an episode around a time.

    \b
    Examples:
      podseek read corpus/05-speech-recognition --at 0:50
      podseek read corpus/05-speech-recognition --all --format plain
    """
    from search.printers import output

    middle = seconds(at)
    with context.open_library() as library:
        found, cues = library.read(episode) if whole else library.read(episode, middle - around, middle + around)
    if not cues:
        context.say(f"{found.id}: nothing is said around {at}; the episode has {found.duration:.0f} seconds")
        return NOTHING
    context.print_lines(output.cues(found, cues, form, context.style()))
    return FOUND
