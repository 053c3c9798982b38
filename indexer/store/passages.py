"""Passages: what is said in two windows, from each window on. Any window lies in one, so that the best score of a
passage bounds the scores of the windows in it (docs/design/opensearch.md).
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from operator import gt

from indexer.core.timeline import Times
from indexer.store.impacts import WINDOW_ATOMS, WINDOW_MS


def find_passages(places: Mapping[str, Sequence[int]], times: Times) -> Iterator[dict[str, int]]:
    """The frequencies of the terms in each passage with any, in order; `places` maps terms to atom positions."""
    window = _windows(times)
    passages: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for term, positions in places.items():
        for number, count in Counter(map(window.__getitem__, positions)).items():
            passages[number][term] += count
            if number:
                passages[number - 1][term] += count
    return (dict(counts) for _, counts in sorted(passages.items()))


def encoded_passages(places: Mapping[str, Sequence[int]], times: Times) -> tuple[bytes, ...]:
    """Passages as JSON objects; keys are the terms of a cluster."""
    from indexer.store.cluster.terms import feature

    terms = {feature(term): positions for term, positions in places.items()}
    found = find_passages(terms, times)
    return tuple(json.dumps(one, ensure_ascii=False, separators=(",", ":")).encode() for one in found)


def _windows(times: Times) -> list[int]:
    """The number of the window in which each atom is said; by the atom's position if times go back or say nothing."""
    said = times.at_all(range(times.first[-1]))
    if any(map(gt, said, said[1:])) or not said or said[-1] == said[0]:
        return [at // WINDOW_ATOMS for at in range(len(said))]
    return [at // WINDOW_MS for at in said]
