"""An open library explores with vectors that are made, made again or removed after it was opened."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.library import Tools
from support.transcripts.embeddings import TopicModel

from indexer.store.vectors import FILE
from search import Library

pytestmark = pytest.mark.needs("numpy")

QUESTION = "为什么一到冬天车子的续航就会缩短那么多"


@pytest.fixture
def library(tools: Tools) -> Iterator[Library]:
    said = {"phone": "手机用一会儿就没电", "car": "车子的续航缩短了", "sleep": "昨天又熬夜"}
    talks = {name: [(5.0 * n, 5.0 * n + 5, line + "好" * n) for n in range(20)] for name, line in said.items()}
    with tools.library(talks) as opened:
        yield opened


def test_vectors_made_later_are_used_from_then_on(library: Library) -> None:
    explore = library.explore
    assert explore.space is None
    assert not explore.similar("phone").by_meaning
    library.add_meaning(embedder=TopicModel())
    for now in (explore, library.explore):
        assert now.space is not None
        assert now.similar("phone").by_meaning


def test_vectors_removed_later_are_used_no_longer(library: Library) -> None:
    library.add_meaning(embedder=TopicModel())
    assert library.explore.space is not None
    (Path(library.folder) / FILE).unlink()
    assert library.explore.space is None


def test_vectors_damaged_later_are_reported_until_they_are_whole(library: Library) -> None:
    library.add_meaning(embedder=TopicModel())
    assert library.explore.without_meaning == ""
    file = Path(library.folder) / FILE
    whole = file.read_bytes()
    file.write_bytes(b"{")
    assert FILE in library.explore.without_meaning
    file.write_bytes(whole)
    assert library.explore.without_meaning == ""


def test_a_searcher_replaced_for_other_vectors_is_freed_and_counted_words_are_kept(library: Library) -> None:
    library.search(QUESTION)  # notes that there are no vectors
    words, replaced = library.explore.words, weakref.ref(library._open)
    library.add_meaning(embedder=TopicModel())
    library.search(QUESTION)
    assert replaced() is None
    assert library.explore.words is words
    assert library.explore.space is library._open.meaning.space()
