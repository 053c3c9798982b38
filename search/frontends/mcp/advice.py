"""What messages advise a person at a command line, as an assistant can do it with its tools."""

from __future__ import annotations

from search.frontends.formats.next_steps import NextSteps

TOOLS_INSTEAD = NextSteps(
    lambda query: f"search for {query}",
    lambda episode: f"read with episode {episode}",
    lambda text: f"episodes with title {text}",
)
ADVICE = (
    ("`podseek episodes` lists them", "the tool episodes lists them"),
    ("choose less, or --frequent words", "choose less, or frequent words with frequent: true"),
    ("give it longer with --timeout SECONDS", "choose a show, a title or dates"),
    (", or forget one of them", ""),
    (", or forget some", ""),
)
"""Parts of messages, each with what stands in its place."""


def for_assistant(text: str) -> str:
    """A message with what a tool can do in place of what a command does.

    >>> for_assistant("12: no episode has this id, path or title: `podseek episodes` lists them")
    '12: no episode has this id, path or title: the tool episodes lists them'
    """
    for command, tool in ADVICE:
        text = text.replace(command, tool)
    return text
