"""What `indexer.bulk` writes is read by Whoosh's own classes and names none of ours."""

from __future__ import annotations

from pathlib import Path

import pytest
from whoosh.index import open_dir

from indexer import schema
from indexer.writer import IndexWriter, Prepared

EPISODES = 20


@pytest.fixture
def index(tmp_path: Path) -> Path:
    writer = IndexWriter(tmp_path)
    with writer.batch() as batch:
        for number in range(EPISODES):
            words = {"once": 1, "twice": 2, "often": number + 1, **({"rare": number + 3} if number < 2 else {})}
            batch.add(Prepared(str(number), {}, number, words, {}, b"", b"", b"", b""))
    writer.close()
    return tmp_path


def test_whoosh_reads_the_weights(index: Path) -> None:
    # A weight that all postings of a block share made Whoosh fail when it was above 1.
    expected = {
        "once": [1] * EPISODES,
        "twice": [2] * EPISODES,
        "often": list(range(1, EPISODES + 1)),
        "rare": [3, 4],
    }
    reader = open_dir(str(index)).reader()
    for word, weights in expected.items():
        matcher, found = reader.postings(schema.WORDS, word), []
        while matcher.is_active():
            found.append((matcher.id(), matcher.weight()))
            matcher.next()
        assert found == list(enumerate(weights)), word
    reader.close()


def test_the_table_of_contents_names_no_class_of_ours(index: Path) -> None:
    (contents,) = index.glob("_MAIN_*.toc")
    assert b"indexer" not in contents.read_bytes()
