"""`podseek status`: what is in the index, and whether it is sound."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from indexer.core.messages import _, ngettext
from search.frontends.cli.arguments.options import common, lines_of_json
from search.frontends.cli.output.console import ERROR, FOUND, Context, print_lines

if TYPE_CHECKING:
    from search import Library


@click.command()
@click.option("--check", is_flag=True, help="Read every episode whole and compare its parts.")
@lines_of_json
@common
def status(context: Context, check: bool, form: str | None) -> int:
    """Show what is in the index, and whether it is sound.

    \b
    Examples:
      podseek status --check
      podseek status --json
    """
    from search.frontends.formats.jsontext import to_json
    from search.frontends.formats.listings import lists
    from search.results.records import status_record

    as_json = form == "jsonl"
    faults: list[str] = []
    unchecked: list[str] = []
    with context.open_library() as library:
        found = library.status()
        place = str(context.named or library.folder)
        if context.backend is not None:
            from search.frontends.cli.output import cluster_status as cluster

            record = cluster.record(context.backend, found) if as_json else {}
            lines = () if as_json else cluster.lines(context.backend, found)
        else:
            record, lines = status_record(found), lists.status_lines(found)
        if not as_json:
            print_lines(lines)
        if check and context.backend is not None:
            faults = cluster.faults(context.backend)
        elif check:
            faults, unchecked = _check(context, library), library.unchecked()
    if as_json:
        print_lines([to_json({**record, "faults": faults if check else None})])
    return _tell_health(context, place, faults, unchecked, as_json) if check else FOUND


def _check(context: Context, library: Library) -> list[str]:
    """The faults of an index; a terminal sees how far the check is."""
    if context.quiet or not sys.stderr.isatty():
        return library.check()
    from search.frontends.cli.runs.progress_bar import bar_on_terminal

    with bar_on_terminal(_("Checking")) as show:
        return library.check(lambda done, total: show(done, total, ""))


def _tell_health(context: Context, place: str, faults: Sequence[str], unchecked: Sequence[str], as_json: bool) -> int:
    """Tells what a check found; returns the exit code."""
    for fault in faults:
        context.complain(fault)
    if not as_json:
        found = _("every episode is sound")
        if faults:
            found = ngettext("{n:,} fault", "{n:,} faults", len(faults)).format(n=len(faults))
        print_lines([_("health     {found}").format(found=found)])
    if unchecked:
        cure = _("the next `podseek index PATH` gives them, `podseek index --rebuild` reads all again")
        context.say(
            _("{value}: no checksums yet for {list}: {cure}").format(value=place, list=", ".join(unchecked), cure=cure)
        )
    return ERROR if faults else FOUND
