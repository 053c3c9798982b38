"""The parts of the speed bench that run in separate processes, so that time and memory are those of one peer.

python bench/speed_worker.py build PEER FOLDER INDEX      prints what counts of it, or null
python bench/speed_worker.py add PEER FILE INDEX
python bench/speed_worker.py ask PEER FOLDER INDEX QUERIES ROUNDS PATIENCE
python bench/speed_worker.py read PEER FOLDER INDEX QUERIES     asks until its stdin is closed
python bench/speed_worker.py draw FOLDER AMOUNT QUERIES
python bench/speed_worker.py measure FOLDER               prints files, cues, bytes and a digest of the text
python bench/speed_worker.py more FOLDER TARGET FILES     writes further episodes of 2,000 cues
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from peers import Ask, Query, load
from shared.worker_command import act

NEW_EPISODE = 2000
"""Cues."""


def build(peer: str, folder: str, index: str) -> tuple[float, float] | None:
    return load(peer).build(Path(folder), Path(index))


def add(peer: str, file: str, index: str) -> None:
    load(peer).add(Path(file), Path(index))


def ask(peer: str, folder: str, index: str, queries: str, rounds: str, patience: str) -> dict[str, Any]:
    """kind -> for each query the milliseconds of each round, and how many queries found something.

    The first round is the first time a query is asked of an open, warm library: another kind of query came before.
    """
    engine = load(peer)
    asked = engine.open(Path(folder), Path(index))
    drawn = read_queries(queries)
    for kind in engine.kinds:  # what the first query of a process loads is not counted
        if drawn[kind]:
            asked(drawn[kind][-1])
    return {kind: timed(asked, drawn[kind], int(rounds), float(patience)) for kind in engine.kinds if drawn[kind]}


def timed(asked: Ask, queries: list[Query], rounds: int, patience: float) -> dict[str, Any]:
    """Whole rounds over the queries, so that none is asked twice in a row; no further round when patience is over."""
    times: list[list[float]] = [[] for _ in queries]
    found = 0
    end = time.perf_counter() + patience
    for number in range(rounds):
        if number and time.perf_counter() > end:
            break
        for query, spent in zip(queries, times, strict=True):
            start = time.perf_counter()
            count = asked(query)
            spent.append((time.perf_counter() - start) * 1000)
            found += bool(count) and not number
    return {"ms": times, "found": found}


def read(peer: str, folder: str, index: str, queries: str) -> dict[str, float]:
    """The median and the longest answer, while something else goes on."""
    asked = load(peer).open(Path(folder), Path(index))
    drawn = read_queries(queries)["two words"]
    for query in drawn:
        asked(query)
    print("ready", flush=True)
    over = threading.Event()

    def wait() -> None:
        sys.stdin.read()
        over.set()

    threading.Thread(target=wait, daemon=True).start()
    times = []
    while not over.is_set():
        for query in drawn:
            start = time.perf_counter()
            asked(query)
            times.append((time.perf_counter() - start) * 1000)
            if over.wait(0.005):
                break
    return {"median": sorted(times)[len(times) // 2], "longest": max(times)}


def draw(folder: str, amount: str, queries: str) -> dict[str, int]:
    from shared import queries as drawing

    drawn = drawing.draw(Path(folder), int(amount))
    plain = {kind: [query.words for query in found] for kind, found in drawn.items()}
    Path(queries).write_text(json.dumps(plain, ensure_ascii=False), "utf-8")
    return {kind: len(found) for kind, found in drawn.items()}


def read_queries(path: str) -> dict[str, list[Query]]:
    plain: Mapping[str, list[list[str]]] = json.loads(Path(path).read_text("utf-8"))
    return {kind: [Query(kind, tuple(words)) for words in found] for kind, found in plain.items()}


def measure(folder: str) -> dict[str, Any]:
    """`text` is the same for folders with the same files, wherever they are."""
    from peers.cutting import cues, transcripts
    from shared.kept_folders import digest

    paths = transcripts(Path(folder))
    texts = [[cue.text for cue in cues(path)] for path in paths]
    return {
        "files": len(texts),
        "cues": sum(map(len, texts)),
        "text_bytes": sum(len(text.encode()) for cues_of in texts for text in cues_of),
        "text": digest(part for path in paths for part in (str(path.relative_to(folder)).encode(), path.read_bytes())),
    }


def more(folder: str, target: str, files: str) -> None:
    """Writes new episodes whose text resembles that of the folder."""
    from make_corpus import made_text, source_of
    from peers.cutting import transcripts

    Path(target).mkdir()
    chance = random.Random("more")
    deck = transcripts(Path(folder))
    chance.shuffle(deck)
    for number, text in enumerate(made_text(source_of(deck[:20], 0, 1), chance, [NEW_EPISODE] * int(files))):
        (Path(target) / f"new-{number}.srt").write_text(text, "utf-8")


ACTIONS: dict[str, Callable[..., Any]] = {
    "build": build,
    "add": add,
    "ask": ask,
    "read": read,
    "draw": draw,
    "measure": measure,
    "more": more,
}

if __name__ == "__main__":
    act(__doc__ or "", ACTIONS)
