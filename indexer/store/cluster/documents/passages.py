"""Passages: what is said in two windows, from each window on. Any window lies in one, so that the best score of a
passage bounds the scores of the windows in it (docs/design/opensearch-stored.md).
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from operator import gt
from typing import TypeAlias

from indexer.core.positions.timeline import Times
from indexer.store.impacts import RUN_ATOMS, WINDOW_ATOMS, WINDOW_MS

Encoded: TypeAlias = tuple[bytes, bytes]
"""A passage as JSON: the frequencies of its terms, an object, and its pairs of atoms, a text; both as in a cluster."""


def _counted(places: Mapping[str, Sequence[int]], window: Sequence[int]) -> Iterator[tuple[int, dict[str, int]]]:
    """The number of each passage with any of the terms, in order, and their frequencies in it; `places` maps terms to
    atom positions."""
    passages: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for term, positions in places.items():
        for number, count in Counter(map(window.__getitem__, positions)).items():
            passages[number][term] += count
            if number:
                passages[number - 1][term] += count
    return ((number, dict(counts)) for number, counts in sorted(passages.items()))


def _pairs(tokens: Iterable[str], window: Sequence[int]) -> Mapping[int, Collection[str]]:
    """The pairs of atoms in each passage, with those of a run of RUN_ATOMS that begins in it and ends later. `tokens`
    are the pairs of an episode, each where it begins."""
    passages: defaultdict[int, dict[str, None]] = defaultdict(dict)
    for at, token in enumerate(tokens):
        for number in {window[max(0, at - before)] for before in range(RUN_ATOMS - 1)}:
            passages[number][token] = None
            passages[number - 1][token] = None
    return passages


def encoded_passages(places: Mapping[str, Sequence[int]], atoms: Sequence[str], times: Times) -> tuple[Encoded, ...]:
    """The passages with any of the terms, in order, of an episode that says these atoms; `places` maps terms to their
    positions."""
    from indexer.store.cluster.documents.terms import feature, run_tokens

    window = _windows(times)
    terms = {feature(term): positions for term, positions in places.items()}
    pairs = _pairs(run_tokens(atoms), window)
    return tuple((_json(counts), _json(" ".join(pairs.get(number, ())))) for number, counts in _counted(terms, window))


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _windows(times: Times) -> list[int]:
    """The number of the window in which each atom is said; by the atom's position if times go back or say nothing."""
    said = times.at_all(range(times.first[-1]))
    if any(map(gt, said, said[1:])) or not said or said[-1] == said[0]:
        return [at // WINDOW_ATOMS for at in range(len(said))]
    return [at // WINDOW_MS for at in said]
