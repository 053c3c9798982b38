"""Speed of podseek and of its alternatives, measured in one run on the same files.

    python bench/speed.py FOLDER_10K FOLDER_100K FOLDER_1M       folders of .srt files
    python bench/speed.py --cues 10000 100000 1000000 [--from FOLDER ...]     made by bench/make_corpus.py
    python bench/speed.py --cues 10000 --only podseek fts5 --rounds 3         a quick look
    python bench/speed.py ... --write                            bench/speed.json and bench/SPEED.md
    python bench/speed.py FOLDER_1M --parts warm --keep PLACE --write         one part, all peers in the same run

The whole takes hours. A part at a time (`--parts`), each below ten minutes at a million cues, is measured on corpora
and indexes that stay in PLACE; those that are missing, incomplete, or made of other text or by other code are made
first (bench/shared/kept_folders.py). `--write` then replaces the figures of these parts only
(bench/shared/speed_record.py).

At each size, each peer in processes of its own, one after the other:
- index: from files to searchable, the whole process with its imports, median of three rounds in which the peers take
  turns (one for who takes more than half a minute); seconds and CPU seconds; size of the index by bytes of cue text.
  Then once more for the peak memory of the process tree (bench/shared/processes.py says how): looking takes time
  itself.
- cold: a process that answers one query, the median over queries of two words, in rounds in which an empty process
  of the same interpreter takes its turn; then the same for rare words and phrases. The files are in the system's
  cache. The peak memory of any of the first, of its largest process.
- warm: an open index in one process; queries of each kind drawn from the text (bench/shared/queries.py), in whole
  rounds, so that no query is asked twice in a row. Each counts with the median of its rounds: median, 95th percentile
  and middle half over the queries. The JSON also has the first round alone.
- add: an episode of 2,000 cues more, median of three, each in a new process; then one more while another process goes
  on asking, and its longest answer. Of a copy of the index.

Fair: same files, reader, queries and machine, peers in turn; each indexes a few cues first, uncounted, so that
caches on disk are filled for all. Unfair: each docstring in bench/peers says what is. One run on one machine: ratios
travel, times do not.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from peers import COLD, MODULES, Peer, Query, load
from shared.figures import Figures, Latency, Size, latency
from shared.kept_folders import corpus, index_recipe, is_kept, making
from shared.machine import machine
from shared.processes import Usage, peak_mb, run
from shared.speed_record import PARTS, recorded, write
from shared.tables import Table, of_size, summary

HERE = Path(__file__).resolve().parent
WORKER = [sys.executable, str(HERE / "speed_worker.py")]
EMPTY = [sys.executable, "-c", "pass"]
ADDED = 3
"""Episodes added alone, before the one that is added beside a reader."""
INDEXED, SLOW = 3, 30.0
"""Rounds of indexing, and seconds above which there is only one."""


def main() -> None:
    arguments = parsed()
    names = [name for name in arguments.only or MODULES if is_there(name)]
    about = machine("given transcripts" if arguments.folders or arguments.sources else "made from the sample corpus")
    sizes: list[Size] = []
    with place_for(arguments) as place:
        warm_up(place, names)
        for folder in arguments.folders or (corpus(place, cues, arguments.sources) for cues in sorted(arguments.cues)):
            sizes.append(measured(folder, place, names, arguments))
            show(of_size(sizes[-1], names))
            sizes.sort(key=lambda size: size.cues)
            if arguments.write:  # after each size, for the last may take an hour
                write(*recorded(sizes, arguments.parts, about))
    show(summary(sizes, names, whole=set(arguments.parts) == set(PARTS)))


@contextmanager
def place_for(arguments: argparse.Namespace) -> Iterator[Path]:
    """The folder of indexes and queries."""
    if arguments.keep:
        arguments.keep.mkdir(parents=True, exist_ok=True)
        yield arguments.keep
        return
    with tempfile.TemporaryDirectory(prefix="podseek-bench-", dir=arguments.place) as temporary:
        yield Path(temporary)


def parsed(words: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*", help="folders of .srt files")
    parser.add_argument("--cues", type=int, nargs="+", default=[], help="sizes to make folders of")
    parser.add_argument("--from", dest="sources", type=Path, nargs="+", default=[], help="transcripts to take")
    parser.add_argument("--only", nargs="+", choices=list(MODULES), help="peers; else all that are installed")
    parser.add_argument("--rounds", type=int, default=5, help="rounds over the queries of a kind (%(default)s)")
    parser.add_argument("--queries", type=int, default=50, help="queries of each kind (%(default)s)")
    parser.add_argument(
        "--patience", type=float, default=60, help="seconds after which a kind gets no further round (%(default)s)"
    )
    parser.add_argument("--place", type=Path, help="where to put indexes meanwhile; else the temporary folder")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS), help="what to measure; else all")
    parser.add_argument("--keep", type=Path, help="where indexes are put, and stay for the next part")
    parser.add_argument("--write", action="store_true", help="write bench/speed.json and bench/SPEED.md")
    arguments = parser.parse_args(words)
    if bool(arguments.folders) == bool(arguments.cues):
        parser.error("name folders, or sizes with --cues")
    for folder in (*arguments.folders, *arguments.sources):
        if not folder.is_dir():
            parser.error(f"{folder}: is no folder: name one with .srt files")
    if arguments.place and not arguments.place.is_dir():
        parser.error(f"{arguments.place}: is no folder: name one for the indexes")
    if arguments.keep and arguments.keep.exists() and not arguments.keep.is_dir():
        parser.error(f"{arguments.keep}: is no folder: name a folder that stays")
    if min(arguments.rounds, arguments.queries, *arguments.cues) < 1:
        parser.error("--cues, --rounds and --queries are at least 1")
    return arguments


def is_there(name: str) -> bool:
    cure = load(name).missing()
    if cure:
        tell(f"{name}: not installed, left out: {cure}")
    return cure is None


def is_quick(name: str, cues: int) -> bool:
    largest = load(name).largest
    if largest and cues > largest * 1.1:
        tell(f"{name}: left out, too slow for more than {largest:,} cues (name it alone with --only)")
        return False
    return True


def warm_up(place: Path, names: Sequence[str]) -> None:
    """Each peer indexes a few cues, uncounted: compiled modules and the dictionary's cache are on disk then."""
    with tempfile.TemporaryDirectory(dir=place) as temporary:
        folder = corpus(Path(temporary), 50)
        for name in names:
            if not load(name).shares:
                work("build", name, folder, Path(temporary) / f"warm-up-{name}")


