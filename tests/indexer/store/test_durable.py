"""What is written is on the disk before anything older is removed: the order of the calls that tell the system so."""

# ruff: noqa: PTH112, PTH113, PTH115, PTH116, PTH118, PTH119, PTH120, PTH208
from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import indexer
from indexer.core.files import atomic_write
from indexer.core.words.lexicon import add_alias
from indexer.discovery.inbox import store_transcript
from indexer.store.library.feeds import write_store
from indexer.store.library.seen_moments import write_known

WriteSrt = Callable[..., Path]
Call = tuple[str, str]

real_sync = atomic_write.sync


class Disk:
    """Keeps what each file and folder held when it was last synced, as a disk may after a power loss: contents of files
    by inode, and of folders the names. Says what was done too early."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.early: list[str] = []
        self._synced: dict[int, tuple[int, int]] = {}
        self._named: dict[str, set[str]] = {}
        self._due: dict[str, str] = {}

    def sync(self, opened: int) -> None:
        status = os.fstat(opened)
        path = os.readlink(f"/proc/self/fd/{opened}")
        if os.path.isdir(path):
            self._named[path] = set(os.listdir(path))
            self._due.pop(path, None)
        else:
            self._synced[status.st_ino] = status.st_size, status.st_mtime_ns
        self.calls.append(("sync", os.path.basename(path)))
        real_sync(opened)

    def rename(self, old: str, new: str) -> None:
        """What takes a name is complete, and so are, by name and content, the segments of a table of contents."""
        self._note_unsynced(old)
        folder = os.path.dirname(new)
        if new.endswith(".toc"):
            for name in os.listdir(folder):
                if name.startswith("MAIN_") and os.path.isfile(path := os.path.join(folder, name)):
                    self._note_unsynced(path)
                    if name not in self._named.get(folder, ()) and name != "MAIN_WRITELOCK":
                        self.early.append(f"{os.path.basename(new)} before the name of {name}")
        self._due[folder] = os.path.basename(new)
        self.calls.append(("rename", os.path.basename(new)))

    def remove(self, path: str) -> None:
        folder, name = os.path.split(path)
        if name.startswith(("MAIN_", "_MAIN_")) and folder in self._due:
            self.early.append(f"{name} removed before {self._due[folder]} was synced")
        self.calls.append(("remove", name))

    def settled(self) -> bool:
        """True when no rename waits for its folder to be synced."""
        return not self._due

    def _note_unsynced(self, path: str) -> None:
        status = os.stat(path)
        is_synced = self._synced.get(status.st_ino) == (status.st_size, status.st_mtime_ns)
        if not is_synced and not path.endswith("WRITELOCK"):
            self.early.append(f"{os.path.basename(path)} is not synced")


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    if not os.path.isdir("/proc/self/fd"):
        pytest.skip("the names of open files are looked up in /proc")
    disk = Disk()
    rename, replace, remove, unlink = os.rename, os.replace, os.remove, os.unlink

    def watched(before: Callable[..., None], call: Callable[..., None]) -> Callable[..., None]:
        def made(*paths: str, **options: object) -> None:
            before(*map(os.fspath, paths))
            call(*paths, **options)

        return made

    monkeypatch.setattr(atomic_write, "sync", disk.sync)
    for name, before, call in (
        ("rename", disk.rename, rename),
        ("replace", disk.rename, replace),
        ("remove", disk.remove, remove),
        ("unlink", disk.remove, unlink),
    ):
        monkeypatch.setattr(os, name, watched(before, call))
    yield disk


def is_tidy(folder: Path) -> bool:
    """True without the remains of unfinished writes."""
    return not [path for path in folder.rglob("*") if path.name.endswith(".new") or ".toc." in path.name]


@pytest.mark.usefixtures("loaded_tools")
def test_a_commit_is_on_the_disk_before_anything_older_is_removed(
    tmp_path: Path, write_srt: WriteSrt, disk: Disk
) -> None:
    show, index = tmp_path.resolve() / "show", tmp_path.resolve() / "deep" / "index"
    for number in range(3):
        write_srt(show / f"{number}.srt", f"第{number}集", "语音识别")
    indexer.index_paths([show], index, jobs=1)
    write_srt(show / "0.srt", "新的一集")
    write_srt(show / "3.srt", "第三集")
    indexer.index_paths([show], index, jobs=1)
    (show / "1.srt").unlink()
    indexer.index_paths([show], index, prune=True, jobs=1)
    indexer.forget(["show/2"], index)
    indexer.index_paths([show], index, rebuild=True, jobs=1)
    assert disk.early == []
    assert disk.settled() and is_tidy(index)
    assert ("remove", "_MAIN_1.toc") in disk.calls, "nothing older was removed: the test sees nothing"
    assert disk.calls.count(("rename", "podseek.json")) == 2
    # The folders that were made are named on the disk as well.
    assert {("sync", "deep"), ("sync", tmp_path.name)} <= set(disk.calls)


def test_each_file_we_keep_is_written_the_same_way(tmp_path: Path, disk: Disk) -> None:
    write_store(tmp_path, {})
    write_known(tmp_path, {})
    add_alias(tmp_path / "lexicon.toml", "高熵", ["高商"])
    store_transcript(tmp_path, "1\n00:00:00,000 --> 00:00:02,000\n好\n".encode(), "one.srt")
    for name in ("feeds.json", "watch.json", "lexicon.toml", "one.srt"):
        at = disk.calls.index(("rename", name))
        kinds = [kind for kind, _ in disk.calls[at - 1 : at + 2]]
        assert kinds == ["sync", "rename", "sync"], name
    assert disk.early == [] and disk.settled() and is_tidy(tmp_path)


def test_where_the_disk_cannot_be_synced_the_old_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "feeds.json"
    path.write_text("旧", "utf-8")

    def fail(opened: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(atomic_write, "sync", fail)
    with pytest.raises(OSError, match=r"Input/output error.*feeds\.json"):
        atomic_write.write_whole(path, b"new")
    assert path.read_text("utf-8") == "旧"
    assert is_tidy(tmp_path)
