"""How a front end asks for what a message proposes: a command, or the arguments of a tool."""

from __future__ import annotations

from collections.abc import Callable

from indexer.core.named_tuples import NamedTuple


class NextSteps(NamedTuple):
    """Texts for searching a query, reading an episode (its id), and listing those with a text in their titles."""

    search: Callable[[str], str]
    read: Callable[[str], str]
    episodes: Callable[[str], str]
