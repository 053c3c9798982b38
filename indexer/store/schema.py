"""The schema of the Whoosh index: one document per episode, with stock Whoosh fields only.

Whoosh pickles the schema into the index, so the import path of every class in it is part of the file format. None of
them is ours: any library compatible with Whoosh 2.7 opens the index.

| field  | kind               | holds                                                  |
|--------|--------------------|--------------------------------------------------------|
| id     | ID, stored, unique | the episode id                                         |
| record | STORED             | the episode's facts and counts, plain values           |
| words  | ID                 | the words of the episode; weight = occurrences         |
| chars  | ID                 | its Han and kana characters; weight = occurrences      |
| atoms  | numeric column     | length of the episode in atoms                         |
| stream | bytes column       | the coded atoms (`core.token_stream`)                  |
| sounds | bytes column       | sound class of each atom's syllable (`fields.sounds`)  |
| marks  | bytes column       | where words begin (`fields.word_boundaries`)           |
| times  | bytes column       | the packed cue times (`fields.times`)                  |
| text   | bytes column       | the packed cue texts and speakers (`fields.text`)      |
| titles | bytes column       | the folded chapter titles (`fields.damped_and_titles`) |
| damped | bytes column       | loops and stock phrases (`fields.damped_and_titles`)   |
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whoosh.fields import Schema

FORMAT_VERSION = 7
"""Incremented when the stored data changes."""
OLDEST_READ = 6
"""The oldest format still read; `podseek index --rebuild` converts older ones. An index of format 6 has no checksums;
the next run that writes to it adds them."""
OLDEST_WRITTEN = 6
"""The oldest format that is written to in place; an index of an older one is rebuilt beside (`repair.renewal`)."""

ID, RECORD, WORDS, CHARS = "id", "record", "words", "chars"
ATOMS, STREAM, SOUNDS, MARKS, TIMES = "atoms", "stream", "sounds", "marks", "times"
TEXT, DAMPED, TITLES = "text", "damped", "titles"

FILES, LOCK = ("MAIN_*", "_MAIN_*"), "podseek_writing"
"""The names of Whoosh's files, complete and under way, and of the file that a writer locks."""

BYTES = (STREAM, SOUNDS, MARKS, TIMES, TEXT, DAMPED, TITLES)
"""The bytes columns."""


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
