"""The defaults of options from the configuration file: `[search] limit = 5` is what `podseek search` does without -n.

Imported only where there is a configuration file; looking for faults in it is in `defaults_check`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

import click

from indexer.core.configuration.settings import Config

FindCommand = Callable[[str], click.Command | None]
_NOT_HERE = frozenset({"index", "library", "help", "color", "force", "version"})
"""Options that no command takes from its table: they have settings of their own, or overwrite files."""


def option_defaults(command: str, settings: Config, find: FindCommand) -> dict[str, Any]:
    """The values for the parameters of a command, by the names that click gives them."""
    given = settings.get(command)
    found = find(command) if isinstance(given, Mapping) else None
    if found is None:
        return {}
    names = option_names(found)
    return {str(names[option].name): value for option, value in given.items() if option in names}


def color_default(settings: Config) -> str:
    """When to colour what is printed. NO_COLOR is closer to the command than the file is."""
    named = str(settings.get("color", "auto"))
    return "auto" if os.environ.get("NO_COLOR") and named == "always" else named


def option_names(command: click.Command) -> dict[str, click.Option]:
    """The options of a command that a configuration may set, by their long names without dashes."""
    options = (one for one in command.params if isinstance(one, click.Option) and one.expose_value)
    named = {max(one.opts, key=len).lstrip("-"): one for one in options}
    return {name: option for name, option in named.items() if name not in _NOT_HERE}
