"""`podseek similar`: more like a moment or an episode."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indexer.core.messages import _, enumeration
from search.frontends.cli.arguments.asking import (
    check_no_context,
    context_margin,
    is_given,
    margin,
    report_stopped,
    time_limit,
    timeout,
)
from search.frontends.cli.arguments.options import (
    chosen_filters,
    chosen_format,
    common,
    completes,
    filters,
    formats,
    seconds,
)
from search.frontends.cli.output.console import FOUND, NOTHING, Context

if TYPE_CHECKING:
    from search.exploration.similar import AskedLibrary


@click.command()
@click.argument("episode", shell_complete=completes("episode"))
@click.option("--at", metavar="TIME", help="Like what is said around this time of the episode, not like all of it.")
@click.option("-l", "--episodes", "whole", is_flag=True, help="Episodes, not moments.")
@click.option("-n", "--limit", type=click.IntRange(1), default=10, show_default=True, help="How many.")
@context_margin
@click.option("--no-meaning", is_flag=True, help="Nothing that is only near in meaning (docs/meaning.md).")
@filters
@timeout
@formats("moments")
@common
def similar(
    context: Context,
    episode: str,
    at: str | None,
    whole: bool,
    limit: int,
    no_meaning: bool,
    form: str | None,
    target: Path | None,
    **options: Any,
) -> int:
    """Find what is like an episode, a moment of it (--at), or a moment of the last list (its number).

    The words typical of it (G2 against all else; podseek terms --help) are
    searched, and printed to stderr; with -l, episodes are ranked by them.
    In an index with vectors, what is near in meaning is found as well.
    --show and the like choose what is listed. Loops and stock lines do not count.

    \b
      BM25  sum(idf * count * 2.2 / (count + 1.2 * (.25 + .75 * length / mean length)))
            over the words; idf = ln(1 + (episodes - having + .5) / (having + .5)).
            Robertson and Zaragoza 2009

    \b
    Examples:
      podseek similar 3
      podseek similar corpus/05-speech-recognition --at 2:30
      podseek similar 05-speech -l --since 2025-03
    """
    from search.exploration.similar import similar_moments
    from search.frontends.cli.arguments.list_numbers import as_last_list, check_episode
    from search.frontends.cli.arguments.list_numbers import chosen as chosen_by_number
    from search.frontends.formats.no_episodes import no_episodes_left

    kind = "likenesses" if whole else "moments"
    if whole:
        check_no_context()
    shown_around: dict[str, Any] = {} if whole else {"context": margin(options["margin"])}
    form = chosen_format(kind, form, target)
    where = seconds(at) if at is not None else None
    deadline = time_limit(options["timeout"])
    wanted: dict[str, Any] = {
        "filters": chosen_filters(options),
        "limit": limit,
        "timeout": deadline,
        "meaning": not no_meaning,
    }
    listed = chosen_by_number(context, [episode]) if at is None else None
    nowhere = ""
    with context.open_library(listed[0].folder if listed else None) as library:
        if listed:
            check_episode(library, listed[0])
            episode, where = listed[0].episode, (listed[0].start + listed[0].end) / 2
        words, found = (_episodes if whole else similar_moments)(library, episode, where, **wanted, **shown_around)
        without = "" if no_meaning else library.explore.without_meaning
        if not found and not deadline.reason:
            nowhere = no_episodes_left(library, wanted["filters"])
        folders = library.folders
    numbered = not whole and context.is_list(form, target)
    listed_moments = as_last_list(folders, " ".join(words), found) if numbered else found
    context.show(kind, listed_moments, form, target, whole=is_given("margin"))
    if words or not deadline.reason:
        _tell_words(context, words)
    if without:
        context.say(_("Answered without meaning: {reason}").format(reason=without))
    if words and not found and not deadline.reason:
        context.say(nowhere or _("Nothing else says them"))
    return report_stopped(context, deadline, FOUND if found else NOTHING)


def _episodes(library: AskedLibrary, episode: str, where: float | None, **wanted: Any) -> tuple[Sequence[str], Any]:
    """The typical words and the episodes, as `similar_moments` returns those and moments."""
    found = library.explore.similar(episode, seconds=where, **wanted)
    return found.by, found


def _tell_words(context: Context, words: Sequence[str]) -> None:
    """Says by which words what is similar was found."""
    from search.frontends.formats.display import broken

    if not words:
        context.say(_("No word is typical of it: try a longer stretch"))
        return
    message = _("By its words {words}").format(words=enumeration(words))
    for line in broken(message, enumeration(("", "")), context.style().width):
        context.say(line)
