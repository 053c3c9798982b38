"""Arguments of explorations: what is accepted in several forms, and what must be one of some choices."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from indexer.core.errors import QueryProblem
from indexer.core.messages import _


def several(words: Sequence[str] | str) -> Sequence[str]:
    """The words, given as one or as several."""
    return (words,) if isinstance(words, str) else words


def check_choice(name: str, value: str, choices: Collection[str]) -> None:
    """Raises QueryProblem for a value that is not one of the choices."""
    if value not in choices:
        raise QueryProblem(
            _("{name}={value!r}: is not known: choose {choices}").format(
                name=name, value=value, choices=", ".join(choices)
            )
        )
