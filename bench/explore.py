"""Processor time and memory of each exploration of an index.

    python bench/explore.py INDEX [--write]

Each runs as a command of its own (cold: the whole process, with its output discarded, and its peak memory), then three
times in one process that has loaded the words of the index (warm: the median). The query words are the most frequent
one of this index and a rare one. Times are CPU seconds, since others may use the machine. --write puts the
table into bench/EXPLORE.md.

Fair: whole commands including output. Unfair: files are in the system's cache, and what the first run of a kind caches
for the next two counts as warm.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from shared.machine import machine
from shared.processes import run
from shared.tables import Table, number

HERE = Path(__file__).resolve().parent
_ROUNDS = 3
_RARE = 20
"""Occurrences of the rare word."""
_MACHINE = ("processor", "system", "Python")
"""The facts of the machine that are printed."""


_HEAD = """# Exploring

Written by `python bench/explore.py INDEX --write`; do not edit. Times are seconds of CPU; the first lines of
`bench/explore.py` say how they are measured. *Cold* is a whole command, *warm* the same question in a process that has
read the words of the index. The query words are the most frequent one of the index and a rare one. CPU seconds grow
with the load of the machine.
"""


class Asked(NamedTuple):
    """A command, and the same question in process, of an `Explorer`."""

    command: tuple[str, ...]
    ask: Callable[[Any], object]


def questions(common: str, rare: str, episode: str) -> Iterator[Asked]:
    """What is measured. What has filters, sorts or sizes is asked in its dearest form as well."""
    yield Asked(("summary",), lambda e: e.summary())
    yield Asked(("terms",), lambda e: e.terms())
    yield Asked(("terms", "--ngrams", "2-4"), lambda e: e.terms(sizes=(2, 4)))
    yield Asked(("terms", "--ngrams", "2-3", "--all"), lambda e: e.terms(sizes=(2, 3), function_words=True))
    yield Asked(("terms", "--new"), lambda e: e.new_words())
    yield Asked(("chapters", episode), lambda e: e.outline(episode, given=False))
    yield Asked(("similar", episode, "-l"), lambda e: e.similar(episode))
    for word in (common, rare):
        yield from of_word(word)


def of_word(word: str) -> Iterator[Asked]:
    yield Asked(("collocates", word), lambda e: e.collocates(word))
    yield Asked(("trend", word), lambda e: e.trend([word]))
    yield Asked(("trend", word, "--by", "month"), lambda e: e.trend([word], by="month"))
    yield Asked(("dispersion", word), lambda e: e.dispersion([word]))
    for sort in ("time", "right"):
        yield Asked(("concordance", word, "--sort", sort), partial(listed, word, sort))
    yield Asked(("concordance", word, "-n", "0"), lambda e: sum(1 for _ in e.concordance(word, limit=None)))


def listed(word: str, sort: str, explorer: Any) -> object:
    return list(explorer.concordance(word, sort=sort))


def podseek(index: Path, *arguments: str) -> list[str]:
    """A whole command on an index, without a limit of time where it has one: the machine may be busy."""
    limit = () if arguments[0] == "episodes" else ("--timeout", "0")
    return [sys.executable, str(HERE.parent / "cli.py"), *arguments, *limit, "--index", str(index)]


def records(index: Path, *arguments: str) -> list[dict[str, Any]]:
    output = run(podseek(index, *arguments, "--format", "jsonl")).output
    return [json.loads(line) for line in output.splitlines()]


def warm(ask: Callable[[Any], object], explorer: object) -> float:
    """The median of some rounds, in CPU seconds."""
    times = []
    for _ in range(_ROUNDS):
        start = time.process_time()
        ask(explorer)
        times.append(time.process_time() - start)
    return statistics.median(times)


def measured(index: Path) -> Table:
    terms = records(index, "terms", "--all", "-n", "0")
    episodes = records(index, "episodes")
    rare = next((row["term"] for row in terms if row["count"] <= _RARE), terms[-1]["term"])
    episode = episodes[len(episodes) // 2]["episode"]
    asked = list(questions(terms[0]["term"], rare, episode))
    cold = [run(podseek(index, *one.command), sampled=True) for one in asked]
    from search import open_library

    with open_library(index) as library:
        explorer = library.explore
        explorer.words  # noqa: B018
        rows = [
            (
                " ".join(one.command).replace(episode, "EPISODE"),
                *map(number, (warm(one.ask, explorer), usage.cpu, usage.tree_mb)),
            )
            for one, usage in zip(asked, cold, strict=True)
        ]
    cues = sum(row["cues"] for row in episodes)
    return Table(
        f"{cues:,} cues in {len(episodes):,} episodes", ("", "warm, CPU s", "cold, CPU s", "peak, MB"), tuple(rows)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    told = machine("given transcripts")
    table = measured(options.index)
    print(table.plain())
    if options.write:
        about = "\n".join(f"- {key}: {told[key]}" for key in _MACHINE)
        (HERE / "EXPLORE.md").write_text(f"{_HEAD}\n{about}\n\n{table.markdown()}", "utf-8")


if __name__ == "__main__":
    main()
