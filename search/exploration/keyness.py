"""Keyness: the words typical of a part, compared with the rest or with another part."""

from __future__ import annotations

import math
from collections.abc import Container, Sequence
from dataclasses import dataclass

from search.exploration.counting.document_frequency import Spread, spread
from search.exploration.counting.grams import Gram, learn, recount
from search.exploration.counting.measures import critical, log_likelihood, log_ratio
from search.exploration.counting.subcorpus import Part
from search.exploration.counting.words import Words
from search.exploration.counting.written_forms import written_forms
from search.exploration.frequency import Sizes, per_million
from search.exploration.listing import Listing
from search.query.deadline import Deadline

SIGNIFICANCE = 0.0001
"""Probability of a false keyword: Rayson, Berridge and Francis, Extending the Cochran rule (2004)."""


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word or n-gram overrepresented in a part: its occurrences there and elsewhere, absolute and per million words;
    significance (`g2`) and effect size in doublings (`log_ratio`), both from `search.exploration.counting.measures`;
    its document frequency in the part, the first moment, in seconds, and the term as the part most often writes it."""

    term: str
    count: int
    per_million: float
    other_count: int
    other_per_million: float
    g2: float
    log_ratio: float
    episodes: int
    episode: str
    start: float
    line: str
    written: str


@dataclass(frozen=True, slots=True)
class _Key:
    gram: Gram
    count: int
    other_count: int
    g2: float
    log_ratio: float


def _keys(
    words: Words,
    part: Part,
    other: Part,
    sizes: Sizes,
    *,
    least: int,
    significance: float,
    left_out: Container[int],
    deadline: Deadline,
) -> list[_Key]:
    """Terms significantly more frequent in a part than in the other, without any word in `left_out`."""
    sentences = sizes[1] > 1
    size, other_size = words.size(part.kept), words.size(other.kept)
    if not size or not other_size:
        return []
    enough = critical(significance)
    runs = words.runs(part, sentences, deadline)
    # Terms absent from the other part score highest; below this count even they cannot be significant.
    least = max(least, math.ceil(enough / (2 * math.log((size + other_size) / size))))
    learnt = list(learn(runs, sizes[1], least, lambda word: word not in left_out, words.counts(part), deadline))
    others = recount(learnt, words.runs(other, sentences, deadline), words.counts(other), deadline)
    keys = []
    for grams, elsewhere in zip(learnt, others, strict=False):
        if grams.words < sizes[0]:
            continue
        for number, count in enumerate(grams.counts):
            other_count = elsewhere[number]
            if number and count * other_size > other_count * size:
                g2 = log_likelihood(count, size, other_count, other_size)
                if g2 >= enough:
                    ratio = log_ratio(count, size, other_count, other_size)
                    keys.append(_Key(grams.gram(number), count, other_count, g2, ratio))
    return keys


SORTS = {
    "g2": lambda key: -key.g2,
    "ratio": lambda key: -key.log_ratio,
    "count": lambda key: -key.count,
}


def typical(
    words: Words,
    part: Part,
    other: Part,
    *,
    sizes: Sizes = (1, 1),
    limit: int | None = 20,
    least: int = 3,
    least_episodes: int = 1,
    least_ratio: float = 1.0,
    significance: float = SIGNIFICANCE,
    sort: str = "g2",
    function_words: bool = False,
    deadline: Deadline | None = None,
) -> Listing[Keyword]:
    """Returns the terms overrepresented in a part: by at least `least_ratio` doublings, at the level `significance`.
    Most significant first, or by `ratio`. Without `function_words`, none that contains one, a number, or a single
    letter."""
    found = _keys(
        words,
        part,
        other,
        sizes,
        least=least,
        significance=significance,
        left_out=frozenset() if function_words else words.empty,
        deadline=deadline or Deadline(),
    )
    keys = [key for key in found if key.log_ratio >= least_ratio]
    keys.sort(key=lambda key: (SORTS[sort](key), words.text(key.gram)))
    size, other_size = words.size(part.kept), words.size(other.kept)
    shown = _spread_over(words, part, keys[:limit] if least_episodes == 1 else keys, least_episodes, deadline)
    rows = _rows(words, part, shown[:limit], (size, other_size), deadline)
    return Listing(rows, size, words.size(part.damped), other_words=other_size)


def _spread_over(
    words: Words, part: Part, keys: Sequence[_Key], least_episodes: int, deadline: Deadline | None
) -> list[tuple[_Key, Spread]]:
    """The keys that at least so many episodes of a part have, with their spread; of those found by the deadline."""
    spreads = spread(words, part, (key.gram for key in keys), deadline)
    found = ((key, spreads[key.gram]) for key in keys if key.gram in spreads)  # all of them, in time
    return [(key, there) for key, there in found if there.episodes >= least_episodes]


def _rows(
    words: Words, part: Part, keys: Sequence[tuple[_Key, Spread]], sizes: tuple[int, int], deadline: Deadline | None
) -> list[Keyword]:
    """The rows of the keys; `sizes` are the words of the part and of the other."""
    written = written_forms(words, part, (key.gram for key, _ in keys), deadline)
    return [
        Keyword(
            words.text(key.gram),
            key.count,
            per_million(key.count, sizes[0]),
            key.other_count,
            per_million(key.other_count, sizes[1]),
            key.g2,
            key.log_ratio,
            *there,
            written(key.gram),
        )
        for key, there in keys
    ]
