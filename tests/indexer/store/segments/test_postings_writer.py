"""What `indexer.store.segments.postings_writer` writes is read by Whoosh's own classes and names none of ours."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.columns import columns
from support.library import ROOT
from whoosh.index import open_dir
from whoosh.query import Term

from indexer.store import schema
from indexer.store.prepared import PreparedEpisode
from indexer.store.segments import open_segments
from indexer.store.writer import IndexWriter

EPISODES = 20


@pytest.fixture
def index(tmp_path: Path) -> Path:
    writer = IndexWriter(tmp_path)
    with writer.batch() as batch:
        for number in range(EPISODES):
            words = {"once": 1, "twice": 2, "often": number + 1, **({"rare": number + 3} if number < 2 else {})}
            batch.add(PreparedEpisode(str(number), {}, number, words, {}, columns()))
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


def test_the_peaks_stand_where_whoosh_looks_for_nothing(tmp_path: Path) -> None:
    writer = IndexWriter(tmp_path)
    with writer.batch() as batch:
        for number in range(EPISODES):
            counts, peaks = {"often": 9, "twice": 2}, {"often": 1 + number % 3}
            batch.add(PreparedEpisode(str(number), {}, number, counts, {"好": 7}, columns(), peaks={**peaks, "好": 5}))
    writer.close()
    contents = open_segments(tmp_path)
    (segment,) = contents.segments
    assert list(segment.postings(schema.WORDS, b"often")[2]) == [1 + number % 3 for number in range(EPISODES)]
    assert set(segment.postings(schema.WORDS, b"twice")[2]) == {2}
    assert set(segment.postings(schema.CHARS, "好".encode())[2]) == {5}
    contents.close()
    with open_dir(str(tmp_path)).searcher() as searcher:
        assert searcher.frequency(schema.WORDS, "often") == 9 * EPISODES
        assert len(searcher.search(Term(schema.WORDS, "often"), limit=None)) == EPISODES


def test_the_peaks_of_episodes_are_kept_when_segments_are_merged(tmp_path: Path) -> None:
    writer = IndexWriter(tmp_path)
    for number in range(EPISODES):
        with writer.batch() as batch:
            batch.add(PreparedEpisode(str(number), {}, 9, {"often": 9}, {}, columns(), peaks={"often": 3}))
    writer.close()
    contents = open_segments(tmp_path)
    assert len(contents.segments) < EPISODES
    for segment in contents.segments:
        assert set(segment.postings(schema.WORDS, b"often")[2]) == {3}
    contents.close()


def test_one_file_has_the_private_names_of_whoosh() -> None:
    private = re.compile(r"\._(fieldid|fieldlengths|postfile|tindex|fpath|blocklimit|compression|inlinelimit)\b")
    files = sorted(ROOT.glob("indexer/**/*.py")) + sorted(ROOT.glob("search/**/*.py"))
    assert [path.name for path in files if private.search(path.read_text("utf-8"))] == ["whoosh_private.py"]


DOCUMENTS = st.tuples(st.binary(max_size=40), st.integers(1, 255), st.integers(1, 255))
"""The sounds of an episode, how often it has a word, and the peak of that word."""


@settings(max_examples=25)
@given(documents=st.lists(DOCUMENTS, min_size=1, max_size=9))
def test_sounds_and_peaks_are_read_as_they_were_written(documents: list[tuple[bytes, int, int]]) -> None:
    with TemporaryDirectory() as folder:
        writer = IndexWriter(Path(folder))
        with writer.batch() as batch:
            for number, (sounds, count, peak) in enumerate(documents):
                counts, peaks = {"often": count}, {"often": min(count, peak)}
                batch.add(
                    PreparedEpisode(str(number), {}, len(sounds), counts, {}, columns(sounds=sounds), peaks=peaks)
                )
        writer.close()
        with closing(open_segments(Path(folder))) as contents:
            (segment,) = contents.segments
            column = segment.column(schema.SOUNDS)
            assert [column[number] for number in range(len(documents))] == [sounds for sounds, _, _ in documents]
            _, weights, highest = segment.postings(schema.WORDS, b"often")
            assert list(weights) == [count for _, count, _ in documents]
            assert list(highest) == [min(count, peak) for _, count, peak in documents]
