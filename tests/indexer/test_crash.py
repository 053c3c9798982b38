"""A killed run leaves an index that opens, holds whole episodes, and is completed by running again."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.library import PATIENCE, ROOT

import indexer
from indexer.core.errors import IndexProblem
from indexer.readers import read_bytes
from indexer.store.manifest import FILE
from search.backends.embedded.snapshot import EmbeddedSnapshot
from search.matching.sources import WordSource

WriteSrt = Callable[..., Path]

EPISODES = 90
KILLS = 6
SEED = 20250608

HOLD = 25
"""After so many files a run waits, so that none is ever over before it was killed or another came."""

# A commit after every other file. The parent says when to begin, and when to go on after the hold.
CODE = """
import sys
import indexer, indexer.update
indexer.update.BATCH_ATOMS = 30
hold = int(sys.argv[4])
print("ready", flush=True)
sys.stdin.readline()
report = indexer.index_paths(
    [sys.argv[1]], sys.argv[2], jobs=int(sys.argv[3]), progress=lambda done, *_: done == hold and sys.stdin.readline()
)
print(report.added, report.changed, report.unchanged, report.failed, flush=True)
"""


@pytest.fixture
def show(tmp_path: Path, write_srt: WriteSrt) -> Path:
    folder = tmp_path.resolve() / "show"
    for number in range(EPISODES):
        write_srt(folder / f"{number}.srt", f"第{number}集说语音识别", "用GPU训练1.5B的模型", f"再见{number}")
    return folder


@contextmanager
def started(show: Path, index: Path, jobs: int = 1, hold: int = 0) -> Iterator[subprocess.Popen[str]]:
    """An indexing process of its own, in a process group of its own; nothing of it outlives the block."""
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, str(show), str(index), str(jobs), str(hold)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        yield process
    finally:
        kill(process)
        process.communicate()


def kill(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def begin(process: subprocess.Popen[str]) -> None:
    """Lets it begin, or go on."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def result(process: subprocess.Popen[str]) -> list[int]:
    """added, changed, unchanged, failed"""
    out, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    return [int(number) for number in out.split()]


def wait_for(condition: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert process.poll() is None, "the run ended too soon"
        assert time.monotonic() < deadline
        time.sleep(0.001)


def commits(index: Path) -> int:
    """The number of the last commit, as the name of the table of contents gives it."""
    return max((int(path.stem.rpartition("_")[2]) for path in index.glob("_MAIN_*.toc")), default=0)


def check(index: Path) -> set[str]:
    """Every episode of the index is whole; returns their paths."""
    paths = set()
    snapshot = EmbeddedSnapshot(index)
    for number in snapshot.episodes():
        record = snapshot.record(number)
        path = Path(record["path"])
        assert str(path) not in paths
        paths.add(str(path))
        cues = read_bytes(path.name, path.read_bytes()).cues
        times, stream = snapshot.times(number), snapshot.stream(number)
        assert list(snapshot.text(number)[0]) == [cue.text for cue in cues]
        assert [start / 1000 for start in times.starts] == [cue.start for cue in cues]
        assert times.first[-1] == len(stream) == snapshot.atoms(number) == record["atoms"]
        assert stream.atoms()[:2] == ["第", path.stem]
        for word in ("语音", "模型", "gpu", "1.5"):
            run = [word] if word.isascii() else list(word)
            assert WordSource(snapshot, run).positions(number) == stream.find(run)
        assert snapshot.char_episodes("集")[number] == 1
    return paths


@pytest.mark.skipif(os.name != "posix", reason="kills a process group")
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_killed_anywhere_leaves_whole_episodes_and_is_completed_by_the_next(
    show: Path, tmp_path: Path, jobs: int
) -> None:
    chance = random.Random(SEED + jobs)
    index = tmp_path / "index"
    kept: set[str] = set()
    for _ in range(KILLS // 2):
        with started(show, index, jobs, HOLD) as process:
            before = commits(index)
            begin(process)
            # Somewhere in the work of a commit: a kill at once would only ever hit the loading of the dictionary.
            goal = before + chance.randint(1, 4)
            wait_for(lambda goal=goal: commits(index) >= goal, process)  # type: ignore[misc]
            time.sleep(chance.uniform(0, 0.03))
            kill(process)
        now = check(index)
        assert now >= kept, "an episode once committed was lost"
        kept = now
    assert 0 < len(kept) < EPISODES
    with started(show, index, jobs) as process:
        begin(process)
        assert result(process) == [EPISODES - len(kept), 0, len(kept), 0]
    assert len(check(index)) == EPISODES


@pytest.mark.skipif(os.name != "posix", reason="kills a process group")
def test_a_run_killed_before_its_first_commit_can_be_run_again(show: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    with started(show, index) as process:
        begin(process)
        wait_for(index.exists, process)
        kill(process)
    with started(show, index) as process:
        begin(process)
        assert result(process) == [EPISODES, 0, 0, 0]
    assert len(check(index)) == EPISODES


def test_a_second_writer_is_refused_and_the_first_finishes(show: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    with started(show, index, hold=HOLD) as process:
        begin(process)
        wait_for(lambda: commits(index) >= 1, process)
        with pytest.raises(IndexProblem, match="another podseek is writing"):
            indexer.index_paths([show], index)
        with pytest.raises(IndexProblem, match="another podseek is writing"):
            indexer.forget(["show/1"], index)
        begin(process)
        assert result(process) == [EPISODES, 0, 0, 0]
    assert len(check(index)) == EPISODES


def contents(snapshot: EmbeddedSnapshot) -> str:
    """All an open index says, as text."""
    return json.dumps(
        [
            (
                snapshot.record(number)["path"],
                [list(part) for part in snapshot.text(number)],
                snapshot.stream(number).atoms(),
                list(snapshot.times(number).starts),
                WordSource(snapshot, "语音").positions(number),
            )
            for number in snapshot.episodes()
        ],
        ensure_ascii=False,
    )


def index_few(index: Path, show: Path, names: range) -> None:
    indexer.index_paths([show / f"{number}.srt" for number in names], index, jobs=1)


@pytest.mark.usefixtures("loaded_tools")
def test_a_reader_opened_before_a_commit_still_reads_what_it_saw(
    show: Path, tmp_path: Path, write_srt: WriteSrt
) -> None:
    index = tmp_path / "index"
    index_few(index, show, range(3))
    untouched = EmbeddedSnapshot(index)
    used = EmbeddedSnapshot(index)
    seen = contents(used)
    write_srt(show / "0.srt", "完全不同的语音")
    index_few(index, show, range(5))
    assert contents(used) == contents(untouched) == seen
    now = EmbeddedSnapshot(index)
    assert len(now.episodes()) == 5
    assert "完全不同" in contents(now)


@pytest.mark.usefixtures("loaded_tools")
def test_a_reader_opened_before_small_segments_are_merged_still_reads(show: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    index_few(index, show, range(1))
    used = EmbeddedSnapshot(index)
    seen = contents(used)
    untouched = EmbeddedSnapshot(index)
    for number in range(1, 10):
        index_few(index, show, range(number, number + 1))
    assert contents(untouched) == seen


@pytest.mark.usefixtures("loaded_tools")
def test_no_temporary_manifest_is_left(show: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    index_few(index, show, range(1))
    assert [path.name for path in index.glob(f"{FILE}*")] == [FILE]
