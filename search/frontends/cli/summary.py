"""`podseek summary`: what is in a corpus."""

from __future__ import annotations

from pathlib import Path

import click

from indexer.core.messages import _
from search.frontends.cli.arguments.asking import report_part, time_limit, timeout
from search.frontends.cli.arguments.listings import no_damping
from search.frontends.cli.arguments.options import chosen_format, common, formats
from search.frontends.cli.output.console import FOUND, Context


@click.command()
@click.option("--misheard", is_flag=True, help="Name likely mishearings as well: seconds more in a large index.")
@no_damping
@timeout
@formats("summary")
@common
def summary(
    context: Context, misheard: bool, no_damping: bool, timeout: float, form: str | None, target: Path | None
) -> int:
    """Summarise the corpus: hours, shows, speakers, rates of speech, vocabulary, what is damped or misheard.

    \b
    Rates are atoms (characters, names, numbers) a minute of speech. The growth of
    the vocabulary is k * words ** beta, Heaps' law (1978), by least squares of
    logarithms, episode by episode: a beta of .5 means four times the words for
    twice the vocabulary. Loops and stock lines are counted apart.

    \b
    Example:
      podseek summary
    """
    form = chosen_format("summary", form, target)
    deadline = time_limit(timeout)
    with context.open_library() as library:
        found = library.explore.summary(damping=not no_damping, timeout=deadline)
        suspects = library.suspects(10, deadline) if misheard else []
    if found.episodes or deadline.reason is None:
        context.show("summary", [found], form, target)
    if suspects:
        listed = "  ".join(f"{one.heard} -> {one.right}" for one in suspects)
        context.say(_("Perhaps misheard (podseek variants --discover): {listed}").format(listed=listed))
    return report_part(context, deadline, FOUND)
