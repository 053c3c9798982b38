"""The console: the options common to all commands, what is printed where, and how arguments are parsed."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from indexer.core.messages import ENGLISH, N_, _, language

if TYPE_CHECKING:
    from pathlib import Path

    from search.frontends.cli.stages import Stages
    from search.frontends.formats.display import Style
    from search.library import Library

FOUND, NOTHING, ERROR = 0, 1, 2
_CURES = {
    (errno.ENOSPC, getattr(errno, "EDQUOT", None)): N_("make room there and run the same command again"),
    (errno.EFBIG,): N_("raise the limit of file sizes (ulimit -f) and run the same command again"),
    (errno.EMFILE, errno.ENFILE): N_("raise the limit of open files (ulimit -n) and run the same command again"),
    (errno.EACCES, errno.EPERM, errno.EROFS): N_(
        "get the right to it, or name another place, and run the same command again"
    ),
}
"""Advice for system errors; Windows has no quota."""
_SHOWN = 80
"""Characters of a query that messages repeat."""


def version() -> str | None:
    """The installed version; None when running from a source folder."""
    from importlib import metadata

    try:
        return metadata.version("podseek")
    except metadata.PackageNotFoundError:
        return None


def explained(error: Exception) -> str:
    """One line for a person: what went wrong, and what to do."""
    from indexer.core.errors import PodseekProblem, system_reason

    if isinstance(error, PodseekProblem):
        return str(error)
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        other = N_("mend that and run the same command again")
        cure = next((cure for codes, cure in _CURES.items() if error.errno in codes), other)
        return f"{place}{system_reason(error)}: {_(cure)}"
    if (path := _of_path(error)) is not None:
        return path
    cause = _("a damaged index (`podseek status --check` tells), or a fault of podseek")
    return f"{type(error).__name__}: {error}: {cause}"


def _of_path(error: Exception) -> str | None:
    """What is wrong with a path that pathlib refuses without naming it or a cure; None for other errors."""
    text = str(error)
    if isinstance(error, RuntimeError) and text.startswith("Symlink loop from "):
        path = text.removeprefix("Symlink loop from ").strip("'")
        return _("{path}: is a link to itself: remove it, or name another").format(path=path)
    if isinstance(error, RuntimeError) and text.startswith("Could not determine home directory"):
        return _("a path begins with ~ and a name that is nobody's: name it in full")
    if isinstance(error, ValueError) and "embedded null" in text:
        return _("a path has the character U+0000, which none can have: name another")
    return None


def print_lines(lines: Iterable[str], err: bool = False, styled: bool = False) -> None:
    """Prints lines until the reader closes the pipe, which ends the command. Only `styled` lines keep colours and
    links."""
    from search.frontends.formats.display import unsteered

    try:
        for line in lines:
            click.echo(unsteered(line, styled), err=err, color=True)
        if sys.stdout is not None:
            sys.stdout.flush()
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
        """The index folder that was named."""
        from pathlib import Path

        return Path(self.named) if self.named is not None else None

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
                from search.frontends.cli.pager import print_paged

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
    def open_library(self) -> Iterator[Library]:
        """Opens the index that was named; with `-v`, reports which, and the time taken."""
        from search import open_library

        if self.verbose:
            from search.frontends.cli.stages import Stages

            self._stages = Stages(self.say)
        with open_library(self.named) as library:
            if self._stages is not None:
                self._stages.opened(library)
            yield library
            self._ended(N_("Found"))


def _folder(ctx: click.Context, option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not value.strip():
        raise click.BadParameter(_("names no folder; is a variable not set?"), ctx, option)
    if value is None or not value.startswith("~"):
        return value
    from pathlib import Path

    try:
        return str(Path(value).expanduser())
    except RuntimeError:
        raise click.BadParameter(
            _("{folder} is nobody's home: name the folder in full").format(folder=value.split("/")[0]), ctx, option
        ) from None


def completes(kind: str) -> Callable[[click.Context, click.Parameter, str], Any]:
    """What the shell completes for an option or argument: see `completion`, which is loaded only then."""

    def found(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> Any:
        from search.frontends.cli.completion import complete

        return complete(kind, ctx, incomplete)

    return found


def _libraries(ctx: click.Context, option: click.Parameter, names: tuple[str, ...]) -> dict[str, str]:
    """The indexes of named libraries, by name; `all` is all of them."""
    if not names:
        return {}
    from indexer.core.settings import read_settings

    settings = read_settings()
    if names == ("all",) and settings.libraries and "all" not in settings.libraries:
        return settings.libraries
    return {name: settings.library(name, "-L") for name in names}


_COMMON = (
    click.option(
        "--index",
        callback=_folder,
        metavar="DIR",
        help="The index to use (else PODSEEK_INDEX, else your own).",
    ),
    click.option(
        "-L",
        "--library",
        "libraries",
        multiple=True,
        callback=_libraries,
        shell_complete=completes("library"),
        metavar="NAME",
        help="The index that has this name in the configuration.",
    ),
    click.option("--color", type=click.Choice(["auto", "always", "never"]), help="Colour. Default: on a terminal."),
    click.option("-q", "--quiet", is_flag=True, help="Say nothing but results and errors."),
    click.option("-v", "--verbose", is_flag=True, help="Say more: each step, and how long it took."),
    click.option("--no-pager", is_flag=True, help="Print long results at once, through no PAGER."),
)


def common(command: Callable[..., Any]) -> Any:
    """Adds the common options to a command, so that they may come before or after its name."""

    @wraps(command)
    def wrapped(
        ctx: click.Context,
        index: str | None,
        libraries: dict[str, str],
        color: str | None,
        quiet: bool,
        verbose: bool,
        no_pager: bool,
        **options: Any,
    ) -> Any:
        if index is not None and libraries:
            raise click.UsageError(_("--index and -L both name an index: leave one of them out"))
        above = ctx.find_object(Context) or Context(None, "auto", False, False)
        libraries = libraries or ({} if index else above.libraries)
        if len(libraries) > 1 and ctx.info_name != "search" and not isinstance(ctx.command, click.Group):
            what = _("{command} works on one library: name one with -L")
            raise click.UsageError(what.format(command=ctx.info_name))
        named = index or next(iter(libraries.values()), None) or above.named
        ctx.obj = Context(
            named,
            color or above.color,
            quiet or above.quiet,
            verbose or above.verbose,
            libraries,
            no_pager or above.no_pager,
        )
        return ctx.invoke(command, ctx.obj, **options)

    decorated: Any = click.pass_context(wrapped)
    for option in reversed(_COMMON):
        decorated = option(decorated)
    return decorated


class Group(click.Group):
    """Lists the commands in the order of a typical workflow, not of the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args[0] not in self.commands and not args[0].startswith("-"):
            from search.frontends.cli.mistakes import no_such_command

            raise no_such_command(args[0], list(self.commands), ctx.info_name or "")
        return super().resolve_command(ctx, args)


