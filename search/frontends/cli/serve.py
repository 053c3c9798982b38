"""`podseek serve`: search, read and listen on a web page, on this machine or for a team."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indexer.core.configuration.library_address import is_address
from indexer.core.messages import _
from search.frontends.cli.arguments.options import common
from search.frontends.cli.output.console import FOUND, Context, print_lines

if TYPE_CHECKING:
    from search.frontends.web.settings import Settings

TOKEN = "PODSEEK_TOKEN"


@click.command()
@click.argument("indexes", nargs=-1, metavar="[INDEX]...")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; others need --token.")
@click.option(
    "--token", metavar="TEXT", help="Ask every reader for this token. Better in PODSEEK_TOKEN, where none sees it."
)
@click.option(
    "--public-url", metavar="URL", help="The address at which a reverse proxy, which asks for a password, serves this."
)
@click.option(
    "--audio", "audio", multiple=True, metavar="DIR", help="Play files from here, too, not only beside transcripts."
)
@click.option(
    "--audio-host",
    "audio_hosts",
    multiple=True,
    metavar="HOST",
    help="Allow audio on the web to redirect to here, such as *.example.org.",
)
@click.option(
    "--processes", type=click.IntRange(1, 64), help="Default: 1, or one for each core with --public-url or --host."
)
@click.option("--allow-edit", is_flag=True, help="Let readers confirm mishearings, which writes the lexicon.")
@click.option("--open", "show", is_flag=True, help="Open the page in a browser.")
@common
def serve(context: Context, indexes: tuple[str, ...], show: bool, **options: Any) -> int:
    """Serve a web page for searching, reading and listening.

    Without INDEX it serves the one that other commands use; several are listed on the
    first page. Only this machine can connect, unless --host says otherwise. Stop it
    with Ctrl-C.

    \b
    Examples:
      podseek serve --open
      podseek serve ~/podcasts-index ~/lectures-index --port 9000
    """
    try:
        import jinja2  # noqa: F401
        import starlette  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        from search.frontends.extras import not_installed

        raise not_installed("podseek serve", error.name, "serve") from None
    from search.frontends.web.served.served_index import open_indexes
    from search.frontends.web.server import run

    settings = _settings(options)
    named: list[str | Path] = [one if is_address(one) else Path(one).expanduser() for one in indexes]
    if not named and (place := context.backend or context.index):
        named = [place]
    served = open_indexes(named)
    for index in served:
        context.detail(_("Index {folder}").format(folder=index.library.folder))

    def tell(address: str) -> None:
        print_lines([address])
        context.say(_("Ctrl-C stops it"))
        if show:
            from search.frontends.media.player import open_browser

            open_browser(address)

    run(served, settings, tell, context.detail)
    return FOUND


def _settings(options: Mapping[str, Any]) -> Settings:
    """The settings that the options and the environment give. Raises PodseekProblem for those that would serve
    transcripts to strangers, or do not fit together."""
    from search.frontends.web.settings import Settings, audio_host, check_settings, default_processes, public_address

    token = options["token"] if options["token"] is not None else os.environ.get(TOKEN) or None
    public = options["public_url"]
    settings = Settings(
        options["host"],
        options["port"],
        token,
        public_address(public) if public is not None else None,
        options["allow_edit"],
        tuple(Path(folder).expanduser().resolve() for folder in options["audio"]),
        audio_hosts=tuple(map(audio_host, options["audio_hosts"])),
    )
    settings = replace(settings, processes=options["processes"] or default_processes(settings))
    check_settings(settings)
    return settings
