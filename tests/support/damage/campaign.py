"""Damages the files of an index, one at a time, and checks the answers. It is a program, so that its memory can be
measured:

    PYTHONPATH=.:tests python tests/support/damage/campaign.py INDEX --others INDEX... --count 2500 --seed 7

It works on a copy and prints a line for each damage that is not dealt with as it should be, then what it did as JSON.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from indexer.core.errors import PodseekProblem
from indexer.store.segments import contents
from search import Library, open_library
from support.damage.damage import Damage, damages, without_checksums

QUERIES = (
    *("水开了", '"好水泡茶"', "绿茶 红茶", "手音机", "kettle", "ketle", "茶*", "水 NEAR/10s 茶", "电池", "谢谢观看"),
    *("什么 时候 烧水", "=收音机", "title:风景 水", "茶叶"),
)
PATIENCE = 60
"""Seconds for all questions to one index, by the processor's clock; far more than they take."""


class Answers(NamedTuple):
    """What an index says, as texts in a fixed order, and the problem it ends with, empty for none."""

    said: tuple[str, ...]
    problem: str


def ask(index: Path) -> Answers:
    """Asks all kinds of questions. What is raised that is no problem for a person to read passes through."""
    said: list[str] = []
    try:
        with open_library(index) as library:
            for answer in _answers(library):
                said.append(repr(answer))
    except PodseekProblem as problem:
        return Answers(tuple(said), str(problem))
    return Answers(tuple(said), "")


def _answers(library: Library) -> Iterator[object]:
    for query in QUERIES:
        result = library.search(query, limit=3)
        yield list(result), result.total
        yield library.count(query)
    yield list(library.search("茶", limit=None, damping=False))
    for episode in library.episodes():
        yield episode
        yield library.read(episode.id)
    yield library.variants("收音机")
    yield library.suspects()
    yield replace(library.status(), size=0)


def check(index: Path) -> list[str]:
    """The faults that are found in an index."""
    try:
        with open_library(index) as library:
            return library.check()
    except PodseekProblem as problem:
        return [str(problem)]


def outcome(index: Path, sound: Answers, is_checked: bool) -> str:
    """What is wrong with how damage was dealt with; empty for nothing."""
    try:
        with within(PATIENCE):
            answers, faults = ask(index), check(index)
    except Exception as error:
        # Without checksums, the command reports any unexpected error in one line (`explained`).
        is_told = not is_checked and not isinstance(error, (MemoryError, TimeoutError))
        return "" if is_told else f"{type(error).__name__}: {error}"
    told = [answers.problem, *faults] if answers.problem else faults
    if any("\n" in line or ": " not in line for line in told):
        return f"not one line each: {told}"
    if not is_checked:
        return ""
    if answers.said != sound.said[: len(answers.said)] or (answers.said != sound.said and not answers.problem):
        return "silent: another answer than before"
    return "" if faults else "unnoticed: the check finds nothing"


def campaign(
    index: Path, others: Sequence[Path], count: int, seed: int, old: bool = False
) -> tuple[list[str], Counter]:
    """Damages a copy of an index; returns what went wrong, and counts of what was done. `old` is for one without
    checksums, whose answers may be wrong, but never anything else."""
    contents.sleep = lambda _: None  # type: ignore[attr-defined]
    wrong: list[str] = []
    done: Counter[str] = Counter()
    with TemporaryDirectory() as folder:
        work = Path(shutil.copytree(index, Path(folder, "index")))
        if old:
            without_checksums(work)
        sound = ask(work)
        if sound.problem or check(work):
            return [f"the index is damaged as it is: {sound.problem or check(work)}"], done
        for damage in list(damages(work, others, count, seed)):
            path = work / damage.file
            whole = path.read_bytes()
            path.write_bytes(damage.data)
            said = outcome(work, sound, not old)
            path.write_bytes(whole)
            if said:
                wrong.append(f"{damage} ({_first_change(whole, damage)}): {said}")
            done[damage.kind] += 1
        if ask(work) != sound:
            wrong.append("the index is not as it was")
    return wrong, done


def _first_change(whole: bytes, damage: Damage) -> str:
    at = next((at for at, (old, new) in enumerate(zip(whole, damage.data, strict=False)) if old != new), len(whole))
    return f"from byte {at} of {len(whole)}"


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raises TimeoutError if the block takes more CPU time, where the system can measure it."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_: object) -> None:
        raise TimeoutError(f"more than {seconds} s")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def peak_mb() -> float:
    """Returns the peak memory of this process in MB."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--others", type=Path, nargs="*", default=[])
    parser.add_argument("--count", type=int, default=2500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--old", action="store_true", help="on an index of format 6, without checksums")
    arguments = parser.parse_args()
    ask(arguments.index)
    check(arguments.index)
    before = peak_mb()
    wrong, done = campaign(arguments.index, arguments.others, arguments.count, arguments.seed, arguments.old)
    for line in wrong:
        print(line)
    print(json.dumps({"damages": dict(done), "wrong": len(wrong), "more_mb": round(peak_mb() - before, 1)}))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
