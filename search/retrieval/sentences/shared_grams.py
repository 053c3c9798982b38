"""What the running text of a query and the speech of a window may share: characters, pairs and triples, with their
weights."""

from __future__ import annotations

import math
from typing import TypeAlias

from indexer.core.positions.token_stream import is_basic
from search.matching.sources import count_atoms
from search.retrieval.scorer import Scorer
from search.scoring import information

WeightedGrams: TypeAlias = tuple[dict[str, float], dict[tuple[str, ...], float]]
"""The weights of grams: of those of plain characters, as text; of those with a name or number in them, as atoms."""


def weighted_grams(scorer: Scorer) -> WeightedGrams:
    """Returns the runs of one, two and three atoms in the query's texts, with the weight of each."""
    snapshot, weights = scorer.snapshot, scorer.weights
    sizes = ((1, weights.characters), (2, weights.pairs), (3, weights.triples))
    plain: dict[str, float] = {}
    named: dict[tuple[str, ...], float] = {}
    weighs = {
        term.alternatives[0].atoms: weight
        for term, weight in zip(scorer.plan.terms, scorer.term_weights, strict=True)
        if weight and term.is_exact and len(term.alternatives[0].atoms) <= weights.word_atoms
    }
    for text in scorer.plan.texts:
        tells = [information(count_atoms(snapshot, (atom,)), snapshot.total_atoms, weights) for atom in text]
        gains = [
            (text[start : start + size], share * sum(tells[start : start + size]) / size)
            for size, share in sizes
            for start in range(len(text) - size + 1)
        ]
        # The characters of a word that is a term count there already.
        most = weights.word_characters * weighs.get(text, math.inf)
        less = min(1.0, most / (sum(gain for _, gain in gains) or 1.0))
        for gram, gain in gains:
            if all(map(is_basic, gram)):
                plain["".join(gram)] = gain * less
            else:
                named[gram] = gain * less
    return plain, named
