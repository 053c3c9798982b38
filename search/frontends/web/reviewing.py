"""The likely mishearings of an index that nobody has judged yet. A yes is written to the lexicon; a no is remembered
until the server stops."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING
from weakref import ref

from indexer.core.errors import QueryProblem
from indexer.core.lexicon import add_alias, read_lexicon
from indexer.core.messages import _
from search.expansion.suspected_mishearings import Suspect
from search.frontends.web.shelf import Shelf

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

MOST = 200
"""Mishearings that are found at a time."""


class Review:
    """Threads may share it. `key` is in every form, so that no other page can send one."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._found: tuple[ref[Snapshot], Sequence[Suspect]] | None = None
        self._denied: set[tuple[str, str]] = set()
        self.key = secrets.token_urlsafe()

    def is_key(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self.key.encode())

    def waiting(self) -> Sequence[Suspect]:
        """The mishearings to judge, likeliest first."""
        judged = self._denied | self._confirmed()
        return [one for one in self._suspects() if (one.right, one.heard) not in judged]

    def confirm(self, right: str, heard: str) -> None:
        """Writes a mishearing that waits to the lexicon. Raises QueryProblem for another, IndexProblem if that cannot
        be."""
        self._check(right, heard)
        library = self._shelf.library
        library.check_alias(right, [heard])
        add_alias(library.alias_file, right, [heard])

    def deny(self, right: str, heard: str) -> None:
        self._check(right, heard)
        self._denied.add((right, heard))

    def _check(self, right: str, heard: str) -> None:
        if not any((one.right, one.heard) == (right, heard) for one in self._suspects()):
            raise QueryProblem(
                _("{right}, {heard}: is no mishearing that was proposed: load the page again").format(
                    right=right[:40], heard=heard[:40]
                )
            )

    def _suspects(self) -> Sequence[Suspect]:
        snapshot = self._shelf.snapshot
        if self._found is None or self._found[0]() is not snapshot:
            self._found = ref(snapshot), self._shelf.library.suspects(MOST)
        return self._found[1]

    def _confirmed(self) -> set[tuple[str, str]]:
        files = [path for path in self._shelf.library.lexicons if path.is_file() and path.suffix == ".toml"]
        return {pair for path in files for pair in read_lexicon(path).aliases}
