"""Postings beyond the limit of `indexer.store.segments.postings_pool` are spilled, and the index is the same."""

from __future__ import annotations

import errno
import random
from array import array
from pathlib import Path
from typing import Any

import pytest
from support.columns import columns

from indexer.store.prepared import PreparedEpisode
from indexer.store.segments import open_segments, postings_pool
from indexer.store.segments.postings_pool import Pool
from indexer.store.writer import IndexWriter

MOST = 3000
WORDS = [f"词{number}" for number in range(60)]

Counts = dict[str, int]


def documents(amount: int) -> list[Counts]:
    chance = random.Random(1)
    return [{word: chance.randint(1, 9) for word in chance.sample(WORDS, 20)} for _ in range(amount)]


def contents(pool: Pool) -> dict[str, list[tuple[str, array[int]]]]:
    return {field: list(terms) for field, terms in pool.iter_postings()}


def test_a_pool_holds_no_more_than_its_limit_and_one_document(tmp_path: Path) -> None:
    unbounded, bounded = Pool(tmp_path, 1 << 40), Pool(tmp_path, MOST)
    most, one = 0, 0
    for number, counts in enumerate(documents(200)):
        for field in ("words", "chars"):
            before = unbounded.held
            unbounded.add_document(field, counts, number, {WORDS[0]: 1})
            one = max(one, unbounded.held - before)
            bounded.add_document(field, counts, number, {WORDS[0]: 1})
            most = max(most, bounded.held)
    assert unbounded.held > 10 * MOST
    assert most <= MOST + one
    assert contents(bounded) == contents(unbounded)
    bounded.cleanup()
    unbounded.cleanup()


def test_a_pool_without_postings_has_no_fields(tmp_path: Path) -> None:
    assert contents(Pool(tmp_path)) == {}


def test_the_files_of_an_index_do_not_depend_on_spilling(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_memory = written(tmp_path / "held")
    monkeypatch.setattr(postings_pool, "MOST_HELD", MOST)
    spills = 0
    spill = Pool._spill

    def counted(pool: Pool) -> None:
        nonlocal spills
        spills += 1
        spill(pool)

    monkeypatch.setattr(Pool, "_spill", counted)
    assert written(tmp_path / "spilled") == in_memory
    assert spills > 5


def written(folder: Path) -> list[tuple[str, bytes]]:
    """The files of an index of three commits, the last of which merges the others; without names of segments."""
    writer = IndexWriter(folder)
    several = documents(90)
    for start in range(0, 90, 18):
        with writer.batch() as batch:
            for number, counts in enumerate(several[start : start + 18], start):
                batch.add(prepared(number, counts))
            batch.remove("3")
    writer.close()
    opened = open_segments(folder)
    assert len(opened.segments) < 5  # merged
    opened.close()
    paths = (*folder.glob("MAIN_*.col"), *folder.glob("MAIN_*.trm"), *folder.glob("MAIN_*.pst"))
    return sorted((path.name.split(".", 1)[1], path.read_bytes()) for path in paths)


def prepared(number: int, counts: Counts) -> PreparedEpisode:
    record = {"path": f"{number}.srt"}
    return PreparedEpisode(f"{number}", record, 30, counts, counts, columns(stream=b"s"), peaks={WORDS[1]: 1})


def test_runs_leave_no_files_in_the_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings_pool, "MOST_HELD", MOST)
    written(tmp_path)
    assert {path.suffix for path in tmp_path.iterdir()} <= {".col", ".trm", ".pst", ".sums", ".toc", ""}


def test_a_full_disk_while_spilling_leaves_the_index_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path)

    def full(**_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(postings_pool, "MOST_HELD", MOST)
    monkeypatch.setattr(postings_pool, "TemporaryFile", full)
    writer = IndexWriter(tmp_path)
    with pytest.raises(OSError, match="No space left") as raised, writer.batch() as batch:
        for number, counts in enumerate(documents(90), 1000):
            batch.add(prepared(number, counts))
    writer.close()
    assert raised.value.filename == str(tmp_path)
    opened = open_segments(tmp_path)
    assert sum(segment.doc_count_all - len(segment.deleted) for segment in opened.segments) == 89
    opened.close()
