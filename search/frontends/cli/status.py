"""`podseek status`: what is in the index, and whether it is sound."""

from __future__ import annotations

import click

from indexer.core.messages import _, ngettext
from search.frontends.cli.console import ERROR, FOUND, Context, print_lines
from search.frontends.cli.options import common


@click.command()
@click.option("--check", is_flag=True, help="Read every episode whole and compare its parts.")
@common
def status(context: Context, check: bool) -> int:
    """Show what is in the index, and whether it is sound.

    \b
    Example:
      podseek status --check
    """
    from search.frontends.formats import lists

    with context.open_library() as library:
        faults: list[str] = []
        unchecked: list[str] = []
        if context.backend is not None:
            from search.frontends.cli import cluster_status

            print_lines(cluster_status.lines(context.backend, library.status()))
            faults = cluster_status.faults(context.backend) if check else []
        else:
            print_lines(lists.status_lines(library.status()))
            if check:
                faults, unchecked = library.check(), library.unchecked()
    if not check:
        return FOUND
    for fault in faults:
        context.complain(fault)
    found = _("every episode is sound")
    if faults:
        found = ngettext("{n:,} fault", "{n:,} faults", len(faults)).format(n=len(faults))
    print_lines([_("health     {found}").format(found=found)])
    if unchecked:
        cure = _("the next `podseek index PATH` gives them, `podseek index --rebuild` reads all again")
        context.say(
            _("{value}: no checksums yet for {list}: {cure}").format(
                value=context.named or library.folder, list=", ".join(unchecked), cure=cure
            )
        )
    return ERROR if faults else FOUND
