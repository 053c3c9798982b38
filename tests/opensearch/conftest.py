"""What the tests on a real cluster share, because starting it takes longest: three nodes, and transcripts.

PODSEEK_ENGINE names another engine (bench/shared/engines.py). The nodes take so little at once that they refuse
documents all the time (429), as a busy cluster does.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

from opensearch_node import Nodes, started_nodes
from shared.engines import ENGINES
from support.library import Tools, spaced, write_lines

from indexer.cluster.operations import index_into_cluster
from indexer.readers import read_bytes
from search import Library, open_library

ROOT = Path(__file__).resolve().parents[2]
SEED = int(os.environ.get("PODSEEK_SEED", "1"))
PRESSURE = {"indexing_pressure.memory.limit": "3mb", "thread_pool.write.queue_size": 2}


@pytest.fixture(scope="session")
def nodes() -> Iterator[Nodes]:
    engine = ENGINES[os.environ.get("PODSEEK_ENGINE", "opensearch")]
    with started_nodes(3, PRESSURE, quick=True, engine=engine) as found:
        yield found


@pytest.fixture(scope="session", autouse=True)
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PODSEEK_BACKEND_FOLDER", str(tmp_path_factory.mktemp("local")))
        yield


@pytest.fixture(scope="session")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample corpus, with its chapters, and forty episodes of 200 lines of it."""
    folder = tmp_path_factory.mktemp("talk")
    said = []
    for path in sorted((ROOT / "corpus").iterdir()):
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
        if path.suffix == ".srt":
            said += [cue.text for cue in read_bytes("", path.read_bytes()).cues]
    drawn = random.Random(SEED)
    for number in range(40):
        write_lines(folder / f"show{number % 4}" / f"{number}.srt", spaced(drawn.choices(said, k=200)))
    return folder


@pytest.fixture(scope="session")
def near(talk: Path, tools: Tools) -> Iterator[Library]:
    with open_library(tools.index([talk], talk.parent / "index")) as library:
        yield library


@pytest.fixture(scope="session")
def address(nodes: Nodes, talk: Path, near: Library) -> str:
    index_into_cluster([talk], nodes.address("talk"))
    return nodes.address("talk")


@pytest.fixture(scope="session")
def far(address: str) -> Iterator[Library]:
    with open_library(address) as library:
        yield library
