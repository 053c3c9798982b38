"""Tables of docs/design/opensearch-costs.md: what a library in a cluster costs as it grows, and would cost far larger.

    python bench/cluster_model.py [bench/cluster_rows.jsonl]

Reads what `bench/cluster_growth.py` and `bench/cluster.py` measured (`--rows`). Assumptions of the model:

- Workers, nodes and disks are linear in cues, at what the largest measured library cost; each copy costs the nodes the
  same, and moving segments or merging more often nothing.
- Different words grow by Heaps' law between the smallest and the largest library, or index in a folder (a row `Words`
  has its cues and terms); what the counting process keeps of them is bounded, and so is what a worker keeps of the
  records (`bench/run_memory.py`).
- The episodes that a query reads grow by the power of cues fitted between the smallest and the largest library that
  was asked, but never shrink, each of the size that it had in the largest; a query reads 2,000 at most, after which (+)
  it says so. What nodes take for a query is not modelled.
- Shards of 30 GB.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROWS = Path(__file__).resolve().parent / "cluster_rows.jsonl"
MODELLED = (10**7, 10**8, 10**10)
MOST_EPISODES = 2000
"""That a search reads (`search.retrieval.remote`)."""
SHARD = 30e9
COUNTED = 0.03
"""GB at most of the counts in the memory of the process that counts (`indexer.store.cluster.term_counts`)."""

Row = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=Path, nargs="?", default=ROWS)
    print(tables(parser.parse_args().rows))


def tables(path: Path) -> str:
    """The tables, as Markdown."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    indexing = [row for row in rows if row["row"] == "Indexing"]
    asking = [row for row in rows if row["row"] == "Asking"]
    words = [row for row in rows if "terms" in row]
    parts = (measured_indexing(indexing), measured_queries(asking), modelled(indexing, words), modelled_queries(asking))
    return "\n\n".join("\n".join(part) for part in parts)


def measured_indexing(rows: Sequence[Row]) -> Iterator[str]:
    yield (
        "| cues | nodes | copies | workers | processor of workers, s | of nodes, s | MB a copy: episodes | words |"
        + (" largest worker, MB | largest node, MB |")
    )
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for row in sorted(rows, key=lambda row: (row["cues"], row["nodes"], row["workers"])):
        yield (
            f"| {row['cues']:,} | {row['nodes']} | {row['copies']} | {row['workers']} | {row['worker_cpu']:.0f}"
            f" | {row['node_cpu']:.0f} | {row['episode_bytes'] / 1e6:.1f} | {row['word_bytes'] / 1e6:.1f}"
            f" | {row['worker_mb']:.0f} | {row['node_mb']:.0f} |"
        )


def measured_queries(rows: Sequence[Row]) -> Iterator[str]:
    sizes = sorted({row["cues"] for row in rows})
    yield "| query: requests, most; MB, most; episodes, most | " + " | ".join(f"{cues:,} cues" for cues in sizes) + " |"
    yield "|---|" + "---|" * len(sizes)
    for kind in dict.fromkeys(row["kind"] for row in rows):
        cells = (_measured(_one(rows, cues, kind)) for cues in sizes)
        yield f"| {kind} | " + " | ".join(cells) + " |"


def _measured(row: Row | None) -> str:
    if not row:
        return ""
    return (
        f"{row['requests']:g}, {row['most_requests']}; {row['megabytes']:.1f}, {row['most_megabytes']:.1f}"
        f"; {row['episodes']:.0f}, {row['most_episodes']}"
    )


def modelled(rows: Sequence[Row], counted: Sequence[Row]) -> Iterator[str]:
    """Indexing and space; words were `counted`."""
    large = max(rows, key=lambda row: (row["cues"], row["nodes"], row["workers"]))
    few, most = (choose(counted, key=lambda row: row["cues"]) for choose in (min, max))
    words = power(few["cues"], few["terms"], most["cues"], most["terms"])
    episode = large["cues"] / large["episodes"]

    def linear(name: str, cues: int) -> float:
        return float(large[name] / large["cues"] * cues)

    yield "| cues | episodes | workers, core hours | nodes, core hours a copy | GB a copy | shards |" + (
        " different words | memory of the count, GB |"
    )
    yield "|---|---|---|---|---|---|---|---|"
    for cues in MODELLED:
        terms = words(cues)
        size = linear("episode_bytes", cues) + large["word_bytes"] / large["terms"] * terms
        nodes = linear("node_cpu", cues) / large["copies"]
        memory = large["worker_mb"] / 1e3 + COUNTED
        yield (
            f"| 10^{math.log10(cues):.0f} | {cues / episode:,.0f} | {linear('worker_cpu', cues) / 3600:,.1f}"
            f" | {nodes / 3600:,.1f} | {size / 1e9:,.1f} | {math.ceil(size / SHARD):,}"
            f" | {terms / 1e6:,.1f} million | {memory:,.1f} |"
        )


def modelled_queries(rows: Sequence[Row]) -> Iterator[str]:
    """What a query reads."""
    first, *_between, last = sorted({row["cues"] for row in rows})
    yield ("| query: MB, episodes read | " + " | ".join(f"10^{math.log10(cues):.0f} cues" for cues in MODELLED) + " |")
    yield "|---|" + "---|" * len(MODELLED)
    for kind in dict.fromkeys(row["kind"] for row in rows):
        small, large = _one(rows, first, kind), _one(rows, last, kind)
        if small and large:
            grown = power(first, small["episodes"], last, large["episodes"])
            yield f"| {kind} | " + " | ".join(_grown(large, grown(cues)) for cues in MODELLED) + " |"


def _grown(large: Row, episodes: float) -> str:
    """What a query reads of so many episodes, each as large as in the largest library."""
    each = large["megabytes"] / large["episodes"] if large["episodes"] else 0.0
    read = min(episodes, MOST_EPISODES)
    return f"{each * read:,.1f}, {read:,.0f}{'+' if episodes > MOST_EPISODES else ''}"


def power(x: float, y: float, further_x: float, further_y: float) -> Callable[[float], float]:
    """The power law through two points, or the greater value where it would fall."""
    if y <= 0 or further_y <= y or further_x <= x:
        return lambda _: max(y, further_y)
    exponent = math.log(further_y / y) / math.log(further_x / x)
    return lambda at: further_y * (at / further_x) ** exponent


def _one(rows: Sequence[Row], cues: int, kind: str) -> Row | None:
    """The last row of a kind in a library of so many cues."""
    return next((row for row in reversed(rows) if (row["cues"], row["kind"]) == (cues, kind)), None)


if __name__ == "__main__":
    main()
