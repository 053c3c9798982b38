"""`podseek chapters`: the chapters of an episode, given or proposed."""

from __future__ import annotations

from pathlib import Path

import click

from indexer.core.messages import _
from search.frontends.cli.arguments.asking import report_part, time_limit, timeout
from search.frontends.cli.arguments.options import chosen_format, common, completes, formats
from search.frontends.cli.output.console import FOUND, NOTHING, Context


@click.command()
@click.argument("episode", shell_complete=completes("episode"))
@click.option("--proposed", is_flag=True, help="Propose chapters even where some are given.")
@click.option(
    "--count",
    type=click.IntRange(1, 200),
    metavar="N",
    help="Propose N.  [default: at most as many as people usually make]",
)
@timeout
@formats("outline")
@common
def chapters(
    context: Context,
    episode: str,
    proposed: bool,
    count: int | None,
    timeout: float,
    form: str | None,
    target: Path | None,
) -> int:
    """Show the chapters of an episode, as its feed, notes or podcast.toml give them; else propose some.

    Proposed ones (~) are approximate: they begin where a numbered part is announced
    (第二篇论文), and where the words change. Their titles are short phrases of the
    words typical of them.

    \b
    Examples:
      podseek chapters corpus/05-speech-recognition
      podseek chapters 05-speech --format chapters -o 05-speech-recognition.chapters.json

    \b
    How they are proposed: all ways to part the episode count by their likelihood, and a
    border is put where most of them have one within 30 s (minimum Bayes risk), each
    chapter drawing words from a distribution of its own (Utiyama and Isahara 2001;
    with a Dirichlet prior of A = 300 words: Eisenstein and Barzilay 2008). A chapter
    scores sum(ln(1 + k / (A p))) - sum(ln(1 + n / A)) over its words: p is how usual
    a word is, k how often it came before in the chapter, n how many words did.
    Announcements, hand-overs, questions, changes of the speaker and pauses add to it,
    and vectors if the index has some. A title has most of the typical words (G2;
    podseek terms --help). Loops and stock lines do not count.
    """
    form = chosen_format("outline", form, target)
    deadline = time_limit(timeout)
    with context.open_library() as library:
        given = False if proposed or count else None
        found = library.explore.outline(episode, given=given, most=count, timeout=deadline)
    context.show("outline", found, form, target)
    if any(section.approximate for section in found):
        context.say(_("Proposed by the words that are said, not given: about right, some wrong"))
    if found and count and len(found) < count:
        from search.exploration.chapters.border_choice import SPACING

        message = _("{made} of {wanted}: a chapter lasts {seconds} s at least")
        context.say(message.format(made=len(found), wanted=count, seconds=round(SPACING)))
    return report_part(context, deadline, FOUND if found else NOTHING)
