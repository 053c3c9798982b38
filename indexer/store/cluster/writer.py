"""Writes episodes to a library in a cluster, as `indexer.store.writer` does to a folder. Any number of processes may
write at once, and each may be killed: an episode is as before or as after, never in between.

An episode is written in this order: its passages, with a new revision; its document, which names that revision, if it
is still the one that was read; then the passages of the previous revision are deleted, by their ids. Until then a
search may find an episode by a passage of another revision: that costs a look at the episode, whose stored fields alone
say what it holds, and changes no answer (docs/design/opensearch-writing.md).
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from itertools import chain, groupby, starmap
from operator import itemgetter
from pathlib import Path
from secrets import token_hex
from typing import Any

from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple
from indexer.core.types import Complaint
from indexer.store import schema
from indexer.store.cluster.documents.episode_documents import (
    episode_document,
    passage_documents,
    record_of,
    revision_of,
    sum_of,
)
from indexer.store.cluster.documents.layout import RECORD
from indexer.store.cluster.documents.reading import each_episode
from indexer.store.cluster.documents.terms import episode_key, passage_id
from indexer.store.cluster.library.meta import format_of, write_values, written
from indexer.store.cluster.stored_state import StoredState, deleted_passages, read_states
from indexer.store.cluster.transport.bulk import LARGEST_PART, Action, BulkWriter
from indexer.store.cluster.transport.client import Cluster
from indexer.store.cluster.transport.problems import ClusterProblem
from indexer.store.prepared import PreparedEpisode

WRITING = "writing"
"""How the token of a change begins that is not complete. It differs from that of every other change, so a vocabulary
that was counted before the change is not up to date, whether the change is completed or not."""
_ROUNDS = 10


class Change(NamedTuple):
    """An episode that is to be written: its sum, its revision, and what is there before."""

    episode: PreparedEpisode
    sum: str
    revision: str
    before: StoredState


class ClusterWriter:
    """Writes to one version of a library. `complaints` are about episodes that the cluster refused; `damaged` are the
    ids, by key, of those of the older version whose records cannot be read. `folder` is the local folder of the
    library; `is_sealed` says, as for an index in a folder, that no checksums are missing."""

    is_sealed = True

    def __init__(self, cluster: Cluster, version: int, folder: Path, older: int = 0) -> None:
        """`version` is 0 for one that nothing is in yet, of which only the records are read. `older` is the version
        that a rebuild replaces, 0 for none: of its episodes, those that are not in the new one yet count as known, but
        made otherwise."""
        self.cluster = cluster
        self.folder = folder
        self.index = cluster.names.version(version)
        self._version = version
        self._older = cluster.names.version(older) if older else ""
        self.complaints: list[Complaint] = []
        self.damaged: dict[str, str] = {}

    @cached_property
    def format(self) -> int:
        """The format of the documents of the version. Raises ClusterProblem."""
        return format_of(self.cluster, self._version)

    def records(self) -> Iterator[dict[str, Any]]:
        """Yields the stored record of every episode, in the order of their ids, read a page at a time. Raises
        ClusterProblem."""
        new = stored_records(self.cluster, self.index) if self._version else ()
        old = stored_records(self.cluster, self._older, self.damaged) if self._older else ()
        both = heapq.merge(new, ({**record, "made": ""} for record in old), key=itemgetter("id"))
        for _id, (first, *_older) in groupby(both, itemgetter("id")):
            yield first

    @contextmanager
    def batch(self) -> Iterator[ClusterBatch]:
        """Yields a set of changes, each written for itself; what is left is written at the end of the block. Raises
        ClusterProblem."""
        batch = ClusterBatch(self)
        yield batch
        batch.commit()

    def mark(self, done: bool) -> None:
        """Notes that episodes are about to change, or have been."""
        write_values(
            self.cluster, written(self._version), {"token": token_hex(8) if done else f"{WRITING}-{token_hex(4)}"}
        )

    def close(self) -> None:
        self.cluster.close()


class ClusterBatch:
    """Additions and deletions."""

    def __init__(self, writer: ClusterWriter) -> None:
        self._writer = writer
        self._bulk = BulkWriter(writer.cluster)
        self._added: dict[str, PreparedEpisode] = {}
        self._removed: set[str] = set()
        self._size = 0
        self._begun = False
        self._format = 0
        self._tried: dict[str, Change] = {}
        """What was last written, by the keys of episodes."""

    def add(self, episode: PreparedEpisode) -> None:
        """Adds an episode, or replaces the one with its id."""
        self._added[episode.id] = episode
        self._removed.discard(episode.id)
        parts = episode.in_cluster
        passages = sum(map(len, chain.from_iterable(parts.passages)))
        decks = sum(map(len, parts.decks.values()))
        self._size += 2 * (passages + decks) + 4 * len(episode.columns[schema.STREAM]) + len(parts.run_peaks)
        if self._size > LARGEST_PART:
            self._flush()

    def remove(self, episode_id: str) -> None:
        """Removes an episode, unless it is added again before the end of the batch."""
        self._removed.add(episode_id)

    def commit(self) -> None:
        self._flush()
        if self._removed:
            self._begin()
            remove_episodes(self._writer.cluster, self._writer.index, self._removed, self._bulk)
            self._removed = set()
        if self._begun:
            self._writer.mark(done=True)
            self._begun = False

    def _begin(self) -> None:
        if not self._begun:
            self._format = self._writer.format  # before anything is written, for it may be one that is not known
            self._writer.mark(done=False)
            self._begun = True

    def _flush(self) -> None:
        """Writes what was added. Raises ClusterProblem."""
        if not self._added:
            return
        self._begin()
        waiting = {episode_key(name): episode for name, episode in self._added.items()}
        self._added, self._size = {}, 0
        for attempt in range(_ROUNDS):
            if attempt:
                self._writer.cluster.wait(attempt - 1)
            waiting = self._write(waiting)
            if not waiting:
                self._tried = {}
                return
        name = next(iter(waiting.values())).id
        raise ClusterProblem(
            _("{address}: other processes keep changing {id}: try again later").format(
                address=self._writer.cluster.address.shown, id=name
            )
        )

    def _write(self, episodes: Mapping[str, PreparedEpisode]) -> dict[str, PreparedEpisode]:
        """Writes episodes by their keys; returns those that another process changed meanwhile."""
        index = self._writer.index
        states = read_states(self._writer.cluster, index, episodes)
        self._bulk.write(index, self._superseded(episodes, states))
        changes = {key: change for key, episode in episodes.items() if (change := _change(episode, states[key]))}
        self._tried |= changes
        refused = self._bulk.write(index, self._passages(changes)).refused
        reasons = {name.partition("-")[0]: reason for name, reason in refused.items()}
        accepted = {key: change for key, change in changes.items() if key not in reasons}
        outcome = self._bulk.write(index, starmap(self._document, accepted.items()))
        for key, reason in {**reasons, **outcome.refused}.items():
            self._complain(changes[key], reason)
        failed = outcome.conflicts | outcome.refused.keys()
        done = {key: change for key, change in accepted.items() if key not in failed}
        self._bulk.write(index, (one for key, change in done.items() for one in deleted_passages(key, change.before)))
        return {key: changes[key].episode for key in outcome.conflicts}

    def _passages(self, changes: Mapping[str, Change]) -> Iterator[Action]:
        """The passages that are to be written."""
        now = int(time.time())
        for key, (episode, _sum, revision, _before) in changes.items():
            for number, body in enumerate(passage_documents(episode, key, revision, now, self._format)):
                yield Action("index", passage_id(key, revision, number), key, body)

    def _document(self, key: str, change: Change) -> Action:
        """The document of an episode, to be written if that is still the one that was read."""
        body = episode_document(change.episode, change.sum, change.revision, self._format)
        return Action("index" if change.before.seen else "create", key, key, body, change.before.seen)

    def _complain(self, change: Change, reason: str) -> None:
        what = _("the cluster refuses it ({reason})").format(reason=reason)
        path = str(change.episode.record["path"])
        self._writer.complaints.append(Complaint(path, 0, what, _("left out"), fatal=True))

    def _superseded(
        self, episodes: Mapping[str, PreparedEpisode], states: Mapping[str, StoredState]
    ) -> Iterator[Action]:
        """The passages to be deleted after a conflict: those of the previous revision, if the conflict was with a
        request of this process, carried out and sent again for want of an answer; else those that this process wrote in
        vain."""
        for key, (episode, _sum, revision, before) in self._tried.items():
            if key in episodes and states[key].revision == revision:
                yield from deleted_passages(key, before)
            elif key in episodes:
                yield from deleted_passages(key, StoredState(revision, passages=len(episode.in_cluster.passages)))


def _change(episode: PreparedEpisode, before: StoredState) -> Change | None:
    """What is to be written of an episode; None if the cluster has it."""
    content = sum_of(episode)
    return None if before.sum == content else Change(episode, content, revision_of(content, before.revision), before)


def stored_records(cluster: Cluster, index: str, damaged: dict[str, str] | None = None) -> Iterator[dict[str, Any]]:
    """The record of every episode in an index, in the order of their ids. Raises ClusterProblem, also for one that is
    damaged, unless `damaged` is given: then its id is put there, by its key."""
    for hit in each_episode(cluster, index, [RECORD, "id"]):
        try:
            yield record_of(hit["fields"])
        except (KeyError, ValueError):
            if damaged is not None:
                with cluster.understood():
                    damaged[hit["_id"]] = str(hit["fields"]["id"][0])
                continue
            raise ClusterProblem(
                _(
                    "{address}: the document {id} is not as it was written: `podseek index --rebuild` makes it anew"
                ).format(address=cluster.address.shown, id=hit["_id"])
            ) from None


def remove_episodes(cluster: Cluster, index: str, ids: Iterable[str], bulk: BulkWriter) -> None:
    """Removes episodes: their documents first, so that no search finds them, then their passages. Raises
    ClusterProblem."""
    keys = [episode_key(name) for name in ids]
    tried: dict[str, StoredState] = {}
    for attempt in range(_ROUNDS):
        if attempt:
            cluster.wait(attempt - 1)
        found = read_states(cluster, index, keys)
        # A conflict may be with a request of this process, carried out and sent again for want of an answer.
        gone = [key for key in keys if key in tried and found[key].revision != tried[key].revision]
        bulk.write(index, (action for key in gone for action in deleted_passages(key, tried[key])))
        states = tried = {key: state for key, state in found.items() if state.seen}
        outcome = bulk.write(index, (Action("delete", key, key, seen=state.seen) for key, state in states.items()))
        gone = [key for key in states if key not in outcome.conflicts]
        bulk.write(index, (action for key in gone for action in deleted_passages(key, states[key])))
        keys = sorted(outcome.conflicts)
        if not keys:
            return
    raise ClusterProblem(
        _("{address}: other processes keep changing {id}: try again later").format(
            address=cluster.address.shown, id=keys[0]
        )
    )
