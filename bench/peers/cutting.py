"""What all peers share: the same files, read by the same reader, and words cut by jieba, on one core or on all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path

from indexer.core.types import Cue
from indexer.readers import read_bytes


@dataclass(frozen=True, slots=True)
class Row:
    """One cue as a script would store it: its words joined by spaces, and the text."""

    words: str
    text: str
    start: float


def transcripts(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.srt"))


def cues(path: Path) -> tuple[Cue, ...]:
    return read_bytes(str(path), path.read_bytes()).cues


def rows(path: Path) -> list[Row]:
    return [Row(cut(cue.text), cue.text, cue.start) for cue in cues(path)]


def cut(text: str) -> str:
    """Words in jieba's search mode, lower case, as all peers with words index and ask them."""
    import jieba

    return " ".join(jieba.cut_for_search(text.lower()))


def rows_of_all(folder: Path, processes: int | None = None) -> Iterator[list[Row]]:
    """The rows of each file in order; None uses all cores, the dictionary loaded once and shared."""
    quiet_jieba()
    processes = processes or os.cpu_count() or 1
    if processes == 1:
        yield from map(rows, transcripts(folder))
        return
    with closing(get_context("fork").Pool(processes)) as pool:
        yield from pool.imap(rows, transcripts(folder), chunksize=2)
    pool.join()


def quiet_jieba() -> None:
    """Loads the dictionary without jieba's talk on stderr."""
    import jieba

    jieba.setLogLevel(60)
    jieba.initialize()


def installed(module: str, cure: str) -> str | None:
    """None when the module can be imported, else the cure."""
    return None if find_spec(module) else cure
