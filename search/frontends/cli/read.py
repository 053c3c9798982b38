"""`podseek read`: an episode around a time."""

from __future__ import annotations

from pathlib import Path

import click

from indexer.core.messages import _
from search.frontends.cli.console import FOUND, NOTHING, Context, common
from search.frontends.cli.options import chosen_format, formats, seconds


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
@formats("cues")
@common
def read(
    context: Context, episode: str, at: str, around: float, whole: bool, form: str | None, target: Path | None
) -> int:
    """Print an episode around a time.

    \b
    Examples:
      podseek read corpus/05-speech-recognition --at 0:50
      podseek read corpus/05-speech-recognition --all -o talk.vtt
    """
    from search.api import Moment

    middle, form = seconds(at), chosen_format("cues", form, target)
    with context.open_library() as library:
        found, cues = library.read(episode) if whole else library.read(episode, middle - around, middle + around)
    if not cues:
        context.say(
            _("{id}: nothing is said around {at}; the episode has {duration:.0f} seconds").format(
                id=found.id, at=at, duration=found.duration
            )
        )
        return NOTHING
    context.show("cues", [Moment(1, 0.0, found, cues[0].start, cues[-1].end, (), tuple(cues))], form, target)
    return FOUND
