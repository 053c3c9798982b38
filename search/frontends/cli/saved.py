"""`podseek saved`: the bookmarks, also as citations."""

from __future__ import annotations

import click

from indexer.core.messages import _
from search.frontends.cli.arguments.options import common
from search.frontends.cli.output.console import FOUND, NOTHING, Context, print_lines

FORMATS = ("text", "markdown", "apa", "gbt7714", "bibtex", "csl-json", "jsonl")


@click.command()
@click.option("--format", "form", type=click.Choice(FORMATS), help="How to print.  [default: text]")
@click.option("--json", "form", flag_value="jsonl", help="Short for --format jsonl.")
@click.option("--remove", type=click.IntRange(1), metavar="NUMBER", help="Remove this one instead.")
@common
def saved(context: Context, form: str | None, remove: int | None) -> int:
    """List the bookmarks that podseek save made, with their words, links and times.

    \b
    Examples:
      podseek saved --format markdown > quotes.md
      podseek saved --format bibtex > quotes.bib
      podseek saved --remove 2
    """
    from search.frontends.formats import citations
    from search.results.bookmarks import Bookmark, change_bookmarks, read_bookmarks

    if remove is None:
        found = read_bookmarks()
        style = context.style()
        if found or form == "csl-json":
            print_lines(citations.FORMATS[form or "text"](found, style), styled=style.color)
        if not found:
            context.say(_("No bookmarks: `podseek save 3` keeps the third moment of the last search"))
        return FOUND if found else NOTHING

    def without(known: list[Bookmark]) -> list[Bookmark]:
        if remove > len(known):
            message = _("{n}: there is no such bookmark: `podseek saved` lists {total}")
            raise click.ClickException(message.format(n=remove, total=len(known)))
        return [*known[: remove - 1], *known[remove:]]

    kept = change_bookmarks(without)
    context.say(_("Removed; {total} are left").format(total=len(kept)))
    return FOUND
