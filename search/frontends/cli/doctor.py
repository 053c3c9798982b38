"""`podseek doctor`: what is installed and set up, and what to do about the rest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from indexer.core.messages import _
from search.frontends.cli.arguments.options import common
from search.frontends.cli.output.console import ERROR, FOUND, Context, print_lines

if TYPE_CHECKING:
    from search.frontends.installation import Finding

_MARKS = {"good": "✓", "missing": "-", "bad": "✗"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@common
def doctor(context: Context, as_json: bool) -> int:
    """Look over podseek's surroundings: the index, the configuration, players, recognisers, optional packages.

    The exit code is 2 if something does not work, not if something optional is missing.

    \b
    Examples:
      podseek doctor
      podseek doctor --json
    """
    from search.frontends.formats.display import clean
    from search.frontends.installation import findings

    found = findings(None if context.backend else context.index)
    for one in found:
        print_lines([_record(one) if as_json else clean(_line(one))])
    return ERROR if any(one.state == "bad" for one in found) else FOUND


def _record(one: Finding) -> str:
    values = {"schema": 1, "what": one.what, "state": one.state, "found": one.found, "cure": one.cure or None}
    return json.dumps(values, ensure_ascii=False)


def _line(one: Finding) -> str:
    from search.frontends.formats.display import padded

    return f"{_MARKS[one.state]} {padded(_(one.what), 14)} {one.found}" + (f": {one.cure}" if one.cure else "")
