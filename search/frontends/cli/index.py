"""`podseek index`: reads transcripts into the index."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any

import click

from indexer.core.errors import placed
from indexer.core.messages import _
from search.frontends.cli.arguments.options import common
from search.frontends.cli.arguments.path_arguments import PATH
from search.frontends.cli.output.console import Context
from search.frontends.cli.runs.index_preview import show_cluster_preview, show_preview
from search.frontends.cli.runs.into_cluster import check_cluster_options, cluster_options, into_cluster
from search.frontends.cli.runs.progress_bar import progress_bar
from search.frontends.cli.runs.run_report import tell_report
from search.frontends.cli.runs.vectors import add_meaning

if TYPE_CHECKING:
    from indexer.update import Report


@click.command()
@click.argument("paths", nargs=-1, type=PATH, metavar="PATH...")
@click.option("--dry-run", is_flag=True, help="Show what would be read, and every complaint. Writes nothing.")
@click.option("--prune", is_flag=True, help="Remove episodes below PATH (all, without PATH) whose files are gone.")
@click.option(
    "--rebuild", is_flag=True, help="Read all known episodes again, with the words of the lexicons as they are now."
)
@click.option(
    "--lexicon",
    type=PATH,
    metavar="FILE",
    help="Words to keep whole and aliases (else lexicon.toml or lexicon.txt in PATH).",
)
@click.option(
    "--feed",
    "feeds",
    multiple=True,
    metavar="FEED",
    help="The show's feed, a file or an address: facts, chapters and missing transcripts are taken from it.",
)
@click.option("--name", metavar="FILE", help="What standard input (-) is called: title and date come from it.")
@click.option("-j", "--jobs", type=click.IntRange(1), help="Processes. Default: one per core.")
@click.option(
    "--meaning",
    is_flag=True,
    help="Make vectors, by which questions find what is near in meaning; with --rebuild all again.",
)
@cluster_options
@common
def index(context: Context, paths: tuple[Path, ...], name: str | None, **options: Any) -> int:
    """Read transcripts into the index: files, folders, zip archives, or - for standard input.

    Only what is new or changed is read.

    \b
    Examples:
      podseek index ~/podcasts
      podseek index --dry-run messy.srt
      podseek index ~/podcasts/echo --feed https://example.org/echo.xml
      whisper-cli talk.wav -osrt -of - | podseek index - --name 2025-06-08.srt
      podseek index --prune
      podseek index --meaning
    """
    meaning, part = options["meaning"], options["part"]
    run = {name: options[name] for name in ("prune", "rebuild", "lexicon", "feeds")}
    if not (paths or run["feeds"] or run["prune"] or run["rebuild"] or meaning):
        raise click.UsageError(_("name a file or folder of transcripts, such as: podseek index ~/podcasts"))
    check_cluster_options(context, paths, name, options)
    if options["dry_run"]:
        return _preview(context, paths, name, part, run)
    run["jobs"] = options["jobs"]
    if context.backend is not None:
        return into_cluster(context, part, (options["shards"], options["replicas"]), paths=paths, **run)
    code = 0
    if paths or run["feeds"] or run["prune"] or not meaning:
        report = _into_folder(context, paths, name, run)
        code = report.exit_code
        if not meaning or report.interrupted:
            return code
    from indexer.core.processes.interrupts import ends_interrupt

    with ends_interrupt():
        return max(code, add_meaning(context, run["rebuild"], run["jobs"]))


def _preview(
    context: Context, paths: tuple[Path, ...], name: str | None, part: tuple[int, int] | None, run: Mapping[str, Any]
) -> int:
    """Prints what a run would do; `name` is that of standard input."""
    with TemporaryDirectory() as nowhere:
        there = _with_input(paths, lambda: Path(nowhere), name)[0]
        if context.backend is None:
            return show_preview(context, there, **run)
        return show_cluster_preview(context, there, part=part or (1, 1), **run)


def _into_folder(context: Context, paths: tuple[Path, ...], name: str | None, run: Mapping[str, Any]) -> Report:
    """Indexes into the folder of the context and prints the report; `name` is that of standard input."""
    import indexer
    from indexer.core.configuration.paths import default_index
    from indexer.core.files.kept_folder import home_of
    from indexer.core.processes.interrupts import ends_interrupt
    from indexer.index_folder import check_own

    folder = context.index or default_index()
    context.detail(_("Index {folder}").format(folder=folder))

    def home() -> Path:
        check_own(folder)
        return home_of(folder)

    with ends_interrupt(), progress_bar(context) as progress, ExitStack() as stack:
        paths, kept = _with_input(paths, home, name)
        if kept is not None:
            stack.enter_context(_kept_for_later(context, kept))
        report = indexer.index_paths(paths, context.index, progress=progress, **run)
    tell_report(context, report)
    if not context.quiet:
        from search.frontends.cli.runs.earlier_complaints import complained_before

        complained_before(folder, report.complaints, is_whole=False)
        if not report.interrupted:
            from search.frontends.cli.runs.updating_sources import tell_queue

            tell_queue(context, folder)
    return report


def _with_input(
    paths: tuple[Path, ...], home: Callable[[], Path], name: str | None
) -> tuple[tuple[Path, ...], Path | None]:
    """Saves standard input as a file below a folder; returns the paths with it, and that file."""
    if Path("-") not in paths:
        if name is not None:
            raise click.UsageError(_("--name names standard input: add - to read that"))
        return paths, None
    if sys.stdin is None or sys.stdin.isatty():  # closed, or a terminal
        raise click.UsageError(_("- reads a transcript from standard input: pipe one into it, or name a file"))
    from indexer.core.files.sources import LARGEST_FILE
    from indexer.discovery.inbox import store_transcript

    try:
        data = _read(sys.stdin.buffer, LARGEST_FILE + 1)
    except OSError as error:
        raise placed(error, _("standard input")) from None
    kept = store_transcript(home(), data, name)
    return tuple(kept if path == Path("-") else path for path in paths), kept


@contextmanager
def _kept_for_later(context: Context, kept: Path) -> Iterator[None]:
    """Reports, if the run fails, that the input was kept and need not be given again."""
    try:
        yield
    except BaseException:
        context.complain(_("{kept}: what came in is kept, and the next `podseek index` reads it").format(kept=kept))
        raise


def _read(stream: IO[bytes], most: int) -> bytes:
    """Reads at most `most` bytes, piece by piece: a single long read would not notice a signal."""
    pieces: list[bytes] = []
    while most and (piece := stream.read(min(1 << 16, most))):
        pieces.append(piece)
        most -= len(piece)
    return b"".join(pieces)
