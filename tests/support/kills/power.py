"""A file system on an image that can lose its power, and a campaign of power losses as a command:

    PYTHONPATH=.:tests python tests/support/kills/power.py --images 60 --seed 7

Each image is that of an ext4 disk a moment after a command returned, or in the middle of a run: without what the system
still holds in memory. Prints a line for each broken promise, then what it did as JSON. Needs root, loop devices and
mkfs.ext4.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory

from indexer.core.words.lexicon import read_lexicon
from indexer.store.library.dropped_episodes import read_waiting
from indexer.store.library.feeds import read_store
from indexer.store.library.seen_moments import read_known
from search.backends.embedded.snapshot import EmbeddedSnapshot
from search.results.health import check_index

ROOT = Path(__file__).resolve().parents[3]
SIZE = 24 << 20
LONGEST = 120

# A commit after every other file.
CODE = """
import sys
import indexer.update
indexer.update.BATCH_ATOMS = 30
from cli import main
main(sys.argv[1:])
"""


class NoPower(Exception):
    """No ext4 can be mounted from an image here; the text says why."""


@dataclass(frozen=True)
class Power:
    """A file system that can lose its power."""

    image: Path
    mounted: Path
    elsewhere: Path

    @contextmanager
    def lost(self) -> Iterator[Path]:
        """Where the file system is mounted as it would be now after a power loss."""
        copy = self.image.with_suffix(".copy")
        shutil.copyfile(self.image, copy)
        while not _equal(self.image, copy):  # the system wrote meanwhile: no disk was ever like that
            shutil.copyfile(self.image, copy)
        _mount(copy, self.elsewhere)
        try:
            yield self.elsewhere
        finally:
            _unmount(self.elsewhere)


@contextmanager
def powered(folder: Path) -> Iterator[Power]:
    """A new file system in a folder. Raises NoPower."""
    if os.name != "posix" or os.geteuid() != 0:
        raise NoPower("only root may mount a file system")
    made = Power(folder / "disk.image", folder / "mounted", folder / "elsewhere")
    made.mounted.mkdir()
    made.elsewhere.mkdir()
    with made.image.open("wb") as file:
        file.truncate(SIZE)
    try:
        # Nothing is left to be written later by the file system itself.
        _run("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", made.image)
        _mount(made.image, made.mounted)
    except (OSError, subprocess.CalledProcessError) as error:
        raise NoPower(f"no ext4 on a loop device here: {getattr(error, 'stderr', None) or error}") from None
    try:
        yield made
    finally:
        _unmount(made.mounted)


def _run(*command: str | Path) -> None:
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PATH": path}, timeout=LONGEST)


def _mount(image: Path, folder: Path) -> None:
    _run("mount", "-t", "ext4", "-o", "loop", image, folder)


def _unmount(folder: Path) -> None:
    gc.collect()  # closes what is still mapped
    try:
        _run("umount", folder)
    except subprocess.CalledProcessError:
        _run("umount", "-l", folder)  # nothing stays mounted; what is mapped is
        raise


def _equal(one: Path, other: Path) -> bool:
    with one.open("rb") as a, other.open("rb") as b:
        return all(x == y for x, y in zip_longest(_blocks(a.read), _blocks(b.read)))


def _blocks(read: Callable[[int], bytes]) -> Iterator[bytes]:
    return iter(lambda: read(1 << 20), b"")


def commits(index: Path) -> int:
    """The number of the last commit."""
    return max((int(path.stem.rpartition("_")[2]) for path in index.glob("_MAIN_*.toc")), default=0)


def ids(index: Path) -> tuple[set[str], list[str]]:
    """The ids of an index, and the faults in it."""
    if not commits(index):
        return set(), []
    snapshot = EmbeddedSnapshot(index)
    return {snapshot.episode(number).id for number in snapshot.episodes()}, check_index(snapshot)


class _Disk:
    """Transcripts, which change, and their index on the disk."""

    def __init__(self, folder: Path, power: Power, chance: random.Random) -> None:
        self.show, self.power, self.index = folder / "show", power, power.mounted / "deep" / "index"
        self._chance = chance
        self._number = 0
        self.show.mkdir()
        for name in range(40):
            self._write(f"{name}.srt")

    def _write(self, name: str) -> None:
        self._number += 1
        text = f"第{self._number}次写的{name}说语音识别"
        (self.show / name).write_text(f"1\n00:00:01,000 --> 00:00:09,000\n{text}\n" * 3, "utf-8")

    def change(self) -> None:
        names = sorted(path.name for path in self.show.glob("*.srt"))
        for name in self._chance.sample(names, self._chance.randrange(1, 9)):
            self._write(name)
        (self.show / self._chance.choice(names)).unlink()
        self._write(f"{self._chance.randrange(10**6)}.srt")

    def command(self) -> list[str]:
        show, index = str(self.show), ["--index", str(self.index)]
        if not self.index.exists():
            return ["index", show, *index]
        return self._chance.choice(
            [
                ["index", show, *index, "--prune"],
                ["index", show, *index],
                ["index", show, *index, "--rebuild"],
                ["watch", "--once", show, *index, "--query", "语音识别"],
                ["alias", "add", "语音识别", f"语音是别{self._chance.randrange(99)}", *index],
            ]
        )

    def started(self, command: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-c", CODE, *command], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def returned(self) -> Iterator[str]:
        """The faults of an image right behind a command that has returned."""
        command = self.command()
        if self.started(command).wait() != 0 and command[0] != "watch":
            yield f"{command[0]} failed"
        want, _ = ids(self.index)
        aliases = self._aliases(self.index)
        with self.power.lost() as disk:
            index = disk / "deep" / "index"
            there, faults = ids(index)
            yield from faults
            if there != want or self._aliases(index) != aliases:
                lost, back = len(want - there), len(there - want)
                yield f"after {' '.join(command[:2])} {lost} episodes are lost, {back} are back, or aliases differ"
            read_store(index), read_known(index), read_waiting(index)

    def interrupted(self, kill: bool) -> Iterator[str]:
        """The faults of an image in the middle of a run, whose process may have been killed before."""
        before, _ = ids(self.index)
        number = commits(self.index)
        process = self.started(["index", str(self.show), "--index", str(self.index), "--rebuild"])
        goal = number + self._chance.randint(1, 6)
        while process.poll() is None and commits(self.index) < goal:
            time.sleep(0.001)
        time.sleep(self._chance.uniform(0, 0.05))
        if kill:
            process.send_signal(signal.SIGKILL)
            process.wait()
        seen = commits(self.index)
        with self.power.lost() as disk:
            index = disk / "deep" / "index"
            there, faults = ids(index)
            yield from faults
            if commits(index) < seen - 1:
                yield f"commit {seen - 1} is lost"
            if lost := before - there:
                yield f"lost while rebuilding: {sorted(lost)[:3]}"
        process.wait()

    def _aliases(self, index: Path) -> object:
        path = index / "lexicon.toml"
        return read_lexicon(path).aliases if path.exists() else None


def campaign(images: int, seed: int) -> tuple[list[str], Counter[str]]:
    """Returns what was broken, and counts of what was done. Raises NoPower."""
    chance = random.Random(seed)
    wrong: list[str] = []
    done: Counter[str] = Counter()
    with TemporaryDirectory() as folder, powered(Path(folder).resolve()) as power:
        disk = _Disk(Path(folder).resolve(), power, chance)
        kinds = {
            "returned": disk.returned,
            "in a run": lambda: disk.interrupted(kill=False),
            "in a killed run": lambda: disk.interrupted(kill=True),
        }
        for number in range(images):
            if number % 2:
                disk.change()
            kind = "returned" if number == 0 else chance.choice(("returned", *kinds))
            try:
                wrong += [f"image {number}, {kind}: {fault}" for fault in kinds[kind]()]
            except Exception as error:
                wrong.append(f"image {number}, {kind}: {type(error).__name__}: {error}")
            done[kind] += 1
    return wrong, done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    try:
        wrong, done = campaign(arguments.images, arguments.seed)
    except NoPower as problem:
        sys.exit(str(problem))
    for line in wrong:
        print(line)
    print(json.dumps({"images": dict(done), "wrong": len(wrong)}))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
