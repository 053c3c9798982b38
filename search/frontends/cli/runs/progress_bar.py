"""How far a run has come: a bar on a terminal, whose length is known only once work has begun, or a line per file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import click

from indexer.core.messages import _
from search.frontends.cli.output.console import Context


@contextmanager
def bar_on_terminal(label: str) -> Iterator[Callable[[float, float, str], None]]:
    """Yields a function that takes what is done, of how much, and the name of what was done last. The bar begins with
    its first call; a terminal that closes meanwhile stops nothing."""
    bar: Any = None

    def show(done: float, total: float, name: str) -> None:
        nonlocal bar
        with suppress(OSError):
            if bar is None:
                bar = click.progressbar(
                    length=round(total), label=label, file=sys.stderr, item_show_func=lambda item: item
                )
                bar.__enter__()
            bar.update(round(done) - bar.pos, name)

    try:
        yield show
    finally:
        if bar is not None:
            with suppress(OSError):
                bar.__exit__(None, None, None)


@contextmanager
def progress_bar(context: Context) -> Iterator[Callable[[int, int, str], None] | None]:
    """A progress bar, on a terminal only; its length is known once the first file is done. With `-v`, one line per file
    instead."""
    if context.verbose and not context.quiet:
        yield lambda done, total, name: context.say(
            _("Read {done:,} of {total:,}: {name}").format(done=done, total=total, name=name)
        )
        return
    if context.quiet or not sys.stderr.isatty():
        yield None
        return
    with bar_on_terminal(_("Indexing")) as show:
        yield lambda done, total, name: show(done, total, "")
