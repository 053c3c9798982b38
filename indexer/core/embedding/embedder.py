"""What podseek needs of a model of meaning, and the problem that there is none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from indexer.core.errors import PodseekProblem

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


class NoMeaning(PodseekProblem):
    """There is no model, or it does not answer. The message is one line: what is wrong, what to do."""


class Embedder(Protocol):
    """A model that gives texts vectors. Threads may share it."""

    @property
    def name(self) -> str:
        """The model, and all else on which its vectors depend; part of the fingerprint of an index."""

    @property
    def at_once(self) -> int:
        """How many passages it takes in one call."""

    def passages(self, texts: Sequence[str]) -> ArrayLike:
        """Returns a vector for each passage of a transcript, as rows of floats of equal length; a numpy array, or
        lists. Raises NoMeaning."""

    def question(self, text: str) -> ArrayLike:
        """Returns the vector of a question, comparable with those of passages. Raises NoMeaning."""


LONGEST = 4000
"""Characters of a text that a model gets: its memory grows with the length."""


def plain(text: str) -> str:
    """The text as any program takes it: of bounded length, without zero characters and lone surrogates."""
    return text[:LONGEST].replace("\0", " ").encode("utf-8", "replace").decode()
