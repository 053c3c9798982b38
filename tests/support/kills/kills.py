"""Kills podseek at random moments and checks that nothing committed is lost, and that nothing stays behind or locked:

    PYTHONPATH=.:tests python tests/support/kills/kills.py --groups 300 --single 60 --seed 7

Each round changes some transcripts, starts a command that writes, and kills its whole process group, or one of its
processes. Prints a line for each broken promise, then what it did as JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from indexer.core.errors import IndexProblem
from indexer.core.files.kept_folder import home_of
from indexer.core.words.lexicon import read_lexicon
from indexer.store.durable_storage import OwnLock
from indexer.store.library.dropped_episodes import read_waiting
from indexer.store.library.feeds import read_store
from indexer.store.library.seen_moments import read_known
from indexer.store.manifest import FILE
from search.backends.embedded.snapshot import EmbeddedSnapshot
from search.results.health import check_index

ROOT = Path(__file__).resolve().parents[3]
MARK = "PODSEEK_KILLS"
LONGEST = 60.0
"""Seconds after which a process that was to end counts as one that hangs."""
FILES = 24
SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGHUP)

# A commit after every other file. The parent says when to begin, so that its imports are not what is killed.
CODE = """
import sys
import indexer.update, indexer.workers, indexer.analyze, watchfiles
from cli import main
indexer.workers.available_cores = lambda: 3
indexer.update.BATCH_ATOMS = 30
print("ready", flush=True)
sys.stdin.readline()
main(sys.argv[1:])
"""
FEED = "<rss version='2.0'><channel><title>回声</title><item><title>{0}</title><guid>{0}</guid></item></channel></rss>"


class World:
    """A folder of transcripts that change, their index, and what must be found in it."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.show, self.index, self.feed = folder / "show", folder / "index", folder / "feed.xml"
        self._chance = chance
        self._versions: dict[str, set[str]] = {}
        self._number = 0
        self.show.mkdir()
        self.feed.write_text(FEED.format(0), "utf-8")
        for name in range(FILES):
            self._write(f"{name}.srt")

    def _write(self, name: str) -> None:
        self._number += 1
        text = f"第{self._number}次写的{name}说语音识别"
        cues = (f"{n}\n00:00:{n:02},000 --> 00:00:{n:02},900\n{text}\n" for n in range(1, 5))
        (self.show / name).write_text("\n".join(cues), "utf-8")
        self._versions.setdefault(name, set()).add(text)

    def change(self) -> None:
        """Changes, adds and removes a few files."""
        names = sorted(path.name for path in self.show.glob("*.srt"))
        for name in self._chance.sample(names, 4):
            self._write(name)
        for name in self._chance.sample(names, self._chance.choice((0, 0, 1))):
            (self.show / name).unlink()
        while len(list(self.show.glob("*.srt"))) < FILES:
            self._write(f"{self._chance.randrange(10**6)}.srt")
        self.feed.write_text(FEED.format(self._chance.randrange(99)), "utf-8")

    def commands(self) -> Sequence[tuple[str, ...]]:
        show, index = str(self.show), ("--index", str(self.index))
        return (
            ("index", show, *index, "--jobs", "1"),
            ("index", show, *index, "--jobs", "3"),
            ("index", show, *index, "--prune", "--jobs", "3"),
            ("index", show, *index, "--rebuild", "--jobs", "3"),
            ("index", show, *index, "--feed", str(self.feed), "--jobs", "1"),
            ("watch", show, *index, "--query", "语音识别"),
            ("watch", "--once", show, *index, "--query", "语音识别"),
            ("alias", "add", "语音识别", f"语音是别{self._chance.randrange(99)}", *index),
            ("forget", *sorted(self.ids())[:1], *index),
        )

    def _has_begun(self) -> bool:
        """True once there is a first, empty commit and the manifest, without which nothing is committed."""
        return any(self.index.glob("_MAIN_*.toc")) and (self.index / FILE).exists()

    def ids(self) -> dict[str, str]:
        """id -> file name of the committed episodes. Raises IndexProblem."""
        if not self._has_begun():
            return {}
        snapshot = EmbeddedSnapshot(self.index)
        return {snapshot.episode(n).id: Path(snapshot.record(n)["path"]).name for n in snapshot.episodes()}

    def faults(self, before: dict[str, str], forgotten: bool) -> Iterator[str]:
        """What is broken after a kill: `before` are the episodes before it."""
        try:
            now = self.ids()
            read_store(self.index), read_known(self.index), read_waiting(self.index)
            if (lexicon := self.index / "lexicon.toml").exists():
                read_lexicon(lexicon)
        except IndexProblem as problem:
            yield str(problem)
            return
        if self._has_begun():
            snapshot = EmbeddedSnapshot(self.index)
            yield from check_index(snapshot)
            for number in snapshot.episodes():
                name, lines = Path(snapshot.record(number)["path"]).name, set(snapshot.text(number)[0])
                if len(lines) != 1 or not lines <= self._versions[name]:
                    yield f"{name} has lines that were never in it: {sorted(lines)[:2]}"
        lost = {one for one, name in before.items() if one not in now and (self.show / name).exists()}
        if len(lost) > forgotten:
            yield f"lost: {sorted(lost)}"

    def completed(self) -> Iterator[str]:
        """What is broken once the index has been completed."""
        for _ in range(2):
            run = subprocess.run(
                [sys.executable, "-m", "cli", "index", str(self.show), "--prune", "--index", str(self.index)],
                cwd=ROOT,
                capture_output=True,
                encoding="utf-8",
                check=False,
            )
            if run.returncode:
                yield f"completing it failed: {run.stderr.strip()[-300:]}"
        if set(self.ids().values()) != {path.name for path in self.show.glob("*.srt")}:
            yield "the completed index has other episodes than the folder"
        if " unchanged" not in run.stderr or " new" in run.stderr or " changed" in run.stderr:
            yield f"completing it twice is not the same: {run.stderr.strip()}"


