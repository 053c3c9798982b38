"""`podseek dispersion`: where in each episode words are said, and how evenly."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indexer.core.messages import _
from search.frontends.cli.arguments.asking import report_part, time_limit, timeout
from search.frontends.cli.arguments.listings import (
    compared,
    doubled,
    left_out,
    limit,
    no_damping,
    not_drawn,
    plot,
    tell_unsaid,
)
from search.frontends.cli.arguments.options import chosen_filters, chosen_format, common, filters, formats
from search.frontends.cli.output.console import FOUND, NOTHING, Context, is_forced

if TYPE_CHECKING:
    from search import Library
    from search.exploration.dispersion import Dispersion


@click.command()
@compared
@click.option(
    "--parts", type=click.IntRange(1, 1000), default=50, show_default=True, help="Equal parts of episode and corpus."
)
@click.option("--summary", is_flag=True, help="Only how evenly each word is spread, not where it is.")
@filters
@no_damping
@limit
@plot
@timeout
@formats("dispersion")
@common
def dispersion(
    context: Context,
    words: tuple[str, ...],
    form: str | None,
    target: Path | None,
    picture: Path | None,
    summary: bool,
    **options: Any,
) -> int:
    """Show where in each episode WORDS are said, and how evenly they are spread.

    A word may be any text; it is looked for exactly. Listed are the episodes that
    have most. Each strip is the episode from its beginning to its end.

    \b
      DP      0.5 * sum(|v - s|) over all parts, v the share of the occurrences in
              a part, s the share of the corpus: 0 where each part has what its
              size lets expect. Gries 2008
      DPnorm  DP / (1 - smallest s), which is never above 1. Lijffijt and Gries 2012

    DPnorm is given over the episodes as parts, and over equal parts (--parts) of
    all that is said, in order of date; for a strip, over equal parts of its episode.

    \b
    Examples:
      podseek dispersion 电池 芯片
      podseek dispersion 电池 --title 充电 --plot 电池.html
      podseek dispersion 电池 芯片 --summary --format csv -o even.csv
    """
    from search.frontends.formats.no_episodes import no_episodes_left

    kind = "evenness" if summary else "dispersion"
    form = chosen_format(kind, form, target)
    deadline = time_limit(options["timeout"])
    chosen, nowhere = chosen_filters(options), ""
    with context.open_library() as library:
        found = library.explore.dispersion(
            words,
            chosen,
            parts=options["parts"],
            limit=options["limit"] or None,
            damping=not options["no_damping"],
            timeout=deadline,
        )
        if not found:
            nowhere = no_episodes_left(library, chosen)
        twice = doubled(context, library, library.episodes(chosen), deadline) if found else ""
        if picture is not None and found:
            # Before the table: a reader that closes the pipe ends this process.
            _draw(context, library, found, picture)
    context.show(kind, found, form, target)
    left_out(context, found.damped)
    if deadline.reason is None:
        tell_unsaid(context, {one.term: one.count for one in found.evenness if one.of})
    if twice:
        context.say(twice)
    if not found:
        why = "" if any(one.of for one in found.evenness) else nowhere or _("No episodes with speech")
        not_drawn(context, why if deadline.reason is None else "", picture)
    return report_part(context, deadline, FOUND if any(one.count for one in found.evenness) else NOTHING)


def _draw(context: Context, library: Library, found: Dispersion, picture: Path) -> None:
    from search.frontends.formats.charts.pictures import write_picture
    from search.frontends.formats.charts.specifications import dispersion_chart

    episodes = {episode.id: episode for episode in library.episodes()}
    write_picture(picture, dispersion_chart(found, episodes, context.say), context.say, is_forced())
