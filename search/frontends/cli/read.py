"""`podseek read`: an episode around a time."""

from __future__ import annotations

from pathlib import Path

import click

from indexer.core.messages import _
from search.frontends.cli.arguments.command_classes import Seconds
from search.frontends.cli.arguments.options import chosen_format, common, completes, formats, seconds
from search.frontends.cli.output.console import FOUND, NOTHING, Context


@click.command()
@click.argument("episode", shell_complete=completes("episode"))
@click.option("--at", metavar="TIME", help="Around this time: seconds, mm:ss or hh:mm:ss.  [default: 0]")
@click.option(
    "-C",
    "--context",
    "around",
    type=Seconds(),
    default=30.0,
    show_default=True,
    help="Seconds before and after.",
)
@click.option("--all", "whole", is_flag=True, help="The whole episode.")
@formats("cues")
@common
def read(
    context: Context, episode: str, at: str | None, around: float, whole: bool, form: str | None, target: Path | None
) -> int:
    """Print an episode around a time, or around a moment of the last list (its number).

    \b
    Examples:
      podseek read 3
      podseek read corpus/05-speech-recognition --at 0:50
      podseek read corpus/05-speech-recognition --all -o talk.vtt
    """
    from indexer.core.text.time_format import clock
    from search.api import Moment
    from search.frontends.cli.arguments.list_numbers import check_episode, chosen

    middle, form = seconds(at or "0"), chosen_format("cues", form, target)
    begin, end = middle - around, middle + around
    listed = chosen(context, [episode]) if at is None else None
    with context.open_library(listed[0].folder if listed else None) as library:
        if listed:
            check_episode(library, listed[0])
            episode, begin, end = listed[0].episode, listed[0].start - around, listed[0].end + around
            at = clock(listed[0].start)
        found, cues = library.read(episode) if whole else library.read(episode, begin, end)
    if not cues:
        context.say(
            _("{id}: nothing is said around {at}; the episode ends at {end}").format(
                id=found.id, at=at or 0, end=clock(found.duration)
            )
        )
        return NOTHING
    context.show("cues", [Moment(1, 0.0, found, cues[0].start, cues[-1].end, (), tuple(cues))], form, target)
    return FOUND
