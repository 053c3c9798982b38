"""What the command line says of mistyped arguments: one line with the place, what is wrong, and what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import click

from indexer.core.messages import CHINESE, _, language
from search.frontends.formats.display import clean, shortened


def clear(error: click.ClickException) -> click.ClickException:
    """The same error without control sequences, which click repeats as they were typed, and in our words where click
    explains an option's number in its own."""
    if isinstance(error, click.BadParameter) and _is_number(error.param):
        return click.ClickException(shortened(clean(_no_number(error))))
    message = shortened(clean(error.format_message()))
    if language() == CHINESE:
        message = re.sub(r"\.$", "。", message).replace("。 （", "。（")  # click joins its sentences as in English
    if isinstance(error, click.UsageError):
        return click.UsageError(message, error.ctx)
    return click.ClickException(message)


def no_such_command(name: str, known: Sequence[str], group: str = "") -> click.ClickException:
    """The error for a command that does not exist, in a group or among all; suggests the most similar one."""
    from difflib import get_close_matches

    similar = get_close_matches(name.lower(), known, 1)
    advice = (
        _("did you mean {name}?").format(name=similar[0])
        if similar
        else _("`{command}` lists them").format(command=" ".join(filter(None, ("podseek", group, "--help"))))
    )
    return click.ClickException(_("{name}: no such command: {advice}").format(name=name, advice=advice))


def _is_number(parameter: click.Parameter | None) -> bool:
    return parameter is not None and isinstance(parameter.type, type(click.INT) | type(click.FLOAT))


def _no_number(error: click.BadParameter) -> str:
    parameter = error.param
    if parameter is None:
        raise AssertionError("not an error of a parameter")
    name = max(parameter.opts, key=len) if isinstance(parameter, click.Option) else parameter.human_readable_name
    value = next(filter(None, (re.match(shape, error.message, re.DOTALL) for shape in _shapes())), None)
    if value is None:
        return error.format_message()
    example = parameter.default if isinstance(parameter.default, int | float) else None
    told = _("{name}: {value} is not {kind}")
    if example is not None:
        told = _("{name}: {value} is not {kind}: give one, such as {example:g}")
    return told.format(name=name, value=value[1], kind=_kind(parameter.type), example=example)


def _shapes() -> list[str]:
    """Patterns of what click says of a number that does not fit, with the value as group 1."""
    said = (_("{value!r} is not a valid {number_type}."), _("{value} is not in the range {range}."))
    return [re.sub(r"\\\{\w+\\\}", ".*", re.sub(r"\\\{value(!r)?\\\}", "(.*)", re.escape(text))) for text in said]


def _kind(kind: Any) -> str:
    """The numbers that an option takes."""
    noun = _("a whole number") if isinstance(kind, type(click.INT)) else _("a number")
    low, high = getattr(kind, "min", None), getattr(kind, "max", None)
    told = noun
    if low is not None and high is not None:
        told = _("{number} from {low:g} to {high:g}")
    elif low is not None:
        told = _("{number} above {low:g}") if getattr(kind, "min_open", False) else _("{number} of at least {low:g}")
    elif high is not None:
        told = _("{number} below {high:g}") if getattr(kind, "max_open", False) else _("{number} of at most {high:g}")
    return told.format(number=noun, low=low, high=high)
