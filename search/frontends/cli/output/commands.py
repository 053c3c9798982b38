"""The commands that messages propose."""

from __future__ import annotations

from search.frontends.cli.arguments.mistakes import for_shell
from search.frontends.formats.next_steps import NextSteps

COMMANDS = NextSteps(
    lambda query: f"`podseek search {for_shell(query)}`",
    lambda episode: f"`podseek read {for_shell(episode)}`",
    lambda text: f"`podseek episodes {for_shell(text)}`",
)