def processes(mark: str) -> set[int]:
    """The processes of a run that live, whosever children they are by now."""
    wanted, found = f"{MARK}={mark}".encode(), set()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                found.add(int(folder.name))
    return found


def until(is_so: Callable[[], bool]) -> bool:
    """Waits until it is so; False if it never is."""
    end = time.monotonic() + LONGEST
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True


def kill(command: Sequence[str], delay: float, whole_group: bool, chance: random.Random) -> tuple[str, list[str]]:
    """Runs a command and kills it after `delay` seconds; returns what was killed, and what stayed behind."""
    mark = uuid4().hex
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, *command],
        cwd=ROOT,
        env={**os.environ, MARK: mark},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        process.stdout.readline()
        process.stdin.write(b"\n")
        process.stdin.flush()
        time.sleep(delay)
        was_over = process.poll() is not None
        if whole_group:
            what = "group"
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        else:
            workers = sorted(processes(mark) - {process.pid})
            main = not workers or chance.random() < 0.7
            number = chance.choice(SIGNALS) if main else signal.SIGKILL
            what = f"{'main' if main else 'worker'} {number.name}"
            with suppress(ProcessLookupError):
                os.kill(process.pid if main else chance.choice(workers), number)
            if not main and command[0] == "watch" and "--once" not in command:  # it goes on, and rightly
                time.sleep(0.3)
                process.terminate()
        wrong = [] if until(lambda: process.poll() is not None) else ["it does not end"]
        if not until(lambda: not processes(mark)):
            wrong.append("processes stay behind")
        return ("over " if was_over else "") + what, wrong
    finally:
        for one in processes(mark):
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        process.wait()
        for stream in (process.stdin, process.stdout):
            with suppress(OSError):
                stream.close()


def campaign(groups: int, single: int, seed: int) -> tuple[list[str], Counter[str]]:
    """Returns what was broken, and counts of what was killed."""
    chance = random.Random(seed)
    wrong: list[str] = []
    done: Counter[str] = Counter()
    rounds = [True] * groups + [False] * single
    chance.shuffle(rounds)
    with TemporaryDirectory() as folder:
        world = World(Path(folder).resolve(), chance)
        kept = home_of(world.index)
        kept.mkdir(parents=True, exist_ok=True)
        treasure = kept / "treasure.srt"
        treasure.write_text("1\n00:00:01,000 --> 00:00:02,000\n宝\n", "utf-8")
        for number, whole_group in enumerate(rounds, 1):
            before = world.ids()
            if number % 3 == 0:
                world.change()
            command = chance.choice([one for one in world.commands() if one[0] != "forget" or before])
            what, faults = kill(command, chance.uniform(0, 1.2), whole_group, chance)
            faults += world.faults(before, command[0] == "forget")
            lock = OwnLock(str(world.index / "MAIN_WRITELOCK")) if world.index.exists() else None
            if lock is not None and not lock.acquire():
                faults.append("the index stays locked")
            elif lock is not None:
                lock.release()
            if not treasure.exists():
                faults.append("what is kept beside the index is lost")
            if number % 20 == 0 or faults:
                faults += world.completed()
            wrong += [f"round {number}, {what}, {' '.join(command[:2])}: {fault}" for fault in faults]
            done[what] += 1
    return wrong, done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--groups", type=int, default=300)
    parser.add_argument("--single", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    wrong, done = campaign(arguments.groups, arguments.single, arguments.seed)
    for line in wrong:
        print(line)
    print(json.dumps({"killed": dict(done), "wrong": len(wrong)}))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
