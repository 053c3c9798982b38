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
    click.option("--speaker", metavar="NAME", help="Only what NAME says (or episodes with NAME)."),
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
    from indexer.errors import QueryProblem
    from search.filters import check_filter
    from search.query.tree import Filter

    given = [(field, options[field]) for field in ("show", "title", "speaker") if options[field] is not None]
    if options["since"] is not None:
        given.append(("date", f"{options['since']}.."))
    if options["until"] is not None:
        given.append(("date", f"..{options['until']}"))
    for field, value in given:
        problem = check_filter(field, value)
        if problem:
            raise QueryProblem(problem)
    return [Filter(field, value) for field, value in given]


def seconds(time: str) -> float:
    """Seconds from `90`, `1:30`, `1:02:03` or `1:02:03.5`."""
    match = re.fullmatch(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)", time.strip())
    if match is None:
        raise click.BadParameter(f"{time!r} is not a time such as 90, 12:30 or 1:02:03", param_hint="--at")
    return (int(match[1] or 0) * 60 + int(match[2] or 0)) * 60 + float(match[3])
