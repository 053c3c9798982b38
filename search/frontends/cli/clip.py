"""`podseek clip`: cuts moments out of their audio with ffmpeg."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indexer.core.messages import _
from search.frontends.cli.arguments.asking import ask, asking, found_nothing, report_stopped, time_limit
from search.frontends.cli.arguments.command_classes import QueryCommand
from search.frontends.cli.arguments.options import common
from search.frontends.cli.arguments.path_arguments import PATH
from search.frontends.cli.output.console import ERROR, FOUND, Context, print_lines
from search.frontends.formats.display import clean

if TYPE_CHECKING:
    from search.api import Moment
    from search.frontends.media.clips import Clip

_SHORT = 0.5
"""Seconds by which a clip may be too short, beside its padding, before a warning."""
_LONGEST_PAD = 3600


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1, required=True)
@asking
@click.option("--pad", default="0", metavar="SECONDS", help="So much more before and after each moment (1.5s).")
@click.option("-o", "--output", "folder", type=PATH, default=".", help="The folder for the clips, or the file of one.")
@click.option("--join", "joined", type=PATH, metavar="FILE", help="One file of all, one by one.")
@click.option("--copy", is_flag=True, help="Do not encode anew: fast, but may begin early.")
@click.option("--force", is_flag=True, help="Overwrite files that exist.")
@click.option("--print", "only_print", is_flag=True, help="Print the commands of ffmpeg, cut nothing.")
@common
def clip(context: Context, query: tuple[str, ...], **options: Any) -> int:
    """Cut the moments for a query out of their audio or video, each with its subtitles,
    with ffmpeg; or moments of the last list by their numbers.

    Prints the names of the files. Audio that is an address is read from the network.

    \b
    Examples:
      podseek clip 2 5-7 -o clips
      podseek clip -n 3 '"大模型"' -o clips --pad 1.5s
      podseek clip -n 0 --sort time GRPO --join grpo.mp3
    """
    from search.frontends.cli.arguments.list_numbers import chosen, moments_of
    from search.frontends.media.clips import clip_each, clip_joined, clip_to, stretches
    from search.frontends.media.player import AUDIO

    text, pad, joined = " ".join(query), _pad(options["pad"]), options["joined"]
    if joined and options["copy"]:
        raise click.UsageError(_("--join encodes anew: leave --copy out"))
    deadline = time_limit(options["timeout"])
    if (listed := chosen(context, query)) is not None:
        moments = moments_of(context, listed)
    else:
        with context.open_library() as library:
            moments = list(ask(library, text, options, deadline).found)
    if not moments:
        return found_nothing(context, deadline, text)
    cut = stretches(_with_audio(context, moments), pad)
    target: Path = options["folder"]
    if joined:
        clips = [clip_joined(cut, joined)] if cut else []
    elif target.suffix.lower() in AUDIO and not target.is_dir():
        if len(cut) > 1:
            raise click.UsageError(_several(target, len(cut)))
        clips = [clip_to(cut[0], target, options["copy"])] if cut else []
    elif target.exists() and not target.is_dir():
        raise click.UsageError(_("-o {path}: is a file: name a folder for the clips").format(path=target))
    else:
        clips = clip_each(cut, target, options["copy"])
    have_ffmpeg = shutil.which("ffmpeg") is not None
    if options["only_print"] or not have_ffmpeg:
        if not options["only_print"] and clips:
            context.complain(_("ffmpeg is not installed: nothing was cut: these are the commands"))
        print_lines(clean(shlex.join(one.command())) for one in clips)
        return report_stopped(context, deadline, FOUND if options["only_print"] and len(cut) == len(moments) else ERROR)
    made = [_make(context, one, pad, options["force"]) for one in clips]
    return report_stopped(context, deadline, FOUND if all(made) and len(cut) == len(moments) else ERROR)


def _several(path: Path, count: int) -> str:
    message = _(
        "-o {path}: {count:,} clips do not fit into one file: name a folder, or make one of all with --join {path}"
    )
    return message.format(path=path, count=count)


def _pad(amount: str) -> float:
    match = re.fullmatch(r"(\d{1,4}(?:\.\d{1,6})?)s?", amount.strip())
    if match is None or float(match[1]) > _LONGEST_PAD:
        raise click.BadParameter(
            _("{amount!r} is no number of seconds up to {most}, as 1.5s").format(amount=amount, most=_LONGEST_PAD),
            param_hint="--pad",
        )
    return float(match[1])


def _with_audio(context: Context, moments: Iterable[Moment]) -> Iterator[tuple[Moment, str]]:
    """The moments whose audio exists, with its path; reports other episodes."""
    from search.frontends.media.player import MISSING_AUDIO, find_audio
    from search.results.links import encoded

    left_out = set[str]()
    for moment in moments:
        audio = find_audio(moment.episode)
        if audio is not None and (encoded(audio) == audio or Path(audio).is_file()):
            yield moment, audio
        elif moment.episode.id not in left_out:
            left_out.add(moment.episode.id)
            what = (
                _("no audio is known") if audio is None else _("its audio is not there ({audio})").format(audio=audio)
            )
            context.complain(f"{moment.episode.id}: {what}: {_(MISSING_AUDIO)}")


def _make(context: Context, one: Clip, pad: float, force: bool) -> bool:
    """Makes a clip with its subtitles and prints its name; on an error, reports it and returns False."""
    from indexer.core.files.atomic_write import put, sync_files
    from search.frontends.formats.files import write_lines
    from search.frontends.formats.subtitles import srt_lines

    there = [path for path in (one.path, one.subtitles_path) if path.exists()]
    if there and not force:
        context.complain(_("{path}: is there already: kept: --force overwrites it").format(path=there[0]))
        return False
    one.path.parent.mkdir(parents=True, exist_ok=True)
    part = one.path.with_name(f".{os.getpid()}.part{one.path.suffix}")
    try:
        seconds, problem = _run(one.command(part))
        if problem or not seconds:
            what = problem or _("the audio ends before it")
            context.complain(_("{path}: {what}: not made").format(path=one.path, what=what))
            return False
        write_lines(one.subtitles_path, srt_lines(one.subtitles), replace=force)
        sync_files([part])
        put(part, one.path, force)
    finally:
        part.unlink(missing_ok=True)
    print_lines([clean(str(one.path))])
    if seconds < one.length - pad - _SHORT:
        context.complain(
            _("{path}: has {seconds:.1f} of {length:.1f} s: the audio ends before: kept as it is").format(
                path=one.path, seconds=seconds, length=one.length
            )
        )
        return False
    return True


def _run(command: list[str]) -> tuple[float, str]:
    """Runs ffmpeg; returns the seconds written, and the error message if it failed."""
    progress = [command[0], "-nostats", "-progress", "pipe:1", "-y", *command[1:]]
    done = subprocess.run(progress, capture_output=True, encoding="utf-8", errors="replace", check=False)
    times = re.findall(r"^out_time_us=(\d+)", done.stdout, re.MULTILINE)
    last = (done.stderr.strip().splitlines() or [_("ffmpeg ended with {code}").format(code=done.returncode)])[-1]
    return (int(times[-1]) / 1e6 if times else 0.0), last if done.returncode else ""
