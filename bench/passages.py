"""Bounds of passages in OpenSearch: their validity, the episodes that remain, and their duration.

    python bench/passages.py INDEX [--every 6] [--queries 6] [--seed 1]

A search in a cluster asks OpenSearch for episodes by the most that a window of 22 s can score, out of passages of 44 s
that begin every 22 s (docs/design/opensearch-stored.md). This loads passages of every N-th episode into a real node in
two ways, *nested* in the document of their episode and *flat*, a document each, and asks for bounds in three ways: the
sum of the terms; the sum times the coverage, by function_score; and the same as the best of conjunctions (dis_max).

For each kind of query: the median milliseconds of the best of three runs; the episodes whose bound is over the score of
the 20th best window, by sum and by product, which are those that must be read; and the episodes whose best window beats
its bound, which must be none.

Fair: a real node, real postings, no request cache. Unfair: one shard, one node, on the machine that asks.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

from opensearch_node import started_node
from shared.node import Node

from indexer.core.configuration.paths import default_cache
from indexer.core.positions.tokens import is_single
from indexer.segmentation.segmenter import Segmenter
from indexer.store.impacts import WINDOW_ATOMS, WINDOW_MS, places_of_characters
from search.api import make_request
from search.backends.embedded.snapshot import EmbeddedSnapshot
from search.matching.sources import WordSource
from search.query.deadline import Deadline
from search.retrieval.pruning.top_k import windows_of
from search.retrieval.resolved_plan import ResolvedTerm
from search.retrieval.scorer import Scorer
from search.scoring import WEIGHTS
from search.searcher import Searcher

KINDS = (
    ("very common", "very common"),
    ("common", "very common"),
    ("rarer", "common"),
    ("very common", "very common", "very common"),
    ("common", "common", "very common", "rarer"),
)
KEPT = 20
"""The windows that a page of results needs."""
PAGE = 200
"""The documents of one answer, as the design asks for them."""
WAYS = ("sum", "product", "conjunctions")
_BULK = 400
"""Lines sent at once, unless a document is large."""
_LARGE = 1_000_000
"""Bytes."""
_EXACT = 1e-4
"""OpenSearch computes in 32 bits."""
_SAVED = {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": "-1"}
_FEATURES = {"type": "rank_features"}

Weighed = Sequence[tuple[str, float]]
"""The words of a query with their weights."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The bound of each episode, best first, and the time it took in milliseconds."""

    bounds: Mapping[int, float]
    took: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--every", type=int, default=6, help="load every N-th episode")
    parser.add_argument("--queries", type=int, default=6, help="queries of each kind")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    snapshot = EmbeddedSnapshot(arguments.index)
    episodes = snapshot.episodes()[:: arguments.every]
    with started_node() as node:
        load(node, snapshot, episodes)
        print("kind; ms nested / flat by sum, product, conjunctions; episodes: all, over by sum, by product; wrong")
        for kind in KINDS:
            drawn = random.Random(arguments.seed)
            queries = [" ".join(words) for words in _drawn(snapshot, kind, drawn, arguments.queries)]
            print(measured(node, snapshot, kind, queries, frozenset(episodes)), flush=True)


def load(node: Node, snapshot: EmbeddedSnapshot, episodes: Sequence[int]) -> None:
    """Loads the passages of some episodes in both ways, and prints their size."""
    nested = {"n": {"type": "integer"}, "p": {"type": "nested", "properties": {"w": _FEATURES}}}
    node.call("PUT", "/nested", _settings(nested, {"mapping.nested_objects.limit": 100_000}))
    node.call("PUT", "/flat", _settings({"n": {"type": "integer"}, "w": _FEATURES}, {}))
    segmenter = Segmenter(snapshot.lexicon, default_cache())
    whole, single = _Bulk(node, "nested"), _Bulk(node, "flat")
    for episode in episodes:
        passages = [{"w": words} for words in passages_of(snapshot, segmenter, episode)]
        whole.add({"n": episode, "p": passages})
        for passage in passages:
            single.add({"n": episode, **passage})
    for bulk in (whole, single):
        bulk.send()
        node.call("POST", f"/{bulk.index}/_refresh")
        node.call("POST", f"/{bulk.index}/_flush")
        size = node.call("GET", f"/{bulk.index}/_stats/store")["_all"]["primaries"]["store"]["size_in_bytes"]
        print(f"{bulk.index}: {bulk.count:,} documents, {size / 1e6:.1f} MB")


