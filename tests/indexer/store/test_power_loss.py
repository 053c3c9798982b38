"""What was indexed is there after a power loss. Of a file system on an image the image is copied, without what the
system still holds in memory, and mounted elsewhere. That needs root, loop devices and ext4; `test_durable` does not.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from support.kills.power import NoPower, Power, commits, powered

import indexer
from indexer.core.files import atomic_write
from indexer.core.words.lexicon import add_alias, read_lexicon
from indexer.discovery.inbox import store_transcript
from indexer.store.library.feeds import read_store
from indexer.store.library.seen_moments import Known, read_known, write_known
from indexer.store.manifest import read_manifest
from search import open_library
from search.backends.embedded.snapshot import EmbeddedSnapshot
from search.results.health import check_index

pytestmark = pytest.mark.needs("mkfs.ext4", "mount")

WriteSrt = Callable[..., Path]

ROOT = Path(__file__).resolve().parents[3]
MOMENTS = 3
SEED = 20261129

real_sync = atomic_write.sync

# A commit after every other file, as in `test_crash`.
CODE = """
import sys
import indexer, indexer.update
indexer.update.BATCH_ATOMS = 30
indexer.index_paths([sys.argv[1]], sys.argv[2], jobs=1)
"""


@pytest.fixture
def power(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Power]:
    monkeypatch.setattr(atomic_write, "sync", real_sync)
    with ExitStack() as stack:
        try:
            made = stack.enter_context(powered(tmp_path))
        except NoPower as problem:
            pytest.skip(str(problem))
        yield made


def found(index: Path) -> set[str]:
    """The ids of an index all of which can be read."""
    snapshot = EmbeddedSnapshot(index)
    assert check_index(snapshot) == []
    return {snapshot.episode(number).id for number in snapshot.episodes()}


def total(index: Path, query: str) -> int | None:
    with open_library(index) as library:
        return library.search(query).total


@pytest.mark.usefixtures("loaded_tools")
def test_what_a_call_did_is_there_after_a_power_loss_right_behind_it(
    power: Power, tmp_path: Path, write_srt: WriteSrt
) -> None:
    show, index = tmp_path / "show", power.mounted / "deep" / "index"
    lost = "deep/index"
    for number in range(4):
        write_srt(show / f"{number}.srt", f"第{number}集说语音识别", "用GPU训练")
    indexer.index_paths([show], index, jobs=1)
    with power.lost() as disk:
        assert found(disk / lost) == {f"show/{number}" for number in range(4)}
    write_srt(show / "0.srt", "完全不同的一集")
    write_srt(show / "4.srt", "新的一集")
    indexer.index_paths([show], index, jobs=1)
    with power.lost() as disk:
        assert found(disk / lost) == {f"show/{number}" for number in range(5)}
        assert total(disk / lost, "完全不同") == 1
    (show / "1.srt").unlink()
    indexer.index_paths([show], index, prune=True, jobs=1)
    with power.lost() as disk:
        assert found(disk / lost) == {"show/0", "show/2", "show/3", "show/4"}
    indexer.forget(["show/2"], index)
    with power.lost() as disk:
        assert found(disk / lost) == {"show/0", "show/3", "show/4"}
    indexer.index_paths([show], index, rebuild=True, jobs=1)
    with power.lost() as disk:
        assert found(disk / lost) == {"show/0", "show/2", "show/3", "show/4"}
        report = indexer.index_paths([show], disk / lost, jobs=1)
        assert (report.unchanged, report.added, report.changed) == (4, 0, 0)


@pytest.mark.usefixtures("loaded_tools")
def test_what_is_kept_beside_episodes_is_there_after_a_power_loss(
    power: Power, tmp_path: Path, write_srt: WriteSrt
) -> None:
    show, index = power.mounted / "show", power.mounted / "index"
    write_srt(show / "0.srt", "高商这个词")
    feed = tmp_path / "feed.xml"
    feed.write_text("<rss version='2.0'><channel><title>回声</title><item><title>一</title></item></channel></rss>")
    indexer.index_paths([show], index, feeds=[feed], jobs=1)
    add_alias(show / "lexicon.toml", "高熵", ["高商"])
    add_alias(show / "lexicon.toml", "高熵", ["高伤"])
    write_known(index, {"~高熵": Known()})
    kept = store_transcript(index, (show / "0.srt").read_bytes(), "one.srt")
    with power.lost() as disk:
        assert read_lexicon(disk / "show" / "lexicon.toml").aliases == (("高熵", "高商"), ("高熵", "高伤"))
        assert [feed.feed.title for feed in read_store(disk / "index").values()] == ["回声"]
        assert read_known(disk / "index") == {"~高熵": Known()}
        assert (disk / kept.relative_to(power.mounted)).read_bytes() == kept.read_bytes()
        assert read_manifest(disk / "index") == read_manifest(index)


@pytest.mark.parametrize("kill", [False, True], ids=["power", "kill-and-power"])
def test_a_power_loss_in_a_run_leaves_the_commit_before(
    power: Power, tmp_path: Path, write_srt: WriteSrt, kill: bool
) -> None:
    show, index = tmp_path / "show", power.mounted / "index"
    for number in range(120):
        write_srt(show / f"{number}.srt", f"第{number}集说语音识别", "用GPU训练1.5B的模型", f"再见{number}")
    chance = random.Random(SEED)
    process: subprocess.Popen[bytes] | None = None
    try:
        for _ in range(MOMENTS):
            if process is None or process.poll() is not None:
                process = subprocess.Popen([sys.executable, "-c", CODE, str(show), str(index)], cwd=ROOT)
            goal = commits(index) + chance.randint(1, 3)
            deadline = time.monotonic() + 60
            while commits(index) < goal and process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.001)
            time.sleep(chance.uniform(0, 0.03))
            if kill:
                process.send_signal(signal.SIGKILL)
                process.wait()
            before = commits(index)
            with power.lost() as disk:
                # The last one may be just before its end; whatever was before it has been synced.
                assert commits(disk / "index") >= before - 1
                assert len(found(disk / "index")) >= before - 2  # the first commit is empty
    finally:
        if process is not None:
            process.kill()
            process.wait()
