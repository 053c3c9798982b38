"""`podseek sources`: the feeds and folders of the index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from indexer.core.messages import _, ngettext
from search.frontends.cli.arguments.options import common, lines_of_json
from search.frontends.cli.output.console import FOUND, NOTHING, Context, print_lines

if TYPE_CHECKING:
    from indexer.intake.listing import Listed


@click.command()
@lines_of_json
@click.option("--opml", is_flag=True, help="The feeds as a file of subscriptions, which podcast apps import.")
@common
def sources(context: Context, form: str | None, opml: bool) -> int:
    """List the feeds and folders that `podseek update` reads.

    \b
    Examples:
      podseek sources
      podseek sources --opml > subscriptions.opml
      podseek sources --format jsonl
    """
    from indexer.core.configuration.paths import default_index
    from indexer.intake.listing import list_sources

    context.detail(_("Index {folder}").format(folder=context.index or default_index()))
    listed = list_sources(context.index or default_index())
    if opml:
        if form == "jsonl":
            raise click.UsageError(_("--opml and --format are two forms: leave one of them out"))
        return _opml(context, listed)
    print_lines(map(_json_line if form == "jsonl" else _line, listed))
    if not listed:
        context.say(_("No sources: `podseek add FEED` or `podseek add FOLDER` adds one"))
    return FOUND if listed else NOTHING


def _json_line(one: Listed) -> str:
    """A source as a line of JSON, described in docs/library.md."""
    from search.frontends.formats.jsontext import to_json

    return to_json(
        {
            "schema": 1,
            "source": one.source.place,
            "kind": one.kind,
            "title": one.title,
            "audio": one.source.audio,
            "episodes": one.episodes,
            "items": one.items,
            "there": one.is_there,
        }
    )


def _line(one: Listed) -> str:
    """A source as a line of text: kind, episodes of how many items, title, place, and notes."""
    from search.frontends.formats.display import clean, padded

    of = f" / {one.items:,}" if one.items is not None else ""
    notes = [*([_("with audio")] if one.source.audio else []), *([] if one.is_there else [_("not there now")])]
    title = f"  {one.title}" if one.title else ""
    kind = padded(_("feed") if one.kind == "feed" else _("folder"), 7)
    said = "".join(f"  {note}" for note in notes)
    return clean(f"{kind} {f'{one.episodes:,}{of}':>13}{title}  {one.source.place}{said}")


def _opml(context: Context, listed: Sequence[Listed]) -> int:
    """Prints the feeds that have an address as OPML; says how many sources have none."""
    from indexer.intake.opml import Subscription, opml_lines

    feeds = [Subscription(one.source.place, one.title) for one in listed if "://" in one.source.place]
    if not feeds:
        context.say(_("No feed here has an address: `podseek add FEED` adds one"))
        return NOTHING
    print_lines(opml_lines(feeds))
    if others := len(listed) - len(feeds):
        message = ngettext(
            "{n:,} folder or file is not in it: OPML lists feeds",
            "{n:,} folders and files are not in it: OPML lists feeds",
            others,
        )
        context.say(message.format(n=others))
    return FOUND
