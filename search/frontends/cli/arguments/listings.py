"""What the commands that count words have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

from indexer.core.messages import _, enumeration, ngettext
from search.frontends.cli.arguments.mistakes import for_shell
from search.frontends.cli.arguments.options import free

if TYPE_CHECKING:
    from pathlib import Path

    from indexer.core.types import Episode
    from search.exploration.listing import Listing
    from search.frontends.cli.output.console import Context
    from search.library import Library
    from search.query.deadline import Deadline

limit = click.option(
    "-n", "--limit", type=click.IntRange(0), default=20, show_default=True, help="How many; 0 for all."
)
function_words = click.option("--all", is_flag=True, help="Function words (的 是 我们), numbers and letters, too.")
no_damping = click.option("--no-damping", is_flag=True, help="Count loops and stock lines of the recogniser, too.")


def _each_text(ctx: click.Context, argument: click.Parameter, typed: tuple[str, ...]) -> tuple[str, ...]:
    from search.frontends.schemas.arguments import separated

    return tuple(dict.fromkeys(text for one in typed for text in separated(one, thousands=True) or (one,)))


compared = click.argument("words", nargs=-1, required=True, callback=_each_text)
"""The texts that are counted, each once: arguments, and what commas separate in them, but for those of 1,000."""


def min_count(default: int | None = None) -> Callable[[Any], Any]:
    """The option for the least number of occurrences; without a default the exploration has its own."""
    return click.option(
        "--min-count",
        type=click.IntRange(1),
        default=default,
        show_default=True,
        metavar="N",
        help="Only what comes at least N times.",
    )


def tell(
    context: Context, found: Listing[Any], deadline: Deadline, characters: bool = False, nowhere: str = ""
) -> bool:
    """Says how many words or characters were counted, and how many were not; returns False, and says why, if there was
    none: `nowhere` if not empty."""
    if not (found.words or found.damped):
        if deadline.reason is None:
            context.say(nowhere or _("No episodes with speech"))
        return False
    words = ngettext("{n:,} word", "{n:,} words", found.words)
    message = ngettext("{n:,} character", "{n:,} characters", found.words) if characters else words
    message = message.format(n=found.words)
    if found.other_words:
        message += _(", compared with {n:,}").format(n=found.other_words)
    if found.damped:
        message += _("; {n:,} in loops and stock lines left out: --no-damping counts them").format(n=found.damped)
    context.say(message)
    return True


def doubled(context: Context, library: Library, counted: Iterable[Episode], deadline: Deadline) -> str:
    """What to say of recordings that count twice; empty if none does, nobody would read it, or the time is up."""
    if context.quiet or deadline.reason is not None:
        return ""
    from search.frontends.formats.double_notes import double_note

    return double_note(library, counted)


def tell_unsaid(context: Context, counts: Mapping[str, int]) -> None:
    """Says which of some texts are nowhere exactly, and what lists others that may be meant."""
    if unsaid := [text for text, count in counts.items() if not count]:
        from search.frontends.cli.output.commands import of_library

        what = _("Nowhere exactly: {texts}; `podseek variants {text}` lists what sounds or is spelled alike")
        context.say(what.format(texts=enumeration(unsaid), text=f"{of_library(context)}{for_shell(unsaid[0])}"))


def left_out(context: Context, damped: int) -> None:
    """Says how many occurrences do not count."""
    if damped:
        context.say(
            ngettext(
                "{n:,} occurrence in loops and stock lines left out: --no-damping counts it",
                "{n:,} occurrences in loops and stock lines left out: --no-damping counts them",
                damped,
            ).format(n=damped)
        )


def _picture(ctx: click.Context, option: click.Parameter, value: str | None) -> Path | None:
    if value is None:
        return None
    if not value.lower().endswith((".html", ".svg", ".png")):
        raise click.BadParameter(_("{value!r}: pictures are .html, .svg or .png").format(value=value), ctx, option)
    return free(ctx, value)


plot = click.option(
    "--plot",
    "picture",
    metavar="FILE",
    callback=_picture,
    help="Draw it as well: FILE.html or .svg with links to the moments, or .png.",
)


def not_drawn(context: Context, nowhere: str, picture: Path | None) -> None:
    """Says that nothing was found, as in `nowhere`, and that therefore no picture is drawn. Empty means that the count
    was stopped, which is reported elsewhere."""
    if picture is not None:
        message = _("{nowhere}: {picture} is not drawn") if nowhere else _("{picture} is not drawn")
        context.say(message.format(nowhere=nowhere, picture=picture))
    elif nowhere:
        context.say(nowhere)
