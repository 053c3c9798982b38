"""Relevance over the bundled corpus is a committed number: it changes only where everybody can see it.

When ranking changes on purpose, write the figures anew, look at the difference and commit it:

    python tests/project/test_relevance.py --write
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from search import Library

HERE = Path(__file__).resolve().parents[1]
JUDGEMENTS = HERE.parent / "corpus" / "judgements.tsv"
FIGURES = HERE / "relevance.json"
EARLY, LATE = 20.0, 10.0
"""Seconds before and after the judged start within which pressing play still lands on it."""
CURE = (
    "if ranking was meant to change, run `python tests/project/test_relevance.py --write` "
    "and commit tests/relevance.json"
)

Judgement = dict[str, str]


def judgements() -> list[Judgement]:
    with JUDGEMENTS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def rank_of(library: Library, judged: Judgement) -> int | None:
    """The rank of the first of ten results that lands on the judged moment."""
    wanted = float(judged["start"])
    for moment in library.search(judged["query"], limit=10):
        same = moment.episode.id.rpartition("/")[2] == judged["episode"]
        if same and wanted - EARLY <= moment.start <= wanted + LATE:
            return moment.rank
    return None


def measure(library: Library) -> dict[str, dict[str, float]]:
    """kind -> queries, success at 1 and at 10, mean reciprocal rank; for `nothing` those that find nothing."""
    kinds: dict[str, list[Judgement]] = {}
    for judged in judgements():
        kinds.setdefault(judged["kind"], []).append(judged)
    nothing = kinds.pop("nothing")
    silent = [judged for judged in nothing if not library.search(judged["query"], limit=1)]
    figures = {kind: _figures([rank_of(library, one) for one in kinds[kind]]) for kind in sorted(kinds)}
    return {**figures, "nothing": {"queries": len(nothing), "found nothing": len(silent)}}


def _figures(ranks: Iterable[int | None]) -> dict[str, float]:
    reciprocal = [1 / rank if rank else 0.0 for rank in ranks]
    count = len(reciprocal)
    return {
        "queries": count,
        "success@1": round(reciprocal.count(1.0) / count, 3),
        "success@10": round(sum(map(bool, reciprocal)) / count, 3),
        "mrr": round(sum(reciprocal) / count, 3),
    }


@pytest.fixture(scope="module")
def figures(sample: Library) -> dict[str, dict[str, float]]:
    return measure(sample)


def committed() -> dict[str, dict[str, float]]:
    loaded: dict[str, Any] = json.loads(FIGURES.read_text("utf-8"))
    return loaded


def test_every_kind_of_query_has_committed_figures() -> None:
    assert {judged["kind"] for judged in judgements()} == committed().keys()


@pytest.mark.parametrize("kind", sorted({judged["kind"] for judged in judgements()}))
def test_relevance_is_as_committed(figures: dict[str, dict[str, float]], kind: str) -> None:
    assert figures[kind] == committed()[kind], CURE


def test_every_phrase_is_found_at_once(figures: dict[str, dict[str, float]]) -> None:
    """Exact search is a promise, not a figure that may drift."""
    assert figures["phrase"]["success@1"] == 1.0


def write() -> None:
    """Measures with an index made from scratch and writes the figures."""
    from tempfile import TemporaryDirectory

    sys.path.insert(0, str(HERE.parent))
    import indexer
    import search

    with TemporaryDirectory() as folder:
        indexer.index_paths([JUDGEMENTS.parent], folder)
        with search.open_library(folder) as library:
            measured = measure(library)
    FIGURES.write_text(json.dumps(measured, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit("to write the figures anew: python tests/project/test_relevance.py --write")
    write()
