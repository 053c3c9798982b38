"""The parts of the growth bench that run in processes of their own.

python bench/growth_worker.py size CORPUS INDEX SAMPLED        prints files, cues, text and index
python bench/growth_worker.py warm INDEX QUERIES ROUNDS      prints kind -> milliseconds of each query, processor time
python bench/growth_worker.py read INDEX QUERIES             asks; the first line of stdin ends the calm, the second all
"""

from __future__ import annotations

import statistics
import sys
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from peers import KINDS, Query
from peers.podseek import PEERS, written
from shared.figures import percentile
from shared.worker_command import act
from speed_worker import read_queries

import search
from indexer.readers import read_bytes
from indexer.store.writer import stored_records

PAUSE = 0.02
LIMIT = 10


def size(corpus: str, index: str, sampled: str) -> dict[str, float]:
    records = stored_records(Path(index))
    files = sorted(Path(corpus).rglob("*.srt"))
    sample = files[:: max(1, len(files) // int(sampled))]
    texts = [cue.text for path in sample for cue in read_bytes(str(path), path.read_bytes()).cues]
    text = sum(record["characters"] for record in records) * sum(len(t.encode()) for t in texts) / sum(map(len, texts))
    stored = sum(path.stat().st_size for path in Path(index).iterdir() if path.is_file())
    return {
        "files": len(records),
        "cues": sum(record["cues"] for record in records),
        "text MB": text / 1e6,
        "bytes of text a cue": text / sum(record["cues"] for record in records),
        "index MB": stored / 1e6,
        "segments": len(list(Path(index).glob("*.trm"))),
        "index / text": stored / text,
    }


def warm(index: str, queries: str, rounds: str) -> dict[str, list[float]]:
    asked = PEERS["podseek"].open(Path(), Path(index))
    drawn = read_queries(queries)
    for kind in KINDS:  # what the first query of a process loads is not counted
        asked(drawn[kind][-1])
    return {kind: timed(asked, drawn[kind], int(rounds)) for kind in KINDS}


def timed(asked: Any, queries: list[Query], rounds: int) -> list[float]:
    """For each query the median of its rounds."""
    times: list[list[float]] = [[] for _ in queries]
    for _ in range(rounds):
        for query, spent in zip(queries, times, strict=True):
            start = time.process_time()
            asked(query)
            spent.append((time.process_time() - start) * 1000)
    return [statistics.median(spent) for spent in times]


def read(index: str, queries: str) -> dict[str, tuple[float, float]]:
    """Median, p95 and longest wait, by the clock and by processor time: without and with a writer."""
    asked = [written(query) for query in read_queries(queries)["rare word"]]
    phases: list[list[tuple[float, float]]] = [[], []]
    number = 0
    over = threading.Event()

    def follow() -> None:
        nonlocal number
        sys.stdin.readline()
        number = 1
        sys.stdin.readline()
        over.set()

    with search.open_library(index) as library:
        for words in asked:
            library.search(words, limit=LIMIT)
        print("ready", flush=True)
        threading.Thread(target=follow, daemon=True).start()
        turn = 0
        while not over.wait(PAUSE):
            clock, cpu = time.perf_counter(), time.process_time()
            library.search(asked[turn % len(asked)], limit=LIMIT)
            phases[number].append(((time.perf_counter() - clock) * 1000, (time.process_time() - cpu) * 1000))
            turn += 1
    found = {}
    measures: dict[str, Callable[[Sequence[float]], float]] = {
        "median": statistics.median,
        "p95": partial(percentile, share=0.95),
        "longest": max,
    }
    for which, name in enumerate(("ms", "CPU ms")):
        calm, busy = ([spent[which] for spent in phase] for phase in phases)
        for measure, value in measures.items():
            found[f"{measure} {name}"] = (value(calm), value(busy))
    return found


ACTIONS: dict[str, Callable[..., Any]] = {"size": size, "warm": warm, "read": read}

if __name__ == "__main__":
    act(__doc__ or "", ACTIONS)
