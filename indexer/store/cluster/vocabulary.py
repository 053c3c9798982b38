"""The vocabulary of a library: how often each word and character occurs, and in how many episodes. It is counted from
the stored counts of all episodes, exactly, into an index of its own, which then replaces the one before: an epoch.

All weights of a search come from one epoch, so that no shard ranks otherwise than another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from secrets import token_hex

from indexer.core.messages import _
from indexer.core.positions.tokens import is_single
from indexer.store.cluster.documents import layout
from indexer.store.cluster.documents.episode_documents import EPISODE, counts_of
from indexer.store.cluster.documents.layout import COUNTS
from indexer.store.cluster.documents.reading import each_episode, whole
from indexer.store.cluster.documents.terms import OF_CHARACTER, OF_WORD, entry_id, feature
from indexer.store.cluster.library.lock import Lock
from indexer.store.cluster.library.meta import (
    DamagedEpoch,
    Epoch,
    epoch_of,
    format_of,
    read_epoch,
    read_values,
    undamaged_epoch,
    write_values,
    written_token,
)
from indexer.store.cluster.library.versions import create_index, point
from indexer.store.cluster.term_counts import TermCounts
from indexer.store.cluster.transport.bulk import Action, BulkWriter
from indexer.store.cluster.transport.client import Cluster, encoded
from indexer.store.cluster.transport.problems import ClusterProblem

WORD, NAME, NUMBER, CHARACTER = "word", "name", "number", "char"
_PAGE = 200
_NUMBER = re.compile(r"-e(\d+)-[0-9a-f]+$")
_ROUNDS = 5
"""How often the vocabulary is counted again because episodes changed meanwhile; the next run goes on."""


def bring_up_to_date(cluster: Cluster, version: int) -> Epoch | None:
    """Brings the vocabulary up to date, unless it is, another process is at it, or a rebuild has replaced the version.
    One whose index was deleted, or whose epoch is damaged, is counted anew. Returns the epoch, None if there is none
    yet; its version is greater than `version` after such a rebuild. Raises ClusterProblem."""
    for __ in range(_ROUNDS):
        epoch = undamaged_epoch(cluster)
        if epoch is not None and epoch.version > version:
            break
        if epoch is not None and is_up_to_date(cluster, version) and cluster.exists(f"/{epoch.words_name}"):
            break
        lock = Lock(cluster, "lock-words")
        if not lock.take():
            break  # its holder counts again, for it will see what this process has written
        try:
            make_epoch(cluster, version, lock.beat)
        finally:
            lock.release()
    return read_epoch(cluster)


def is_up_to_date(cluster: Cluster, version: int, refresh: bool = True) -> bool:
    """True if the epoch is of this version and includes all that was written. Without `refresh`, which who only
    searches has no right to, what was written within seconds may not be counted. Raises ClusterProblem."""
    epoch = read_epoch(cluster)
    if epoch is None or epoch.version != version or epoch.written != written_token(cluster, version):
        return False
    return (epoch.episodes, epoch.atoms) == totals(cluster, cluster.names.version(version), refresh)


def totals(cluster: Cluster, index: str, refresh: bool = True) -> tuple[int, int]:
    """The number of the episodes in an index, and of their atoms. Raises ClusterProblem."""
    if refresh:
        cluster.call("POST", f"/{index}/_refresh")
    body = {
        "size": 0,
        "track_total_hits": True,
        "query": {"term": {"kind": EPISODE}},
        "aggs": {"atoms": {"sum": {"field": "atoms"}}},
    }
    answer = whole(cluster, cluster.search(index, body))
    with cluster.understood():
        return int(answer["hits"]["total"]["value"]), int(answer["aggregations"]["atoms"]["value"])


def make_epoch(cluster: Cluster, version: int, beat: Callable[[], None]) -> None:
    """Counts all episodes of a version and makes the vocabulary of a new epoch, unless that has a later version. `beat`
    is called again and again, to show that this process lives. Raises ClusterProblem."""
    before = read_values(cluster, "epoch")
    present: dict[str, int] = {}
    if before is not None:
        try:
            known = epoch_of(cluster, before.values)
        except DamagedEpoch:
            present = _numbers(cluster)
        else:
            if known.version > version:
                return
            present = {known.words_name: known.epoch}
    number = 1 + max(present.values(), default=0)
    token = written_token(cluster, version)
    name = f"{cluster.names.words_of(version, number)}-{token_hex(3)}"
    with TermCounts() as terms:
        episodes, atoms = count(cluster, cluster.names.version(version), terms, beat)
        beat()
        _write_words(cluster, name, terms, beat)
    made_as = format_of(cluster, version)
    epoch = Epoch(version, number, cluster.names.version(version), name, episodes, atoms, token, made_as)
    used = set(present)
    if write_values(cluster, "epoch", epoch._asdict(), before.seen if before else None, new=before is None):
        point(cluster, cluster.names.words, name)
        used.add(name)
    else:  # another process was first
        cluster.call("DELETE", f"/{name}", missing_ok=True)
    _delete_unused(cluster, used)


def count(cluster: Cluster, index: str, terms: TermCounts, beat: Callable[[], None] = lambda: None) -> tuple[int, int]:
    """Adds the terms of all episodes in an index; returns the number of episodes, and of their atoms. Raises
    ClusterProblem."""
    episodes = atoms = 0
    for hit in each_episode(cluster, index, [COUNTS, "atoms"], _PAGE):
        try:
            words, characters = counts_of(hit["fields"])
            atoms += int(hit["fields"]["atoms"][0])
        except (LookupError, ValueError, TypeError, OverflowError):
            raise ClusterProblem(
                _(
                    "{address}: the document {id} is not as it was written: `podseek index --rebuild` makes it anew"
                ).format(address=cluster.address.shown, id=hit["_id"])
            ) from None
        terms.add(OF_WORD, words)
        terms.add(OF_CHARACTER, characters)
        episodes += 1
        if episodes % _PAGE == 0:
            beat()
    return episodes, atoms


def _write_words(cluster: Cluster, name: str, terms: TermCounts, beat: Callable[[], None]) -> None:
    """Makes the index of a vocabulary. Raises ClusterProblem."""
    create_index(cluster, name, layout.WORDS, layout.small_settings())
    beat()
    outcome = BulkWriter(cluster).write(name, _beating(entries(terms), beat))
    if outcome.refused:
        raise ClusterProblem(
            _("{address}: the cluster refuses a word of the vocabulary ({reason})").format(
                address=cluster.address.shown, reason=next(iter(outcome.refused.values()))
            )
        )
    cluster.call("POST", f"/{name}/_refresh")


def entries(terms: TermCounts) -> Iterator[Action]:
    """The documents of a vocabulary."""
    for kind, term, number, episodes in terms.totals():
        yield _entry(CHARACTER if kind == OF_CHARACTER else kind_of(term), term, number, episodes)


def kind_of(word: str) -> str:
    """The kind of a word: of Han or kana, a name in letters, or a number.

    >>> kind_of("强化"), kind_of("gpu"), kind_of("1.5")
    ('word', 'name', 'number')
    """
    if is_single(word):
        return WORD
    return NUMBER if word[0].isdigit() else NAME


def _entry(kind: str, term: str, number: int, episodes: int) -> Action:
    values = {"term": term, "key": feature(term), "count": number, "episodes": episodes, "kind": kind}
    name = entry_id(OF_CHARACTER if kind == CHARACTER else OF_WORD, term)
    return Action("index", name, body=encoded(values).rstrip(b"\n"))


def _beating(actions: Iterator[Action], beat: Callable[[], None]) -> Iterator[Action]:
    for number, action in enumerate(actions, 1):
        if number % 10_000 == 0:
            beat()
        yield action


def _delete_unused(cluster: Cluster, used: Collection[str]) -> None:
    """Deletes earlier vocabularies, but none that is `used`, as that of the epoch before, which searches may still
    read."""
    epoch = read_epoch(cluster)
    if epoch is None:
        return
    kept = {*used, epoch.words_name}
    for name, number in _numbers(cluster).items():
        # Another process may be filling one of the same number: it deletes that itself.
        if name not in kept and number < epoch.epoch:
            cluster.call("DELETE", f"/{name}", missing_ok=True)


def _numbers(cluster: Cluster) -> dict[str, int]:
    """The number of the epoch of each vocabulary that there is, by the name of its index. Raises ClusterProblem."""
    listed = cluster.call("GET", f"/_cat/indices/{cluster.names.words}-v*", params={"format": "json", "h": "index"})
    if not isinstance(listed, list):
        raise cluster.misunderstood()
    with cluster.understood():
        found = [(str(entry["index"]), _NUMBER.search(entry["index"])) for entry in listed]
    return {name: int(match[1]) for name, match in found if match}
