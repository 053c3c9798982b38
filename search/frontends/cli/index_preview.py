"""What `podseek index --dry-run` prints: each file that would be read, and what would stay and go in a cluster."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.core.messages import _, ngettext
from search.frontends.cli.console import ERROR, FOUND, Context, print_lines

if TYPE_CHECKING:
    from indexer.dry_run import Preview
    from indexer.metadata.feeds.follow import Tally
    from indexer.update import Report


def show_preview(context: Context, paths: Iterable[Path], feeds: Iterable[str]) -> int:
    """Prints what a run into a folder would read; returns the exit code."""
    from indexer.dry_run import preview

    return _shown(context, preview(paths, feeds))


def show_cluster_preview(
    context: Context,
    paths: Sequence[Path],
    feeds: Sequence[str],
    *,
    part: tuple[int, int],
    prune: bool,
    rebuild: bool,
    lexicon: Path | None,
) -> int:
    """Prints what a run into the cluster of the context would read, and how many episodes it would leave as they are
    and remove; returns the exit code. Raises IndexProblem. Of `feeds`, only what they offer is looked at."""
    from indexer.dry_run import preview_of_feeds, preview_of_file
    from indexer.intake.cluster_preview import preview_of_cluster

    assert context.backend is not None
    report, files = preview_of_cluster(paths, context.backend, part=part, prune=prune, rebuild=rebuild, lexicon=lexicon)
    codes = [_shown(context, (preview_of_file(Path(file.path), file.facts) for file in files))]
    for complaint in report.complaints:
        context.complain(str(complaint))
    if feeds:
        codes.append(_shown(context, [preview_of_feeds(paths, feeds)]))
    new = sum(file.is_new for file in files)
    context.say(_cluster_line(context.backend, new, len(files) - new, report))
    failed = any(complaint.fatal for complaint in report.complaints)
    return ERROR if failed else max(codes)


def _cluster_line(backend: str, new: int, changed: int, report: Report) -> str:
    counts = (
        (new, _("{n:,} new to read")),
        (changed, _("{n:,} to read again")),
        (report.unchanged, _("{n:,} unchanged")),
        (report.removed, _("{n:,} to remove")),
        (report.missing, _("{n:,} whose files are gone (--prune removes them)")),
    )
    facts = _(", ").join(told.format(n=count) for count, told in counts if count) or _("no transcripts found")
    return _("Library {backend}: {facts}").format(backend=backend, facts=facts)


def _shown(context: Context, previews: Iterable[Preview]) -> int:
    from indexer.core.time_format import clock
    from search.frontends.formats.display import clean, padded

    failed = False
    for entry in previews:
        if entry.path is not None:
            cues = _("{n:>6} cues").format(n=entry.cues)
            size = f"{padded(_(entry.state), 8)} {cues}  {clock(entry.duration)}"
            line = f"{size}  {entry.facts.date or '-':<10}  {entry.facts.title}  {entry.path}"
            print_lines([clean(line)])
        for complaint in entry.complaints:
            context.complain(str(complaint))
            failed = failed or complaint.fatal
        for tally in entry.feeds:
            context.say(feed_line(tally, preview=True))
    return ERROR if failed else FOUND


def feed_line(tally: Tally, preview: bool = False) -> str:
    """What became of a feed, or would, in one line."""
    said = [ngettext("{n:,} item", "{n:,} items", tally.items).format(n=tally.items)]
    for told, count in (
        (_("{n:,} matched with files"), tally.matched),
        (_("{n:,} with a fetched transcript"), tally.fetched),
        (_("{n:,} transcribed here"), tally.made),
    ):
        said += [told.format(n=count)] if count else []
    if tally.without:
        told = _("{n:,} without a transcript here")
        if preview and tally.offered:
            told = _("{n:,} without a transcript here ({offered:,} to fetch)")
        said.append(told.format(n=tally.without, offered=tally.offered))
    return _("Feed {title}: {facts}").format(title=tally.title, facts=_(", ").join(said))
