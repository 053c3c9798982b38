"""The list of commands in the help, in groups by what people do."""

from __future__ import annotations

from collections.abc import Sequence

import click

from indexer.core.messages import _


def write_commands(
    groups: Sequence[tuple[str, Sequence[str]]], group: click.Group, ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    """Writes a section for each of the `groups` (title, names) of the commands of `group`, the names in one column."""
    width = max(len(name) for __, names in groups for name in names)
    for title, names in groups:
        rows = []
        for name in names:
            command = group.get_command(ctx, name)
            if command is not None and not command.hidden:
                rows.append((name.ljust(width), command.get_short_help_str(formatter.width - width - 6)))
        with formatter.section(_(title)):
            formatter.write_dl(rows)
