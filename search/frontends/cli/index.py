"""`podseek index`: reads transcripts into the index."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any

import click

from indexer.core.errors import placed
from indexer.core.messages import _, ngettext
from search.frontends.cli.console import Context
from search.frontends.cli.index_preview import feed_line, show_cluster_preview, show_preview
from search.frontends.cli.into_cluster import check_cluster_options, into_cluster, part_of
from search.frontends.cli.options import common
from search.frontends.cli.path_arguments import PATH
from search.frontends.cli.progress_bar import bar_on_terminal
from search.frontends.cli.vectors import add_meaning

if TYPE_CHECKING:
    from indexer.core.types import Complaint
    from indexer.update import Report

SHOWN_COMPLAINTS = 20
"""Complaints shown about cues that were kept, one per file and kind; all with -v."""


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
@click.option(
    "--part",
    callback=part_of,
    metavar="K/N",
    help="Into a cluster: only the K-th of N parts of the episodes, such as 2/8; other processes take the others.",
)
@click.option("--shards", type=click.IntRange(1, 1024), help="Into a new library in a cluster: its shards. Default: 3.")
@click.option(
    "--replicas",
    type=click.IntRange(0, 10),
    help="Into a new library in a cluster: copies of each shard. Default: one if there is another node.",
)
@common
def index(
    context: Context,
    paths: tuple[Path, ...],
    dry_run: bool,
    prune: bool,
    rebuild: bool,
    lexicon: Path | None,
    feeds: tuple[str, ...],
    name: str | None,
    jobs: int | None,
    meaning: bool,
    part: tuple[int, int] | None,
    shards: int | None,
    replicas: int | None,
) -> int:
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
    if not (paths or feeds or prune or rebuild or meaning):
        raise click.UsageError(_("name a file or folder of transcripts, such as: podseek index ~/podcasts"))
    if context.backend is not None:
        check_cluster_options(paths, meaning, name)
    elif part or shards is not None or replicas is not None:
        raise click.UsageError(
            _("--part, --shards and --replicas are for a library in a cluster: name it with --backend")
        )
    run: dict[str, Any] = {"prune": prune, "rebuild": rebuild, "lexicon": lexicon, "feeds": feeds}
    if dry_run:
        return _preview(context, paths, name, part, run)
    from indexer.core.interrupts import ends_interrupt

    run["jobs"] = jobs
    if context.backend is not None:
        context.detail(_("Library {backend}").format(backend=context.backend))
        with ends_interrupt(), progress_bar(context) as progress:
            report = into_cluster(context.backend, part, (shards, replicas), progress, paths=paths, **run)
        tell_report(context, report)
        return report.exit_code
    code = 0
    if paths or feeds or prune or not meaning:
        report = _into_folder(context, paths, name, run)
        code = report.exit_code
        if not meaning or report.interrupted:
            return code
    with ends_interrupt():
        return max(code, add_meaning(context, rebuild, jobs))


def _preview(
    context: Context, paths: tuple[Path, ...], name: str | None, part: tuple[int, int] | None, run: Mapping[str, Any]
) -> int:
    """Prints what a run would do; `name` is that of standard input."""
    with TemporaryDirectory() as nowhere:
        there = _with_input(paths, lambda: Path(nowhere), name)[0]
        if context.backend is None:
            return show_preview(context, there, run["feeds"])
        return show_cluster_preview(context, there, part=part or (1, 1), **run)


def _into_folder(context: Context, paths: tuple[Path, ...], name: str | None, run: Mapping[str, Any]) -> Report:
    """Indexes into the folder of the context and prints the report; `name` is that of standard input."""
    import indexer
    from indexer.core.interrupts import ends_interrupt
    from indexer.core.kept_folder import home_of
    from indexer.core.paths import default_index
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
    from indexer.core.sources import LARGEST_FILE
    from indexer.discovery.stdin import keep

    try:
        data = _read(sys.stdin.buffer, LARGEST_FILE + 1)
    except OSError as error:
        raise placed(error, _("standard input")) from None
    kept = keep(home(), data, name)
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


def tell_report(context: Context, report: Report) -> None:
    """Prints the complaints and the summary."""
    tell_complaints(context, report.complaints)
    for tally in report.feeds:
        context.say(feed_line(tally))
    is_empty = not (report.added or report.changed or report.unchanged or report.removed or report.without_cues)
    if not (is_empty and any(complaint.fatal for complaint in report.complaints)):
        context.say(summary(report))
    if report.missing:
        context.say(
            ngettext(
                "The file of {n} episode is gone: --prune removes it from the index",
                "The files of {n} episodes are gone: --prune removes them from the index",
                report.missing,
            ).format(n=report.missing)
        )
    if report.interrupted:
        context.say(_("Interrupted: what was read is in the index; run the same command again to go on"))


def tell_complaints(context: Context, complaints: Sequence[Complaint]) -> None:
    """Prints complaints: the first ones, one per file and kind, or all with -v."""
    from indexer.readers.shared.complaints import by_kind

    fatal = [complaint for complaint in complaints if complaint.fatal]
    others = [complaint for complaint in complaints if not complaint.fatal]
    if not context.verbose:
        others = by_kind(others)
    shown = others if context.verbose else others[:SHOWN_COMPLAINTS]
    for complaint in fatal:
        context.complain(str(complaint))
    for complaint in shown:
        context.say(_counted(complaint) if not context.verbose else str(complaint))
    if len(others) > len(shown):
        more = len(others) - len(shown)
        told = ngettext(
            "... and {n} more complaint: -v shows it", "... and {n} more complaints: -v shows all of them", more
        )
        context.say(told.format(n=more))


def _counted(complaint: Complaint) -> str:
    """A complaint with the number of its places, if there are several."""
    if complaint.places == 1:
        return str(complaint)
    told = _("{complaint} (the first of {n:,} places: -v shows more)")
    return told.format(complaint=complaint, n=complaint.places)


def summary(report: Report) -> str:
    """What a run did, in one line."""
    counts = (
        (report.added, _("{n:,} added")),
        (report.changed, _("{n:,} read again")),
        (report.unchanged, _("{n:,} unchanged")),
        (report.removed, _("{n:,} removed")),
        (report.without_cues, _("{n:,} without cues")),
        (report.failed, _("{n:,} not readable")),
    )
    said = _(", ").join(told.format(n=count) for count, told in counts if count) or _("no transcripts found")
    told = ngettext("Episodes: {facts} ({n:,} cue read)", "Episodes: {facts} ({n:,} cues read)", report.cues)
    return (told if report.cues else _("Episodes: {facts}")).format(facts=said, n=report.cues)
