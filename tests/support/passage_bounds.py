"""Upper bounds of the windows in passages of episodes, by counting the terms in every passage of an index on this
machine."""

from __future__ import annotations

import struct
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from indexer.core.token_stream import is_basic
from indexer.core.tokens import split_atoms
from indexer.store.impacts import WINDOW_ATOMS, WINDOW_MS
from search.backends.embedded.snapshot import EmbeddedSnapshot
from search.backends.remote import Bound
from search.matching.sources import RunSource, WordSource
from search.scoring import WEIGHTS, saturated

RunOf = Callable[[tuple[str, ...]], RunSource]


def passage_bounds(
    snapshot: EmbeddedSnapshot, terms: Sequence[Bound], total: float, episodes: Iterable[int], run_of: RunOf
) -> Iterator[tuple[float, int]]:
    """Yields (upper bound, episode) of the passages of some episodes with any of the terms, for a query of the weight
    `total`."""
    for number in episodes:
        passages: defaultdict[int, Counter[str]] = defaultdict(Counter)
        said = _said(snapshot, number)
        for text in {text for term in terms for text in term.texts}:
            for at in _places(snapshot, text, number, run_of):
                passages[said[at]][text] += 1
                passages[said[at] - 1][text] += 1
        for run in {run for term in terms for run in term.runs}:
            for at in run_of(run).positions(number):
                passages[said[at]]["".join(run)] += 1
                passages[said[at] - 1]["".join(run)] += 1
        for counts in passages.values():
            score = covered = 0.0
            for term in terms:
                texts = (*term.texts, *map("".join, term.runs))
                own = [saturated(counts[text], WEIGHTS) for text in texts if counts[text]]
                score += term.weight * sum(own)
                covered += term.weight if own else 0.0
            bound = score * covered / total
            yield struct.unpack("f", struct.pack("f", bound))[0], number


def _said(snapshot: EmbeddedSnapshot, number: int) -> list[int]:
    """The passage of each atom."""
    times = snapshot.times(number)
    said: list[int] = []
    for first, end in pairwise(times.first):
        said += map(times.at, range(first, end))
    if said != sorted(said) or not said or not said[-1]:
        return [at // WINDOW_ATOMS for at in range(len(said))]
    return [at // WINDOW_MS for at in said]


def _places(snapshot: EmbeddedSnapshot, text: str, number: int, run_of: RunOf) -> Sequence[int]:
    if is_basic(text):
        return run_of((text,)).positions(number)
    return WordSource(snapshot, split_atoms(text)).positions(number)
