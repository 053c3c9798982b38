"""The options that several commands share for searching moments, and the request made of them."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from indexer.core.messages import _, ngettext
from indexer.core.named_tuples import NamedTuple
from search.frontends.cli.arguments.command_classes import Seconds, option, together
from search.frontends.cli.arguments.options import chosen_filters, filters
from search.frontends.cli.output.console import ERROR, NOTHING, Context
from search.query.deadline import DEFAULT_TIMEOUT, Deadline

if TYPE_CHECKING:
    from search import Library, Margin, SearchRequest
    from search.query.plan import Plan

_MOST_CONTEXT = 3600
_MOST_TYPED = 1 << 20
"""Bytes of standard input that are read for a query, far beyond the longest one."""

timeout = option(
    "--timeout",
    type=Seconds(),
    default=DEFAULT_TIMEOUT,
    show_default=True,
    metavar="SECONDS",
    help="Stop after so long, with what was found or counted by then; 0 for no limit.",
)

context_margin = option(
    "-C",
    "--context",
    "margin",
    default="5s",
    show_default=True,
    metavar="AMOUNT",
    help="Context: seconds (8s) or cues (2).",
)

asking = together(
    option(
        "-n",
        "--limit",
        type=click.IntRange(0),
        default=10,
        show_default=True,
        help="How many at most; 0 for all.",
    ),
    context_margin,
    filters,
    option(
        "--sort",
        type=click.Choice(["score", "date", "time"]),
        default="score",
        help="Order of the moments: best first, newest first, or by date and time.",
    ),
    option("--exact", is_flag=True, help="Nothing but exact matches: none by sound, spelling, number or alias."),
    option("--no-meaning", is_flag=True, help="Nothing that is only near in meaning (docs/meaning.md)."),
    option("--no-damping", is_flag=True, help="Loops and stock lines of the recogniser count as well."),
    timeout,
)
"""The search options; `ask` reads them."""


class ToShow(NamedTuple):
    """What a query found, its plan, why the vectors of the index were not used, and the `fields` of the `Page` that
    shows it."""

    found: Iterable[Any]
    plan: Plan
    without_meaning: str | None = None
    fields: Mapping[str, Any] = {}


def typed_query(words: Sequence[str]) -> str:
    """The query of a command: its words or, for `-` alone, standard input, whose lines are one query. Without the
    colours of what was copied or piped."""
    text = " ".join(words)
    if text == "-":
        piped = sys.stdin.buffer.read(_MOST_TYPED) if sys.stdin is not None else b""
        text = " ".join(piped.decode("utf-8", "replace").split())
    if "\x1b" not in text:
        return text
    import re

    return re.sub(r"\x1b\[[0-9;?]*[ -/]*[@-~]", "", text)


def time_limit(seconds: float) -> Deadline:
    """The deadline for `--timeout`, from now on; 0 and `inf` are no limit."""
    return Deadline(seconds if 0 < seconds < math.inf else None)


def found_nothing(context: Context, deadline: Deadline, text: str) -> int:
    """Reports that nothing was found, or that the search was stopped before it found anything; returns the exit
    code."""
    if deadline.reason is None:
        return context.found_nothing(text)
    what = _(
        "The search was {reason}, before it had found anything: give it longer with --timeout SECONDS (0: no limit)"
    )
    return _report(context, deadline, ERROR, what)


def report_stopped(context: Context, deadline: Deadline, code: int) -> int:
    """Returns `code`, or the exit code of an error if the search was stopped, which it reports."""
    if needed := _needed(deadline):
        what = _(
            "The search was {reason}, after {done:,} of {of:,} episodes had been read, so words and order may change. "
            "All of them need about --timeout {needed} (0 for no limit)"
        )
        done, of = deadline.progress or (0, 0)
        return _report(context, deadline, code, what, done=done, of=of, needed=needed)
    what = _(
        "The search was {reason}: this is the best of what it had looked at, and may not be all: "
        "give it longer with --timeout SECONDS (0: no limit)"
    )
    return _report(context, deadline, code, what)


def report_part(context: Context, deadline: Deadline, code: int, of_candidates: bool = False) -> int:
    """Returns `code`, or the exit code of an error if an exploration was stopped, which it reports: how much was read,
    and which limit all of it needs. `of_candidates` if only episodes that may have a match are read."""
    if deadline.reason is None:
        return code
    done, of = deadline.progress or (0, deadline.all_read or 0)
    message = ngettext("{n:,} episode", "{n:,} episodes", of)
    if of_candidates:
        message = ngettext("{n:,} episode that may have a match", "{n:,} episodes that may have a match", of)
    needed = _needed(deadline)
    if needed:
        what = _(
            "The count was {reason}; the result covers {done:,} of {episodes}. "
            "All of them need about --timeout {needed} (0 for no limit)"
        )
    elif deadline.progress is not None:
        what = _(
            "The count was {reason}, before it had read any of {episodes}. "
            "Give it longer with --timeout SECONDS (0 for no limit)"
        )
    elif of and deadline.seconds is not None:
        what = _(
            "The count was {reason}; all {episodes} were read, but not counted to the end. "
            "Try --timeout {needed} (0 for no limit)"
        )
        needed = math.ceil(2 * deadline.seconds)
    elif code == NOTHING:
        what = _(
            "The count was {reason}, before it had counted anything. "
            "Give it longer with --timeout SECONDS (0 for no limit)"
        )
    else:
        what = _(
            "The count was {reason}; the result covers what had been read by then. "
            "Give it longer with --timeout SECONDS (0 for no limit)"
        )
    return _report(context, deadline, code, what, done=done, episodes=message.format(n=of), needed=needed)


def _needed(deadline: Deadline) -> int:
    """The seconds in which all episodes would have been read, at the pace of those that were; 0 if unknown."""
    if deadline.progress is None or deadline.seconds is None:
        return 0
    done, of = deadline.progress
    return math.ceil(deadline.seconds * of / done) if done else 0


def _report(context: Context, deadline: Deadline, code: int, what: str, **values: int | str) -> int:
    if deadline.reason is None:
        return code
    context.complain(what.format(reason=deadline.reason, **values))
    return ERROR


def make_request(text: str, options: dict[str, Any], deadline: Deadline, limit: int | None) -> SearchRequest:
    """Returns the request of these options; `limit` None means no limit. Raises QueryProblem for an invalid filter."""
    from search.api import SearchRequest

    return SearchRequest(
        query=text,
        filters=tuple(chosen_filters(options)),
        limit=limit,
        context=margin(options["margin"]),
        sort=options["sort"],
        exact=options["exact"],
        damping=not options["no_damping"],
        timeout=deadline,
        offset=options.get("offset", 0),
        meaning=not options["no_meaning"],
    )


def ask(library: Library, text: str, options: dict[str, Any], deadline: Deadline) -> ToShow:
    """Finds the moments, in the requested order. Without a limit, moments are made one at a time."""
    request = make_request(text, options, deadline, options["limit"] or None)
    if request.limit is None:
        plan, moments = library.each(request)
        return ToShow(moments, plan)
    result = library.search(request)
    return ToShow(result, result.plan, result.without_meaning)


def ask_counts(library: Library, text: str, options: dict[str, Any], deadline: Deadline) -> ToShow:
    """Finds the episodes with their counts, in the requested order; all episodes if no limit is given.

    Raises UsageError for an option that does not apply to episodes.
    """
    check_no_context()
    request = make_request(text, options, deadline, options["limit"] or None if is_given("limit") else None)
    return ToShow(library.count(request), library.plan(request))


def check_no_context() -> None:
    """Raises UsageError if a context was given, though episodes are listed."""
    if is_given("margin"):
        raise click.UsageError(_("-C is about moments, and what is listed are episodes: leave it out"))


def is_given(option: str) -> bool:
    """True if the user typed this option of the command."""
    from click.core import ParameterSource

    source = click.get_current_context().get_parameter_source(option)
    return source in (ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT)


def margin(amount: str) -> Margin:
    """The context in seconds (`8s`) or cues (`2`)."""
    from search import Margin

    number = amount.strip().removesuffix("s")  # without a pattern: every search comes here, and compiling takes longer
    whole, point, part = number.partition(".")
    if not (whole.isdecimal() and (part.isdecimal() or not point)):
        raise click.BadParameter(
            _("{amount!r} is neither seconds (8s) nor cues (2)").format(amount=amount), param_hint="-C"
        )
    amount_given = float(number)
    if amount_given > _MOST_CONTEXT:
        raise click.BadParameter(_("at most {most} seconds or cues").format(most=_MOST_CONTEXT), param_hint="-C")
    return Margin(amount_given, cues=not amount.strip().endswith("s"))
