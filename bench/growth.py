"""How podseek grows: the same measures of two or more indexes side by side, such as of one and of ten million cues.

    python bench/growth.py CORPUS INDEX [CORPUS INDEX ...] [--only PART ...] [--queries 16] [--rounds 3] [--adds 8]

CORPUS is the folder that INDEX was made of; a missing INDEX is made first, and only then the table has what that took
(the peak over all processes at once, and that of the largest), and the time for each million cues and for each MB of
text. The parts:

- size: files, cues, text and index; bytes of text are those of some thousand evenly spaced files, times their share of
  all characters
- cold: a process that answers one query / an empty process, in rounds in which they take turns; questions are the first
  ones of bench/questions.tsv
- warm: ten moments, asked of an open library by kind, whole rounds over the queries (`bench/shared/queries.py`); the
  first round is the first time a query is asked, so half of the median's weight is on repeated ones
- explore: whole commands of exploration, as of `bench/explore.py`: the dearest word, and one episode
- nothing: a run over CORPUS that finds nothing new, on a copy of the index
- add: episodes of 2,000 cues, one run each, on the copy; the first runs write, later ones merge as well. Meanwhile
  another process asks a rare word every 20 ms and opens each new commit; beside it, the same while nothing is written

Times are processor seconds, since wall time on a busy machine depends on its load; what the reader waits is given by
both. Fair: whole processes with their imports, default settings. Unfair: files are in the system's cache, and made text
(`bench/make_corpus.py`) has pairs of words rarer than talk has them.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import explore
from peers import COLD, KINDS, Query
from peers.podseek import PEERS
from shared.figures import percentile
from shared.processes import ENVIRONMENT, Usage, run
from shared.queries import questions
from shared.tables import Table, number

HERE = Path(__file__).resolve().parent
WORKER = [sys.executable, str(HERE / "growth_worker.py")]
EMPTY = [sys.executable, "-c", "pass"]
PARTS = ("size", "cold", "warm", "explore", "nothing", "add")
CALM = 20.0
"""Seconds of reading beside nothing, before and after episodes are added."""
SAMPLED = 1000
"""Files whose text is measured, if there are so many."""

Rows = Iterator[tuple[str, float]]


def parsed(words: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments. Raises SystemExit for those that nothing can be measured with."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("places", type=Path, nargs="+", metavar="CORPUS INDEX", help="each corpus with its index")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="parts to measure; else all")
    parser.add_argument("--queries", type=int, default=16, help="queries of each kind (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds over queries and runs (%(default)s)")
    parser.add_argument("--adds", type=int, default=8, help="episodes added (%(default)s)")
    arguments = parser.parse_args(words)
    if len(arguments.places) % 2:
        parser.error("each CORPUS needs its INDEX")
    if min(arguments.queries, arguments.rounds, arguments.adds) < 1:
        parser.error("--queries, --rounds and --adds are at least 1")
    for corpus in arguments.places[::2]:
        if not corpus.is_dir():
            parser.error(f"{corpus}: is no folder: name the transcripts that the index was made of")
    return arguments


def main() -> None:
    arguments = parsed()
    pairs = list(zip(arguments.places[::2], arguments.places[1::2], strict=True))
    columns = [dict(measured(corpus, index, arguments)) for corpus, index in pairs]
    names = list(dict.fromkeys(name for column in columns for name in column))
    head = ("", *(index.name for _, index in pairs), *(["last / first"] if len(pairs) > 1 else []))
    rows = tuple((name, *cells([column.get(name) for column in columns])) for name in names)
    print(Table("Growth", head, rows).markdown())


def cells(values: Sequence[float | None]) -> Iterator[str]:
    """The figures of a row, and the last of several / the first."""
    yield from map(number, values)
    first, last = values[0], values[-1]
    if len(values) > 1:
        yield number(last / first if first and last is not None else None)


def measured(corpus: Path, index: Path, arguments: argparse.Namespace) -> Rows:
    podseek = PEERS["podseek"]
    if not index.exists():
        yield from made(corpus, index)
    with tempfile.TemporaryDirectory(prefix="podseek-bench-", dir=index.parent) as folder:
        place = Path(folder)
        asked = place / "queries.json"
        subprocess.run(
            [sys.executable, str(HERE / "speed_worker.py"), "draw", str(corpus), str(arguments.queries), str(asked)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        for part in arguments.only:
            print(f"{index.name}: {part}", file=sys.stderr)
            if part == "size":
                yield from sizes(corpus, index).items()
            elif part == "cold":
                yield from cold(podseek, corpus, index, json.loads(asked.read_text("utf-8")), arguments.rounds)
            elif part == "warm":
                worker = [*WORKER, "warm", str(index), str(asked), str(arguments.rounds)]
                yield from warm(json.loads(run(worker).output))
            elif part == "explore":
                yield from explored(index)
            elif not (copy := place / "copy").exists():
                shutil.copytree(index, copy)
            if part == "nothing":
                usages = [run([*command(copy), "index", str(corpus)]) for _ in range(arguments.rounds)]
                yield "nothing new, CPU s", median_cpu(usages)
                yield "nothing new, peak MB", max(usage.largest_mb for usage in usages)
            elif part == "add":
                yield from added(corpus, copy, asked, place / "new", arguments.adds)


def made(corpus: Path, index: Path) -> Rows:
    """Makes an index, and what that took."""
    usage = run([*command(index), "index", str(corpus)], sampled=True)
    size = sizes(corpus, index)
    yield "index, CPU s", usage.cpu
    yield "index, CPU s for each million cues", usage.cpu / size["cues"] * 1e6
    yield "index, CPU s for each MB of text", usage.cpu / size["text MB"]
    yield "index, peak MB of all processes", usage.tree_mb
    yield "index, peak MB of the largest", usage.largest_mb


def sizes(corpus: Path, index: Path) -> dict[str, float]:
    """What an index holds (`growth_worker.size`)."""
    found: dict[str, float] = json.loads(run([*WORKER, "size", str(corpus), str(index), str(SAMPLED)]).output)
    return found


def cold(podseek: Any, corpus: Path, index: Path, drawn: dict[str, Any], rounds: int) -> Rows:
    asked = {kind: [tuple(words) for words in drawn[kind]] for kind in COLD}
    asked["question"] = [(text,) for text in questions()[: len(drawn[COLD[0]])]]
    for kind, several in asked.items():
        commands = [podseek.cold(corpus, index, Query(kind, words)) for words in several]
        empty: list[Usage] = []
        taken: list[Usage] = []
        for _ in range(rounds):
            for one in commands:
                empty.append(run(EMPTY))
                taken.append(run(one))
        yield f"cold {kind}, CPU ms", median_cpu(taken) * 1000
        yield f"cold {kind} / empty process", median_cpu(taken) / median_cpu(empty)


def warm(spent: dict[str, list[float]]) -> Rows:
    """`spent` has the milliseconds of each query, by kind."""
    for kind in KINDS:
        yield f"warm {kind}, median ms", statistics.median(spent[kind])
        yield f"warm {kind}, p95 ms", percentile(spent[kind], 0.95)
    every = [ms for kind in KINDS for ms in spent[kind]]
    yield "warm, all kinds, median ms", statistics.median(every)
    yield "warm, all kinds, p95 ms", percentile(every, 0.95)


def explored(index: Path) -> Rows:
    """Each exploration once, but not the whole concordance, which is the output of all text."""
    episodes = explore.records(index, "episodes")
    names = {
        explore.records(index, "terms", "--all", "-n", "1")[0]["term"]: "WORD",
        episodes[len(episodes) // 2]["episode"]: "EPISODE",
    }
    word, episode = names
    for arguments in dict.fromkeys(one.command for one in explore.questions(word, word, episode)):
        if "0" not in arguments:
            usage = run(explore.podseek(index, *arguments))
            shown = " ".join(names.get(one, one) for one in arguments)
            yield f"{shown}, CPU s", usage.cpu
            yield f"{shown}, peak MB", usage.largest_mb


def added(corpus: Path, index: Path, asked: Path, new: Path, amount: int) -> Rows:
    more = [sys.executable, str(HERE / "speed_worker.py"), "more", str(corpus), str(new), str(amount)]
    subprocess.run(more, check=True, stdout=subprocess.DEVNULL)
    reader = subprocess.Popen(
        [*WORKER, "read", str(index), str(asked)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    )
    assert reader.stdin and reader.stdout
    reader.stdout.readline()  # it is ready
    time.sleep(CALM)
    reader.stdin.write("\n")
    reader.stdin.flush()
    usages = [run([*command(index), "index", str(file)]) for file in sorted(new.iterdir())]
    waits = json.loads(reader.communicate("\n")[0])
    yield "add an episode, CPU s, median", median_cpu(usages)
    yield "add an episode, CPU s, the longest", max(usage.cpu for usage in usages)
    yield "add an episode, peak MB", max(usage.largest_mb for usage in usages)
    for name, (calm, busy) in waits.items():
        yield f"reader, {name}, nothing written", calm
        yield f"reader, {name}, episodes added", busy


def command(index: Path) -> list[str]:
    """The command line on an index, of this checkout."""
    return [sys.executable, str(HERE.parent / "cli.py"), "-q", "--index", str(index)]


def median_cpu(usages: Sequence[Usage]) -> float:
    return statistics.median(usage.cpu for usage in usages)


if __name__ == "__main__":
    main()
