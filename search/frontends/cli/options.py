"""Options that several commands share, and the parsing of their values."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from indexer.core.messages import _
from search.frontends.cli.console import completes, is_forced, keep_forced
from search.frontends.formats.formats import by_suffix, choices

if TYPE_CHECKING:
    from pathlib import Path

    from search.query.syntax import Filter

_FILTERS = (
    click.option("--show", shell_complete=completes("show"), metavar="TEXT", help="Only shows whose name has TEXT."),
    click.option(
        "--title", shell_complete=completes("title"), metavar="TEXT", help="Only episodes whose title has TEXT."
    ),
    click.option(
        "--speaker",
        shell_complete=completes("speaker"),
        metavar="NAME",
        help="Only what NAME says (or episodes with NAME).",
    ),
    click.option("--since", metavar="DATE", help="Only episodes from DATE on (2025, 2025-06 or 2025-06-08)."),
    click.option("--until", metavar="DATE", help="Only episodes up to DATE."),
)


def filters(command: Callable[..., Any]) -> Any:
    """Adds the options that choose episodes to a command; `chosen_filters` reads them."""
    for option in reversed(_FILTERS):
        command = option(command)
    return command


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

    def add(command: Callable[..., Any]) -> Any:
        command = click.option(
            "--force", is_flag=True, is_eager=True, expose_value=False, callback=keep_forced, help="Overwrite FILE."
        )(command)
        command = click.option(
            "-o", "--output", "target", callback=_file, metavar="FILE", help="Write FILE, in the format of its suffix."
        )(command)
        names = choices(kind)
        if "jsonl" in names:
            command = click.option("--json", "form", flag_value="jsonl", help="Short for --format jsonl.")(command)
        kinds = click.Choice(names)
        return click.option("--format", "form", type=kinds, help="How to print.  [default: text]")(command)

    return add


def chosen_format(kind: str, form: str | None, target: Path | None) -> str:
    """Returns the named format, or that of the target's suffix, or text. Raises UsageError if there is none."""
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
    """Seconds from `90`, `1:30`, `1:02:03` or `1:02:03.5`."""
    match = re.fullmatch(r"(?:(?:(\d{1,9}):)?(\d{1,9}):)?(\d{1,9}(?:\.\d{1,9})?)", time.strip())
    if match is None:
        raise click.BadParameter(
            _("{time!r} is not a time such as 90, 12:30 or 1:02:03").format(time=time), param_hint="--at"
        )
    return (int(match[1] or 0) * 60 + int(match[2] or 0)) * 60 + float(match[3])
