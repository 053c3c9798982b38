"""`podseek terms`: frequent words, typical words, n-grams, new words."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indexer.core.messages import N_, _
from search.frontends.cli.arguments.asking import report_part, time_limit, timeout
from search.frontends.cli.arguments.listings import doubled, function_words, limit, min_count, no_damping, tell
from search.frontends.cli.arguments.options import chosen_filters, chosen_format, common, filters, formats
from search.frontends.cli.output.console import FOUND, NOTHING, Context

if TYPE_CHECKING:
    from search.exploration.explorer import Explorer
    from search.exploration.listing import Listing
    from search.query.deadline import Deadline
    from search.query.syntax import Filter

_LONGEST_GRAM = 8
_KINDS = {"terms": N_("frequent words"), "keywords": N_("typical words"), "new_words": N_("new words")}
_SORTS = {"terms": (), "keywords": ("g2", "ratio", "count"), "new_words": ("score", "count")}
_ONLY = {
    "--frequent": ("terms",),
    "--against": ("keywords",),
    "--significance": ("keywords",),
    "--min-episodes": ("keywords",),
    "--min-ratio": ("keywords",),
    "--all": ("terms", "keywords"),
    "--ngrams": ("terms", "keywords"),
    "--characters": ("terms", "keywords"),
}
"""Options that are not for every list."""


def _sizes(ctx: click.Context, option: click.Parameter, value: str | None) -> tuple[int, int] | None:
    """The sizes of n-grams from `2` or `2-4`."""
    if value is None:
        return None
    match = re.fullmatch(r"([1-9])(?:-([1-9]))?", value.strip())
    shortest, longest = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
    if not shortest <= longest <= _LONGEST_GRAM:
        raise click.BadParameter(
            _("{value!r} is no size such as 2 or 2-4, at most {most}").format(value=value, most=_LONGEST_GRAM),
            ctx,
            option,
        )
    return shortest, longest


def _finite(ctx: click.Context, option: click.Parameter, value: float | None) -> float | None:
    """A number that others can be compared with: no `nan`, of which no range is wrong."""
    if value is not None and not math.isfinite(value):
        raise click.BadParameter(_("{value} is no number").format(value=value), ctx, option)
    return value


def _parts(ctx: click.Context, option: click.Parameter, values: tuple[str, ...]) -> list[Filter]:
    """The filters from `show:回声机房` and the like."""
    from search.query.filters import FIELDS, check_filter
    from search.query.syntax import Filter

    for value in values:
        field, colon, wanted = value.partition(":")
        problem = (
            check_filter(field, wanted)
            if colon and field in FIELDS
            else _("{value}: is no part such as show:NAME").format(value=value)
        )
        if problem:
            raise click.BadParameter(problem, ctx, option)
    return [Filter(*value.split(":", 1)) for value in values]


@click.command()
@filters
@click.option(
    "--against",
    multiple=True,
    metavar="PART",
    callback=_parts,
    help="Compare with PART, such as show:NAME or date:2024, instead of the rest.",
)
@click.option("--frequent", is_flag=True, help="The frequent words of the part chosen, not those typical of it.")
@click.option("--new", is_flag=True, help="Words that neither the dictionary nor a lexicon has.")
@click.option("-g", "--ngrams", metavar="N", callback=_sizes, help="N words in a row, of one sentence: 2, or 2-4.")
@click.option("--characters", is_flag=True, help="Characters instead of words.")
@function_words
@min_count()
@click.option("--min-episodes", type=click.IntRange(1), metavar="N", help="Only what N episodes of the part have.")
@click.option(
    "--min-ratio", type=float, metavar="X", callback=_finite, help="Only from this log ratio on.  [default: 1]"
)
@click.option(
    "--significance",
    type=click.FloatRange(0, 1, min_open=True),
    metavar="P",
    callback=_finite,
    help="Only what chance does less often.",
)
@click.option("--sort", type=click.Choice(["g2", "ratio", "score", "count"]), help="What comes first.")
@no_damping
@limit
@timeout
@formats("terms")
@common
def terms(context: Context, form: str | None, target: Path | None, **options: Any) -> int:
    """List frequent words; with --show, --title and the like, the words typical of that part.

    \b
    Frequent are words in a million. Function words, numbers and single letters, which
    say little by themselves, are in neither list without --all.
    Typical is what a part has significantly more of than the rest, or than --against:
      G2         2 * sum(observed * ln(observed / expected)): how sure that is; from
                 15.1 on, chance does it once in 10,000 times (--significance).
                 Dunning 1993, Rayson and Garside 2000
      log ratio  log2(share here / share elsewhere): how many times as much, in
                 doublings; from 1 on, which is twice (--min-ratio). Hardie 2014
    New words hold together inside and are free outside (Sornlertlamvanich and
    others 2000, Jin and Tanaka-Ishii 2006):
      cohesion   the least log2(p(ab) / (p(a) * p(b))) of all cuts in two
      entropy    -sum(p * log2(p)) of what stands before or after, the lesser
      score      log2(count) * cohesion * entropy

    \b
    Examples:
      podseek terms --title 电池
      podseek terms --since 2025-06 --against date:2025-01 -g 2-3
      podseek terms --frequent --show 回声机房
      podseek terms --new --format plain >> lexicon.txt
    """
    from search.frontends.formats.no_episodes import no_episodes_left

    kind = _kind(options)
    form = chosen_format(kind, form, target)
    deadline = time_limit(options["timeout"])
    with context.open_library() as library:
        found = _find(library.explore, kind, options, deadline)
        nowhere = "" if found else no_episodes_left(library, chosen_filters(options))
        twice = doubled(context, library, library.episodes(chosen_filters(options)), deadline) if found else ""
    context.show(kind, found, form, target)
    are_any = tell(context, found, deadline, options["characters"], nowhere)
    if twice:
        context.say(twice)
    if are_any and not found and not deadline.reason:
        context.say(_("No {kinds}").format(kinds=_(_KINDS[kind])))
    return report_part(context, deadline, FOUND if found else NOTHING)


def _kind(options: dict[str, Any]) -> str:
    """The exploration that the options choose. Raises UsageError for options that do not go together."""
    chosen = any(options[name] is not None for name in ("show", "title", "speaker", "since", "until"))
    kind = "new_words" if options["new"] else "keywords" if chosen and not options["frequent"] else "terms"
    for option, kinds in _ONLY.items():
        value = options[option.strip("-").replace("-", "_")]
        # Zero is given, although it equals False.
        is_given = not (value is None or value is False or value == [])
        if is_given and kind not in kinds:
            raise click.UsageError(
                _("{option} is not for {kinds}, only for {others}").format(
                    option=option, kinds=_(_KINDS[kind]), others=_(" and ").join(_(_KINDS[one]) for one in kinds)
                )
            )
    if options["sort"] not in (None, *_SORTS[kind]):
        raise click.UsageError(
            _("--sort {order} is not for {kinds}").format(order=options["sort"], kinds=_(_KINDS[kind]))
        )
    return kind


def _find(explore: Explorer, kind: str, options: dict[str, Any], deadline: Deadline) -> Listing[Any]:
    """Asks for a list, with what was given and applies to it."""
    given = {
        "least": options["min_count"],
        "least_episodes": options["min_episodes"],
        "least_ratio": options["min_ratio"],
        "significance": options["significance"],
        "sort": options["sort"],
        "sizes": options["ngrams"],
        "characters": options["characters"] or None,
        "function_words": options["all"] or None,
        "against": options["against"] or None,
    }
    known = {name: value for name, value in given.items() if value is not None}
    ask = getattr(explore, kind)
    listing: Listing[Any] = ask(
        chosen_filters(options),
        limit=options["limit"] or None,
        damping=not options["no_damping"],
        timeout=deadline,
        **known,
    )
    return listing
