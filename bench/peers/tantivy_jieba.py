"""tantivy (Rust) through its Python module, words cut by jieba in search mode, one document a cue.

Fair: the same files, reader and words, jieba on all cores, tantivy's writer with its own threads; text and time are
stored and fetched. Unfair to tantivy: it returns rows, so podseek's moments are more work for an answer. Unfair to
podseek: it is compiled, its documents are cues, so nothing is found across cues, and it tolerates no mishearing. A
phrase is found only where jieba cuts it as it cut the text; NEAR is a phrase with room for ten words, in the order
typed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peers import KINDS, LIMIT, NEAR, Ask, Query
from peers.cutting import Row, cut, installed, quiet_jieba, rows, rows_of_all

HEAP = 128_000_000
COLD = """
import sys, tantivy
index = tantivy.Index.open(sys.argv[1])
searcher = index.searcher()
words = [tantivy.Query.term_query(index.schema, "words", word) for word in sys.argv[2:]]
query = tantivy.Query.boolean_query([(tantivy.Occur.Should, word) for word in words])
for score, address in searcher.search(query, 10).hits:
    row = searcher.doc(address)
    print(row["episode"][0], row["start"][0], row["text"][0])
"""


@dataclass(frozen=True, slots=True)
class Tantivy:
    title: str = "tantivy + jieba"
    kinds: tuple[str, ...] = tuple(kind for kind in KINDS if kind != "homophone")
    largest: int | None = None
    shares: str | None = None

    def missing(self) -> str | None:
        return installed("tantivy", "pip install 'tantivy>=0.22'")

    def build(self, folder: Path, index: Path) -> None:
        import tantivy

        index.mkdir()
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("words", tokenizer_name="whitespace")
        schema.add_text_field("text", stored=True, index_option="basic", tokenizer_name="raw")
        schema.add_float_field("start", stored=True)
        schema.add_integer_field("episode", stored=True)
        writer = tantivy.Index(schema.build(), path=str(index)).writer(HEAP)
        for number, found in enumerate(rows_of_all(folder)):
            insert(writer, number, found)
        writer.commit()
        writer.wait_merging_threads()

    def add(self, file: Path, index: Path) -> None:
        import tantivy

        quiet_jieba()
        writer = tantivy.Index.open(str(index)).writer(HEAP)
        insert(writer, -1, rows(file))
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path, index: Path) -> Ask:
        import tantivy

        quiet_jieba()
        opened = tantivy.Index.open(str(index))
        searcher = opened.searcher()

        def ask(query: Query) -> int:
            hits = searcher.search(parsed(query, opened.schema), LIMIT).hits
            return len([(score, searcher.doc(address)["text"]) for score, address in hits])

        return ask

    def cold(self, folder: Path, index: Path, query: Query) -> list[str] | None:
        return [sys.executable, "-c", COLD, str(index), *[word.lower() for word in query.words]]


def insert(writer: Any, episode: int, found: Iterable[Row]) -> None:
    import tantivy

    for row in found:
        writer.add_document(tantivy.Document(words=row.words, text=row.text, start=row.start, episode=episode))


def parsed(query: Query, schema: Any) -> Any:
    """The query as tantivy's own objects."""
    from tantivy import Occur
    from tantivy import Query as Made

    if query.kind == "prefix":
        return Made.regex_query(schema, "words", re.escape(query.words[0].lower()) + ".*")
    words: list[Any] = cut(query.words[0]).split() if query.kind == "phrase" else [word.lower() for word in query.words]
    if query.kind in ("phrase", "NEAR") and len(words) > 1:
        return Made.phrase_query(schema, "words", words, slop=NEAR if query.kind == "NEAR" else 0)
    return Made.boolean_query([(Occur.Should, Made.term_query(schema, "words", word)) for word in words])


PEERS = {"tantivy": Tantivy()}
