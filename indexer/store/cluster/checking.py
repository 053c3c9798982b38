"""Compares a library in a cluster with itself: stored fields with their digests, and with each other, passages with
their episodes, the vocabulary with the counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple
from indexer.store.cluster import vocabulary
from indexer.store.cluster.derived import derived_faults, derived_fields
from indexer.store.cluster.documents.episode_documents import record_of, stored_bytes, stored_sum
from indexer.store.cluster.documents.layout import COLUMNS, RECORD
from indexer.store.cluster.documents.reading import each_episode, each_hit
from indexer.store.cluster.documents.terms import OF_CHARACTER, OF_WORD
from indexer.store.cluster.leftovers import passages
from indexer.store.cluster.library.meta import Epoch
from indexer.store.cluster.term_counts import TermCounts
from indexer.store.cluster.transport.client import Cluster
from indexer.store.cluster.vocabulary import CHARACTER

_PAGE, _WORDS = 50, 5000


class _Written(NamedTuple):
    """An episode whose stored fields are as they were written; `passages` is their number."""

    name: str
    revision: str
    passages: int


def faults(cluster: Cluster, epoch: Epoch) -> list[str]:
    """Reads everything in a library; one line per fault. Raises ClusterProblem if it does not answer."""
    written: dict[str, _Written] = {}
    found = list(_episode_faults(cluster, epoch, written))
    found += _passage_faults(cluster, epoch, written)
    if vocabulary.is_up_to_date(cluster, epoch.version):
        found += _vocabulary_faults(cluster, epoch)
    cure = _("`podseek index --rebuild` reads all again")
    return [f"{cluster.address.shown}: {fault}: {cure}" for fault in found]


def _episode_faults(cluster: Cluster, epoch: Epoch, written: dict[str, _Written]) -> Iterator[str]:
    """Compares the stored fields of each episode; adds those that are as they were `written`, by their keys."""
    fields = [RECORD, *COLUMNS.values(), *derived_fields(epoch.format), "id", "sum", "revision", "passages"]
    for hit in each_episode(cluster, epoch.index_name, fields, _PAGE):
        name, fault = _episode_fault(hit)
        if fault:
            yield fault
            continue
        yield from derived_faults(name, hit["fields"], epoch.format)
        with cluster.understood():
            stored = hit["fields"]
            written[hit["_id"]] = _Written(name, str(stored["revision"][0]), int(stored["passages"][0]))


def _passage_faults(cluster: Cluster, epoch: Epoch, written: Mapping[str, _Written]) -> Iterator[str]:
    """Compares the number of passages of each episode with the one that it says."""
    counted = {(one.key, one.revision): one.size for one in passages(cluster, epoch.index_name)}
    for key, (name, revision, number) in written.items():
        there = counted.get((key, revision), 0)
        if there != number:
            yield _("{name} has {there} passages and should have {number}").format(
                name=name, there=there, number=number
            )


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
