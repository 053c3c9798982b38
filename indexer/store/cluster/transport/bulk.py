"""Writes many documents: parts of a few megabytes, each document tried again until the cluster takes or refuses it.

The cluster says with 429 that it has too much to do, for single documents or for the whole part. Then parts become
smaller and pauses longer; they grow again with success.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple
from indexer.core.text.sanitize import tidy
from indexer.store.cluster.transport.client import CONFLICT, MISSING, PASSING, Cluster
from indexer.store.cluster.transport.problems import ClusterProblem

LARGEST_PART = 8 << 20
"""Bytes of one request; a document that is larger goes alone."""
_SMALLEST_PART = 1 << 16
_MOST_LINES = 2000
_ROUNDS = 12
"""How often a document is sent at most: some two minutes of pauses."""
_TOO_LARGE = 413


class Action(NamedTuple):
    """A change to one document. `kind` is index, create or delete. `seen` are the sequence number and the primary term
    that the document must still have."""

    kind: str
    id: str
    routing: str = ""
    body: bytes = b""
    seen: tuple[int, int] | None = None

    @property
    def size(self) -> int:
        return len(self.body) + 2 * len(self.id) + 80

    def lines(self) -> bytes:
        about: dict[str, object] = {"_id": self.id}
        if self.routing:
            about["routing"] = self.routing
        if self.seen is not None:
            about["if_seq_no"], about["if_primary_term"] = self.seen
        head = json.dumps({self.kind: about}, ensure_ascii=False).encode() + b"\n"
        return head if self.kind == "delete" else head + self.body + b"\n"


@dataclass(slots=True)
class BulkOutcome:
    """What became of some actions that were not carried out: `conflicts` are the ids of documents that others had
    changed, `refused` maps ids to the reason."""

    conflicts: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)
    repeated: int = 0
    """Documents that had to be sent again."""


class BulkWriter:
    """Writes to a cluster; for one thread. It remembers how much the cluster takes at once."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._part = LARGEST_PART

    def write(self, index: str, actions: Iterable[Action]) -> BulkOutcome:
        """Carries out the actions, in any order. Raises ClusterProblem if the cluster cannot be reached, or goes on
        refusing for now."""
        result = BulkOutcome()
        for part in self._parts(actions):
            self._send(index, part, result)
        return result

    def _parts(self, actions: Iterable[Action]) -> Iterator[list[Action]]:
        part: list[Action] = []
        size = 0
        for action in actions:
            if part and (size + action.size > self._part or len(part) >= _MOST_LINES):
                yield part
                part, size = [], 0
            part.append(action)
            size += action.size
        if part:
            yield part

    def _send(self, index: str, actions: Sequence[Action], result: BulkOutcome) -> None:
        """Sends one part, and again what passes."""
        waiting = list(actions)
        why, after = "", 0.0
        for attempt in range(_ROUNDS):
            if attempt:
                self._part = max(_SMALLEST_PART, self._part // 2)
                result.repeated += len(waiting)
                self._cluster.wait(attempt, after)
            again: list[Action] = []
            for part in self._parts(waiting) if attempt else [waiting]:
                try:
                    statuses = self._statuses(index, part)
                except ClusterProblem as problem:
                    if problem.status == _TOO_LARGE:
                        self._halve(index, part, result, str(problem))
                    elif problem.status in PASSING:
                        again += part
                        why, after = str(problem), problem.after
                    else:
                        raise
                    continue
                for action, (status, reason) in zip(part, statuses, strict=True):
                    if status in PASSING:
                        again.append(action)
                        why = reason
                    elif status == CONFLICT:
                        result.conflicts.add(action.id)
                    elif status >= 300 and not (action.kind == "delete" and status == MISSING):
                        result.refused[action.id] = reason
            if not again:
                self._part = min(LARGEST_PART, self._part + self._part // 4)
                return
            waiting = again
        raise ClusterProblem(
            _("{address}: takes no more documents ({reason}): go on later with the same command").format(
                address=self._cluster.address.shown, reason=tidy(why, 160)
            ),
            503,
        )

    def _halve(self, index: str, part: list[Action], result: BulkOutcome, reason: str) -> None:
        """Sends in halves what was too large for one request."""
        if len(part) == 1:
            result.refused[part[0].id] = reason
            return
        self._part = max(_SMALLEST_PART, self._part // 2)
        middle = len(part) // 2
        for half in (part[:middle], part[middle:]):
            self._send(index, half, result)

    def _statuses(self, index: str, part: Sequence[Action]) -> list[tuple[int, str]]:
        """The status and the reason of each action of one request."""
        lines = b"".join(action.lines() for action in part)
        wanted = {"filter_path": "items.*.status,items.*.error.type,items.*.error.reason"}
        answer = self._cluster.bulk(f"/{index}/_bulk", lines, wanted)
        found = []
        with self._cluster.understood():
            for item, _action in zip(answer["items"], part, strict=True):
                (outcome,) = item.values()
                error = outcome.get("error") or {}
                found.append((int(outcome["status"]), tidy(f"{error.get('type')}: {error.get('reason')}", 200)))
        return found
