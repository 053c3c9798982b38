"""A library in a real cluster of three nodes gives the moments that an index in a folder gives.

`make test-opensearch` runs this; it needs Java 17 and Maven. PODSEEK_QUERIES is the number of random queries (500),
PODSEEK_SEED changes them.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest
from opensearch_node import Nodes
from support.same_answers.queries import Asker

from indexer.cluster.operations import index_into_cluster
from indexer.core.errors import PodseekProblem
from indexer.store.cluster.checking import faults
from indexer.store.cluster.documents import layout
from indexer.store.cluster.documents.decks import NAMES
from indexer.store.cluster.library.meta import existing_epoch
from indexer.store.cluster.transport.client import connect
from search import Library, open_library
from search.api import Moment, make_request

ROOT = Path(__file__).resolve().parents[2]
SEED = int(os.environ.get("PODSEEK_SEED", "1"))
QUERIES = int(os.environ.get("PODSEEK_QUERIES", "500"))


def shown(moments: Iterator[Moment]) -> list[object]:
    return [(one.episode.id, one.start, round(one.score, 9), one.matches, one.cues, one.chapter) for one in moments]


def answer(library: Library, query: str, **options: object) -> object:
    try:
        result = library.search(make_request(query, **options))  # type: ignore[arg-type]
    except PodseekProblem as problem:
        return str(problem)
    return shown(iter(result)), result.incomplete


def test_queries_of_every_kind_have_the_same_moments(near: Library, far: Library) -> None:
    chance = random.Random(SEED)
    asker = Asker(near, chance)
    different = []
    for _ in range(QUERIES):
        query, limit, exact = asker.query(), chance.choice((1, 5, 10, 100)), chance.random() < 0.2
        if answer(near, query, limit=limit, exact=exact) != answer(far, query, limit=limit, exact=exact):
            different.append((query, limit, exact))
    assert different == []


COMMANDS = (
    ["search", "训练"],
    ["search", "训练 模型", "--json", "-n", "0"],
    ["search", "-c", "训练"],
    ["search", "-l", '"模型"'],
    ["episodes"],
    ["read", "show1/1"],
    ["variants", "训练"],
    ["concordance", "训练"],
    ["trend", "训练"],
    ["dispersion", "训练"],
    ["collocates", "训练"],
    ["terms"],
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command[:2]))
def test_commands_print_the_same(near: Library, address: str, command: list[str]) -> None:
    patient = [] if command[0] in ("episodes", "read") else ["--timeout", "0"]
    run = [sys.executable, str(ROOT / "cli.py"), *command, *patient]
    one, other = (
        subprocess.run([*run, *where], capture_output=True, env={**os.environ, "LANG": "C.UTF-8"}, check=False)
        for where in (["--index", str(near.folder)], ["--backend", address])
    )
    assert (one.returncode, one.stdout.decode()) == (other.returncode, other.stdout.decode())


def test_a_search_of_plain_words_costs_at_most_five_requests(far: Library) -> None:
    before = far.cost
    assert before is not None
    far.search("训练 模型", limit=5, exact=True)
    after = far.cost
    assert after is not None
    assert after[0] - before[0] <= 5
    assert after[1] - before[1] < 6_000_000


@pytest.mark.parametrize(
    ("former", "lacks"), [(1, (layout.PEAKS, layout.CLOCK, *NAMES)), (2, (layout.CLOCK, *NAMES))], ids=["1", "2"]
)
def test_a_library_of_an_earlier_format_gives_the_same_until_a_rebuild_and_after(
    former: int, lacks: Collection[str], nodes: Nodes, talk: Path, near: Library
) -> None:
    address = nodes.address(f"former{former}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "FORMAT", former)
        patch.setattr(layout, "EPISODES", without(layout.EPISODES, lacks))
        index_into_cluster([talk], address)
    for known in (former, layout.FORMAT):
        with open_library(address) as library:
            for query in ("训练", "的", "数据", '"模型"', "训练 show:show1"):
                assert answer(library, query) == answer(near, query)
        with connect(address) as cluster:
            epoch = existing_epoch(cluster)
            assert (epoch.format, faults(cluster, epoch)) == (known, [])
        index_into_cluster([talk], address, rebuild=True)


def without(mapping: dict[str, Any], lacks: Collection[str]) -> dict[str, Any]:
    fields = {name: kind for name, kind in mapping["properties"].items() if name not in lacks}
    return {**mapping, "properties": fields}


def test_a_node_that_dies_is_told_or_replaced(nodes: Nodes, address: str, near: Library) -> None:
    with open_library(address) as library:
        nodes.kill(2)
        for query in ("训练 模型", '"模型"', "训练 OR 数据"):
            result = library.search(query, limit=10)
            assert result.incomplete or shown(iter(result)) == shown(iter(near.search(query, limit=10)))
    nodes.start(2)
