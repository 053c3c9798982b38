"""Compares a library in a cluster with itself: stored fields with their digests, and with each other, passages with
their episodes, the vocabulary with the counts. Also finds what killed processes left, and deletes it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple
from indexer.store.cluster import vocabulary
from indexer.store.cluster.client import Cluster
from indexer.store.cluster.derived import FIELDS, derived_faults
from indexer.store.cluster.documents import PASSAGE, record_of, stored_bytes, stored_sum
from indexer.store.cluster.layout import COLUMNS, HAS_DECKS, RECORD
from indexer.store.cluster.meta import Epoch
from indexer.store.cluster.reading import each_episode, each_hit, whole
from indexer.store.cluster.term_counts import TermCounts
from indexer.store.cluster.terms import OF_CHARACTER, OF_WORD
from indexer.store.cluster.vocabulary import CHARACTER

LEFT_AFTER = 3600
"""Seconds after which passages that no episode names were left by a killed process: a living one is done by then."""
_PAGE, _GROUPS, _WORDS = 50, 5000, 5000


class Passages(NamedTuple):
    """The passages of one revision of an episode: `size` of them; `newest` is when the last was written, in seconds."""

    key: str
    revision: str
    size: int
    newest: int


def faults(cluster: Cluster, epoch: Epoch) -> list[str]:
    """Reads everything in a library; one line per fault. Raises ClusterProblem if it does not answer."""
    found: list[str] = []
    names: dict[str, tuple[str, str, int]] = {}
    derived = FIELDS if epoch.format >= HAS_DECKS else ()
    fields = [RECORD, *COLUMNS.values(), *derived, "id", "sum", "revision", "passages"]
    for hit in each_episode(cluster, epoch.index_name, fields, _PAGE):
        name, fault = _episode_fault(hit)
        if fault:
            found.append(fault)
        else:
            found += derived_faults(name, hit["fields"]) if derived else ()
            with cluster.understood():
                stored = hit["fields"]
                names[hit["_id"]] = (name, str(stored["revision"][0]), int(stored["passages"][0]))
    counted = {(one.key, one.revision): one.size for one in passages(cluster, epoch.index_name)}
    for key, (name, revision, number) in names.items():
        there = counted.pop((key, revision), 0)
        if there != number:
            found.append(
                _("{name} has {there} passages and should have {number}").format(name=name, there=there, number=number)
            )
    if vocabulary.is_settled(cluster, epoch.version):
        found += _vocabulary_faults(cluster, epoch)
    cure = _("`podseek index --rebuild` reads all again")
    return [f"{cluster.address.shown}: {fault}: {cure}" for fault in found]


def leftovers(cluster: Cluster, index: str, age: float = LEFT_AFTER) -> list[Passages]:
    """The passages that no episode names, and that were written more than `age` seconds ago. Raises ClusterProblem."""
    with cluster.understood():
        revisions = {hit["_id"]: hit["fields"]["revision"][0] for hit in each_episode(cluster, index, ["revision"])}
    before = time.time() - age
    return [one for one in passages(cluster, index) if revisions.get(one.key) != one.revision and one.newest <= before]


def sweep(cluster: Cluster, index: str, age: float = LEFT_AFTER) -> int:
    """Deletes leftovers; returns the number of passages. Raises ClusterProblem."""
    found = leftovers(cluster, index, age)
    for one in found:
        wanted = [{"term": {"kind": PASSAGE}}, {"term": {"episode": one.key}}, {"term": {"revision": one.revision}}]
        cluster.call(
            "POST",
            f"/{index}/_delete_by_query",
            {"query": {"bool": {"filter": wanted}}},
            {"routing": one.key, "conflicts": "proceed"},
        )
    return sum(one.size for one in found)


def passages(cluster: Cluster, index: str) -> Iterator[Passages]:
    """The passages of an index, by episode and revision. Raises ClusterProblem."""
    cluster.call("POST", f"/{index}/_refresh")
    sources = [{name: {"terms": {"field": name}}} for name in ("episode", "revision")]
    after: dict[str, object] = {}
    while True:
        composite = {"size": _GROUPS, "sources": sources, **({"after": after} if after else {})}
        body = {
            "size": 0,
            "track_total_hits": False,
            "query": {"term": {"kind": PASSAGE}},
            "aggs": {"all": {"composite": composite, "aggs": {"at": {"max": {"field": "at"}}}}},
        }
        answer = whole(cluster, cluster.search(index, body))
        with cluster.understood():
            groups = answer["aggregations"]["all"]
            found = [
                Passages(str(one["key"]["episode"]), str(one["key"]["revision"]), int(one["doc_count"]), _newest(one))
                for one in groups["buckets"]
            ]
            after = dict(groups["after_key"]) if len(found) == _GROUPS else {}
        yield from found
        if not after:
            return


def _newest(group: Mapping[str, Any]) -> int:
    return int(group["at"]["value"])


def size_in_bytes(cluster: Cluster) -> int:
    """The bytes of all indices of the library, copies included. Raises ClusterProblem."""
    names = ",".join((cluster.names.library, cluster.names.words, cluster.names.meta))
    stats = cluster.call("GET", f"/{names}/_stats/store")
    with cluster.understood():
        return int(stats["_all"]["total"]["store"]["size_in_bytes"])


def _episode_fault(hit: dict[str, Any]) -> tuple[str, str]:
    """The id of an episode, and what is wrong with its stored fields, empty for nothing."""
    name = hit["_id"]
    try:
        fields = hit["fields"]
        name = str(fields["id"][0])
        values = {field: stored_bytes(fields, field) for field in (RECORD, *COLUMNS.values())}
        is_same = stored_sum(values) == fields["sum"][0] and record_of(fields)["id"] == name
    except (KeyError, ValueError, TypeError, IndexError):
        is_same = False
    return name, "" if is_same else _("{name} is not as it was written").format(name=name)


def _vocabulary_faults(cluster: Cluster, epoch: Epoch) -> Iterator[str]:
    """Counts all terms again, and compares."""
    with TermCounts() as terms:
        vocabulary.count(cluster, epoch.index_name, terms)
        expected = {(kind, term): number for kind, term, number, _ in terms.totals()}
    wrong = 0
    for hit in each_hit(cluster, epoch.words_name, {"match_all": {}}, [{"kind": "asc"}, {"key": "asc"}], _WORDS):
        with cluster.understood():
            entry = hit["_source"]
            key = OF_CHARACTER if entry["kind"] == CHARACTER else OF_WORD, str(entry["term"])
            wrong += expected.pop(key, None) != entry["count"]
    wrong += len(expected)
    if wrong:
        yield _("the counts of the vocabulary are not those of the episodes ({n} differ)").format(n=wrong)
