"""The report of an indexing run, as printed: its complaints, and a line of counts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from indexer.core.messages import _, enumeration, ngettext
from search.frontends.cli.output.console import Context
from search.frontends.cli.runs.index_preview import feed_line

if TYPE_CHECKING:
    from indexer.core.types import Complaint
    from indexer.update import Report

_NAMED = 3
"""Files that are gone and named; all with -v."""
_SHOWN = 20
"""Complaints shown about cues that were kept, one per file and kind; all with -v."""


def tell_report(context: Context, report: Report, known: Collection[Complaint] = ()) -> None:
    """Prints the complaints and the summary; of those `known`, without -v, only how many they are."""
    again = 0 if context.verbose else sum(complaint in known for complaint in report.complaints)
    tell_complaints(context, [one for one in report.complaints if not again or one not in known])
    if again:
        message = ngettext(
            "{n:,} complaint as at the last run: -v shows it",
            "{n:,} complaints as at the last run: -v shows them",
            again,
        )
        context.say(message.format(n=again))
    for tally in report.feeds:
        context.say(feed_line(tally))
    is_empty = not (report.added or report.changed or report.unchanged or report.removed or report.without_cues)
    if not (is_empty and any(complaint.fatal for complaint in report.complaints)):
        context.say(summary(report))
    tell_moved(context.say, report, context.verbose)
    if report.missing:
        context.say(
            ngettext(
                "The file of {n} episode is gone ({files}): --prune removes it from the index",
                "The files of {n} episodes are gone ({files}): --prune removes them from the index",
                report.missing,
            ).format(n=report.missing, files=_some(report.gone, context.verbose))
        )
    if report.interrupted:
        context.say(_("Interrupted: what was read is in the index; run the same command again to go on"))


def tell_moved(say: Callable[[str], None], report: Report, verbose: bool) -> None:
    """Tells which files were renamed or moved: the first few, or with -v all."""
    if not report.moved:
        return
    message = ngettext(
        "{n:,} transcript was renamed or moved, and its episode with it: {files}",
        "{n:,} transcripts were renamed or moved, and their episodes with them: {files}",
        len(report.moved),
    )
    pairs = [f"{before} -> {now}" for before, now in report.moved.items()]
    say(message.format(n=len(pairs), files=_some(pairs, verbose)))


def _some(paths: Sequence[str], verbose: bool) -> str:
    """The first few paths, or with -v all."""
    shown = paths if verbose else paths[:_NAMED]
    return enumeration([*shown, *(["..."] if len(paths) > len(shown) else [])])


def tell_complaints(context: Context, complaints: Sequence[Complaint]) -> None:
    """Prints complaints: the first ones, one per file and kind, or all with -v."""
    from indexer.readers.shared.complaints import by_kind

    fatal = [complaint for complaint in complaints if complaint.fatal]
    others = [complaint for complaint in complaints if not complaint.fatal]
    if not context.verbose:
        others = by_kind(others)
    shown = others if context.verbose else others[:_SHOWN]
    for complaint in fatal:
        context.complain(str(complaint))
    for complaint in shown:
        context.say(_counted(complaint) if not context.verbose else str(complaint))
    if len(others) > len(shown):
        more = len(others) - len(shown)
        message = ngettext(
            "... and {n} more complaint: -v shows it", "... and {n} more complaints: -v shows all of them", more
        )
        context.say(message.format(n=more))


def _counted(complaint: Complaint) -> str:
    """A complaint with the number of its places, if there are several."""
    if complaint.places == 1:
        return str(complaint)
    message = _("{complaint} (the first of {n:,} places: -v shows more)")
    return message.format(complaint=complaint, n=complaint.places)


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
    said = _(", ").join(message.format(n=count) for count, message in counts if count) or _("no transcripts found")
    message = ngettext("Episodes: {facts} ({n:,} cue read)", "Episodes: {facts} ({n:,} cues read)", report.cues)
    return (message if report.cues else _("Episodes: {facts}")).format(facts=said, n=report.cues)
