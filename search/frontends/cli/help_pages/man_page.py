"""The man page, made from the help of the commands: it can say nothing else than they do."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from indexer.core.messages import _
from search.frontends.cli.output.console import version


def man_page(root: click.Context) -> Iterator[str]:
    """Yields the lines of podseek.1, in the language in use, in the man macros of troff."""
    yield f'.TH PODSEEK 1 "" "podseek {version() or ""}" ""'
    yield f".SH {_roff(_('Name'))}"
    yield f"podseek \\- {_roff(root.command.get_short_help_str(200))}"
    yield f".SH {_roff(_('Synopsis'))}"
    yield ".B podseek"
    yield _roff(" ".join(root.command.collect_usage_pieces(root)))
    yield f".SH {_roff(_('Options'))}"
    yield from _options(root)
    yield f".SH {_roff(_('Commands'))}"
    yield from _commands(root, "podseek")


def _commands(above: click.Context, before: str) -> Iterator[str]:
    group = above.command
    if not isinstance(group, click.Group):
        return
    for name in group.list_commands(above):
        command = group.get_command(above, name)
        if command is None or command.hidden:
            continue
        context = click.Context(command, info_name=name, parent=above)
        yield f'.SS "{_roff(f"{before} {name}")}"'
        yield _roff(" ".join((before, name, *command.collect_usage_pieces(context))))
        yield from _text(command.help or "")
        yield from _options(context)
        yield from _commands(context, f"{before} {name}")


def _text(help_text: str) -> Iterator[str]:
    """The paragraphs of a help text; those that begin with a backspace keep their lines."""
    for paragraph in inspect.cleandoc(help_text).split("\n\n"):
        if paragraph.startswith("\b"):
            yield from (".PP", ".nf", *map(_roff, paragraph.split("\n")[1:]), ".fi")
        elif paragraph.strip():
            yield from (".PP", *map(_roff, paragraph.split("\n")))


def _options(context: click.Context) -> Iterator[str]:
    for parameter in context.command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None:
            yield from (".TP", f"\\fB{_roff(record[0])}\\fR", *map(_roff, record[1].split("\n")))


def _roff(line: str) -> str:
    """A line of text for troff: backslashes and dashes as they are, and no control line."""
    safe = line.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{safe}" if safe[:1] in (".", "'") else safe
