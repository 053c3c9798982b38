"""SQLite FTS5, words cut by jieba in search mode, one row a cue: the script most people would write.

Fair: the same files, reader and words; `fts5` cuts on all cores (a pool of processes, one dictionary), `fts5-1` on one,
as such scripts are usually written; ranked queries are an OR of the words, `order by rank limit 10`, FTS5's own
BM25; the database is left as FTS5 writes it. Unfair to FTS5: it returns rows, so podseek's moments are more work for an
answer. Unfair to podseek: FTS5 is C, finds nothing that crosses a cue, folds no scripts and tolerates no mishearing.
A phrase is found only where jieba cuts it as it cut the text; NEAR counts words. The cold command needs no jieba
for words with spaces between.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from peers import KINDS, LIMIT, NEAR, Ask, Query
from peers.cutting import Row, cut, quiet_jieba, rows, rows_of_all

FILE = "cues.db"
TABLE = "create virtual table cues using fts5(words, text unindexed, start unindexed, episode unindexed)"
SELECT = f"select episode, start, text, rank from cues where cues match ? order by rank limit {LIMIT}"
COLD = (
    f"import sqlite3, sys\nfor row in sqlite3.connect(sys.argv[1]).execute({SELECT!r}, sys.argv[2:]): print(*row[:3])"
)


@dataclass(frozen=True, slots=True)
class Fts5:
    title: str
    processes: int | None
    kinds: tuple[str, ...]
    largest: int | None = None
    shares: str | None = None

    def missing(self) -> str | None:
        return None

    def build(self, folder: Path, index: Path) -> None:
        index.mkdir()
        with sqlite3.connect(index / FILE) as database:
            database.execute(TABLE)
            for number, found in enumerate(rows_of_all(folder, self.processes)):
                insert(database, number, found)
        database.close()

    def add(self, file: Path, index: Path) -> None:
        quiet_jieba()
        with sqlite3.connect(index / FILE) as database:
            insert(database, -1, rows(file))
        database.close()

    def open(self, folder: Path, index: Path) -> Ask:
        quiet_jieba()
        database = sqlite3.connect(index / FILE)
        return lambda query: len(database.execute(SELECT, (match(query),)).fetchall())

    def cold(self, folder: Path, index: Path, query: Query) -> list[str] | None:
        return [sys.executable, "-c", COLD, str(index / FILE), match(query)] if self.kinds else None


def insert(database: sqlite3.Connection, episode: int, found: Iterable[Row]) -> None:
    database.executemany(
        "insert into cues values (?, ?, ?, ?)", ((row.words, row.text, row.start, episode) for row in found)
    )


def match(query: Query) -> str:
    """The query in FTS5's language."""
    if query.kind == "phrase":
        return f'"{cut(query.words[0])}"'
    quoted = [f'"{word.lower()}"' for word in query.words]
    if query.kind == "prefix":
        return f"{quoted[0]} *"
    if query.kind == "NEAR":
        return f"NEAR({' '.join(quoted)}, {NEAR})"
    return " OR ".join(quoted)


ANSWERED = tuple(kind for kind in KINDS if kind != "homophone")

PEERS = {
    "fts5": Fts5("FTS5 + jieba, all cores", None, ANSWERED),
    "fts5-1": Fts5("FTS5 + jieba, one core", 1, ()),
}
