"""`podseek trend`: how often words are said, over time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from indexer.core.messages import _
from search.frontends.cli.arguments.asking import report_part, time_limit, timeout
from search.frontends.cli.arguments.listings import (
    compared,
    doubled,
    left_out,
    no_damping,
    not_drawn,
    plot,
    tell_unsaid,
)
from search.frontends.cli.arguments.options import chosen_filters, chosen_format, common, filters, formats
from search.frontends.cli.output.console import FOUND, NOTHING, Context, is_forced


@click.command()
@compared
@click.option(
    "--by",
    type=click.Choice(["month", "episode", "year", "show", "speaker"]),
    help="What is compared.  [default: month; year where no months are known, else episode]",
)
@filters
@no_damping
@plot
@timeout
@formats("trend")
@common
def trend(
    context: Context,
    words: tuple[str, ...],
    form: str | None,
    target: Path | None,
    picture: Path | None,
    **options: Any,
) -> int:
    """Show how often WORDS are said, month by month; several are compared.

    A word may be any text; it is looked for exactly, whatever words and cues it
    touches. Rates are occurrences in an hour of speech (from the first word to the
    last, without loops), and in a million characters and names. By speaker, what
    begins in their words is theirs; episodes whose cues name nobody are left out.

    \b
    Examples:
      podseek trend 电池 芯片
      podseek trend 开源 --by show --plot 开源.svg
      podseek trend 开源 --by speaker
      podseek trend 开源 闭源 --by year --format csv -o trend.csv
    """
    from search.frontends.formats.no_episodes import no_episodes_left

    form = chosen_format("trend", form, target)
    deadline = time_limit(options["timeout"])
    chosen, nowhere = chosen_filters(options), ""
    with context.open_library() as library:
        found = library.explore.trend(
            words,
            chosen,
            by=options["by"],
            damping=not options["no_damping"],
            timeout=deadline,
        )
        if not found:
            nowhere = no_episodes_left(library, chosen)
        is_said = any(rate.count for rate in found)
        twice = doubled(context, library, library.episodes(chosen), deadline) if is_said else ""
    if picture is not None and found:
        # Before the table: a reader that closes the pipe ends this process.
        from search.frontends.formats.charts.pictures import write_picture
        from search.frontends.formats.charts.specifications import trend_chart

        write_picture(picture, trend_chart(found, context.say), context.say, is_forced())
    context.show("trend", found, form, target)
    left_out(context, found.damped)
    if found and deadline.reason is None:
        said = {word: sum(rate.count for rate in found if rate.term == word) for word in words}
        tell_unsaid(context, {word: count + found.beside.get(word, 0) for word, count in said.items()})
    from search.frontends.formats.listings.trends import left_out_notes
    from search.frontends.formats.rate_scale import cut_note

    for note in (twice, cut_note(found) if form == "text" or picture is not None else "", *left_out_notes(found)):
        if note:
            context.say(note)
    if not found:
        is_told = found.undated or found.unnamed or deadline.reason is not None
        not_drawn(context, "" if is_told else nowhere or _("No episodes with speech"), picture)
    return report_part(context, deadline, FOUND if is_said else NOTHING)
