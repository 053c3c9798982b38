"""What `podseek index --dry-run` prints: each file that would be read, and what would stay and go in a cluster."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.core.messages import N_, _, ngettext
from search.frontends.cli.output.console import ERROR, FOUND, Context, print_lines

if TYPE_CHECKING:
    from indexer.dry_run import Preview
    from indexer.metadata.feeds.follow import Tally
    from indexer.update import Report


STATES = (N_("read"), N_("no cues"), N_("refused"), N_("remove"))
"""What became of a file in a dry run, as people read it."""


def show_preview(
    context: Context, paths: Sequence[Path], feeds: Iterable[str], *, prune: bool, rebuild: bool, lexicon: Path | None
) -> int:
    """Prints what a run into a folder would read, and with `prune` or `rebuild` what would become of the episodes in
    it; returns the exit code. Raises IndexProblem for a lexicon that cannot be read."""
    from indexer.dry_run import indexed_files, preview
    from indexer.update import Report
    from search.frontends.formats.display import clean, padded

    if lexicon is not None:
        from indexer.core.words.lexicon import read_lexicon

        read_lexicon(lexicon)
    if not (prune or rebuild):
        return _shown(context, preview(paths, feeds))
    there, gone = indexed_files(context.index, paths)
    code = _shown(context, preview(paths, feeds, there if rebuild else ()))
    if paths and not (there or gone):
        return code  # an empty index: all that was listed is new
    if prune:
        for path in gone:
            print_lines([clean(f"{padded(_('remove'), _width())} {path}")])
    report = Report(
        unchanged=0 if rebuild or paths else len(there),
        removed=len(gone) if prune else 0,
        missing=0 if prune else len(gone),
    )
    if paths and not rebuild and not gone:
        context.say(_("Episodes: {facts}").format(facts=_("none to remove")))
    else:
        context.say(_("Episodes: {facts}").format(facts=_facts(0, len(there) if rebuild else 0, report)))
    return code


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
    from indexer.cluster.preview import preview_of_cluster
    from indexer.dry_run import preview_of_feeds, preview_of_file

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
    return _("Library {backend}: {facts}").format(backend=backend, facts=_facts(new, changed, report))


def _facts(new: int, changed: int, report: Report) -> str:
    """What a run would do to the episodes, as a list of counts."""
    counts = (
        (new, _("{n:,} new to read")),
        (changed, _("{n:,} to read again")),
        (report.unchanged, _("{n:,} unchanged")),
        (report.removed, _("{n:,} to remove")),
        (report.missing, _("{n:,} whose files are gone (--prune removes them)")),
    )
    return _(", ").join(message.format(n=count) for count, message in counts if count) or _("no transcripts found")


def _shown(context: Context, previews: Iterable[Preview]) -> int:
    """Prints previews; returns the exit code."""
    from indexer.core.text.time_format import clock
    from indexer.dry_run import FilePreview
    from search.frontends.formats.display import clean, padded

    failed = False
    width = _width()
    for entry in previews:
        if isinstance(entry, FilePreview):
            cues = ngettext("{n:>6} cue ", "{n:>6} cues", entry.cues).format(n=entry.cues)
            size = f"{padded(_(entry.state), width)} {cues}  {clock(entry.duration)}"
            line = f"{size}  {entry.facts.date or '-':<10}  {entry.facts.title}  {entry.path}"
            print_lines([clean(line)])
        for complaint in entry.complaints:
            context.complain(str(complaint))
            failed = failed or complaint.fatal
        for tally in () if isinstance(entry, FilePreview) else entry.feeds:
            context.say(feed_line(tally, preview=True))
    return ERROR if failed else FOUND


def _width() -> int:
    """Columns of the state before a file."""
    from search.frontends.formats.display import columns

    return max(8, *(columns(_(state)) for state in STATES))


def feed_line(tally: Tally, preview: bool = False) -> str:
    """What became of a feed, or would, in one line."""
    said = [ngettext("{n:,} item", "{n:,} items", tally.items).format(n=tally.items)]
    for message, count in (
        (_("{n:,} matched with files"), tally.matched),
        (_("{n:,} with a fetched transcript"), tally.fetched),
        (_("{n:,} transcribed here"), tally.made),
    ):
        said += [message.format(n=count)] if count else []
    if tally.without:
        message = _("{n:,} without a transcript here")
        if preview and tally.offered:
            message = _("{n:,} without a transcript here ({offered:,} to fetch)")
        said.append(message.format(n=tally.without, offered=tally.offered))
    return _("Feed {title}: {facts}").format(title=tally.title, facts=_(", ").join(said))
