"""jieba alone, on one core: the same cues cut into words and thrown away, the yardstick for indexing.

Counted is the cutting only, not reading the files nor loading the dictionary, so an indexer that stays below it has
earned both. `jieba` is the default mode; `jieba-search` is search mode, which the peers with words index.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peers import Ask, Query
from peers.cutting import cues, quiet_jieba, transcripts


@dataclass(frozen=True, slots=True)
class JiebaOnly:
    title: str
    function: str
    kinds: tuple[str, ...] = ()
    largest: int | None = None
    shares: str | None = None

    def missing(self) -> str | None:
        return None

    def build(self, folder: Path, index: Path) -> tuple[float, float]:
        import jieba

        quiet_jieba()
        cut: Any = getattr(jieba, self.function)
        seconds = cpu = 0.0
        for path in transcripts(folder):
            texts = [cue.text for cue in cues(path)]
            start, cpu_start = time.perf_counter(), time.process_time()
            for text in texts:
                cut(text)
            seconds += time.perf_counter() - start
            cpu += time.process_time() - cpu_start
        return seconds, cpu

    def add(self, file: Path, index: Path) -> None:
        pass

    def open(self, folder: Path, index: Path) -> Ask:
        raise NotImplementedError("jieba finds nothing")

    def cold(self, folder: Path, index: Path, query: Query) -> list[str] | None:
        return None


PEERS = {
    "jieba": JiebaOnly("jieba alone", "lcut"),
    "jieba-search": JiebaOnly("jieba alone, search mode", "lcut_for_search"),
}
