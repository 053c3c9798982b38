"""The console: what a command prints, and where; the exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from typing import IO, TYPE_CHECKING, Any

import click

from indexer.core.configuration.library_address import BACKEND, is_address
from indexer.core.messages import N_, _

if TYPE_CHECKING:
    from pathlib import Path

    from search.frontends.cli.output.verbose import Stages
    from search.frontends.formats.display import Style
    from search.library import Library

FOUND, NOTHING, ERROR = 0, 1, 2
LONGEST_HELD = 0.1
"""Seconds that lines wait in a buffer for those after them."""
_SHOWN = 80
"""Characters of a query that messages repeat."""


def version() -> str | None:
    """The installed version; None when running from a source folder."""
    from importlib import metadata

    try:
        return metadata.version("podseek")
    except metadata.PackageNotFoundError:
        return None


def print_lines(lines: Iterable[str], err: bool = False, styled: bool = False) -> None:
    """Prints lines until the reader closes the pipe, which ends the command. Only `styled` lines keep colours and
    links."""
    from search.frontends.formats.display import unsteered

    stream: IO[str] | None = sys.stderr if err else sys.stdout  # None if the shell has closed it
    flushed = monotonic()
    try:
        for line in lines:
            if stream is not None:
                stream.write(f"{unsteered(line, styled)}\n")
                if monotonic() - flushed > LONGEST_HELD:  # lines that take long to find are not held back
                    stream.flush()
                    flushed = monotonic()
        if stream is not None:
            stream.flush()
    except BrokenPipeError:
        # The reader has closed the pipe; keeps Python from complaining when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise click.exceptions.Exit(FOUND) from None
    except OSError as error:
        if error.filename is not None:  # the input could not be read
            raise
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), (sys.stderr if err else sys.stdout).fileno())
        from indexer.core.errors import placed

        raise placed(error, _("standard error") if err else _("standard output")) from None


_FORCE = "podseek.force"
FAULT = "podseek.fault"
"""Where a context keeps the fault in the configuration that ends every command, but not its help."""


def keep_forced(ctx: click.Context, option: click.Parameter, value: bool) -> None:
    """Remembers `--force` for the options that name a file, which are parsed after it."""
    ctx.meta[_FORCE] = value


def is_forced(ctx: click.Context | None = None) -> bool:
    """True if files may be overwritten."""
    return bool((ctx or click.get_current_context()).meta.get(_FORCE))


class Context:
    """The options common to all commands."""

    def __init__(
        self,
        index: str | None,
        color: str,
        quiet: bool,
        verbose: bool,
        libraries: dict[str, str] | None = None,
        no_pager: bool = False,
    ) -> None:
        self.named = index
        self.libraries = libraries or {}
        self.color = color
        self.quiet = quiet
        self.verbose = verbose
        self.no_pager = no_pager
        self._stages: Stages | None = None

    @property
    def index(self) -> Path | None:
        """The index folder that was named. Raises UsageError for a library in a cluster, which the command that asks
        for a folder cannot use."""
        if self.backend is not None:
            what = _("{command} works on an index in a folder, not on a library in a cluster: name one with --index")
            raise click.UsageError(what.format(command=click.get_current_context().info_name))
        from pathlib import Path

        return Path(self.named) if self.named is not None else None

    @property
    def backend(self) -> str | None:
        """The address of a library in a cluster, if that was named, or PODSEEK_BACKEND and nothing else. Raises
        AddressProblem for one that is not valid, without its password."""
        found = os.environ.get(BACKEND) if self.named is None else self.named
        if not found or (self.named is not None and not is_address(found)):
            return None
        from indexer.store.cluster.transport.address import parse_address

        parse_address(found)
        return found

    def say(self, text: str) -> None:
        """Prints a message to stderr, unless `--quiet`."""
        if not self.quiet:
            self.complain(text)

    def detail(self, text: str) -> None:
        """Prints a message only with `-v`."""
        if self.verbose:
            self.say(text)

    def complain(self, text: str) -> None:
        """Prints an error to stderr, without control sequences. If stderr is closed, the exit code still reports it."""
        from search.frontends.formats.display import clean, shortened

        with suppress(OSError):
            click.echo(shortened(clean(text)), err=True)

    def found_nothing(self, query: str) -> int:
        """Reports that nothing was found, and returns the exit code."""
        short = f"{query[:_SHOWN]}{'…' if len(query) > _SHOWN else ''}"
        self.say(_("Nothing found for {query}").format(query=short))
        return NOTHING

    @property
    def is_seen(self) -> bool:
        """True if results go to a terminal."""
        return sys.stdout is not None and sys.stdout.isatty()  # None if the shell has closed it

    def is_list(self, form: str, target: Path | None) -> bool:
        """True if results in this format are a list that a person sees, whose numbers other commands take."""
        return form == "text" and target is None and self.is_seen

    def style(self) -> Style:
        from search.frontends.formats.display import Style

        seen = self.is_seen
        terminal = seen and os.environ.get("TERM") != "dumb"
        plain = bool(os.environ.get("NO_COLOR")) or not terminal
        color = self.color == "always" or (self.color == "auto" and not plain)
        return Style(color=color, links=color and terminal, width=os.get_terminal_size().columns if seen else 0)

    def show(
        self, kind: str, found: Any, form: str, target: Path | None = None, explain: bool = False, **more: Any
    ) -> None:
        """Prints a result in a format that supports this kind, text at a terminal through a pager if it is long, or
        writes it to a file. `more` are further fields of `Page`."""
        from search.frontends.formats.display import Page
        from search.frontends.formats.formats import by_name, writer

        self._ended(N_("Found"))
        if target is None:
            style = self.style()
            lines = writer(kind, form)(found, Page(style, explain, self.say, **more))
            if self.is_seen and form == "text" and not self.no_pager and os.environ.get("TERM") != "dumb":
                from search.frontends.cli.output.pager import print_paged

                print_paged(lines, style.color, print_lines)
            else:
                print_lines(lines, styled=style.color)
        else:
            from search.frontends.formats.files import write_lines

            lines = writer(kind, form)(found, Page(explain=explain, tell=self.say, **more))
            write_lines(target, lines, by_name(form).marked, is_forced())
        self._ended(N_("Printed"))

    def _ended(self, stage: str) -> None:
        if self._stages is not None:
            self._stages.ended(stage)

    @contextmanager
    def open_library(self, folder: str | None = None) -> Iterator[Library]:
        """Opens the index in `folder`, else the one that was named; with `-v`, reports which, and the time taken."""
        from search import open_library

        if self.verbose:
            from search.frontends.cli.output.verbose import Stages

            self._stages = Stages(self.say)
        with open_library(folder or self.named) as library:
            if self._stages is not None:
                self._stages.opened(library)
            yield library
            self._ended(N_("Found"))
