"""The classes of commands: which are listed, how they are found, and how their arguments are parsed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from typing import Any

import click

from indexer.core.messages import ENGLISH, _, language
from search.frontends.cli.output.console import print_lines


class Group(click.Group):
    """Lists the commands in the order of a typical workflow, not of the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args[0] not in self.commands and not args[0].startswith("-"):
            from search.frontends.cli.arguments.mistakes import no_such_command

            raise no_such_command(args[0], list(self.commands), ctx.info_name or "")
        return super().resolve_command(ctx, args)


class Option(click.Option):
    """Keeps its help, one line, as it is. click would load `inspect`, a large module, to strip its indentation."""

    def __init__(self, *arguments: Any, help: str | None = None, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self.help = help


option = partial(click.option, cls=Option)
"""`click.option` for commands that a search loads."""


def together(*options: Callable[[Any], Any]) -> Callable[[Callable[..., Any]], Any]:
    """Options of one idea as one decorator, in the order in which the help lists them."""

    def add_all(command: Callable[..., Any]) -> Any:
        for add in reversed(options):
            command = add(command)
        return command

    return add_all


class Seconds(click.FloatRange):
    """Seconds from 0 on, `8` or `8s`; `inf` is as long as it takes. click accepts `nan` for any range."""

    def __init__(self) -> None:
        super().__init__(0)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        number: Any = value
        if isinstance(value, str) and value[-1:] == "s" and value[-2:-1].isdecimal():
            number = value[:-1]
        seconds = float(super().convert(number, param, ctx))
        if seconds != seconds:  # only nan differs from itself
            said = _("{value} is not in the range {range}.")
            self.fail(said.format(value=seconds, range=self._describe_range()), param, ctx)
        return seconds


class Helped(click.Command):
    """Replaces click's help option: click looks up a translation, and imports `locale` for it. For each short option
    click first reports to itself that there is no such long one, with a translated text and similar names; here without
    both."""

    _help: Option | None = None

    def make_parser(self, ctx: click.Context) -> Any:
        parser: Any = super().make_parser(ctx)
        match = parser._match_long_opt

        def match_long(name: str, *arguments: Any) -> None:
            if name[:2] != "--" and name not in parser._long_opt:
                raise click.NoSuchOption(name, "")
            match(name, *arguments)

        parser._match_long_opt = match_long
        return parser

    def get_help_option(self, ctx: click.Context) -> Option | None:
        names = self.get_help_option_names(ctx)
        if self._help is None and names:
            text, flags = _("Show this message and exit."), {"is_flag": True, "is_eager": True, "expose_value": False}
            self._help = Option([*names], help=text, callback=_show_help, **flags)
        return self._help


def _show_help(ctx: click.Context, option: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        print_lines([ctx.get_help()])
        ctx.exit()


class Commands(Helped, click.Group):
    """The commands of `search.frontends.cli`, in the given groups and order. Imports only the one called."""

    def __init__(self, *arguments: Any, groups: Sequence[tuple[str, Sequence[str]]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.groups = groups
        self._names = [name for __, names in groups for name in names]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from search.frontends.cli.help_pages.command_list import write_commands

        write_commands(self.groups, self, ctx, formatter)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._names:
            return None
        command: click.Command = getattr(import_module(f"search.frontends.cli.{cmd_name}"), cmd_name)
        if language() == ENGLISH:
            return command
        from search.frontends.cli.help_pages.localised import localised

        return localised(command)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args[0] not in self._names and not args[0].startswith("-"):
            from search.frontends.cli.arguments.mistakes import no_such_command

            raise no_such_command(args[0], self._names, typed=args)
        return super().resolve_command(ctx, args)


def _begins_a_word(character: str) -> bool:
    """True for a character that starts a part of a query, and no option."""
    return not character.isascii() or character in tuple('=~"(/*')


class QueryCommand(Helped):
    """Accepts `-词` as a negated word, which click would parse as options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        denied = (["NOT", arg[1:]] if arg[:1] == "-" and _begins_a_word(arg[1:2]) else [arg] for arg in args)
        return super().parse_args(ctx, [part for parts in denied for part in parts])
