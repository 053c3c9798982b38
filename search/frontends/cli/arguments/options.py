"""Options that all commands or several share, and the parsing of their values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from indexer.core.messages import _
from search.frontends.cli.arguments.command_classes import option, together
from search.frontends.cli.output.console import FAULT, Context, is_forced, keep_forced

if TYPE_CHECKING:
    from pathlib import Path

    from search.query.syntax import Filter


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
        from search.frontends.cli.arguments.completion import complete

        return complete(kind, ctx, incomplete)

    return found


def _libraries(ctx: click.Context, option: click.Parameter, names: tuple[str, ...]) -> dict[str, str]:
    """The indexes of named libraries, by name; `all` is all of them."""
    if not names:
        return {}
    from indexer.core.configuration.settings import read_settings

    settings = read_settings()
    if names == ("all",) and settings.libraries and "all" not in settings.libraries:
        return settings.libraries
    return {name: settings.library(name, "-L") for name in names}


_common_options = together(
    option(
        "--index",
        callback=_folder,
        metavar="DIR",
        help="The index to use (else PODSEEK_INDEX, else your own).",
    ),
    option(
        "--backend",
        metavar="URL",
        help="A library in a cluster, instead of an index: https://host:9200/NAME (else PODSEEK_BACKEND).",
    ),
    option(
        "-L",
        "--library",
        "libraries",
        multiple=True,
        callback=_libraries,
        shell_complete=completes("library"),
        metavar="NAME",
        help="The index that has this name in the configuration.",
    ),
    option("--color", type=click.Choice(["auto", "always", "never"]), help="Colour. Default: on a terminal."),
    option("-q", "--quiet", is_flag=True, help="Say nothing but results and errors."),
    option("-v", "--verbose", is_flag=True, help="Say more: each step, and how long it took."),
    option("--no-pager", is_flag=True, help="Print long results at once, through no PAGER."),
)


def common(command: Callable[..., Any]) -> Any:
    """Adds the common options to a command, so that they may come before or after its name."""

    @wraps(command)
    def wrapped(
        ctx: click.Context,
        index: str | None,
        backend: str | None,
        libraries: dict[str, str],
        color: str | None,
        quiet: bool,
        verbose: bool,
        no_pager: bool,
        **options: Any,
    ) -> Any:
        if (fault := ctx.meta.get(FAULT)) is not None and ctx.invoked_subcommand is None:
            raise fault
        index = _named_index(index, backend, libraries)
        above = ctx.find_object(Context) or Context(None, "auto", False, False)
        libraries = libraries or ({} if index else above.libraries)
        if len(libraries) > 1 and ctx.info_name not in ("search", "mcp") and not isinstance(ctx.command, click.Group):
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

    return _common_options(click.pass_context(wrapped))


def _named_index(index: str | None, backend: str | None, libraries: Mapping[str, str]) -> str | None:
    """The folder or address that the options name, if one does. Raises UsageError if two do."""
    if backend is not None:
        if index is not None or libraries:
            raise click.UsageError(_("--backend names a library: leave --index and -L out"))
        from indexer.store.cluster.transport.address import parse_address

        parse_address(backend)
        return backend
    if index is not None and libraries:
        raise click.UsageError(_("--index and -L both name an index: leave one of them out"))
    return index


filters = together(
    option("--show", shell_complete=completes("show"), metavar="TEXT", help="Only shows whose name has TEXT."),
    option("--title", shell_complete=completes("title"), metavar="TEXT", help="Only episodes whose title has TEXT."),
    option(
        "--speaker",
        shell_complete=completes("speaker"),
        metavar="NAME",
        help="Only what NAME says (or episodes with NAME).",
    ),
    option("--since", metavar="DATE", help="Only episodes from DATE on (2025, 2025-06 or 2025-06-08)."),
    option("--until", metavar="DATE", help="Only episodes up to DATE."),
)
"""The options that choose episodes; `chosen_filters` reads them."""


def chosen_filters(options: dict[str, Any]) -> list[Filter]:
    """The filters given as options. Raises QueryProblem for an invalid one."""
    from search.query.filters import given_filters

    return given_filters(options)


def _file(ctx: click.Context, option: click.Parameter, value: str | None) -> Path | None:
    if value is not None and not value.strip():
        raise click.BadParameter(_("names no file; is a variable not set?"), ctx, option)
    if value in (None, "-"):
        return None
    return free(ctx, value)


def free(ctx: click.Context, named: str) -> Path:
    """Returns the file to write. Raises NotWritten, before any work, if it cannot be written or needs `--force`."""
    from pathlib import Path

    from search.frontends.formats.files import check_target

    path = Path(named).expanduser()
    check_target(path, is_forced(ctx))
    return path


def formats(kind: str) -> Callable[[Callable[..., Any]], Any]:
    """Adds `--format`, `-o` and `--force` to a command that prints this kind; `chosen_format` reads the first two."""

    from search.frontends.formats.formats import choices

    def add(command: Callable[..., Any]) -> Any:
        command = option(
            "--force", is_flag=True, is_eager=True, expose_value=False, callback=keep_forced, help="Overwrite FILE."
        )(command)
        command = option(
            "-o", "--output", "target", callback=_file, metavar="FILE", help="Write FILE, in the format of its suffix."
        )(command)
        names = choices(kind)
        if "jsonl" in names:
            command = option("--json", "form", flag_value="jsonl", help="Short for --format jsonl.")(command)
        kinds = click.Choice(names)
        return option("--format", "form", type=kinds, help="How to print.  [default: text]")(command)

    return add


def lines_of_json(command: Callable[..., Any]) -> Any:
    """Adds `--format` and `--json` to a command whose lists are text or lines of JSON; `form` is "jsonl" for the
    latter."""
    command = option("--json", "form", flag_value="jsonl", help="Short for --format jsonl.")(command)
    kinds = click.Choice(["text", "jsonl"])
    return option("--format", "form", type=kinds, help="How to print.  [default: text]")(command)


def chosen_format(kind: str, form: str | None, target: Path | None) -> str:
    """Returns the named format, or that of the target's suffix, or text. Raises UsageError if there is none."""
    from search.frontends.formats.formats import by_suffix, choices

    known = choices(kind)
    if form is None and target is not None:
        fitting = by_suffix(target)
        if fitting is None:
            raise click.UsageError(
                _("{target}: no format has this suffix: name one with --format ({choices})").format(
                    target=target, choices=", ".join(known)
                )
            )
        form = fitting.name
    form = form or "text"
    if form not in known:
        raise click.UsageError(
            _("--format {form} cannot hold this: take one of {choices}").format(form=form, choices=", ".join(known))
        )
    return form


def seconds(time: str) -> float:
    """Seconds from `90`, `90s`, `1:30`, `1:02:03` or `1:02:03.5`."""
    match = re.fullmatch(r"(?:(?:(\d{1,9}):)?(\d{1,9}):)?(\d{1,9}(?:\.\d{1,9})?)(?(2)|s?)", time.strip())
    if match is None:
        raise click.BadParameter(
            _("{time!r} is not a time such as 90, 12:30 or 1:02:03").format(time=time), param_hint="--at"
        )
    return (int(match[1] or 0) * 60 + int(match[2] or 0)) * 60 + float(match[3])
