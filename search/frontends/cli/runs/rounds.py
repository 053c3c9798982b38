"""The rounds of `podseek watch`: index, report what is new, wait for a change."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from indexer.core.errors import explained
from indexer.core.messages import _, ngettext
from search.frontends.cli.output.console import ERROR, FOUND, Context, print_lines
from search.frontends.cli.runs.progress_bar import progress_bar
from search.frontends.cli.runs.run_report import summary, tell_complaints, tell_moved

if TYPE_CHECKING:
    from indexer.core.types import Complaint
    from indexer.discovery.watching import Places, Stop
    from indexer.update import Report
    from search import Library
    from search.new_moments import News

_BUSY, _FAILED = 2.0, 60.0
"""Seconds until the next attempt when another podseek is writing, and after an error."""
_VECTORS = 30.0
"""Seconds after which a round begins no more vectors: files are looked at again before the next ones."""


class Rounds:
    """Runs the indexer and reports what it did."""

    def __init__(
        self,
        context: Context,
        folder: Path,
        paths: Sequence[Path],
        printer: NewMomentsPrinter,
        stop: Stop,
        feeds: Mapping[str, Sequence[Path]] | None = None,
        every: float = 3600.0,
    ) -> None:
        """`feeds` maps feeds, which are read every so many seconds, to the places for their episodes."""
        self._feeds = feeds or {}
        self._every = every
        self._fed: float | None = None
        self._context = context
        self._folder = folder
        self._paths = paths
        self._printer = printer
        self._stop = stop
        self._before: Report | None = None
        self._problem = ""
        self._away: set[Path] = set()

    def one(self) -> int:
        """Indexes all paths once, reports new moments and makes their vectors; returns the exit code."""
        from indexer.core.errors import PodseekProblem

        report = self._index(self._paths)
        if self._stop.is_set():
            self._say(_("Interrupted: run the same command again to go on"))
            return ERROR
        is_whole = self._printer.tell()
        self._printer.keep()
        code = report.exit_code if is_whole else ERROR
        try:
            self._add_vectors(None)
        except PodseekProblem as problem:  # all else is done
            self._complain(str(problem))
            return ERROR
        return ERROR if self._stop.is_set() else code

    def all(self) -> int:
        """Indexes after every change, until stopped."""
        from indexer.discovery.watching import Agenda, changes

        agenda = Agenda()
        agenda.repeat(0.0)
        for there in changes(self._paths, self._folder, self._stop):
            now = time.monotonic()
            if there is not None:
                self._tell_away(there)
                agenda.changed(now)
            if agenda.is_due(now):
                is_first = self._before is None
                agenda.clear()
                wait = self._attempt()
                if self._feeds and not wait:
                    agenda.repeat(time.monotonic() + self._every)
                if wait:
                    agenda.repeat(time.monotonic() + wait)
                elif is_first and not self._stop.is_set():
                    self._say(_("Watching; Ctrl-C ends it"))
        return FOUND

    def _attempt(self) -> float:
        """Indexes the paths that exist and reports new moments. Returns the seconds until a retry, 0 if all was done.
        No error ends the watch."""
        from indexer.core.errors import IndexBusy

        try:
            is_whole = True
            here = [path for path in self._paths if path.exists()]
            if here or self._feeds:
                self._index(here)
            if not self._stop.is_set():
                self._printer.tell()
                is_whole = self._add_vectors(_VECTORS)
        except click.exceptions.Exit:  # the reader of the output is gone
            raise
        except IndexBusy:
            return self._put_off(
                _("{folder}: another podseek is writing to this index: waiting for it").format(folder=self._folder),
                _BUSY,
            )
        except Exception as error:
            return self._put_off(explained(error), _FAILED)
        self._problem = ""
        return 0.0 if is_whole else _BUSY

    def _add_vectors(self, seconds: float | None) -> bool:
        """Makes vectors of episodes without, if the index has vectors; returns False if some are left to make. Raises
        PodseekProblem."""
        from search.frontends.cli.runs.vectors import add_missing, made

        report = add_missing(self._context, seconds=seconds, is_shown=False)
        if report is not None and report.episodes:
            self._say(made(report))
        return report is None or report.interrupted or report.left < 1

    def _due(self) -> list[str]:
        """The feeds, if it is time to read them."""
        now = time.monotonic()
        if self._fed is not None and now - self._fed < self._every:
            return []
        self._fed = now
        return list(self._feeds)

    def _put_off(self, problem: str, seconds: float) -> float:
        """Reports a problem, once."""
        if problem != self._problem:
            self._complain(problem)
        self._problem = problem
        return seconds

    def _index(self, paths: Sequence[Path]) -> Report:
        import indexer

        with progress_bar(self._context) as progress:
            report = indexer.index_paths(
                paths,
                self._folder,
                feeds=self._due(),
                scopes=self._feeds,
                prune=True,
                unattended=True,
                progress=progress,
                remember=not self._feeds,
            )
        self._tell(report, self._before)
        self._before = report
        return report

    def _tell(self, report: Report, before: Report | None) -> None:
        """Reports what a run did, and the complaints that the previous run did not have."""
        known: set[Complaint] = set(before.complaints) if before else set()
        complaints = [complaint for complaint in report.complaints if complaint not in known]
        tell_complaints(self._context, complaints)
        if before is None:
            self._say(summary(report))
        elif report.added or report.changed or report.removed or complaints:
            changes = replace(report, unchanged=0)
            if not complaints:  # reported before
                changes = replace(changes, without_cues=0, failed=0)
            self._say(summary(changes))
        tell_moved(self._say, report, self._context.verbose)
        if report.missing and (before is None or report.missing != before.missing):
            message = ngettext(
                "The file of {n} episode is gone with all that was beside it: the episode stays; "
                "`podseek index --prune` removes it",
                "The files of {n} episodes are gone with all that was beside them: the episodes stay; "
                "`podseek index --prune` removes them",
                report.missing,
            )
            self._say(message.format(n=report.missing))

    def _tell_away(self, there: Places) -> None:
        """Reports which paths disappeared, and which came back."""
        away = {path for path, identity in there.items() if identity is None}
        for path in sorted(away - self._away):
            self._complain(_("{path}: is not there any more: its episodes stay; waiting for it").format(path=path))
        for path in sorted(self._away - away):
            self._say(_("{path}: is there again").format(path=path))
        self._away = away

    def _say(self, text: str) -> None:
        self._context.say(f"{time.strftime('%H:%M:%S')}  {text}")

    def _complain(self, text: str) -> None:
        self._context.complain(f"{time.strftime('%H:%M:%S')}  {text}")


class NewMomentsPrinter:
    """Prints the new moments of the saved queries."""

    def __init__(self, context: Context, folder: Path, news: News, limit: int, form: str) -> None:
        self._context = context
        self._folder = folder
        self._news = news
        self._limit = limit
        self._form = form
        self._library: Library | None = None
        self._has_heading = False

    def tell(self) -> bool:
        """Prints the new moments of each query, up to the limit. Returns False if time was not enough for one, which it
        reports."""
        from search.frontends.formats import news

        if not self._news.requests:
            return True
        for query, moments in self._news.of(self._open()):
            shown = moments[: self._limit or None]
            if self._form == "tsv" and not self._has_heading:
                print_lines(["\t".join(news.COLUMNS)])
                self._has_heading = True
            style = self._context.style()
            print_lines(news.news(query, shown, self._form, style), styled=style.color)
            if len(moments) > len(shown):
                self._context.say(
                    _("{query}: {count} more new moments: -n 0 prints all").format(
                        query=query, count=len(moments) - len(shown)
                    )
                )
        for query, reason in self._news.stopped.items():
            self._context.complain(
                _(
                    "{query}: the search was {reason}, and more may be new: the next look goes on: "
                    "give it longer with --timeout SECONDS (0: no limit)"
                ).format(query=query, reason=reason)
            )
        return not self._news.stopped

    def _open(self) -> Library:
        from search import open_library

        if self._library is None:
            self._library = open_library(self._folder)
        return self._library

    def keep(self) -> None:
        """Saves what was reported to the index folder."""
        from indexer.store.library.seen_moments import write_known

        if self._news.requests:
            write_known(self._folder, self._news.known)
