"""The likely mishearings of an index that nobody has judged yet. A yes is written to the lexicon; a no is remembered
until the server stops."""

from __future__ import annotations

import hmac
import math
import secrets
from collections.abc import Sequence
from time import monotonic
from typing import TYPE_CHECKING
from weakref import ref

from indexer.core.errors import QueryProblem
from indexer.core.messages import _
from indexer.core.words.lexicon import add_alias, read_lexicon
from search.expansion.mishearings.suspects import Suspect
from search.frontends.web.served.served_index import ServedIndex
from search.query.deadline import Deadline

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

_AGAIN = 300.0
"""Seconds after which mishearings are looked for again if time ran out."""
MOST = 200
"""Mishearings that are found at a time."""


class Review:
    """Threads may share it. `key` is in every form, so that no other page can send one."""

    def __init__(self, index: ServedIndex) -> None:
        self._index = index
        self._found: tuple[ref[Snapshot], Sequence[Suspect], float] | None = None
        self._denied: set[tuple[str, str]] = set()
        self.key = secrets.token_urlsafe()

    def is_key(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self.key.encode())

    def waiting(self, deadline: Deadline) -> Sequence[Suspect]:
        """The mishearings to judge, likeliest first: those found until the deadline, whose `reason` says so."""
        judged = self._denied | self._confirmed()
        return [one for one in self._suspects(deadline) if (one.right, one.heard) not in judged]

    def confirm(self, right: str, heard: str, deadline: Deadline) -> None:
        """Writes a mishearing that waits to the lexicon. Raises QueryProblem for another, IndexProblem if that cannot
        be."""
        self._check(right, heard, deadline)
        library = self._index.library
        library.check_alias(right, [heard])
        add_alias(library.alias_file, right, [heard])

    def deny(self, right: str, heard: str, deadline: Deadline) -> None:
        self._check(right, heard, deadline)
        self._denied.add((right, heard))

    def _check(self, right: str, heard: str, deadline: Deadline) -> None:
        if not any((one.right, one.heard) == (right, heard) for one in self._suspects(deadline)):
            raise QueryProblem(
                _("{right}, {heard}: is no mishearing that was proposed: load the page again").format(
                    right=right[:40], heard=heard[:40]
                )
            )

    def _suspects(self, deadline: Deadline) -> Sequence[Suspect]:
        """The suspects of the current commit. If the deadline passed, they are not all there are, and are looked for
        again after a while."""
        snapshot = self._index.snapshot
        if self._found is None or self._found[0]() is not snapshot or monotonic() >= self._found[2]:
            found = self._index.library.suspects(MOST, deadline)
            self._found = ref(snapshot), found, monotonic() + _AGAIN if deadline.reason else math.inf
        if self._found[2] < math.inf:
            deadline.reason = deadline.reason or _("stopped earlier")
        return self._found[1]

    def _confirmed(self) -> set[tuple[str, str]]:
        files = [path for path in self._index.library.lexicons if path.is_file() and path.suffix == ".toml"]
        return {pair for path in files for pair in read_lexicon(path).aliases}
