"""Finds episodes by typed titles, whole or by some of their words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from indexer.core.positions.tokens import split_atoms

if TYPE_CHECKING:
    from indexer.core.types import Episode

_ENOUGH = 4
"""Atoms of a text that surely means a title that has them; of a shorter text, they must be half of the title."""


def with_words(episodes: Iterable[Episode], text: str, fold: Callable[[str], str]) -> list[Episode]:
    """The episodes in whose title or show are all words of a text (without words, all); only letters and digits are
    compared, folded."""
    words = _words(text, fold)
    return [one for one in episodes if all(word in _plain(f"{one.title} {one.show}", fold) for word in words)]


def titled_with(episodes: Iterable[Episode], text: str, fold: Callable[[str], str]) -> list[Episode]:
    """The episodes in whose title are all words of a text; none without words."""
    words = _words(text, fold)
    if not words:
        return []
    titles = ((one, _plain(one.title, fold)) for one in episodes)
    return [one for one, title in titles if all(word in title for word in words)]


def meant_by(episodes: Iterable[Episode], text: str, fold: Callable[[str], str]) -> list[Episode]:
    """Those of which the text has enough of the title to be what somebody who types it has in mind."""
    amount = len(split_atoms(fold(text)))
    found = titled_with(episodes, text, fold)
    return [one for one in found if amount >= _ENOUGH or amount * 2 >= len(split_atoms(fold(one.title)))]


def _words(text: str, fold: Callable[[str], str]) -> list[str]:
    return [plain for word in text.split() if (plain := _plain(word, fold))]


def _plain(text: str, fold: Callable[[str], str]) -> str:
    return "".join(filter(str.isalnum, fold(text)))
