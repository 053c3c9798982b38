"""`podseek play`: opens the audio, or the page, at the second."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from indexer.core.messages import _
from search.frontends.cli.arguments.asking import found_nothing, time_limit, timeout
from search.frontends.cli.arguments.command_classes import QueryCommand
from search.frontends.cli.arguments.options import common, completes, seconds
from search.frontends.cli.output.console import ERROR, FOUND, Context, print_lines

if TYPE_CHECKING:
    from indexer.core.types import Episode
    from search.query.deadline import Deadline


@click.command(cls=QueryCommand)
@click.argument("target", shell_complete=completes("episode"), nargs=-1, required=True)
@click.option("--at", metavar="TIME", default=None, help="TARGET is an episode: play it from this time.")
@click.option("--player", metavar="NAME", help="mpv, vlc, iina, ffplay or browser (else PODSEEK_PLAYER).")
@click.option("--browser", is_flag=True, help="Open the link in the browser, even if there is audio.")
@click.option("--print", "only_print", is_flag=True, help="Print the command or the link, start nothing.")
@timeout
@common
def play(
    context: Context,
    target: tuple[str, ...],
    at: str | None,
    player: str | None,
    browser: bool,
    only_print: bool,
    timeout: float,
) -> int:
    """Play the best moment for a query, a moment of the last list by its number, or
    an episode from a time.

    \b
    Examples:
      podseek play 3
      podseek play '"语音识别"'
      podseek play corpus/05-speech-recognition --at 0:50 --player vlc
    """
    from indexer.core.text.time_format import clock
    from search.frontends.media.player import BROWSER, find_audio
    from search.results.links import link_at

    wanted = BROWSER if browser else _wanted(player)
    deadline = time_limit(timeout)
    place = _place(context, target, at, deadline)
    if place is None:
        return found_nothing(context, deadline, " ".join(target))
    episode, second = place
    audio, link = find_audio(episode), link_at(episode, second)
    as_link = audio is None or wanted == BROWSER
    shown = None if as_link and only_print else link  # which is printed itself
    context.say(f"{episode.title}  {clock(second)}  {shown or ''}".rstrip())
    if audio is not None and not as_link:
        return _play(context, audio, link, second, wanted, only_print)
    if link is not None:
        return _browse(link, only_print)
    return _nothing_known(context, episode, wanted == BROWSER)


def _place(
    context: Context, target: tuple[str, ...], at: str | None, deadline: Deadline
) -> tuple[Episode, float] | None:
    """The episode and the second to play: that of `at`, of a number of the last list, or of the best moment for a
    query; None if there is no moment."""
    from search.api import SearchRequest
    from search.frontends.cli.arguments.list_numbers import check_episode, chosen

    text = " ".join(target)
    listed = chosen(context, target) if at is None else None
    with context.open_library(listed[0].folder if listed else None) as library:
        if at is not None:
            return library.find_episode(text), seconds(at)
        if listed is not None:
            check_episode(library, listed[0])
            return library.find_episode(listed[0].episode), listed[0].start
        found = library.search(SearchRequest(text, limit=1, timeout=deadline))
        best = next(iter(found), None)
        if best is not None and found.incomplete:
            reason = found.incomplete
            context.say(_("The search was {reason}: there may be a better moment").format(reason=reason))
        return None if best is None else (best.episode, best.start)


def _wanted(player: str | None) -> str | None:
    """The player that was named, by the option or the environment. Raises UsageError for one that is not known."""
    import os

    from search.frontends.media.player import NAMES, VARIABLE

    wanted, source = (player, "--player") if player is not None else (os.environ.get(VARIABLE), VARIABLE)
    if wanted and wanted not in NAMES:
        raise click.UsageError(
            _("{source} {wanted}: is no player podseek knows: take one of {names}").format(
                source=source, wanted=wanted, names=", ".join(NAMES)
            )
        )
    return wanted or None


def _play(context: Context, audio: str, link: str | None, second: float, wanted: str | None, only_print: bool) -> int:
    import shlex
    import subprocess

    from search.frontends.formats.display import clean
    from search.frontends.media.player import play_command

    command, installed = play_command(audio, second, wanted)
    if installed and not only_print:
        return FOUND if subprocess.run(command, check=False).returncode == 0 else ERROR
    if not installed and wanted is None and link is not None and not only_print:
        return _browse(link, only_print)
    if not installed and not only_print:
        message = (
            _("{player} is not installed; with {command} it would be:")
            if wanted
            else _("No player found (mpv, vlc, iina, ffplay); with {command} it would be:")
        )
        context.say(message.format(player=wanted, command=command[0]))
    print_lines([clean(shlex.join(command))])
    return FOUND


def _browse(link: str, only_print: bool) -> int:
    from search.frontends.media.player import open_browser

    if only_print or not open_browser(link):
        print_lines([link])
    return FOUND


def _nothing_known(context: Context, episode: Episode, as_link: bool) -> int:
    from search.frontends.media.player import MISSING_AUDIO

    if as_link:
        context.complain(
            _("{id}: no link is known: name it in podcast.toml (link = ... or audio = ...)").format(id=episode.id)
        )
    else:
        context.complain(_("{id}: no audio is known: {cure}").format(id=episode.id, cure=_(MISSING_AUDIO)))
    return ERROR
