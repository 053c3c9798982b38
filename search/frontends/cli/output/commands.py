"""The commands that messages propose, with the options that name the library of the command that proposes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from indexer.core.configuration.library_address import is_address
from search.frontends.cli.arguments.mistakes import for_shell
from search.frontends.formats.next_steps import NextSteps

if TYPE_CHECKING:
    from search.frontends.cli.output.console import Context


def commands(context: Context) -> NextSteps:
    """The commands for the library that this command works on."""
    named = of_library(context)
    return _steps(named, named)


def commands_in(context: Context, library: str) -> NextSteps:
    """The commands where several libraries are searched: of an episode, in the library that has it."""
    return _steps(of_library(context), _by_name([library]))


def of_library(context: Context) -> str:
    """The options that name the library, or libraries, with a space behind; empty for the default, and for an address
    that may hold a password, which no message repeats."""
    if context.libraries or context.named is None:
        return _by_name(context.libraries)
    if not is_address(context.named):
        return f"--index {for_shell(context.named)} "
    return "" if "@" in context.named else f"--backend {for_shell(context.named)} "


def _by_name(libraries: Iterable[str]) -> str:
    return "".join(f"-L {for_shell(name)} " for name in libraries)


def _steps(of_search: str, of_episode: str) -> NextSteps:
    return NextSteps(
        lambda query: f"`podseek search {of_search}{for_shell(query)}`",
        lambda episode: f"`podseek read {of_episode}{for_shell(episode)}`",
        lambda text: f"`podseek episodes {of_episode}{for_shell(text)}`",
    )
