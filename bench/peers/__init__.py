"""Search engines side by side: each peer is one small module here and fits one seam, `Peer`.

A peer's docstring says what is fair and what is unfair about comparing it; bench/SPEED.md repeats it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol

COLD = ("two words", "rare word", "phrase")
"""Kinds asked of whole processes, the one that counts first."""
RANKED = ("rare word", "common word", "very common word", "two words", "three words", "four words")
"""Kinds of queries that ask for the best ten of what has any of the words."""
KINDS = (*RANKED, "phrase", "prefix", "NEAR", "homophone")
NEAR = 10
"""Characters (podseek, ripgrep) or words (the others) that may stand between the two of a NEAR query."""
LIMIT = 10
"""Results per query."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked; a phrase and a prefix are one text, in `words[0]`."""

    kind: str
    words: tuple[str, ...]


Ask = Callable[[Query], int]
"""Answers a query with texts and times fetched; returns how many results there were (at most LIMIT)."""


class Peer(Protocol):
    """Something that makes transcripts searchable."""

    title: str
    kinds: tuple[str, ...]
    """The queries it can answer; none for what only indexes."""
    largest: int | None
    """Cues above which it is not run unless named with --only: it would take too long."""
    shares: str | None
    """The peer whose index it asks; None for one of its own."""

    def missing(self) -> str | None:
        """How to install what is missing; None if it can run."""

    def build(self, folder: Path, index: Path) -> tuple[float, float] | None:
        """Makes everything below `folder` searchable in the new folder `index`.

        Returns seconds and CPU seconds where only a part of the work is to count, else None.
        """

    def add(self, file: Path, index: Path) -> None:
        """Makes one more transcript searchable."""

    def open(self, folder: Path, index: Path) -> Ask:
        """Prepares to answer queries in this process."""

    def cold(self, folder: Path, index: Path, query: Query) -> list[str] | None:
        """A command that answers one query in a process of its own, if anyone would use one."""


MODULES = {
    "podseek": "podseek",
    "podseek-exact": "podseek",
    "fts5": "fts5",
    "fts5-1": "fts5",
    "trigram": "trigram",
    "tantivy": "tantivy_jieba",
    "rg": "ripgrep",
    "naive": "naive",
    "jieba": "jieba_only",
    "jieba-search": "jieba_only",
}


def load(name: str) -> Peer:
    """The peer of this name; its engine is imported when it is used."""
    peer: Peer = import_module(f"peers.{MODULES[name]}").PEERS[name]
    return peer


def fairness(name: str) -> str:
    """The paragraph that says what is fair and unfair."""
    return import_module(f"peers.{MODULES[name]}").__doc__ or ""
