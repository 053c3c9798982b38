"""What the command line says of mistyped arguments: one line with the place, what is wrong, and what to do."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

import click

from indexer.core.messages import _, ngettext
from search.frontends.formats.display import clean, shortened

_ALIKE = 0.75
"""Similarity of an option that is suggested."""


def explained_mistake(error: click.ClickException) -> str:
    """One line for an error of the arguments: the command, what is wrong, and what to do. Without control sequences,
    which click repeats as they were typed."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = context.command_path if context is not None else ""
    message = re.sub(r"(?<!\.)[.。]$", "", clean(_in_our_words(error, command)))
    return shortened(f"{command}: {message}" if command else message)


def _in_our_words(error: click.ClickException, command: str) -> str:
    if isinstance(error, click.NoSuchOption):
        near = get_close_matches(error.option_name, error.possibilities or (), 1, _ALIKE)
        if near:
            return _("{name}: no such option: did you mean {other}?").format(name=error.option_name, other=near[0])
        if command == "podseek":
            message = _(
                "{name}: no such option here: those of a command come after it, as in podseek search {name} ..."
            )
            return message.format(name=error.option_name)
        return _("{name}: no such option: `{command} --help` lists them").format(
            name=error.option_name, command=command
        )
    if isinstance(error, click.BadOptionUsage):
        return _("{name}: needs a value").format(name=error.option_name)
    if isinstance(error, click.MissingParameter) and error.param is not None:
        name = error.param.get_error_hint(error.ctx).strip("'")
        return _("{name} is missing: `{command} --help` has examples").format(name=name, command=command)
    if isinstance(error, click.BadParameter):
        if _is_number(error.param):
            return _no_number(error)
        hint = error.param_hint or (error.param.get_error_hint(error.ctx) if error.param is not None else "")
        place = hint if isinstance(hint, str) else ", ".join(hint)
        return f"{place.replace(chr(39), '')}: {error.message}" if place else error.message
    if extra := _beyond_the_last(error):
        return _too_many(error, extra, command)
    return error.format_message()


def _beyond_the_last(error: click.ClickException) -> str:
    """The arguments that a command does not take, as click says them; empty for other errors."""
    one, many = "Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"
    texts = (ngettext(one, many, number) for number in (1, 2))
    shapes = (re.escape(text).replace(re.escape("{args}"), "(.*)") for text in texts)
    found = next(filter(None, (re.fullmatch(shape, error.message, re.DOTALL) for shape in shapes)), None)
    return found[1] if found else ""


def _too_many(error: click.ClickException, extra: str, command: str) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    takes_some = context is not None and any(isinstance(one, click.Argument) for one in context.command.params)
    what = _("{words}: the command takes no words, only options: `{command} --help` lists them")
    if takes_some:
        what = _("{words}: is too much: put quotes around a name with spaces; `{command} --help` has examples")
    return what.format(words=extra, command=command)


def no_such_command(
    name: str, known: Sequence[str], group: str = "", typed: Sequence[str] = ()
) -> click.ClickException:
    """The error for a command that does not exist, in a group or among all; suggests the most similar one, else to
    search for what was `typed`, if it may be a query."""
    if similar := get_close_matches(name.lower(), known, 1):
        advice = _("did you mean {name}?").format(name=similar[0])
    elif typed:
        message = _("`podseek search {query}` searches for it, `podseek --help` lists the commands")
        advice = message.format(query=" ".join(map(for_shell, typed)))
    else:
        advice = _("`{command}` lists them").format(command=" ".join(filter(None, ("podseek", group, "--help"))))
    return click.ClickException(_("{name}: no such command: {advice}").format(name=name, advice=advice))


def for_shell(word: str) -> str:
    """A word as a shell takes it; letters of all scripts need no quotes, which `shlex` puts around Chinese."""
    return word if re.fullmatch(r"[\w.,:/@%+=-]+", word) else shlex.quote(word)


def misfit_of_type(option: click.Option, value: object) -> str | None:
    """Why a value is not of the type of an option, and what to give; None if it is."""
    try:
        option.type_cast_value(click.Context(click.Command("podseek")), value)
    except click.BadParameter as error:
        if not _is_number(option):
            return _("{problem}: give another").format(problem=error.message.rstrip(".。"))
        error.param = option
        return _no_number(error).partition(": ")[2]
    return None


def _is_number(parameter: click.Parameter | None) -> bool:
    return parameter is not None and isinstance(parameter.type, type(click.INT) | type(click.FLOAT))


def _no_number(error: click.BadParameter) -> str:
    parameter = error.param
    if parameter is None:
        raise AssertionError("not an error of a parameter")
    name = max(parameter.opts, key=len) if isinstance(parameter, click.Option) else parameter.human_readable_name
    no_number, out_of_range = (re.match(shape, error.message, re.DOTALL) for shape in _shapes())
    example = parameter.default if isinstance(parameter.default, int | float) else None
    found = no_number or out_of_range
    if found is None:
        return error.format_message()
    value = found[1].removesuffix(".0")
    if no_number is not None or value == "nan":
        message = _("{name}: {value} is not {kind}")
        if example is not None:
            message = _("{name}: {value} is not {kind}: give one, such as {example:g}")
    else:
        message = _("{name}: {value} is out of range: give {kind}")
        if example is not None:
            message = _("{name}: {value} is out of range: give {kind}, such as {example:g}")
    return message.format(name=name, value=value, kind=_kind(parameter.type), example=example)


def _shapes() -> list[str]:
    """Patterns of what click says of a number that does not fit, with the value as group 1."""
    said = (_("{value!r} is not a valid {number_type}."), _("{value} is not in the range {range}."))
    return [re.sub(r"\\\{\w+\\\}", ".*", re.sub(r"\\\{value(!r)?\\\}", "(.*)", re.escape(text))) for text in said]


def _kind(kind: Any) -> str:
    """The numbers that an option takes."""
    noun = _("a whole number") if isinstance(kind, type(click.INT)) else _("a number")
    low, high = getattr(kind, "min", None), getattr(kind, "max", None)
    wanted = noun
    if low is not None and high is not None:
        wanted = _("{number} from {low:g} to {high:g}")
    elif low is not None:
        wanted = _("{number} above {low:g}") if getattr(kind, "min_open", False) else _("{number} of at least {low:g}")
    elif high is not None:
        wanted = _("{number} below {high:g}") if getattr(kind, "max_open", False) else _("{number} of at most {high:g}")
    return wanted.format(number=noun, low=low, high=high)
