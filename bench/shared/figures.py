"""The figures of the speed bench as values: latencies, what each peer took at each size, growth, and the goals."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds over the queries of one kind; each query counts with the median of its rounds."""

    median: float
    p95: float
    lower: float
    upper: float
    """The quartiles: half of the queries take between these."""
    first: float
    """The median of the first time each query was asked."""
    asked: int
    found: int
    """How many queries were asked, and how many of them found anything."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One peer on one folder. None, or a missing kind: not measured."""

    index_seconds: float | None = None
    index_cpu: float | None = None
    index_tree_mb: float | None = None
    index_largest_mb: float | None = None
    size_ratio: float | None = None
    """Bytes of the index for a byte of text."""
    add_seconds: float | None = None
    add_cpu: float | None = None
    read_median: float | None = None
    read_longest: float | None = None
    """Milliseconds of a two-word query in another process while an episode is added."""
    cold_ms: float | None = None
    cold_ratios: Mapping[str, float] = field(default_factory=dict)
    """Kind of query -> ratio to an empty process of the same interpreter, run beside it."""
    cold_mb: float | None = None
    warm: Mapping[str, Latency] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Size:
    """A folder and what each peer took on it."""

    cues: int
    files: int
    text_bytes: int
    empty_ms: float
    peers: Mapping[str, Figures]


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal at the largest size measured."""

    text: str
    limit: float
    value: Callable[[Sequence[Size]], float | None]


def latency(times: Sequence[Sequence[float]], found: int) -> Latency:
    each = [statistics.median(spent) for spent in times]
    return Latency(
        statistics.median(each),
        percentile(each, 0.95),
        percentile(each, 0.25),
        percentile(each, 0.75),
        statistics.median(spent[0] for spent in times),
        len(each),
        found,
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which a given share of the values lies, interpolated."""
    ordered = sorted(values)
    at = share * (len(ordered) - 1)
    low, high = math.floor(at), math.ceil(at)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def slope(small: tuple[float, float], large: tuple[float, float]) -> float:
    """Returns the exponent of growth between two (size, value) points: 1 is linear, 0 is constant."""
    return math.log(large[1] / small[1]) / math.log(large[0] / small[0])


MEASURES: dict[str, Callable[[Figures], float | None]] = {
    "index, s": lambda f: f.index_seconds,
    "index, CPU s": lambda f: f.index_cpu,
    "index, peak MB": lambda f: f.index_tree_mb or f.index_largest_mb,
    "size / text": lambda f: f.size_ratio,
    "add 2,000 cues, s": lambda f: f.add_seconds,
    "add 2,000 cues, CPU s": lambda f: f.add_cpu,
    "longest query meanwhile, ms": lambda f: f.read_longest,
    "cold, ms": lambda f: f.cold_ms,
    "cold / empty process": lambda f: f.cold_ratios.get("two words"),
    "the same, rare word": lambda f: f.cold_ratios.get("rare word"),
    "the same, phrase": lambda f: f.cold_ratios.get("phrase"),
    "cold, peak MB": lambda f: f.cold_mb,
}
GROWING = ("index, s", "index, CPU s", "size / text", "index, peak MB", "add 2,000 cues, CPU s", "cold, ms")


def growth(sizes: Sequence[Size], name: str) -> dict[str, float]:
    """measure -> the exponent from the smallest to the largest size at which the peer was measured."""
    measured = [(size.cues, size.peers[name]) for size in sizes if name in size.peers]
    if len(measured) < 2:
        return {}
    (few, small), (many, large) = measured[0], measured[-1]
    pairs = {measure: (MEASURES[measure](small), MEASURES[measure](large)) for measure in GROWING}
    pairs.update({f"warm {kind}": (small.warm[kind].median, large.warm[kind].median) for kind in both(small, large)})
    slopes = {key: slope((few, one), (many, other)) for key, (one, other) in pairs.items() if one and other}
    # An index whose ratio to the text stays grows in proportion to it: its own exponent is one more.
    return {key: value + (key == "size / text") for key, value in slopes.items()}


def both(small: Figures, large: Figures) -> list[str]:
    return [kind for kind in small.warm if kind in large.warm]


def ratio(measure: str, one: str, other: str) -> Callable[[Sequence[Size]], float | None]:
    def value(sizes: Sequence[Size]) -> float | None:
        peers = sizes[-1].peers
        if one not in peers or other not in peers:
            return None
        above, below = MEASURES[measure](peers[one]), MEASURES[measure](peers[other])
        return above / below if above is not None and below else None

    return value


def own(measure: str) -> Callable[[Sequence[Size]], float | None]:
    return lambda sizes: MEASURES[measure](sizes[-1].peers["podseek"]) if "podseek" in sizes[-1].peers else None


def warm(kind: str, figure: str) -> Callable[[Sequence[Size]], float | None]:
    def value(sizes: Sequence[Size]) -> float | None:
        found = sizes[-1].peers.get("podseek", Figures()).warm.get(kind)
        return getattr(found, figure) if found else None

    return value


def against(kind: str, other: str) -> Callable[[Sequence[Size]], float | None]:
    """podseek / a peer, the medians of a kind of query."""

    def value(sizes: Sequence[Size]) -> float | None:
        ours, theirs = (sizes[-1].peers.get(name, Figures()).warm.get(kind) for name in ("podseek", other))
        return ours.median / theirs.median if ours and theirs else None

    return value


def grown(measure: str) -> Callable[[Sequence[Size]], float | None]:
    return lambda sizes: growth(sizes, "podseek").get(measure)


GOALS = (
    Goal("indexing end to end / jieba alone on one core", 1.0, ratio("index, s", "podseek", "jieba")),
    Goal("the same / jieba in search mode", 1.0, ratio("index, s", "podseek", "jieba-search")),
    Goal("the same / FTS5 + jieba on all cores", 1.0, ratio("index, s", "podseek", "fts5")),
    Goal("index / text bytes", 2.0, own("size / text")),
    Goal("peak memory while indexing, MB", 400, own("index, peak MB")),
    Goal("adding one episode of 2,000 cues, CPU s", 1.0, own("add 2,000 cues, CPU s")),
    Goal("cold search / empty process", 6.5, own("cold / empty process")),
    Goal("the same, a rare word", 6.5, own("the same, rare word")),
    Goal("the same, a phrase", 6.5, own("the same, phrase")),
    Goal("cold search, MB", 60, own("cold, peak MB")),
    *(
        Goal(f"warm {kind}, median / FTS5 + jieba", 0.8, against(kind, "fts5"))
        for kind in ("very common word", "two words", "three words", "four words")
    ),
    Goal("warm common word, median ms", 1.5, warm("common word", "median")),
    Goal("warm rare word, median ms", 1.5, warm("rare word", "median")),
    Goal("warm phrase, median ms", 3, warm("phrase", "median")),
    Goal("warm phrase, p95 ms", 60, warm("phrase", "p95")),
    Goal("warm NEAR, median ms", 20, warm("NEAR", "median")),
    Goal("warm NEAR, p95 ms", 100, warm("NEAR", "p95")),
    Goal("growth of index time", 1.05, grown("index, s")),
    Goal("growth of index size", 1.05, grown("size / text")),
    Goal("growth of cold search", 0.1, grown("cold, ms")),
)


def plain(sizes: Sequence[Size]) -> list[dict[str, Any]]:
    """For JSON, rounded to what is worth keeping."""
    return [rounded(asdict(size)) for size in sizes]


def rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items() if inner is not None}
    return round(value, 3) if isinstance(value, float) else value
