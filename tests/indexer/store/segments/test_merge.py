"""Many small additions leave few segments, and nothing is lost when segments are joined."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.library import Tools, spaced, write_lines

import indexer
import search
from indexer.analyze import Job, prepare
from indexer.analyze import Tools as Prepares
from indexer.core.types import Facts
from indexer.core.words.pronunciation import write_readings
from indexer.store.manifest import new_manifest, write_manifest
from indexer.store.prepared import PreparedEpisode
from indexer.store.segments import open_segments
from indexer.store.segments.merge_policy import LARGE, MOST_DELETED, SEVERAL, to_merge
from indexer.store.writer import IndexWriter
from search.backends.embedded.snapshot import EmbeddedSnapshot
from search.matching.sources import RunSource, WordSource

# --- which segments are joined ----------------------------------------------------------------------------


@dataclass(eq=False)
class Sized:
    """A segment as the policy sees it."""

    documents: int
    deleted: int = 0

    def doc_count_all(self) -> int:
        return self.documents

    def doc_count(self) -> int:
        return self.documents - self.deleted


def size_class(count: int) -> int:
    return next(size for size in range(64) if count < SEVERAL ** (size + 1))


def sizes(segments: Sequence[Sized]) -> Counter[int]:
    return Counter(size_class(segment.doc_count()) for segment in segments if 0 < segment.doc_count() < LARGE)


def test_segments_of_one_size_are_joined_once_there_are_several() -> None:
    few = [Sized(1) for _ in range(SEVERAL - 1)]
    assert to_merge(few) == []
    several = [*few, Sized(1)]
    assert to_merge(several) == several
    assert to_merge([*few, Sized(SEVERAL)]) == []


def test_large_segments_and_empty_ones_stay() -> None:
    assert to_merge([Sized(LARGE) for _ in range(9)]) == []
    assert to_merge([Sized(3, 3) for _ in range(9)]) == []


def test_a_segment_of_which_much_is_removed_is_written_anew() -> None:
    much, little = Sized(1000, 260), Sized(1000, 240)
    assert to_merge([much, little]) == [much]
    assert 0.24 < MOST_DELETED < 0.26


@given(commits=st.lists(st.integers(1, 40), max_size=150))
def test_however_episodes_are_added_few_segments_of_a_size_remain(commits: list[int]) -> None:
    segments: list[Sized] = []
    for added in commits:
        merged = to_merge(segments)
        segments = [segment for segment in segments if segment not in merged]
        segments.append(Sized(added + sum(segment.doc_count() for segment in merged)))
        assert max(sizes(segments).values(), default=0) <= SEVERAL
    assert sum(segment.documents for segment in segments) == sum(commits)


def test_an_episode_is_rewritten_a_few_times_only() -> None:
    segments: list[Sized] = []
    written = 0
    for _ in range(1000):
        merged = to_merge(segments)
        segments = [segment for segment in segments if segment not in merged]
        segments.append(Sized(1 + sum(segment.doc_count() for segment in merged)))
        written += segments[-1].documents
    assert len(segments) < 25
    assert written < 6 * 1000


# --- what is written --------------------------------------------------------------------------------------


def said_in(number: int) -> list[str]:
    """What is said in an episode: a number of its own, and what all have."""
    return [f"第{number}集说语音识别", "GPU训练1.5B的模型", "歡迎　收聽，哈哈哈" + "啦" * (number % 3)]


@pytest.fixture
def prepared(tools: Tools, tmp_path: Path) -> dict[int, PreparedEpisode]:
    """Episodes ready to be written."""
    with_these = Prepares(tools.folding, tools.readings, tools.segmenter)
    episodes = {}
    for number in range(60):
        path = write_lines(tmp_path / "show" / f"{number}.srt", spaced(said_in(number)))
        done = prepare(Job(str(path), f"show/{number}", Facts(str(number), "show", None), "made"), with_these)
        assert done.prepared is not None
        episodes[number] = done.prepared
    return episodes


@pytest.fixture
def index(tools: Tools, tmp_path: Path) -> Path:
    """The folder of an index without episodes."""
    folder = tmp_path / "index"
    folder.mkdir()
    readings = write_readings(folder, tools.readings)
    write_manifest(folder, new_manifest((), tools.folding.table, readings))
    return folder


@pytest.fixture
def writer(index: Path) -> Iterator[IndexWriter]:
    with closing(IndexWriter(index)) as opened:
        yield opened


def holds(index: Path, numbers: Sequence[int]) -> None:
    """Asserts that the index has these episodes, whole, and no other."""
    with search.open_library(index) as library:
        assert library.check() == []
        snapshot = library.snapshot
        by_number = {int(snapshot.episode(at).id.removeprefix("show/")): at for at in snapshot.episodes()}
        assert sorted(by_number) == sorted(numbers)
        for number, at in by_number.items():
            assert list(snapshot.text(at)[0]) == said_in(number)
            assert RunSource(snapshot, ("第", str(number), "集")).positions(at) == [0]
            assert WordSource(snapshot, "语音").positions(at) == [4]
            assert snapshot.record(at)["id"] == f"show/{number}"
        for word, times in (("语音", 1), ("gpu", 1), ("模型", 1)):
            assert snapshot.word_episodes(word) == dict.fromkeys(sorted(by_number.values()), times), word
        assert snapshot.char_episodes("哈") == dict.fromkeys(sorted(by_number.values()), 3)
        assert snapshot.char_episodes("啦") == {
            at: number % 3 for number, at in sorted(by_number.items(), key=lambda item: item[1]) if number % 3
        }


def segments_of(index: Path) -> list[tuple[int, int]]:
    """(documents, removed ones) of each segment."""
    contents = open_segments(index)
    try:
        return [(segment.doc_count_all, len(segment.deleted)) for segment in contents.segments]
    finally:
        contents.close()


def test_single_additions_leave_few_segments_that_hold_everything(
    index: Path, writer: IndexWriter, prepared: dict[int, PreparedEpisode]
) -> None:
    for number, episode in prepared.items():
        with writer.batch() as batch:
            batch.add(episode)
        by_size = Counter(size_class(documents) for documents, _ in segments_of(index))
        assert max(by_size.values()) <= SEVERAL, number
    assert sum(documents for documents, _ in segments_of(index)) == 60
    holds(index, range(60))


def test_what_was_removed_from_a_segment_does_not_come_back_when_it_is_joined(
    index: Path, writer: IndexWriter, prepared: dict[int, PreparedEpisode]
) -> None:
    for first in range(0, 20, 5):
        with writer.batch() as batch:
            for number in range(first, first + 5):
                batch.add(prepared[number])
    for number in (1, 6):  # one of five is not enough to rewrite a segment
        with writer.batch() as batch:
            batch.remove(f"show/{number}")
    assert sorted(segments_of(index))[-2:] == [(20, 0), (20, 0)] or any(gone for _, gone in segments_of(index))
    kept = [number for number in range(20) if number not in (1, 6)]
    holds(index, kept)
    for number in range(20, 40):
        with writer.batch() as batch:
            batch.add(prepared[number])
    holds(index, [*kept, *range(20, 40)])


def test_an_episode_can_be_removed_and_added_in_one_batch(
    index: Path, writer: IndexWriter, prepared: dict[int, PreparedEpisode]
) -> None:
    for number in range(9):
        with writer.batch() as batch:
            if number:
                batch.remove(f"show/{number - 1}")
                batch.add(prepared[number - 1])
            batch.add(prepared[number])
        holds(index, range(number + 1))


def test_removals_in_the_batch_that_joins_segments_count(
    index: Path, writer: IndexWriter, prepared: dict[int, PreparedEpisode]
) -> None:
    for number in range(SEVERAL):
        with writer.batch() as batch:
            batch.add(prepared[number])
    with writer.batch() as batch:
        for number in (0, 2):
            batch.remove(f"show/{number}")
        batch.add(prepared[50])
    holds(index, [1, 3, 50])
    with writer.batch() as batch:
        for number in (1, 3, 50):
            batch.remove(f"show/{number}")
    assert segments_of(index) == []
    with writer.batch() as batch:
        batch.add(prepared[7])
    holds(index, [7])


def test_a_batch_that_fails_changes_nothing(
    index: Path, writer: IndexWriter, prepared: dict[int, PreparedEpisode]
) -> None:
    for number in range(SEVERAL):
        with writer.batch() as batch:
            batch.add(prepared[number])
    before = segments_of(index)
    with pytest.raises(KeyboardInterrupt), writer.batch() as batch:
        batch.remove("show/0")
        batch.add(prepared[9])
        raise KeyboardInterrupt
    assert segments_of(index) == before
    holds(index, range(SEVERAL))


def test_a_reader_keeps_the_segments_that_a_merge_removes(
    index: Path, writer: IndexWriter, prepared: dict[int, PreparedEpisode]
) -> None:
    for number in range(SEVERAL):
        with writer.batch() as batch:
            batch.add(prepared[number])
    before = EmbeddedSnapshot(index)
    for number in range(SEVERAL, 12):
        with writer.batch() as batch:
            batch.remove(f"show/{number - 4}")
            batch.add(prepared[number])
    assert [before.episode(at).id for at in before.episodes()] == [f"show/{number}" for number in range(SEVERAL)]
    for at in before.episodes():
        assert list(before.text(at)[0]) == said_in(at)
        assert WordSource(before, "语音").positions(at) == [4]
    holds(index, range(8, 12))


def test_whole_runs_join_segments_as_well(tools: Tools, tmp_path: Path) -> None:
    show, index = tmp_path / "show", tmp_path / "index"
    for number in range(18):
        write_lines(show / f"{number}.srt", spaced(said_in(number)))
        tools.index([show], index)
    assert len(segments_of(index)) <= 2 * SEVERAL
    holds(index, range(18))
    (show / "3.srt").unlink()
    with tools.loaded():
        indexer.index_paths([show], index, jobs=1, prune=True)
        holds(index, [number for number in range(18) if number != 3])
        indexer.index_paths([show], index, jobs=1, rebuild=True)
    holds(index, [number for number in range(18) if number != 3])
