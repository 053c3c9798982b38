"""Makes the vectors of an index, with progress: `podseek index --meaning`, and what keeps an index current."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from indexer.core.messages import _
from indexer.core.text.time_format import hours
from search.frontends.cli.output.console import ERROR, FOUND, Context
from search.frontends.cli.runs.progress_bar import bar_on_terminal

if TYPE_CHECKING:
    from search.retrieval.meaning.building import MeaningReport

_SAID_EVERY = 300.0
"""Seconds between two lines of progress where there is no terminal."""


def add_meaning(context: Context, rebuild: bool, jobs: int | None) -> int:
    """Makes the missing vectors, or all; returns the exit code. Raises PodseekProblem."""
    with context.open_library() as library, _progress(context) as progress:
        report = library.add_meaning(rebuild=rebuild, jobs=jobs, progress=progress)
    if report.episodes:
        context.say(made(report))
    elif not report.interrupted:
        context.say(_("Vectors: all episodes have theirs, by {model}").format(model=report.model))
    if report.interrupted:
        said = _("Interrupted, {speech} of speech without vectors: run the same command again to go on")
        context.say(said.format(speech=hours(report.left)))
    return ERROR if report.interrupted else FOUND


def add_missing(
    context: Context, jobs: int | None = None, seconds: float | None = None, is_shown: bool = True
) -> MeaningReport | None:
    """Makes the missing vectors of an index that has vectors; begins no episode after so many `seconds`. None if
    nothing was to do. The progress is shown unless `is_shown` is False. Raises PodseekProblem."""
    from indexer.store.vectors import read_list
    from search.retrieval.meaning.coverage import without_vectors

    with context.open_library() as library:
        listed = read_list(library.snapshot.folder)
        if listed is None or not without_vectors(library.snapshot, listed):
            return None
        if not is_shown:
            return library.add_meaning(jobs=jobs, seconds=seconds)
        with _progress(context) as progress:
            return library.add_meaning(jobs=jobs, seconds=seconds, progress=progress)


def made(report: MeaningReport) -> str:
    """A line about the vectors that were made."""
    said = _("Vectors: {speech} of speech by {model}")
    return said.format(speech=hours(report.seconds), model=report.model)


@contextmanager
def _progress(context: Context) -> Iterator[Callable[[float, float, str], None] | None]:
    """A progress bar on a terminal; elsewhere a line now and then, and with `-v` one for each episode."""
    if context.quiet:
        yield None
    elif sys.stderr.isatty() and not context.verbose:
        with bar_on_terminal(_("Vectors")) as show:
            yield show
    else:
        yield _lines(context)


def _lines(context: Context) -> Callable[[float, float, str], None]:
    begin = said = time.monotonic()

    def show(done: float, total: float, name: str) -> None:
        nonlocal said
        now = time.monotonic()
        if not done:
            context.say(_("Vectors: {speech} of speech to go").format(speech=hours(total)))
        elif context.verbose or now - said >= _SAID_EVERY:
            said = now
            left = minutes((now - begin) / done * (total - done))
            what = _("Vectors: {done} of {total}, about {left} left: {name}")
            context.say(what.format(done=hours(done), total=hours(total), left=left, name=name))

    return show


def minutes(seconds: float) -> str:
    """A rough length of time to wait.

    >>> minutes(0), minutes(1500), minutes(20000)
    ('1 min', '25 min', '5.6 h')
    """
    if seconds >= 7200:
        return _("{n:.1f} h").format(n=seconds / 3600)
    return _("{n} min").format(n=max(1, -(-int(seconds) // 60)))
