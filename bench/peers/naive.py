"""The naive design: Whoosh with `jieba.analyse.ChineseAnalyzer`, one document a cue, as tutorials have it.

Fair: the same files and reader, the whoosh3 that podseek uses, everything else at its default. Unfair to Whoosh: it
can be used far better, which is what podseek shows; one process does all. Its analyzer counts positions in characters
but its phrases in words, so most phrases find nothing. So slow to index that it runs up to 100,000 cues only, unless
named alone with --only.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peers import KINDS, LIMIT, NEAR, Ask, Query
from peers.cutting import cues, installed, quiet_jieba, transcripts

COLD = """
import sys, jieba
jieba.setLogLevel(60)
from whoosh.index import open_dir
from whoosh.qparser import QueryParser
index = open_dir(sys.argv[1])
with index.searcher() as searcher:
    for hit in searcher.search(QueryParser("text", index.schema).parse(sys.argv[2]), limit=10):
        print(hit["episode"], hit["start"], hit["text"])
"""


@dataclass(frozen=True, slots=True)
class Naive:
    title: str = "naive Whoosh"
    kinds: tuple[str, ...] = tuple(kind for kind in KINDS if kind != "homophone")
    largest: int | None = 100_000
    shares: str | None = None

    def missing(self) -> str | None:
        return installed("whoosh", "pip install whoosh3")

    def build(self, folder: Path, index: Path) -> None:
        from jieba.analyse import ChineseAnalyzer
        from whoosh.fields import ID, NUMERIC, TEXT, Schema
        from whoosh.index import create_in

        quiet_jieba()
        index.mkdir()
        text = TEXT(analyzer=ChineseAnalyzer(), stored=True)
        schema = Schema(text=text, start=NUMERIC(float, stored=True), episode=ID(stored=True))
        writer = create_in(str(index), schema).writer()
        for path in transcripts(folder):
            insert(writer, path)
        writer.commit()

    def add(self, file: Path, index: Path) -> None:
        from whoosh.index import open_dir

        quiet_jieba()
        writer = open_dir(str(index)).writer()
        insert(writer, file)
        writer.commit()

    def open(self, folder: Path, index: Path) -> Ask:
        from whoosh.index import open_dir
        from whoosh.qparser import QueryParser

        quiet_jieba()
        opened = open_dir(str(index))
        searcher, parser = opened.searcher(), QueryParser("text", opened.schema)

        def ask(query: Query) -> int:
            found = searcher.search(parser.parse(written(query)), limit=LIMIT)
            return len([(hit["episode"], hit["start"], hit["text"]) for hit in found])

        return ask

    def cold(self, folder: Path, index: Path, query: Query) -> list[str] | None:
        return [sys.executable, "-c", COLD, str(index), written(query)]


def insert(writer: Any, path: Path) -> None:
    for cue in cues(path):
        writer.add_document(text=cue.text, start=cue.start, episode=path.stem)


def written(query: Query) -> str:
    if query.kind == "phrase":
        return f'"{query.words[0]}"'
    if query.kind == "prefix":
        return f"{query.words[0]}*"
    if query.kind == "NEAR":
        return f'"{" ".join(query.words)}"~{NEAR}'
    return " OR ".join(query.words)


PEERS = {"naive": Naive()}
