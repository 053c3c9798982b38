"""`podseek save`: keeps moments of the last list as bookmarks."""

from __future__ import annotations

import click

from indexer.core.messages import _, ngettext
from search.frontends.cli.arguments.options import common
from search.frontends.cli.output.console import FOUND, Context


@click.command()
@click.argument("numbers", nargs=-1, required=True, metavar="NUMBER...")
@click.option("--note", default="", metavar="TEXT", help="What to remember of it.")
@common
def save(context: Context, numbers: tuple[str, ...], note: str) -> int:
    """Keep moments of the last list as bookmarks, with what is said there.

    A bookmark keeps its words, link and time, whatever becomes of the index.
    Saved again, it keeps its place and takes the new note. podseek saved lists
    them, also as citations.

    \b
    Examples:
      podseek save 3 --note "for the article"
      podseek save 2 5-7
    """
    from search.frontends.cli.arguments.list_numbers import chosen, moments_of
    from search.frontends.cli.output.recent import last_list
    from search.results.bookmarks import Bookmark, bookmark, change_bookmarks, merged, same_moment

    listed = chosen(context, numbers)
    if listed is None:
        raise click.UsageError(_("name numbers of the last list, such as: podseek save 3, or 2 5-7"))
    last = last_list()
    new = [bookmark(moment, note, last.query if last else "") for moment in moments_of(context, listed)]
    asked = {same_moment(one) for one in new}
    before = set[object]()

    def with_new(known: list[Bookmark]) -> list[Bookmark]:
        before.update(map(same_moment, known))
        return merged(known, new)

    kept = change_bookmarks(with_new)
    if came := len(asked - before):
        message = ngettext("{n} moment saved, {total} in all", "{n} moments saved, {total} in all", came)
        context.say(message.format(n=came, total=len(kept)))
    if again := len(asked & before):
        message = ngettext("{n} moment was saved before", "{n} moments were saved before", again).format(n=again)
        context.say(_("{facts}: the note is replaced").format(facts=message) if note else message)
    return FOUND
