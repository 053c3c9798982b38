"""Indexes shared by all tests of searching, as a plugin. PYTEST_DONT_REWRITE"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import search
from indexer.core.text.folding import Folding
from indexer.core.words.pronunciation import Readings
from indexer.segmentation.segmenter import Segmenter
from support.library import CORPUS, Tools
from support.transcripts.tiny import write_tiny


@pytest.fixture(scope="session")
def tools(folding: Folding, readings: Readings, segmenter: Segmenter, cache_home: Path) -> Tools:
    return Tools(folding, readings, segmenter, cache_home)


@pytest.fixture(scope="session")
def tiny_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny(tmp_path_factory.mktemp("tiny").resolve() / "shows")


@pytest.fixture(scope="session")
def tiny_index(tools: Tools, tiny_files: Path) -> Path:
    """The index of the tiny corpus. Read it, never write it."""
    return tools.index([tiny_files], tiny_files.parent / "index")


@pytest.fixture(scope="session")
def tiny(tiny_index: Path) -> Iterator[search.Library]:
    with search.open_library(tiny_index) as library:
        yield library


@pytest.fixture(scope="session")
def sample_index(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the bundled corpus. Read it, never write it."""
    return tools.index([CORPUS], tmp_path_factory.mktemp("sample") / "index")


@pytest.fixture(scope="session")
def sample(sample_index: Path) -> Iterator[search.Library]:
    with search.open_library(sample_index) as library:
        yield library
