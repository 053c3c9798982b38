"""podseek beside a plain SQLite FTS5 + jieba script, on the same files, in one run.

    python bench/compare.py FOLDER            # a folder of .srt files
    python bench/compare.py FOLDER --queries 200

Fair: both read the same files with the same reader, both end with everything searchable on disk, both
answer the same queries (words that stand together in one cue) in this process, after one round that is
not counted. Unfair to FTS5: it returns rows, one a cue, so podseek does more for each answer. Unfair to
podseek: FTS5 is C, and its script neither folds scripts nor finds what crosses a cue or was misheard. The FTS5
script is single-threaded, as people write it; podseek uses all cores.
"""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import indexer
import search
from indexer.readers import read_bytes
from indexer.values import Cue


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--queries", type=int, default=100, help="queries of each kind")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="podseek-bench-") as place:
        compare(arguments.folder, Path(place), arguments.queries)


def compare(folder: Path, place: Path, amount: int) -> None:
    """Prints one line per measure: podseek, FTS5, and the ratio."""
    text_bytes = sum(len(cue.text.encode()) for cues in transcripts(folder) for cue in cues)
    cue_count = sum(len(cues) for cues in transcripts(folder))
    print(f"{cue_count:,} cues, {text_bytes / 1e6:.1f} MB of text, Python {sys.version.split()[0]}")
    fts, ours = place / "fts.db", place / "index"
    row("index, seconds", timed(lambda: indexer.index_paths([folder], ours)), timed(lambda: build_fts(folder, fts)))
    row("size / text", size(ours) / text_bytes, fts.stat().st_size / text_bytes)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'peak memory of this process, MB':34} {memory:10.0f}")
    library, database = search.open_library(ours), sqlite3.connect(fts)
    for name, queries in sample_queries(folder, amount).items():
        podseek = median_ms(lambda query: library.search(query), [podseek_query(name, words) for words in queries])
        rows = median_ms(lambda query: ask_fts(database, query), [fts_query(name, words) for words in queries])
        exact = median_ms(lambda query: library.search(query, exact=True), [podseek_query(name, w) for w in queries])
        row(f"{name}, median ms", podseek, rows)
        print(f"{'  without tolerance':34} {exact:10.2f}")
    cold(ours)


def cold(index: Path) -> None:
    """A whole process that answers one query, as a multiple of an empty Python process."""
    script = shutil.which("podseek")
    command = [script] if script else [sys.executable, str(Path(__file__).resolve().parent.parent / "cli.py")]
    asked = [*command, "search", "--index", str(index), "强化 学习"]
    searching = statistics.median(process_seconds(asked) for _ in range(7))
    nothing = statistics.median(process_seconds([sys.executable, "-c", "pass"]) for _ in range(7))
    print(f"{'cold search / python -c pass':34} {searching / nothing:10.1f}   ({searching:.3f} s / {nothing:.3f} s)")


def process_seconds(command: Sequence[str]) -> float:
    return timed(lambda: subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False))


def transcripts(folder: Path) -> Iterator[tuple[Cue, ...]]:
    for path in sorted(folder.rglob("*.srt")):
        yield read_bytes(str(path), path.read_bytes()).cues


def build_fts(folder: Path, target: Path) -> None:
    """One row a cue, words cut by jieba and joined by spaces."""
    import jieba

    database = sqlite3.connect(target)
    database.execute("create virtual table cues using fts5(words, text unindexed, start unindexed, episode unindexed)")
    for number, cues in enumerate(transcripts(folder)):
        rows = ((" ".join(jieba.cut_for_search(cue.text)), cue.text, cue.start, number) for cue in cues)
        database.executemany("insert into cues values (?, ?, ?, ?)", rows)
    database.commit()
    database.close()


def ask_fts(database: sqlite3.Connection, query: str) -> list[tuple[object, ...]]:
    return database.execute(
        "select episode, start, text, bm25(cues) from cues where cues match ? order by bm25(cues) limit 10", (query,)
    ).fetchall()


def sample_queries(folder: Path, amount: int) -> dict[str, list[list[str]]]:
    """Words that stand in one cue, drawn evenly over the running text."""
    import jieba

    chooser = random.Random(1)
    cues = [cue.text for transcript in transcripts(folder) for cue in transcript]
    kinds: dict[str, list[list[str]]] = {"one word": [], "two words": [], "three words": [], "phrase": []}
    sizes = dict(zip(kinds, (1, 2, 3, 2), strict=True))
    while any(len(queries) < amount for queries in kinds.values()):
        words = [word for word in jieba.cut(chooser.choice(cues)) if len(word) > 1 and word.isalpha()]
        for kind, queries in kinds.items():
            if len(queries) < amount and len(set(words)) >= sizes[kind]:
                at = chooser.randrange(len(words) - sizes[kind] + 1)
                queries.append(words[at : at + sizes[kind]])
    return kinds


def podseek_query(kind: str, words: Sequence[str]) -> str:
    return f'"{"".join(words)}"' if kind == "phrase" else " ".join(words)


def fts_query(kind: str, words: Sequence[str]) -> str:
    quoted = [f'"{word}"' for word in words]
    return f'"{" ".join(words)}"' if kind == "phrase" else " OR ".join(quoted)


def median_ms(ask: Callable[[str], object], queries: Sequence[str]) -> float:
    for query in queries:
        ask(query)
    return statistics.median(timed(lambda query=query: ask(query)) for query in queries) * 1000  # type: ignore[misc]


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


def row(name: str, ours: float, other: float) -> None:
    print(f"{name:34} {ours:10.2f} {other:10.2f}   ratio {ours / other:.2f}")


if __name__ == "__main__":
    main()
