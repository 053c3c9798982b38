"""What messages advise a person at a command line, as an assistant can do it with its tools."""

from __future__ import annotations

from search.frontends.formats.next_steps import NextSteps

TOOLS_INSTEAD = NextSteps(
    lambda query: f"search for {query}",
    lambda episode: f"read with episode {episode}",
    lambda text: f"episodes with title {text}",
)
REWORDED = {
    "the id of the episode is empty: `podseek episodes` lists them": (
        "the id of the episode is empty: the tool episodes lists them"
    ),
    "{name}: no episode has this id, path or title: `podseek episodes` lists them": (
        "{name}: no episode has this id, path or title: the tool episodes lists them"
    ),
    "{filter}: no episode has this in its title: `podseek episodes` lists them": (
        "{filter}: no episode has this in its title: the tool episodes lists them"
    ),
    "there is nothing beside this part to compare it with: choose less, or --frequent words": (
        "there is nothing beside this part to compare it with: choose less, or frequent words with frequent: true"
    ),
    "The count was {reason}, before it had read anything: give it longer with --timeout SECONDS": (
        "The count was {reason}, before it had read anything: choose a show, a title or dates"
    ),
    "{n:,} recording counts twice, in {one} and {other}: choose by show or title, or forget one of them": (
        "{n:,} recording counts twice, in {one} and {other}: choose by show or title"
    ),
    "{n:,} recordings count twice, as in {one} and {other}: choose by show or title, or forget some": (
        "{n:,} recordings count twice, as in {one} and {other}: choose by show or title"
    ),
}
"""Messages of the catalogue, each with what is said to an assistant in its place (`indexer.core.messages.reworded`)."""
