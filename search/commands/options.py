"""Options that several commands have, and what is typed for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from search.query.tree import Filter

_FILTERS = (
    click.option("--show", metavar="TEXT", help="Only shows whose name has TEXT."),
    click.option("--title", metavar="TEXT", help="Only episodes whose title has TEXT."),
    click.option("--speaker", metavar="NAME", help="Only episodes in which NAME speaks."),
    click.option("--since", metavar="DATE", help="Only episodes from DATE on (2025, 2025-06 or 2025-06-08)."),
    click.option("--until", metavar="DATE", help="Only episodes up to DATE."),
)


def filters(command: Callable[..., Any]) -> Any:
    """Adds the options that choose episodes to a command; `chosen_filters` reads them."""
    for option in reversed(_FILTERS):
        command = option(command)
    return command


def chosen_filters(options: dict[str, Any]) -> list[Filter]:
    """The filters given as options. Raises QueryProblem for one that cannot be understood."""
    from search.filters import given_filters

    return given_filters(options)


def seconds(time: str) -> float:
    """Seconds from `90`, `1:30`, `1:02:03` or `1:02:03.5`."""
    match = re.fullmatch(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)", time.strip())
    if match is None:
        raise click.BadParameter(f"{time!r} is not a time such as 90, 12:30 or 1:02:03", param_hint="--at")
    return (int(match[1] or 0) * 60 + int(match[2] or 0)) * 60 + float(match[3])
