"""Scoring: pure functions, and the constants of the formulas.

Constants that belong to a mechanism are beside it: the size of a window in `indexer.store.impacts` (the stored bounds
depend on it), what may stand for a term in `search.expansion.admission_rules`, the coverage a chapter title needs in
`search.results.chapter_hits` (LEAST_COVERED), and the question words in `search.query.question_words`.

The model: a moment is a window of 22 s. Each query term adds its information times a saturated
count, the sum is scaled by how much of the query is covered; closeness of terms, a wider context, the
episode as a whole, and the characters the window shares with the query add light evidence. The
development figures behind the constants are in docs/design/ranking.md and tolerance.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from operator import sub

from indexer.core.named_tuples import NamedTuple
from indexer.store.impacts import WINDOW_ATOMS, WINDOW_MS


class Weights(NamedTuple):
    """The constants of the model, with the range in which results hardly change, where it was measured.

    window            seconds a moment spans at most                               (20-25)
    window_atoms      atoms it spans at most, for transcripts without usable times (150-300)
    apart             seconds between two moments of one episode, at least         (30, by definition)
    lead_in           seconds before the first match within which a cue may begin
                      to be played first, for queries of several words             (2-3)
    unit              atoms in which a term is counted once for its information    (40-100)
    saturation        of repeated terms, as k1 in BM25                             (0.3-1.2)
    part              share of a dictionary word inside a longer word of the query (0-0.4)
    closeness         weight of pairs of terms near each other                     (0.3-0.8)
    closeness_atoms   distance at which a pair counts half                         (5-12)
    context           weight of the wider context                                  (0.4-1.0)
    context_seconds   seconds it reaches to both sides                             (30-45)
    episode           weight of the episode's own BM25                             (0.05-0.15)
    characters, pairs, triples
                      weights of single characters, pairs and triples that the
                      window shares with the query                  (0.1-0.5, 0-0.3, 0.4-1.0)
    word_characters   share of a term's weight that the characters, pairs and triples
                      of the same text can add at most
    word_atoms        longest term, in atoms, to which word_characters applies
    margin_atoms      atoms around the window that count for them                  (5-30)
    quote_atoms       a run this long, and half of what was typed, is a quote that
                      the moment begins with                                       (5-8)
    candidates        windows that get the full score                              (300-800)
    candidates_of_text   of running text: its ten best are found by many terms      (50-500)
    candidates_of_paragraph  of text of so many atoms at least (`paragraph_atoms`)   (25-50)
    candidates_per_term  fewer of them for short queries                           (20-100)
    damped            share of its score that a moment keeps of which all is a loop
                      or a stock line                                              (0-0.2)
    title             times a chapter's title counts more than what is said       (1.5-3)
    per_episode       candidates of one episode at most                            (5-15)
    few_quoted        with fewer moments than this, a query in quotation marks is
                      filled up with moments that match it without the marks
    """

    window: float = WINDOW_MS / 1000
    window_atoms: int = WINDOW_ATOMS
    apart: float = 30.0
    lead_in: float = 2.5
    unit: float = 60.0
    saturation: float = 0.6
    part: float = 0.3
    closeness: float = 0.5
    closeness_atoms: float = 8.0
    context: float = 0.6
    context_seconds: float = 30.0
    episode: float = 0.1
    characters: float = 0.2
    pairs: float = 0.2
    triples: float = 0.6
    word_characters: float = 0.6
    word_atoms: int = 4
    margin_atoms: int = 10
    quote_atoms: int = 6
    candidates: int = 500
    candidates_of_text: int = 50
    candidates_of_paragraph: int = 30
    paragraph_atoms: int = 40
    candidates_per_term: int = 20
    damped: float = 0.05
    title: float = 2.0
    per_episode: int = 10
    few_quoted: int = 3


WEIGHTS = Weights()


class Reach(NamedTuple):
    """What counts from `before` seconds before a window begins to `after` seconds after that, and its weight."""

    weight: float
    before: float
    after: float


class SentenceWeights(NamedTuple):
    """The constants of the ranking of sentences and questions (`search.retrieval.sentences.rerank_sentences`), with the
    range in which results hardly change. A window weighs 1; shared characters and pairs are a share of the weight of
    the query.

    atoms        length of the longest run without a space from which text is a sentence     (8, by definition)
    usual        windows of the usual ranking that are candidates                            (10-80)
    remembered   share of the pairs, in order, in the best of these from which the usual
                 ranking stays                                                               (0.35-0.45)
    episodes     episodes with the highest BM25 that give candidates                         (40-100)
    every        seconds of which an episode gives one candidate                             (20-30)
    windows      windows of which the wide score is looked at                                (200-400)
    candidates   windows that get the full score                                             (80-150)
    wide         the window score of what is said around                                     (0.3-0.6)
    characters   shared characters, near and farther away                                  (0.9-1.3; 0.4-0.6)
    pairs        shared pairs of characters, near                                            (0-0.5)
    episode      weight of the episode's own BM25                                            (0.3-0.7)
    question     share of its weight that a question word keeps                              (0.2-0.5)
    near         segments near in meaning that are candidates, if they are nearer than       (40-100)
    least_near   standard deviations from the mean of all segments
    nearness     weight of a segment's nearness, in standard deviations
    near_episode weight of the nearness of its episode, likewise
    """

    atoms: int = 8
    usual: int = 10
    remembered: float = 0.4
    episodes: int = 60
    every: float = 30.0
    windows: int = 400
    candidates: int = 80
    wide: Reach = Reach(0.45, 60.0, 120.0)
    characters: tuple[Reach, ...] = (Reach(1.2, 4.0, 22.0), Reach(0.5, 30.0, 60.0))
    pairs: Reach = Reach(0.3, 4.0, 22.0)
    episode: float = 0.5
    question: float = 0.3
    near: int = 60
    least_near: float = 1.0
    nearness: float = 1 / 3
    near_episode: float = 1 / 6


SENTENCES = SentenceWeights()


def information(count: int, atoms: int, weights: Weights = WEIGHTS) -> float:
    """The information of a term: its inverse document frequency (Robertson and Sparck Jones, with 0.5 added) over
    stretches of `weights.unit` atoms, for `count` occurrences in `atoms` atoms."""
    units = max(1.0, atoms / weights.unit)
    seen = min(float(count), units)
    return math.log(1.0 + (units - seen + 0.5) / (count + 0.5))


def saturated(count: int, weights: Weights = WEIGHTS) -> float:
    """1 for one occurrence, rising to 1 + k for many: the term frequency part of BM25 without length normalisation."""
    return count * (1.0 + weights.saturation) / (count + weights.saturation)


def window_score(
    counts: Sequence[int], term_weights: Sequence[float], total: float, weights: Weights = WEIGHTS
) -> float:
    """Sum of weight x saturated count over the terms present, times the fraction of the query's weight they cover.

    This is the formula of a window. The loops that run over every hit or group restate it, so that they need not call a
    function for each: `indexer.core.native` (`slide`, `group_bounds`) and, for its bound, `retrieval.pruning`.
    tests/search/retrieval/test_formula.py holds them to it.
    """
    score = covered = 0.0
    for count, weight in zip(counts, term_weights, strict=True):
        if count:
            score += weight * saturated(count, weights)
            covered += weight
    return covering(score, covered, total)


def covering(score: float, covered: float, total: float) -> float:
    """The score of a window whose terms add up to `score` and weigh `covered` of the `total` weight of the query; an
    upper bound of it if both are upper bounds."""
    return score * covered / total if total else 0.0


@lru_cache(4)
def count_gains(weights: Weights) -> tuple[float, ...]:
    """What each further occurrence of a term adds to a window; beyond 512 it is negligible."""
    sums = [saturated(count, weights) for count in range(513)]
    return (*map(sub, sums[1:], sums), 0.0)


@lru_cache(4)
def saturation_of(weights: Weights) -> tuple[float, ...]:
    """The saturated value of each count of a term, as a multiple of its weight: the sums of `count_gains`."""
    return (0.0, *accumulate(count_gains(weights)))


def closeness_score(
    pairs: Mapping[tuple[int, int], int], term_weights: Sequence[float], weights: Weights = WEIGHTS
) -> float:
    """Each pair of terms adds the lesser weight, halved at a distance of `closeness_atoms` atoms.

    `pairs` maps two term numbers to their minimum distance in atoms.
    """
    half = weights.closeness_atoms
    close = 0.0
    for (one, other), distance in pairs.items():
        lesser, weight = term_weights[one], term_weights[other]
        close += (weight if weight < lesser else lesser) / (1.0 + distance / half)
    return close


K1, B = 1.2, 0.75
"""The constants of BM25: how soon repetition saturates, and how much length counts."""


def bm25(
    occurrences: Iterable[tuple[int, int]], episodes: int, length: int, average: float, k1: float = K1, b: float = B
) -> float:
    """Okapi BM25 of one episode: `occurrences` are (count in the episode, episodes with the term); `length` and the
    `average` length are in atoms. Robertson and Zaragoza, The Probabilistic Relevance Framework (2009)."""
    norm = bm25_norm(length, average, k1, b)
    return sum(
        bm25_weight(having, episodes) * count * (k1 + 1.0) / (count + norm) for count, having in occurrences if count
    )


def bm25_norm(length: int, average: float, k1: float = K1, b: float = B) -> float:
    """What the count of a term in an episode is compared with."""
    return k1 * (1.0 - b + b * length / average) if average else k1


def bm25_weight(having: int, episodes: int) -> float:
    """The inverse document frequency of a term that `having` of the episodes have."""
    return math.log(1.0 + (episodes - having + 0.5) / (having + 0.5))
