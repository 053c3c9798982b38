"""What `podseek add`, `update` and `queue` have in common: bringing sources up to date, with progress."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from indexer.core.messages import _, ngettext
from search.frontends.cli.output.console import ERROR, FOUND, Context

if TYPE_CHECKING:
    from indexer.intake.audio import Wanted

_EVERY = 0.2
"""Seconds between two changes of the line of progress."""


class ProgressLine:
    """A line of progress on a terminal, which later text replaces; nothing elsewhere. With `-v`, a message for each new
    text instead."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._is_live = not context.quiet and not context.verbose and sys.stderr.isatty()
        self._at = 0.0
        self._shown = False

    def show(self, text: str) -> None:
        """Shows a text, unless the last one is very young."""
        from search.frontends.formats.display import clean, columns_of

        if self._context.verbose:
            self._context.say(text)
        elif self._is_live and monotonic() - self._at >= _EVERY:
            self._at, self._shown = monotonic(), True
            shown, left = "", shutil.get_terminal_size().columns - 1
            for character in clean(text):
                left -= columns_of(character)
                if left < 0:
                    break
                shown += character
            self._write(f"\r\x1b[K{shown}")

    def clear(self) -> None:
        if self._shown:
            self._write("\r\x1b[K")
        self._shown = False

    def _write(self, text: str) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.write(text)
            sys.stderr.flush()


@contextmanager
def fetching(context: Context) -> Iterator[Callable[[str], None]]:
    """Yields a function that shows the address which is fetched now."""
    line = ProgressLine(context)
    try:
        yield lambda address: line.show(_("Fetching {address}").format(address=address))
    finally:
        line.clear()


def bring(context: Context, names: Sequence[str] = (), *, audio: bool = False, **options: object) -> int:
    """Brings the sources of these names (all without) up to date, downloads the audio that they want (`audio`: that of
    all feeds among them), and tells what came. Returns the exit code."""
    from indexer.core.configuration.paths import default_index
    from indexer.core.processes.interrupts import ends_interrupt
    from indexer.intake.updating import update_sources
    from indexer.store.repair.renewal import needs_renewal
    from search.frontends.cli.runs.earlier_complaints import complained_before
    from search.frontends.cli.runs.progress_bar import progress_bar
    from search.frontends.cli.runs.run_report import tell_report

    folder = context.index or default_index()
    context.detail(_("Index {folder}").format(folder=folder))
    if needs_renewal(folder):
        context.say(_("The index has an older format: all its transcripts are read again, beside it"))
    with ends_interrupt(), progress_bar(context) as progress, fetching(context) as watch:
        done = update_sources(folder, names, progress=progress, watch=watch, **options)  # type: ignore[arg-type]
    if done.is_derived:
        what = _("No sources were remembered: the folders of the episodes are the sources now (`podseek sources`)")
        context.say(what)
    is_whole = not names and not done.report.interrupted
    known = () if context.quiet else complained_before(folder, done.report.complaints, is_whole=is_whole)
    tell_report(context, done.report, () if options.get("rebuild") else known)
    if done.report.interrupted:
        return ERROR
    with ends_interrupt():
        code = _bring_audio(context, folder, done.sources, audio)
        code = max(code, _bring_vectors(context, options.get("jobs")))
    tell_queue(context, folder)
    return max(done.report.exit_code, code)


def _bring_vectors(context: Context, jobs: Any) -> int:
    """Makes the vectors of what came, if the index has vectors. Returns the exit code."""
    from indexer.core.errors import PodseekProblem
    from search.frontends.cli.runs.vectors import add_missing, made

    try:
        report = add_missing(context, jobs)
    except PodseekProblem as problem:  # the transcripts are indexed
        context.complain(_("No vectors were made: {problem}").format(problem=problem))
        return ERROR
    if report is not None and report.episodes:
        context.say(made(report))
    return ERROR if report is not None and report.interrupted else FOUND


def _bring_audio(context: Context, folder: Path, sources: Sequence[object], audio: bool) -> int:
    from dataclasses import replace

    from indexer.core.types import Complaint
    from indexer.intake.audio import audio_limit, download_all, wanted_audio
    from indexer.intake.listing import episodes_of
    from indexer.store.library.sources import LibrarySource
    from search.frontends.cli.runs.run_report import tell_complaints

    feeds = [replace(one, audio=one.audio or audio) for one in sources if isinstance(one, LibrarySource)]
    wanted = wanted_audio(folder, feeds)
    if not wanted:
        return FOUND
    complaints: list[Complaint] = []
    line = ProgressLine(context)
    try:
        outcome = download_all(folder, wanted, complaints, lambda one, done, total: line.show(_step(one, done, total)))
    finally:
        line.clear()
    tell_complaints(context, complaints)
    context.say(_("Audio: {came:,} downloaded, {there:,} there before").format(came=outcome.came, there=outcome.there))
    if outcome.left:
        what = _("{n:,} left: there is no more space for audio ({limit} GB: audio.limit), or the server fails")
        context.say(what.format(n=outcome.left, limit=f"{audio_limit() / 1e9:g}"))
    if outcome.came:
        import indexer

        # The facts of the episodes name the files now.
        indexer.index_paths(episodes_of(folder, [one.place for one in feeds]), folder, remember=False)
    return ERROR if complaints else FOUND


def _step(one: Wanted, done: int, total: int) -> str:
    size = f"{done / 1e6:,.1f} / {total / 1e6:,.1f} MB" if total else f"{done / 1e6:,.1f} MB"
    return _("Downloading {title}: {size}").format(title=one.item.title, size=size)


def tell_queue(context: Context, folder: Path) -> None:
    """Says how many episodes have no transcript, and what to do."""
    from indexer.intake.queue import read_queue

    waiting = len(read_queue(folder).waiting)
    if waiting:
        what = ngettext(
            "{n:,} episode has no transcript: `podseek queue` shows it and has it transcribed",
            "{n:,} episodes have no transcript: `podseek queue` shows them and has them transcribed",
            waiting,
        )
        context.say(what.format(n=waiting))
