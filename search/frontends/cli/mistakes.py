"""What the command line says of mistyped arguments: one line with the place, what is wrong, and what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import click

from indexer.core.messages import _
from search.frontends.formats.display import clean, shortened


def clear(error: click.ClickException) -> click.ClickException:
    """The same error without control sequences, which click repeats as they were typed, and in our words where click
    explains an option's number in its own."""
    if isinstance(error, click.BadParameter) and _is_number(error.param):
        return click.ClickException(shortened(clean(_no_number(error))))
    message = shortened(clean(error.format_message()))
    if isinstance(error, click.UsageError):
        return click.UsageError(message, error.ctx)
    return click.ClickException(message)


def no_such_command(name: str, known: Sequence[str], group: str = "") -> click.ClickException:
    """The error for a command that does not exist, in a group or among all; suggests the most similar one."""
    from difflib import get_close_matches

    similar = get_close_matches(name.lower(), known, 1)
    advice = (
        f"did you mean {similar[0]}?"
        if similar
        else f"`{' '.join(filter(None, ('podseek', group, '--help')))}` lists them"
    )
    return click.ClickException(_("{name}: no such command: {advice}").format(name=name, advice=advice))


def _is_number(parameter: click.Parameter | None) -> bool:
    return parameter is not None and isinstance(parameter.type, type(click.INT) | type(click.FLOAT))


def _no_number(error: click.BadParameter) -> str:
    parameter = error.param
    if parameter is None:
        raise AssertionError("not an error of a parameter")
    name = max(parameter.opts, key=len) if isinstance(parameter, click.Option) else parameter.human_readable_name
    value = re.match(r"(.*) is not ", error.message, re.DOTALL)
    if value is None:
        return error.format_message()
    example = parameter.default if isinstance(parameter.default, int | float) else None
    advice = "" if example is None else f": give one, such as {example:g}"
    return f"{name}: {value[1]} is not {_kind(parameter.type)}{advice}"


def _kind(kind: Any) -> str:
    """The numbers that an option takes."""
    noun = "a whole number" if isinstance(kind, type(click.INT)) else "a number"
    low, high = getattr(kind, "min", None), getattr(kind, "max", None)
    if low is not None and high is not None:
        return f"{noun} from {low:g} to {high:g}"
    if low is not None:
        return f"{noun} {'above' if getattr(kind, 'min_open', False) else 'of at least'} {low:g}"
    return noun if high is None else f"{noun} {'below' if getattr(kind, 'max_open', False) else 'of at most'} {high:g}"