def passages_of(snapshot: EmbeddedSnapshot, segmenter: Segmenter, episode: int) -> Iterator[dict[str, int]]:
    """The frequencies of words and characters in each passage of an episode, in order. A passage is two windows long
    and begins with every window, so that any window lies in one."""
    said: list[int] = []
    times = snapshot.times(episode)
    for first, end in pairwise(times.first):
        said += map(times.at, range(first, end))
    if said != sorted(said) or not said or not said[-1]:  # times that say nothing
        said = [at * WINDOW_MS // WINDOW_ATOMS for at in range(len(said))]
    passages: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for text, places in _places(snapshot, segmenter, episode).items():
        for at in places:
            number = said[at] // WINDOW_MS
            passages[number][text] += 1
            if number:
                passages[number - 1][text] += 1
    for _, counts in sorted(passages.items()):
        yield {_feature(text): count for text, count in counts.items()}


def measured(
    node: Node, snapshot: EmbeddedSnapshot, kind: Sequence[str], queries: Sequence[str], loaded: frozenset[int]
) -> str:
    """A row of the table."""
    took: defaultdict[str, list[int]] = defaultdict(list)
    there, left, wrong = [], defaultdict[str, list[int]](list), 0
    for query in queries:
        scorer = _scorer(snapshot, query)
        terms = [(_bounding(scorer.plan.terms[n]), scorer.term_weights[n]) for n in scorer.wanted]
        scores = {e: [w.score for w in windows_of(scorer, e, 0.0)] for e in scorer.candidates if e in loaded}
        highest = sorted((score for found in scores.values() for score in found), reverse=True)
        floor = highest[KEPT - 1] if len(highest) >= KEPT else 0.0
        there.append(len(scores))
        for way in WAYS:
            asked = _bounds(terms, way, "p.w.")
            nested = {"nested": {"path": "p", "score_mode": "max", "query": asked}}
            bounds = _asked(node, "nested", nested, len(loaded)).bounds
            took[f"nested {way}"].append(_asked(node, "nested", nested).took)
            took[f"flat {way}"].append(_asked(node, "flat", _bounds(terms, way, "w.")).took)
            left[way].append(sum(bound > floor for bound in bounds.values()))
            wrong += sum(bool(found) and bounds.get(e, 0.0) < max(found) * (1 - _EXACT) for e, found in scores.items())
    halves = (" ".join(f"{statistics.median(took[f'{how} {way}']):.0f}" for way in WAYS) for how in ("nested", "flat"))
    counts = (f"{statistics.median(one):.0f}" for one in (there, left["sum"], left["product"]))
    return f"{' + '.join(kind)}; {' / '.join(halves)}; {', '.join(counts)}; {wrong}"


def _bounds(terms: Weighed, way: str, field: str) -> dict[str, Any]:
    """A query whose score of a passage bounds that of its windows: weight x saturated frequency, summed up, times the
    share of the query's weight that is there (`search.scoring.window_score`), or without that share."""
    total = sum(weight for _, weight in terms)
    every = {"bool": {"should": [_counted(word, weight, field) for word, weight in terms]}}
    if way == "sum":
        return every
    if way == "product":
        shares = [{"filter": _counted(word, 1.0, field), "weight": weight / total} for word, weight in terms]
        return {"function_score": {"query": every, "functions": shares, "score_mode": "sum", "boost_mode": "multiply"}}
    several = (some for size in range(1, len(terms) + 1) for some in combinations(terms, size))
    return {"dis_max": {"queries": [_conjunction(some, total, field) for some in several]}}


def _conjunction(terms: Weighed, total: float, field: str) -> dict[str, Any]:
    """What passages with all of these terms score, if they have no other. The best of all conjunctions is the score of
    a passage, and OpenSearch can skip blocks of postings for it, which it cannot with function_score."""
    share = sum(weight for _, weight in terms) / total
    return {"bool": {"must": [_counted(word, weight * share, field) for word, weight in terms]}}


def _counted(word: str, weight: float, field: str) -> dict[str, Any]:
    most = 1.0 + WEIGHTS.saturation
    saturation = {"pivot": WEIGHTS.saturation}
    return {"rank_feature": {"field": field + _feature(word), "boost": most * weight, "saturation": saturation}}


def _asked(node: Node, index: str, query: Mapping[str, Any], most: int = PAGE) -> Answer:
    body = {"size": most, "track_total_hits": False, "stored_fields": [], "docvalue_fields": ["n"], "query": query}
    answers = [node.call("POST", f"/{index}/_search?request_cache=false", body) for _ in range(3)]
    bounds: dict[int, float] = {}
    for hit in answers[0]["hits"]["hits"]:
        bounds.setdefault(hit["fields"]["n"][0], hit["_score"])
    return Answer(bounds, min(answer["took"] for answer in answers))


def _scorer(snapshot: EmbeddedSnapshot, query: str) -> Scorer:
    searcher = Searcher(snapshot)
    plan = searcher.expanded(make_request(query, exact=True), Deadline())
    return Scorer(searcher.resolved(plan), snapshot)


def _bounding(term: ResolvedTerm) -> str:
    """A word or character that a window has at least as often as the term: of a run, its first atom."""
    way = term.alternatives[0]
    return "".join(way.atoms) if isinstance(way.source, WordSource) else way.atoms[0]


def _drawn(snapshot: EmbeddedSnapshot, kind: Sequence[str], drawn: random.Random, most: int) -> list[list[str]]:
    """Queries of words as common as the kind says."""
    by_kind: defaultdict[str, list[str]] = defaultdict(list)
    for word in snapshot.words():
        if len(word) > 1 and is_single(word[0]):
            count = snapshot.word_count(word)
            if count >= KEPT:
                by_kind["very common" if count > 3000 else "common" if count > 400 else "rarer"].append(word)
    return [[drawn.choice(by_kind[name]) for name in kind] for _ in range(most)]


def _places(snapshot: EmbeddedSnapshot, segmenter: Segmenter, episode: int) -> dict[str, list[int]]:
    """word or character -> its positions, as they were indexed."""
    stream = snapshot.stream(episode)
    units, begins = stream.units(), snapshot.marks(episode).begins
    found: defaultdict[str, list[int]] = defaultdict(list)
    borders = [at for at, mark in enumerate(begins) if mark == "1"]
    for first, end in pairwise([*borders, len(units)]):
        token = units[first:end]
        if len(token) > 1:
            for word, offset in [(token, 0), *segmenter.parts(token)]:
                found[word].append(first + offset)
        elif not is_single(token):
            found[stream.name(token)].append(first)
    return {**found, **places_of_characters(units)}


def _feature(text: str) -> str:
    """The name of a feature: a dot would be a path."""
    return text.replace(".", "．")


def _settings(properties: Mapping[str, object], more: Mapping[str, object]) -> dict[str, object]:
    mappings = {"dynamic": "strict", "_source": {"enabled": False}, "properties": properties}
    return {"settings": {**_SAVED, **more}, "mappings": mappings}


class _Bulk:
    """Sends documents in parts."""

    def __init__(self, node: Node, index: str) -> None:
        self._node, self.index, self.count = node, index, 0
        self._lines: list[bytes] = []

    def add(self, document: Mapping[str, object]) -> None:
        self._lines += [b'{"index":{}}\n', json.dumps(document, ensure_ascii=False).encode() + b"\n"]
        self.count += 1
        if len(self._lines) >= _BULK or len(self._lines[-1]) >= _LARGE:
            self.send()

    def send(self) -> None:
        if self._lines:
            self._node.bulk(self.index, self._lines)
        self._lines = []


if __name__ == "__main__":
    main()
