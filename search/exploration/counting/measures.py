"""The measures of corpus linguistics, each with its formula and source. Logarithms are to base 2 except in G2."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence


def log_likelihood(count: int, size: int, other_count: int, other_size: int) -> float:
    """G2 (log-likelihood) of the difference in a word's frequency between corpora of `size` and `other_size` words;
    two-sided.

    G2 = 2 * sum(observed * ln(observed / expected)) over the word in both corpora, where the expected values divide its
    occurrences in proportion to the corpus sizes. Dunning, Accurate methods for the statistics of surprise and
    coincidence (1993), in the form of Rayson and Garside, Comparing corpora using frequency profiling (2000).
    """
    share = (count + other_count) / (size + other_size)
    return 2 * (_surprise(count, size * share) + _surprise(other_count, other_size * share))


def contingency(both: int, one: int, other: int, size: int) -> float:
    """G2 of the association of two events in `size` trials: `one` with the first event, `other` with the second, `both`
    with both.

    G2 = 2 * sum(observed * ln(observed / expected)) over all four cells: Dunning (1993).
    """
    table = ((both, one * other), (one - both, one * (size - other)))
    rest = ((other - both, (size - one) * other), (size - one - other + both, (size - one) * (size - other)))
    return 2 * sum(_surprise(observed, expected / size) for observed, expected in (*table, *rest))


def _surprise(observed: float, expected: float) -> float:
    return observed * math.log(observed / expected) if observed > 0 else 0.0


def log_ratio(count: int, size: int, other_count: int, other_size: int) -> float:
    """The ratio of a word's relative frequencies in two corpora, in doublings: 1 is twice, 3 is eight times.

    log2((count / size) / (other_count / other_size)), with 0.5 for a count of 0: Hardie, Log Ratio: an informal
    introduction (2014).
    """
    return math.log2(((count or 0.5) / size) / ((other_count or 0.5) / other_size))


def critical(significance: float) -> float:
    """The G2 that chance reaches with this probability: the quantile of a chi-squared distribution with one degree of
    freedom.

    >>> round(critical(0.05), 2), round(critical(0.0001), 2)
    (3.84, 15.14)
    """
    low, high = 0.0, 1500.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if math.erfc(math.sqrt(middle / 2)) > significance else (low, middle)
    return high


def log_dice(both: int, one: int, other: int) -> float:
    """The association of two words, independent of corpus size: 14 if they always occur together, 1 less for each
    halving; below 0 means no association.

    14 + log2(2 * both / (one + other)): Rychlý, A lexicographer-friendly association score (2008).
    """
    return 14 + math.log2(2 * both / (one + other))


def information(both: int, one: int, other: int, size: int) -> float:
    """Pointwise mutual information in bits: log2(both * size / (one * other)). Church and Hanks, Word association
    norms, mutual information, and lexicography (1990)."""
    return math.log2(both * size / (one * other))


def entropy(counts: Iterable[int]) -> float:
    """The uncertainty of a choice, in bits: -sum(p * log2(p)). Shannon, A mathematical theory of communication (1948).

    >>> entropy([1, 1, 1, 1]), entropy([7])
    (2.0, 0.0)
    """
    chosen = list(counts)
    total = sum(chosen)
    return max(0.0, math.log2(total) - sum(count * math.log2(count) for count in chosen) / total) if total else 0.0


def deviation(counts: Sequence[int], sizes: Sequence[int]) -> float:
    """DP, the deviation of proportions: how unevenly a word is spread over the parts of a corpus, from 0 (in proportion
    to their sizes) to nearly 1 (all occurrences in the smallest part).

    0.5 * sum(|v - s|) over the parts, where v is a part's share of the occurrences and s its share of the corpus:
    Gries, Dispersions and adjusted frequencies in corpora (2008). The DP of a word that does not occur is 0.

    >>> deviation([5, 5], [100, 100]), deviation([10, 0], [100, 100])
    (0.0, 0.5)
    """
    said, size = sum(counts), sum(sizes)
    if not said or not size:
        return 0.0
    return 0.5 * sum(abs(count / said - part / size) for count, part in zip(counts, sizes, strict=True))


def normal_deviation(counts: Sequence[int], sizes: Sequence[int]) -> float:
    """DPnorm: DP divided by its maximum, so that 1 can be reached with any number of parts.

    DP / (1 - min(s)): Lijffijt and Gries, Correction to Gries (2012). 0 for a single part.

    >>> normal_deviation([10, 0], [100, 100])
    1.0
    """
    size = sum(sizes)
    most = 1 - min(sizes) / size if size else 0.0
    return deviation(counts, sizes) / most if most > 0 else 0.0