def measured(folder: Path, place: Path, names: Sequence[str], arguments: argparse.Namespace) -> Size:
    """Everything about one folder."""
    counts = work("measure", folder)
    if not counts["cues"]:
        raise SystemExit(f"{folder}: has no .srt file with cues: name another folder")
    text = counts["text"]
    name_here = f"{folder.resolve().name}-{counts['cues']}-{text[:8]}"  # folders may have the same name
    asked, new = place / f"{name_here}.queries", place / f"{name_here}.more"
    tell(f"{folder}: {counts['cues']:,} cues; drawing queries")
    parts = arguments.parts
    work("draw", folder, arguments.queries, asked)
    engines = {name: load(name) for name in names if len(names) == 1 or is_quick(name, counts["cues"])}
    indexes = {name: place / f"{name_here}-{engine.shares or name}" for name, engine in engines.items()}
    figures: dict[str, dict[str, Any]] = {name: {} for name in engines}
    own = {name: indexes[name] for name, engine in engines.items() if not engine.shares}
    if "index" in parts:
        for name, times in indexed(folder, own, text).items():
            figures[name] = times | (
                stored(name, folder, own[name], text, counts["text_bytes"]) if own[name].exists() else {}
            )
    for name, index in own.items():
        if engines[name].kinds and not is_kept(index, index_recipe(name, text)):
            tell(f"{name}: indexing")
            built(name, folder, index, text)
    empty_ms = 0.0
    for kind in reversed(COLD) if "cold" in parts else ():
        tell(f"cold queries: {kind}")
        commands = cold_commands(engines, folder, indexes, asked, kind, arguments.rounds * 4)
        empty_ms = cold(kind, commands, figures)
    for name, engine in engines.items() if "warm" in parts else ():
        if engine.kinds and (not engine.shares or is_kept(indexes[name], index_recipe(engine.shares, text))):
            tell(f"{name}: warm queries")
            figures[name]["warm"] = warm(name, folder, indexes[name], asked, arguments)
    if "add" in parts:
        shutil.rmtree(new, ignore_errors=True)  # of an interrupted run
        work("more", folder, new, ADDED + 1)
        for name, index in own.items():
            if engines[name].kinds and index.exists():
                tell(f"{name}: adding episodes")
                figures[name].update(added(name, folder, index, asked, sorted(new.iterdir())))
        shutil.rmtree(new)
    for index in set(indexes.values()) if not arguments.keep else ():
        shutil.rmtree(index, ignore_errors=True)
    peers = {name: Figures(**found) for name, found in figures.items() if found}
    return Size(counts["cues"], counts["files"], counts["text_bytes"], empty_ms, peers)


