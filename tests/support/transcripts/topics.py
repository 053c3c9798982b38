"""Talks about a few topics, and an index of them with vectors of `TopicModel`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import search
from support.library import Line, Tools, spaced, write_lines
from support.transcripts.embeddings import TopicModel

_OTHER = ("我们先说点别的", "这个以后再说", "大家都知道", "后来就这样了", "你说得也对", "嗯是这样")


def amid_other_talk(lines: Sequence[str]) -> list[Line]:
    """The lines in the middle of four minutes of talk about nothing."""
    return spaced([*(_OTHER * 5), *lines, *(_OTHER * 5)])


def index_with_vectors(tools: Tools, folder: Path, talks: Mapping[str, Sequence[Line]]) -> Path:
    """Writes transcripts, name -> cues, to `show` below a folder; returns the index of them, with vectors."""
    for name, lines in talks.items():
        write_lines(folder / "show" / f"{name}.srt", lines)
    index = tools.index([folder / "show"], folder / "index")
    with search.open_library(index) as library:
        library.add_meaning(embedder=TopicModel())
    return index
