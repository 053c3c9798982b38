"""Searches of one epoch of a library in a cluster, and what their answers hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from indexer.core.errors import IndexProblem
from indexer.core.messages import _
from indexer.store.cluster.documents.episode_documents import record_of, stored_bytes
from indexer.store.cluster.documents.layout import COLUMNS
from indexer.store.cluster.documents.reading import next_start
from indexer.store.cluster.library.meta import Epoch
from indexer.store.cluster.transport.answers import ShardAnswer
from indexer.store.cluster.transport.client import JSON
from search.backends.opensearch.counting import CountingCluster
from search.backends.remote import Stored

PAGE = 5000
"""Hits of one answer where each is small."""
SHARDS = "_shards,timed_out"
"""What every answer says of itself."""


class EpochSearches:
    """Asks for one epoch. Threads may share it."""

    def __init__(self, cluster: CountingCluster, epoch: Epoch) -> None:
        self._cluster = cluster
        self._epoch = epoch

    def _paged(self, body: Mapping[str, Any], order: str, index: str, size: int = 0) -> Iterator[Mapping[str, Any]]:
        """All hits of a query, in the order of a field whose values differ."""
        size = size or PAGE
        after: Mapping[str, Any] = {}
        while True:
            hits = self._hits(self._search(_page(body, order, size, after), f"{SHARDS},hits.hits", index))
            yield from hits
            if len(hits) < size:
                return
            with self._cluster.understood():
                after = next_start(after, {"search_after": hits[-1]["sort"]})

    def _paged_each(self, bodies: Sequence[Mapping[str, Any]], order: str) -> list[list[Mapping[str, Any]]]:
        """All hits of each of several queries, as `_paged`: a request has the next page of all that have more."""
        found: list[list[Mapping[str, Any]]] = [[] for _ in bodies]
        after: dict[int, Mapping[str, Any]] = {number: {} for number in range(len(bodies))}
        while after:
            asked = [_page(bodies[number], order, PAGE, start) for number, start in after.items()]
            pages = zip(after.items(), map(self._hits, self._several(asked, "hits.hits")), strict=True)
            after = {}
            for (number, start), hits in pages:
                found[number] += hits
                if len(hits) == PAGE:
                    with self._cluster.understood():
                        after[number] = next_start(start, {"search_after": hits[-1]["sort"]})
        return found

    def _search(
        self, body: Mapping[str, Any], shown: str, index: str | None = None, accept: str = JSON
    ) -> Mapping[str, Any]:
        found = self._cluster.search(index or self._epoch.index_name, body, {"filter_path": shown}, accept)
        return self._noted(found)

    def _several(
        self, bodies: Sequence[Mapping[str, Any]], shown: str = "", accept: str = JSON, spare: int = 0
    ) -> list[Mapping[str, Any]]:
        """The answers to several searches; those of the last `spare` ones are empty if they fail."""
        return list(map(self._noted, self._cluster.msearch(self._of_epoch(bodies), shown, accept, spare)))

    def _of_epoch(self, bodies: Iterable[Mapping[str, Any]]) -> list[tuple[str, Mapping[str, Any]]]:
        """The searches of the index of episodes and passages."""
        return [(self._epoch.index_name, body) for body in bodies]

    def _noted(self, answer: ShardAnswer) -> Mapping[str, Any]:
        """The body of an answer; notes shards that did not give theirs."""
        return self._cluster.account.body_of(answer)

    def _hits(self, body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        with self._cluster.understood():
            found = body.get("hits", {}).get("hits", [])
            if not isinstance(found, list) or not all(isinstance(hit, dict) for hit in found):
                raise TypeError
            return found

    def _keys(self, hits: Iterable[Mapping[str, Any]]) -> list[str]:
        with self._cluster.understood():
            return [str(hit["_id"]) for hit in hits]

    def _total(self, body: Mapping[str, Any]) -> int:
        with self._cluster.understood():
            return int(body["hits"]["total"]["value"])

    def _stored(self, hit: Mapping[str, Any], columns: Sequence[str]) -> Stored:
        with self._cluster.understood():
            key, fields = str(hit["_id"]), hit.get("fields", {})
        try:
            values = {name: stored_bytes(fields, COLUMNS.get(name, name)) for name in columns}
            record, found = record_of(fields), fields["id"][0]
            if not isinstance(found, str):
                raise TypeError
        except (ValueError, TypeError, AttributeError, LookupError):
            raise self._damaged(key) from None
        return Stored(key, found, record, values)

    def _damaged(self, key: str) -> IndexProblem:
        return IndexProblem(
            _("{address}: the document {id} is not as it was written: `podseek index --rebuild` makes it anew").format(
                address=self._cluster.address.shown, id=key
            )
        )


def _page(body: Mapping[str, Any], order: str, size: int, after: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**body, "size": size, "sort": [{order: "asc"}], "track_total_hits": False, **after}
