"""`podseek play`: opens the audio at the second."""

from __future__ import annotations

import click

from search.commands.options import seconds
from search.printers.console import ERROR, FOUND, NOTHING, Context, common


@click.command()
@click.argument("target")
@click.option("--at", metavar="TIME", default=None, help="TARGET is an episode: play it from this time.")
@click.option("--print", "only_print", is_flag=True, help="Print the command and the link, start nothing.")
@common
def play(context: Context, target: str, at: str | None, only_print: bool) -> int:
    """Play the best moment for a query, or an episode from a time.

    \b
    Examples:
      podseek play '"语音识别"'
      podseek play corpus/05-speech-recognition --at 0:50
    """
    import shlex
    import subprocess

    from search.player import find_audio, play_command
    from search.printers.display import address, clean, clock

    with context.open_library() as library:
        if at is not None:
            episode, second = library.find_episode(target), seconds(at)
        else:
            best = next(iter(library.search(target, limit=1)), None)
            if best is None:
                context.say(f"Nothing found for {target}")
                return NOTHING
            episode, second = best.episode, best.start
    audio = find_audio(episode)
    context.say(f"{episode.title}  {clock(second)}  {address(episode, second) or ''}".rstrip())
    if audio is None:
        cure = "name it in podcast.toml (audio = ...) or put the file beside the transcript"
        context.complain(f"{episode.id}: no audio is known: {cure}")
        return ERROR
    command, installed = play_command(audio, second)
    if only_print or not installed:
        if not installed and not only_print:
            context.say("No player found (mpv, vlc, iina, ffplay); with mpv it would be:")
        context.print_lines([clean(shlex.join(command))])
        return FOUND
    return FOUND if subprocess.run(command, check=False).returncode == 0 else ERROR
