"""`podseek collocates`: the words that occur near a text more often than elsewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indexer.core.messages import _, ngettext
from search.frontends.cli.arguments.asking import report_part, time_limit, timeout
from search.frontends.cli.arguments.listings import function_words, limit, min_count, no_damping, tell
from search.frontends.cli.arguments.options import chosen_filters, chosen_format, common, filters, formats
from search.frontends.cli.output.console import FOUND, NOTHING, Context

if TYPE_CHECKING:
    from search.exploration.collocations import CollocationWindow

_MOST_WORDS, _MOST_SECONDS = 100, 600


def _window(ctx: click.Context, option: click.Parameter, value: str) -> CollocationWindow:
    """A window from `5`, in words, or `3s`, in seconds."""
    from search.exploration.collocations import CollocationWindow

    match = re.fullmatch(r"(\d+)|(\d+(?:\.\d+)?)s", value.strip())
    if match is None:
        raise click.BadParameter(
            _("{value!r} is no window such as 5 (words) or 3s (seconds)").format(value=value), ctx, option
        )
    size, most = float(match[1] or match[2]), _MOST_SECONDS if match[2] else _MOST_WORDS
    if not 0 < size <= most:
        raise click.BadParameter(
            _("a window has 1 to {most_words} words, or up to {most_seconds} s").format(
                most_words=_MOST_WORDS, most_seconds=_MOST_SECONDS
            ),
            ctx,
            option,
        )
    return CollocationWindow(size, seconds=bool(match[2]))


@click.command()
@click.argument("word")
@click.option(
    "-w",
    "--window",
    default="5",
    show_default=True,
    metavar="N",
    callback=_window,
    help="How far to each side: in words (5, at most 100) or in seconds (3s, at most 600s).",
)
@filters
@function_words
@min_count(3)
@click.option(
    "--sort",
    type=click.Choice(["dice", "g2", "count"]),
    default="dice",
    show_default=True,
    help="Highest first: logDice, G2, or how often a word is near.",
)
@no_damping
@limit
@timeout
@formats("collocates")
@common
def collocates(
    context: Context, word: str, window: CollocationWindow, form: str | None, target: Path | None, **options: Any
) -> int:
    """List the words that occur near WORD more often than elsewhere.

    WORD may be any text; it is looked for exactly, whatever words it touches.
    A word is near if it is in the window on either side; near two places of WORD,
    it counts once.

    \b
      logDice  14 + log2(2 * near / (places of WORD + anywhere)): 14 for what is
               never apart, 1 less for each halving. Rychlý 2008
      G2       2 * sum(observed * ln(observed / expected)) over all words, in the
               windows or not, this one or another; from 3.84 on, chance does it
               once in 20 times at most. Dunning 1993

    \b
    Examples:
      podseek collocates 电池
      podseek collocates 开源 -w 10s --sort g2 --format csv -o 开源.csv
    """
    from search.frontends.formats.no_episodes import no_episodes_left

    form = chosen_format("collocates", form, target)
    deadline = time_limit(options["timeout"])
    chosen, nowhere = chosen_filters(options), ""
    with context.open_library() as library:
        found = library.explore.collocates(
            word,
            chosen,
            window=window,
            limit=options["limit"] or None,
            least=options["min_count"],
            sort=options["sort"],
            function_words=options["all"],
            damping=not options["no_damping"],
            timeout=deadline,
        )
        if not found and not deadline.reason:
            nowhere = no_episodes_left(library, chosen)
    context.show("collocates", found, form, target)
    are_any = tell(context, found, deadline, nowhere=nowhere)
    if are_any and not found and not deadline.reason:
        message = _("{word} is nowhere, so it has no collocates")
        if found.places:
            message = ngettext(
                "{word} is there {n:,} time, without collocates",
                "{word} is there {n:,} times, without collocates",
                found.places,
            )
        context.say(message.format(word=word, n=found.places))
    return report_part(context, deadline, FOUND if found else NOTHING)
