"""The shape of the Whoosh index: one document per episode, made of stock Whoosh fields only.

Whoosh pickles the schema into the index, so the import path of every class here is part of the file
format. None of them is ours; any Whoosh 2.7-compatible library opens the index.

| field  | kind               | holds                                                       |
|--------|--------------------|-------------------------------------------------------------|
| id     | ID, stored, unique | the episode id                                              |
| record | STORED             | the episode's facts and counts, plain values                |
| words  | ID                 | the words of the episode; weight = occurrences              |
| chars  | ID                 | which Han and kana characters occur; weight = occurrences   |
| atoms  | numeric column     | length of the episode in atoms                              |
| stream | bytes column       | the coded atoms (`core.token_stream`)                       |
| sounds | bytes column       | the class of each atom's syllable (`fields.sounds`)         |
| marks  | bytes column       | where words begin (`fields.word_boundaries`)                |
| times  | bytes column       | the packed cue times (`fields.times`)                       |
| text   | bytes column       | the packed cue texts and speakers (`fields.text`)           |
| titles | bytes column       | the folded chapter titles, one a line                       |
| damped | bytes column       | cues that are loops and stock lines (`core.hallucinations`) |
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whoosh.fields import Schema

FORMAT_VERSION = 7
"""Raised when what is written changes."""
OLDEST_READ = 6
"""Of the formats before, those from this on are read as well; `podseek index --rebuild` makes the others anew. An index
of format 6 has no checksums; the next run that writes to it adds them."""

ID, RECORD, WORDS, CHARS = "id", "record", "words", "chars"
ATOMS, STREAM, SOUNDS, MARKS, TIMES = "atoms", "stream", "sounds", "marks", "times"
TEXT, DAMPED, TITLES = "text", "damped", "titles"

BYTES = (STREAM, SOUNDS, MARKS, TIMES, TEXT, DAMPED, TITLES)
"""The columns of bytes."""


def make_schema() -> Schema:
    """The schema of a new index."""
    from whoosh import columns, fields

    return fields.Schema(
        **{
            ID: fields.ID(unique=True, stored=True),
            RECORD: fields.STORED(),
            WORDS: fields.ID(),
            CHARS: fields.ID(),
            ATOMS: fields.COLUMN(columns.NumericColumn("I")),
            **{name: fields.COLUMN(columns.VarBytesColumn()) for name in BYTES},
        }
    )
