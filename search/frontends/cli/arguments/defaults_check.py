"""Looks for faults in the defaults of options in the configuration file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

from indexer.core.configuration.settings import Config, keep_copy
from indexer.core.configuration.settings_file import ConfigProblem, flat, is_of_command, line_of, read_text, unknown
from indexer.core.messages import _
from search.frontends.cli.arguments.defaults import FindCommand, option_names
from search.frontends.cli.arguments.mistakes import misfit_of_type


def check(settings: Config, find: FindCommand) -> None:
    """Keeps a copy of a file that has no fault. Raises ConfigProblem, with file and line, for the first default of an
    option that is unknown or does not fit."""
    for name, problem in misfits(settings.values, find):
        line = line_of(read_text(settings.path), name)
        raise ConfigProblem(f"{settings.path}:{line}: {name}: {problem}")
    keep_copy(settings)


def commands_of_program() -> FindCommand:
    """Finds the commands of the program that is running, by name."""
    root = click.get_current_context().find_root()
    group = root.command
    return (lambda name: group.get_command(root, name)) if isinstance(group, click.Group) else lambda name: None


def misfits(values: Mapping[str, Any], find: FindCommand) -> Iterator[tuple[str, str]]:
    """(dotted name, what is wrong and what to do) of each default of an option that is unknown or does not fit."""
    for name, value in flat(values):
        if not is_of_command(name):
            continue
        table, _dot, option = name.partition(".")
        command = find(table)
        if command is None or isinstance(command, click.Group):
            yield name, _("{name} is no command: remove it, or correct its name").format(name=table)
            continue
        names = option_names(command)
        if option not in names:
            yield name, unknown(option, names)
        elif (problem := misfit(names[option], value)) is not None:
            yield name, problem


def misfit(option: click.Option, value: Any) -> str | None:
    """Why a value does not fit an option; None if it does."""
    if isinstance(value, bool) != (option.is_flag and isinstance(option.type, type(click.BOOL))):
        return _("{value} does not fit: give {example}").format(value=repr(value), example=_example(option))
    if option.multiple != isinstance(value, list):
        return _("{value} does not fit: give {example}").format(value=repr(value), example=_example(option))
    return misfit_of_type(option, value)


def _example(option: click.Option) -> str:
    if option.is_flag:
        return "true / false"
    return '["..."]' if option.multiple else _("a text or a number")
