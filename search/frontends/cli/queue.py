"""`podseek queue`: episodes without a transcript, and having them transcribed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from indexer.core.messages import _
from indexer.core.types import whole_day
from search.frontends.cli.arguments.options import common, lines_of_json
from search.frontends.cli.output.console import ERROR, FOUND, NOTHING, Context, print_lines

if TYPE_CHECKING:
    from pathlib import Path

    from indexer.intake.queue import QueueEntry


@click.command()
@click.option("--run", is_flag=True, help="Have them transcribed by your recogniser, one at a time, newest first.")
@click.option("-n", "--limit", type=click.IntRange(0), default=0, metavar="N", help="At most N; 0 for all.")
@click.option("--with", "name", metavar="NAME", help="The recogniser (else that of the configuration).")
@click.option("--retry", is_flag=True, help="Also what failed before.")
@lines_of_json
@common
def queue(context: Context, run: bool, limit: int, name: str | None, retry: bool, form: str | None) -> int:
    """List the episodes that have audio and no transcript, or (--run) have them transcribed.

    Audio is downloaded as it is needed. Each transcript is searchable at once. What is done stays, and what is not
    stays in the queue.

    \b
    Examples:
      podseek queue
      podseek queue --run -n 3 --with whisper
      podseek queue --run --retry
    """
    from indexer.core.configuration.paths import default_index

    folder = context.index or default_index()
    context.detail(_("Index {folder}").format(folder=folder))
    if run:
        return _run(context, folder, limit or None, name, retry)
    if name is not None or retry:
        raise click.UsageError(_("--with and --retry are for --run: add it"))
    return _list(context, folder, limit or None, form)


def _say_state(context: Context, waiting: int, failed: int) -> None:
    """How many episodes are in the queue, and the command that goes on with them."""
    if waiting:
        what = _("{n:,} wait, {failed:,} failed: `podseek queue --run` has them transcribed")
    elif failed:
        what = _("{n:,} wait, {failed:,} failed: `podseek queue --run --retry` tries them again")
    else:
        what = _("The queue is empty: every episode has a transcript")
    context.say(what.format(n=waiting, failed=failed))


def _list(context: Context, folder: Path, most: int | None, form: str | None) -> int:
    from indexer.intake.queue import read_queue

    found = read_queue(folder)
    entries = [*found.waiting, *found.failed]
    for entry in entries[:most]:
        print_lines([_record(entry) if form == "jsonl" else _line(entry)])
    _say_state(context, len(found.waiting), len(found.failed))
    return FOUND if entries else NOTHING


def _record(entry: QueueEntry) -> str:
    from search.frontends.formats.jsontext import to_json

    values = {
        "schema": 1,
        "show": entry.show,
        "title": entry.title,
        "date": whole_day(entry.date),
        "audio": entry.audio,
        "source": entry.source or None,
        "failed": entry.failure.at if entry.failure else None,
        "line": entry.failure.line if entry.failure else None,
        "period": entry.date,
    }
    return to_json(values)


def _line(entry: QueueEntry) -> str:
    from search.frontends.formats.display import clean

    line = f"{entry.date or '-':<10}  {entry.title}  {entry.show}"
    if entry.failure is None:
        return clean(line)
    return clean(f"{line}\n            {_('failed')} {entry.failure.at[:16]}: {entry.failure.line}")


def _run(context: Context, folder: Path, most: int | None, name: str | None, retry: bool) -> int:
    from indexer.intake.queue import read_queue
    from indexer.intake.recogniser import choose
    from indexer.intake.transcribing import transcribe_queue
    from search.frontends.cli.runs.updating_sources import ProgressLine

    recogniser = choose(name)
    context.say(_("Recogniser: {name}").format(name=recogniser.name))
    done = failed = 0
    line = ProgressLine(context)

    def show(entry: QueueEntry, text: str) -> None:
        line.show(f"{entry.title}: {text}")

    try:
        for outcome in transcribe_queue(folder, recogniser, most=most, retry=retry, show=show):
            line.clear()
            title = outcome.entry.title
            if outcome.path is None:
                failed += 1
                context.complain(_("{title}: {why}: it stays in the queue").format(title=title, why=outcome.problem))
                continue
            done += 1
            context.say(_("{title}: transcribed, in {path}").format(title=title, path=outcome.path))
            if not outcome.is_indexed:
                context.complain(_("{title}: the index was busy: `podseek update` reads it").format(title=title))
    finally:
        line.clear()
    if not done and not failed:
        left = read_queue(folder)
        _say_state(context, len(left.waiting), len(left.failed))
        return NOTHING
    context.say(_("{done:,} transcribed, {failed:,} failed").format(done=done, failed=failed))
    return ERROR if failed else FOUND
