"""Orders the moments of guesses: each text that may be meant is shown once before any is shown again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search.retrieval.rerank import Found


def of_different_texts(found: Iterable[Found], most: int, weights: Sequence[float]) -> Iterator[Found]:
    """The first moments of guesses, at most `most`: the first of each text before the second of any, those of the
    likeliest text first, however often a moment has another. `weights` are those of the terms."""
    first: list[Found] = []
    again: list[Found] = []
    texts: set[tuple[int, int]] = set()
    for one in found:
        own = {(term, alternative) for _, term, alternative in one.window.hits}
        (first if own - texts else again).append(one)
        texts |= own
        if len(first) == most:
            break

    def place(one: Found) -> tuple[bool, float]:
        return bool(one.window.damped), -max(weights[term] for _, term, _ in one.window.hits)

    yield from sorted((first + again)[:most], key=place)