def indexed(folder: Path, indexes: Mapping[str, Path], text: str) -> dict[str, dict[str, Any]]:
    """What indexing takes each peer: the median of rounds in which they take turns."""
    spent: dict[str, list[Sequence[float]]] = {name: [] for name in indexes}
    for number in range(INDEXED):
        for name, times in spent.items():
            if number and (not times or times[0][0] > SLOW):
                continue
            tell(f"{name}: indexing")
            usage = built(name, folder, indexes[name], text)
            counted = json.loads(usage.output)
            if indexes[name].exists():
                times.append((usage.seconds, usage.cpu))
            elif counted:  # no index is made; what only cuts words says what counts of it
                times.append(counted)
    columns = "index_seconds", "index_cpu"
    medians = {name: map(statistics.median, zip(*times, strict=True)) for name, times in spent.items()}
    return {name: dict(zip(columns, values, strict=False)) for name, values in medians.items()}


def stored(name: str, folder: Path, index: Path, text: str, text_bytes: int) -> dict[str, Any]:
    """The memory that indexing takes, and the size of the index."""
    tell(f"{name}: indexing, for its memory")
    usage = built(name, folder, index, text, sampled=True)
    return {
        "index_tree_mb": usage.tree_mb,
        "index_largest_mb": usage.largest_mb,
        "size_ratio": sum(path.stat().st_size for path in index.rglob("*") if path.is_file()) / text_bytes,
    }


def built(name: str, folder: Path, index: Path, text: str, sampled: bool = False) -> Usage:
    """Makes the index anew."""
    with making(index, index_recipe(name, text)):
        return run([*WORKER, "build", name, str(folder), str(index)], sampled, accepted=(0,))


def cold_commands(
    engines: Mapping[str, Peer], folder: Path, indexes: Mapping[str, Path], asked: Path, kind: str, rounds: int
) -> dict[str, list[list[str]]]:
    """The commands of each peer that has any, one a round."""
    words = json.loads(asked.read_text("utf-8"))[kind][:rounds]
    commands: dict[str, list[list[str]]] = {}
    for name, engine in engines.items():
        if engine.kinds and not engine.shares:
            found = [engine.cold(folder, indexes[name], Query(kind, tuple(each))) for each in words]
            commands[name] = [command for command in found if command]
    return {name: found for name, found in commands.items() if found}


def cold(kind: str, commands: Mapping[str, list[list[str]]], figures: dict[str, dict[str, Any]]) -> float:
    """Whole processes in turn, one query after the other; fills in the figures, returns ms of an empty process."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    empty = []
    rounds = max(map(len, commands.values()), default=1)
    for number in range(-1, rounds):  # the first round warms and is not counted
        empty.append(run(EMPTY).seconds)
        for name, asked in commands.items():
            times[name].append(run(asked[max(number, 0)]).seconds)
    base = statistics.median(empty[1:])
    for name, asked in commands.items():
        taken = statistics.median(times[name][1:])
        figures[name].setdefault("cold_ratios", {})[kind] = taken / base
        if kind == COLD[0]:
            figures[name].update(cold_ms=taken * 1000, cold_mb=max(map(peak_mb, asked)))
    return base * 1000


def warm(name: str, folder: Path, index: Path, asked: Path, arguments: argparse.Namespace) -> dict[str, Latency]:
    found = work("ask", name, folder, index, asked, arguments.rounds, arguments.patience)
    return {kind: latency(taken["ms"], taken["found"]) for kind, taken in found.items()}


def added(name: str, folder: Path, index: Path, asked: Path, new: Sequence[Path]) -> dict[str, float]:
    """Three additions alone, and one beside a process that goes on asking."""
    with tempfile.TemporaryDirectory(dir=index.parent) as temporary:
        index = Path(shutil.copytree(index, Path(temporary) / "copy"))
        alone = [run([*WORKER, "add", name, str(file), str(index)]) for file in new[:ADDED]]
        command = [*WORKER, "read", name, str(folder), str(index), str(asked)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
            assert reader.stdout is not None
            reader.stdout.readline()  # it is ready
            work("add", name, new[ADDED], index)
            meanwhile = json.loads(reader.communicate()[0])
    return {
        "add_seconds": statistics.median(usage.seconds for usage in alone),
        "add_cpu": statistics.median(usage.cpu for usage in alone),
        "read_median": meanwhile["median"],
        "read_longest": meanwhile["longest"],
    }


def work(action: str, *arguments: object) -> Any:
    """What a worker process prints."""
    return json.loads(run([*WORKER, action, *map(str, arguments)], accepted=(0,)).output)


def show(found: Iterable[Table]) -> None:
    print("\n".join(table.plain() for table in found if table.rows), flush=True)


def tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
