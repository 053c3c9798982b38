"""`podseek save`: keeps moments of the last list as bookmarks."""

from __future__ import annotations

import click

from indexer.core.messages import _, ngettext
from search.frontends.cli.console import FOUND, Context, common


@click.command()
@click.argument("numbers", nargs=-1, required=True, metavar="NUMBER...")
@click.option("--note", default="", metavar="TEXT", help="What to remember of it.")
@common
def save(context: Context, numbers: tuple[str, ...], note: str) -> int:
    """Keep moments of the last list as bookmarks, with what is said there.

    A bookmark keeps its words, link and time, whatever becomes of the index.
    podseek saved lists them, also as citations.

    \b
    Examples:
      podseek save 3 --note "for the article"
      podseek save 2 5-7
    """
    from search.frontends.cli.numbered import chosen, moments_of
    from search.frontends.cli.recent import last_list
    from search.results.bookmarks import bookmark, change_bookmarks

    with context.open_library() as library:
        listed = chosen(library, numbers)
        if listed is None:
            raise click.UsageError(_("name numbers of the last list, such as: podseek save 3, or 2 5-7"))
        moments = moments_of(library, listed)
    last = last_list()
    new = [bookmark(moment, note, last.query if last else "") for moment in moments]
    kept = change_bookmarks(lambda known: [*known, *new])
    told = ngettext("{n} moment saved, {total} in all", "{n} moments saved, {total} in all", len(new))
    context.say(told.format(n=len(new), total=len(kept)))
    return FOUND
