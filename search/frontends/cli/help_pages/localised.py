"""The commands in a language other than English: their help, and the words of click itself. English never loads this.

Help texts are plain English in the source: `help=`, `metavar=` and docstrings are looked up here, when a command is
called, paragraph by paragraph.
"""

from __future__ import annotations

import copy
import inspect
import sys
from typing import TypeVar

import click

from indexer.core.messages import N_, _, ngettext
from search.frontends.cli.help_pages.wide_help import WideContext

KINDS = {"integer": N_("N"), "integer range": N_("N"), "float": N_("X"), "float range": N_("X"), "text": N_("TEXT")}
"""What the value of an option without a metavar is called, by the name of its type."""

Translated = TypeVar("Translated", bound=click.Command)


def localised(command: Translated) -> Translated:
    """A copy of a command, and of those below it, whose help is in the language in use."""
    _teach_click()
    translated = copy.copy(command)
    translated.context_class = WideContext
    translated.help = _paragraphs(command.help)
    translated.epilog = _paragraphs(command.epilog)
    first = _(command.short_help) if command.short_help else (translated.help or "").partition("\n\n")[0]
    translated.short_help = first.partition("。")[0]  # click takes words up to a full stop, and knows only "."
    translated.options_metavar = _(command.options_metavar) if command.options_metavar else None
    translated.params = [_parameter(parameter) for parameter in command.params]
    for cached in ("_help", "_help_option"):  # click's and ours keep the option they have made
        if hasattr(translated, cached):
            setattr(translated, cached, None)
    if isinstance(translated, click.Group):
        translated.subcommand_metavar = _(translated.subcommand_metavar)
        translated.commands = {name: localised(below) for name, below in translated.commands.items()}
    return translated


def _parameter(parameter: click.Parameter) -> click.Parameter:
    translated = copy.copy(parameter)
    if parameter.metavar:
        translated.metavar = _(parameter.metavar)
    elif isinstance(parameter, click.Argument) and not isinstance(parameter.type, click.Choice):
        name = _((parameter.name or "").upper())
        translated.metavar = (name if parameter.required else f"[{name}]") + ("..." if parameter.nargs != 1 else "")
    elif isinstance(parameter, click.Option) and not parameter.is_flag and parameter.type.name in KINDS:
        translated.metavar = _(KINDS[parameter.type.name])
    if isinstance(translated, click.Option) and translated.help:
        translated.help = _paragraphs(translated.help)
    return translated


def _paragraphs(text: str | None) -> str | None:
    """A help text, each of its paragraphs translated."""
    if text is None:
        return None
    return "\n\n".join(_(paragraph) for paragraph in inspect.cleandoc(text).split("\n\n"))


def _teach_click() -> None:
    """Has click look its own words up in our catalogue: it binds gettext's functions when it is imported, and those
    know the locale only."""
    for name, module in list(sys.modules.items()):
        if name.startswith("click."):
            for function in (_, ngettext):
                if hasattr(module, function.__name__):
                    setattr(module, function.__name__, function)
