"""Duration of small runs of `podseek index`: one that finds nothing new, and one that adds an episode beside a reader.

    python bench/runs.py [--files 10000] [--rounds 3]       many small transcripts, made for it; nothing new
    python bench/runs.py --index DIR --add FILE [FILE ...]  adds each file to a copy of an index

The first makes so many transcripts of four cues, in twenty folders, indexes them, and runs `podseek index` on them
and `podseek update` again and again: median CPU and wall seconds, beside an empty process of the same interpreter.
The second prints CPU and wall seconds of each addition, and the median and the longest answer to one who asks for
two words of the file all the time, before and while one is added.

Fair: whole processes with their imports, files in the system's cache. Unfair: small files have few facts, and the
asker takes a core of its own.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from shared.processes import Usage, run

import search
from indexer.core.positions.tokens import split_atoms
from indexer.readers import read_bytes

PODSEEK = str(Path(sys.executable).with_name("podseek"))
FOLDERS = 20
LINES = ("今天聊第{n}个话题", "先说上次的{n}件事", "再看听众的来信", "下次再见")
CALM = 3.0
"""Seconds of asking before an episode is added."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--index", type=Path, help="an index; it is copied")
    parser.add_argument("--add", type=Path, nargs="+", help="transcripts that it lacks")
    arguments = parser.parse_args()
    if bool(arguments.index) != bool(arguments.add):
        parser.error("--index and --add go together")
    with tempfile.TemporaryDirectory(prefix="podseek-bench-") as place:
        if arguments.index:
            index = Path(place) / "index"
            shutil.copytree(arguments.index, index)
            adding(index, arguments.add)
        else:
            nothing_new(Path(place), arguments.files, arguments.rounds)


def nothing_new(place: Path, files: int, rounds: int) -> None:
    make_files(place / "transcripts", files)
    index = ["--index", str(place / "index")]
    show("first", [run([PODSEEK, "-q", *index, "index", str(place / "transcripts")])])
    commands = {
        "index": [PODSEEK, "-q", *index, "index", str(place / "transcripts")],
        "update": [PODSEEK, "-q", *index, "update"],
        "empty": [sys.executable, "-c", "pass"],
    }
    taken: dict[str, list[Usage]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            taken[name].append(run(command))
    for name, usages in taken.items():
        show(name, usages)


def make_files(folder: Path, amount: int) -> None:
    for n in range(amount):
        path = folder / f"{n % FOLDERS:02}" / f"{n:05}.srt"
        path.parent.mkdir(parents=True, exist_ok=True)
        cues = (f"{i + 1}\n00:00:{4 * i:02},000 --> 00:00:{4 * i + 4:02},000\n{line}\n" for i, line in enumerate(LINES))
        path.write_text("\n".join(cues).format(n=n), "utf-8")


def adding(index: Path, files: Sequence[Path]) -> None:
    words = two_words(files[0])
    calm, busy, over = list[float](), list[float](), threading.Event()
    with search.open_library(index) as library:
        for word in words.split():
            library.search(word)
        asker = threading.Thread(target=ask, args=(library, words, calm, over))
        asker.start()
        time.sleep(CALM)
        over.set()
        asker.join()
    over.clear()
    with search.open_library(index) as library:
        library.search(words)
        asker = threading.Thread(target=ask, args=(library, words, busy, over))
        asker.start()
        usages = [run([PODSEEK, "-q", "--index", str(index), "index", str(file)]) for file in files]
        over.set()
        asker.join()
    for usage, file in zip(usages, files, strict=True):
        show(file.stem[:20], [usage])
    for name, times in (("before", calm), ("while adding", busy)):
        print(f"{name:20} {len(times)} answers, median {statistics.median(times):.1f} ms, longest {max(times):.1f} ms")


def ask(library: search.Library, words: str, times: list[float], over: threading.Event) -> None:
    while not over.is_set():
        start = time.perf_counter()
        library.search(words, limit=10)
        times.append((time.perf_counter() - start) * 1000)
        over.wait(0.005)


def two_words(path: Path) -> str:
    """Two runs of two atoms from the middle of a transcript."""
    cues = read_bytes(str(path), path.read_bytes()).cues
    atoms = [atom for cue in cues[len(cues) // 2 :] for atom in split_atoms(cue.text) if len(atom) == 1]
    return f"{''.join(atoms[:2])} {''.join(atoms[10:12])}"


def show(name: str, usages: Sequence[Usage]) -> None:
    cpu = statistics.median(usage.cpu for usage in usages)
    seconds = statistics.median(usage.seconds for usage in usages)
    print(f"{name:20} CPU {cpu:.2f} s  wall {seconds:.2f} s  peak {max(usage.largest_mb for usage in usages):.0f} MB")


if __name__ == "__main__":
    main()
