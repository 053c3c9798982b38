"""`podseek mcp`: lets an assistant search, over the Model Context Protocol on stdin and stdout."""

from __future__ import annotations

import signal
import sys

import click

from indexer.core.messages import ENGLISH, _, use_language
from search.frontends.cli.arguments.options import common
from search.frontends.cli.output.console import FOUND, Context, version


@click.command()
@common
def mcp(context: Context) -> int:
    """Let an assistant search and count, over stdin and stdout (Model Context Protocol).

    It only reads. An MCP client starts it; docs/results.md tells what to write into its configuration.

    \b
    Example:
      podseek mcp --index ~/podcasts-index
      podseek mcp -L work -L home
    """
    try:
        import anyio
        import mcp.server.lowlevel  # noqa: F401
    except ImportError:
        from search.frontends.extras import not_installed

        raise not_installed("podseek mcp", "mcp 2.x", "mcp") from None

    from search.frontends.mcp.server import serve

    if sys.stdin is not None and sys.stdin.isatty():
        context.say(
            _("Waiting for an assistant on standard input: put this command into its configuration; Ctrl-C ends")
        )
    # Nothing is written that could be cut off, and a thread that waits for stdin would keep Python from ending.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    use_language(ENGLISH)  # what a model reads does not depend on the locale
    index = context.libraries if len(context.libraries) > 1 else context.backend or context.index
    anyio.run(serve, index, context.detail, version() or "")
    return FOUND
