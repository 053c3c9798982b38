"""`podseek add`: remembers feeds and folders, and reads them for the first time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from indexer.core.messages import _, ngettext
from search.frontends.cli.arguments.options import common
from search.frontends.cli.arguments.path_arguments import PATH
from search.frontends.cli.output.console import ERROR, FOUND, Context

if TYPE_CHECKING:
    from indexer.store.library.sources import LibrarySource

_FEED_SUFFIXES = (".xml", ".rss", ".atom")
_FEW = 5
"""Sources of which each is named."""


@click.command()
@click.argument("places", nargs=-1, required=True, metavar="FEED|FOLDER...")
@click.option("--audio", is_flag=True, help="Download the audio of a feed's episodes, now and at every update.")
@click.option(
    "--for",
    "below",
    multiple=True,
    type=PATH,
    metavar="FOLDER",
    help="Only transcripts in FOLDER may be a feed's episodes. Default: those of all folders.",
)
@click.option("--later", is_flag=True, help="Only remember it: `podseek update` reads it.")
@common
def add(context: Context, places: tuple[str, ...], audio: bool, below: tuple[Path, ...], later: bool) -> int:
    """Add podcasts to the index: feeds by their address, folders of transcripts. `podseek update` keeps up with them.

    A file of subscriptions (.opml), which podcast apps export, adds its feeds.
    From a feed come facts, chapters, and the transcripts that it links to; on request the audio.

    \b
    Examples:
      podseek add https://example.org/echo.xml
      podseek add ~/podcasts
      podseek add https://example.org/echo.xml --audio
      podseek add subscriptions.opml
    """
    from indexer.core.configuration.paths import default_index
    from indexer.index_folder import check_own
    from indexer.store.library.feeds import read_store
    from indexer.store.library.sources import add_sources, read_sources, remove_sources
    from search.frontends.cli.runs.updating_sources import bring

    sources = [source for place in places for source in _sources(context, place, audio, below)]
    folder = context.index or default_index()
    check_own(folder)
    before = {source.place for source in read_sources(folder)}
    add_sources(folder, sources)
    if later and len(sources) > _FEW:
        context.say(_("{n:,} sources: added; `podseek update` reads them").format(n=len(sources)))
        return FOUND
    if later:
        for source in sources:
            context.say(_("{source}: added; `podseek update` reads it").format(source=source.place))
        return FOUND
    now = {source.place for source in read_sources(folder)}
    named = [source.place for source in sources]
    code = bring(context, named if now.issuperset(named) else ())  # a folder within another is read with that
    failed = [one.place for one in sources if one.is_feed and one.place not in {*before, *read_store(folder)}]
    if failed:
        remove_sources(folder, failed)
        if len(sources) > len(failed):
            message = ngettext(
                "{n:,} source is not added: it could not be read",
                "{n:,} sources are not added: they could not be read",
                len(failed),
            )
            context.complain(message.format(n=len(failed)))
        return ERROR
    return code


def _sources(context: Context, place: str, audio: bool, below: tuple[Path, ...]) -> list[LibrarySource]:
    """The sources that are meant: several for a file of subscriptions. Raises UsageError for one that does not exist,
    and OpmlProblem."""
    from indexer.intake.opml import is_opml, read_subscriptions

    if "://" in place or not place.strip() or not (path := Path(place).expanduser()).is_file() or not is_opml(path):
        return [_source(place, audio, below)]
    found = read_subscriptions(path)
    for address in found.refused:
        context.complain(
            _("{file}: {source}: only http and https are fetched: left out").format(file=path, source=address)
        )
    if not found.feeds:
        raise click.UsageError(_("{file}: lists no feed").format(file=path))
    return [_source(one.address, audio, below) for one in found.feeds]


def _source(place: str, audio: bool, below: tuple[Path, ...]) -> LibrarySource:
    """The source that is meant. Raises UsageError for one that does not exist."""
    from indexer.metadata.feeds.follow import feed_name
    from indexer.store.library.sources import LibrarySource

    if "://" in place:
        if place.partition("://")[0].lower() not in ("http", "https"):
            raise click.UsageError(_("{source}: only http and https are fetched").format(source=place))
        return LibrarySource(place, True, audio, _resolved(below))
    if not place.strip():
        raise click.UsageError(_("a source is empty; is a variable not set?"))
    path = Path(place).expanduser()
    if not path.exists():
        if "." in place.partition("/")[0] and not place.startswith((".", "~", "/")):
            advice = _("{source}: no such file or folder; for a feed, begin with https://")
            raise click.UsageError(advice.format(source=place))
        raise click.UsageError(_("{source}: no such file or folder").format(source=place))
    if path.is_file() and path.suffix.lower() in _FEED_SUFFIXES:
        return LibrarySource(feed_name(path), True, audio, _resolved(below))
    if not (path.is_file() or path.is_dir()):
        what = _("{source}: neither a file nor a folder; pipe it into `podseek index - --name FILE`")
        raise click.UsageError(what.format(source=place))
    if audio or below:
        raise click.UsageError(_("{source}: --audio and --for are about feeds").format(source=place))
    return LibrarySource(str(path.resolve()))


def _resolved(below: tuple[Path, ...]) -> tuple[str, ...]:
    """The folders in full. Raises UsageError for one that does not exist."""
    for path in below:
        if not path.exists():
            raise click.UsageError(_("{source}: no such file or folder").format(source=path))
    return tuple(str(path.resolve()) for path in below)