class Helped(click.Command):
    """Replaces click's help option: click looks up a translation, and imports `locale` for it."""

    _help: click.Option | None = None

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        names = self.get_help_option_names(ctx)
        if self._help is None and names:
            text, flags = _("Show this message and exit."), {"is_flag": True, "is_eager": True, "expose_value": False}
            self._help = click.Option([*names], help=text, callback=_show_help, **flags)
        return self._help


def _show_help(ctx: click.Context, option: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        print_lines([ctx.get_help()])
        ctx.exit()


class Commands(Helped, click.Group):
    """The commands of `search.frontends.cli`, in the given groups and order. Imports only the one called."""

    def __init__(self, *arguments: Any, groups: Sequence[tuple[str, Sequence[str]]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.groups = groups
        self._names = [name for __, names in groups for name in names]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from search.frontends.cli.command_list import write_commands

        write_commands(self.groups, self, ctx, formatter)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._names:
            return None
        command: click.Command = getattr(import_module(f"search.frontends.cli.{cmd_name}"), cmd_name)
        if language() == ENGLISH:
            return command
        from search.frontends.cli.localised import localised

        return localised(command)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args[0] not in self._names and not args[0].startswith("-"):
            from search.frontends.cli.mistakes import no_such_command

            raise no_such_command(args[0], self._names)
        return super().resolve_command(ctx, args)


def _begins_a_word(character: str) -> bool:
    """True for a character that starts a part of a query, and no option."""
    return not character.isascii() or character in tuple('=~"(/*')


class QueryCommand(Helped):
    """Accepts `-词` as a negated word, which click would parse as options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        denied = (["NOT", arg[1:]] if arg[:1] == "-" and _begins_a_word(arg[1:2]) else [arg] for arg in args)
        return super().parse_args(ctx, [part for parts in denied for part in parts])
