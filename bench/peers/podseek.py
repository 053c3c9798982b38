"""podseek itself: `indexer.index_paths`, `search.open_library`, and the command line for a cold query.

Fair: the public interface only, with its default settings: all cores while indexing, tolerance for what was misheard
switched on (`podseek-exact` asks the same index with exact=True). Unfair to podseek: what it is compared with does less
for an answer: rows instead of moments with context, nothing across cues, no Traditional for Simplified, no mishearings.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from peers import KINDS, LIMIT, NEAR, Ask, Query

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = "import sys; sys.path.insert(0, {!r}); from cli import main; sys.exit(main())"
"""What the installed script does, so that the code of this folder is measured and not another that is installed."""


@dataclass(frozen=True, slots=True)
class Podseek:
    title: str
    exact: bool
    kinds: tuple[str, ...]
    shares: str | None
    largest: int | None = None

    def missing(self) -> str | None:
        return None

    def build(self, folder: Path, index: Path) -> None:
        import indexer

        indexer.index_paths([folder], index)

    def add(self, file: Path, index: Path) -> None:
        import indexer

        indexer.index_paths([file], index)

    def open(self, folder: Path, index: Path) -> Ask:
        import search

        library = search.open_library(index)
        return lambda query: len(library.search(written(query), limit=LIMIT, exact=self.exact))

    def cold(self, folder: Path, index: Path, query: Query) -> list[str] | None:
        script = [sys.executable, "-c", SCRIPT.format(str(ROOT))]
        return [*script, "search", "--index", str(index), "-n", str(LIMIT), written(query)]


def written(query: Query) -> str:
    """The query as it is typed."""
    if query.kind == "phrase":
        return f'"{query.words[0]}"'
    if query.kind == "prefix":
        return f"{query.words[0]}*"
    if query.kind == "NEAR":
        return f" NEAR/{NEAR} ".join(query.words)
    return " ".join(query.words)


PEERS = {
    "podseek": Podseek("podseek", False, KINDS, None),
    "podseek-exact": Podseek("podseek, exact", True, tuple(kind for kind in KINDS if kind != "homophone"), "podseek"),
}
