"""SQLite FTS5 with its trigram tokenizer, one row a cue: substring search without a segmenter.

Fair: the same files and reader; it needs no jieba, so its indexing is SQLite's alone. Its index cannot find what is
shorter than three characters, which most Chinese words are: those are looked for with LIKE, as its manual says, which
reads rows until ten are found and does not rank. Unfair to it: LIKE is no index. Unfair to podseek: without ranking a
common word is done after a few rows, and nothing is found across cues. It has neither prefixes nor, for short words,
NEAR.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from peers import LIMIT, RANKED, Ask, Query
from peers.cutting import cues, transcripts

FILE = "cues.db"
TABLE = "create virtual table cues using fts5(text, start unindexed, episode unindexed, tokenize='trigram')"
COLUMNS = "select episode, start, text from cues where "
SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Trigram:
    title: str = "FTS5 trigram"
    kinds: tuple[str, ...] = (*RANKED, "phrase")
    largest: int | None = None
    shares: str | None = None

    def missing(self) -> str | None:
        return None if sqlite3.sqlite_version_info >= (3, 34) else "SQLite 3.34 or newer is needed: use a newer Python"

    def build(self, folder: Path, index: Path) -> None:
        index.mkdir()
        with sqlite3.connect(index / FILE) as database:
            database.execute(TABLE)
            for number, path in enumerate(transcripts(folder)):
                insert(database, number, path)
        database.close()

    def add(self, file: Path, index: Path) -> None:
        with sqlite3.connect(index / FILE) as database:
            insert(database, -1, file)
        database.close()

    def open(self, folder: Path, index: Path) -> Ask:
        database = sqlite3.connect(index / FILE)
        return lambda query: len(database.execute(*statement(query)).fetchall())

    def cold(self, folder: Path, index: Path, query: Query) -> list[str] | None:
        return None


def insert(database: sqlite3.Connection, episode: int, path: Path) -> None:
    database.executemany("insert into cues values (?, ?, ?)", ((cue.text, cue.start, episode) for cue in cues(path)))


def statement(query: Query) -> tuple[str, list[str]]:
    """The SQL of a query, and what is bound in it."""
    if all(len(word) >= SHORTEST for word in query.words):
        quoted = " OR ".join(f'"{word}"' for word in query.words)
        return f"{COLUMNS} cues match ? order by rank limit {LIMIT}", [quoted]
    # The plus keeps FTS5 from answering out of its index: SQLite 3.40 then finds nothing for two Chinese characters.
    likes = " or ".join("+text like ?" for _ in query.words)
    return f"{COLUMNS} {likes} limit {LIMIT}", [f"%{word}%" for word in query.words]


PEERS = {"trigram": Trigram()}
