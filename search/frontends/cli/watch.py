"""`podseek watch`: keeps the index as the folders are, and prints what is new for saved queries."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from indexer.core.errors import system_reason
from indexer.core.messages import _
from search.frontends.cli.arguments.asking import timeout
from search.frontends.cli.arguments.options import common
from search.frontends.cli.arguments.path_arguments import PATH
from search.frontends.cli.output.console import Context

_LARGEST_QUERIES = 1 << 20


@click.command()
@click.argument("paths", nargs=-1, type=PATH, metavar="[PATH...]")
@click.option("--query", "typed", multiple=True, metavar="QUERY", help="Print new moments of it; may be repeated.")
@click.option(
    "--queries",
    "files",
    multiple=True,
    type=PATH,
    metavar="FILE",
    help="More queries, one a line; lines that begin with # are comments.",
)
@click.option(
    "--every",
    type=click.IntRange(1),
    default=60,
    show_default=True,
    metavar="MINUTES",
    help="How often feeds are read.",
)
@click.option("--once", is_flag=True, help="Look once and end. The index keeps what was printed.")
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(0),
    default=10,
    show_default=True,
    help="New moments to print of a query at a time; 0 for all.",
)
@click.option("--exact", is_flag=True, help="Nothing but exact matches.")
@timeout
@click.option(
    "--format", "form", type=click.Choice(["text", "jsonl", "tsv", "plain"]), default="text", show_default=True
)
@common
def watch(
    context: Context,
    paths: tuple[Path, ...],
    typed: tuple[str, ...],
    files: tuple[Path, ...],
    every: int,
    once: bool,
    limit: int,
    exact: bool,
    timeout: float,
    form: str,
) -> int:
    """Keep the index as the folders are: read what comes or changes, remove what goes.

    Without PATH it watches the folders that were added, and reads their feeds from time to time.

    With --query, moments in episodes that come in or change are printed, each once. Ctrl-C ends it.

    \b
    Examples:
      podseek watch
      podseek watch ~/podcasts
      podseek watch ~/podcasts --query '"固态电池"' --query 'Qwen show:回声'
      podseek watch --once ~/podcasts --queries saved.txt --format jsonl >> news.jsonl
    """
    from indexer.core.configuration.paths import default_index
    from indexer.core.processes.interrupts import hold_interrupts
    from indexer.store.library.seen_moments import read_known
    from search.frontends.cli.runs.rounds import NewMomentsPrinter, Rounds
    from search.new_moments import News

    queries = _checked([*typed, *(line for path in files for line in _lines(path))])
    folder = context.index or default_index()
    context.detail(_("Index {folder}").format(folder=folder))
    feeds: dict[str, list[Path]] = {}
    if not paths:
        paths, feeds = _remembered(folder)
    elif not once:
        _check_paths(paths)
    if not once:
        _check_installed()
    news = News(queries, exact, read_known(folder) if once else None, timeout or None)
    printer = NewMomentsPrinter(context, folder, news, limit, form)
    with hold_interrupts(terminate=True) as stop:
        rounds = Rounds(context, folder, paths, printer, stop, feeds, every * 60.0)
        return rounds.one() if once else rounds.all()


def _remembered(folder: Path) -> tuple[tuple[Path, ...], dict[str, list[Path]]]:
    """The folders and files that were added to an index, and its feeds with the places for their episodes. Raises
    NoSource if there is none of either."""
    from indexer.intake.updating import remembered

    places, feeds = remembered(folder)
    return tuple(places), feeds


def _lines(path: Path) -> list[str]:
    """The queries of a file. Raises QueryProblem for one that is no text."""
    from indexer.core.errors import QueryProblem
    from indexer.core.files.regular_files import read_stream

    try:
        lines = map(str.strip, read_stream(path, _LARGEST_QUERIES).decode("utf-8-sig").splitlines())
    except OSError as error:
        raise QueryProblem(
            _("{path}: cannot be read ({reason}): name a file of queries").format(
                path=path, reason=system_reason(error)
            )
        ) from None
    except UnicodeError:
        raise QueryProblem(_("{path}: is not in UTF-8: save it so").format(path=path)) from None
    return [line for line in lines if line and not line.startswith("#")]


def _checked(queries: Iterable[str]) -> list[str]:
    """The queries, each once. Raises QueryProblem for one that cannot be understood."""
    from indexer.core.errors import QueryProblem
    from search.query.parse import parse

    queries = list(dict.fromkeys(queries))
    for query in queries:
        try:
            parse(query)
        except QueryProblem as problem:
            raise QueryProblem(f"{query}: {problem}") from None
    return queries


def _check_installed() -> None:
    from search.frontends.extras import not_installed

    try:
        import watchfiles  # noqa: F401
    except ImportError:
        raise not_installed("podseek watch", "watchfiles", "watch") from None


def _check_paths(paths: Iterable[Path]) -> None:
    for path in paths:
        if not path.exists():
            raise click.UsageError(
                _("{path}: no such file or folder: name what is there now; it may go and come later").format(path=path)
            )
