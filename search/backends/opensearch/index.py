"""An epoch of a library in an OpenSearch cluster: implements `search.backends.remote.RemoteIndex`."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from itertools import chain, islice
from typing import Any

from indexer.core.messages import _
from indexer.store.cluster.documents.layout import HAS_DECKS, HAS_RUNS, HAS_TEXT_PARTS, RECORD
from indexer.store.cluster.library.home import copies_of, home_of_backend, mirror
from indexer.store.cluster.library.meta import Epoch, existing_epoch, read_epoch
from indexer.store.cluster.transport.address import parse_address
from indexer.store.cluster.transport.cbor import KIND as CBOR
from indexer.store.cluster.transport.problems import unreachable
from indexer.store.cluster.transport.retry_policy import WHILE_WAITING
from search.backends.conditions import Condition, HasSounds
from search.backends.opensearch import bounds, queries, requests
from search.backends.opensearch.counting import CountingCluster
from search.backends.opensearch.epoch_vocabulary import EpochVocabulary
from search.backends.opensearch.sounds import parts_of
from search.backends.remote import Answers, Cost, Peak, Questions, Stored

_BODIES = 250
"""Episodes of one answer, with their records."""
_CHECKED_EVERY = 1.0
"""Seconds for which the epoch that was read is taken to be the last."""
_CHECKING = 3.0
"""Seconds in which a question waits to hear of a later epoch; then it is asked of the one that is open."""
_OPENING = 30.0
"""Seconds in which a library is opened."""


class _Silent(Exception):
    """The cluster does not say whether there is a later epoch."""


class OpenSearchIndex(EpochVocabulary):
    """One epoch; threads may share it."""

    def __init__(self, cluster: CountingCluster, epoch: Epoch) -> None:
        super().__init__(cluster, epoch)
        home = home_of_backend(cluster.address)
        self.place = cluster.address.shown
        self.folder, self.copies = str(home), str(copies_of(home, epoch.version))
        mirror(cluster, epoch.version, home)
        self._checked = time.monotonic()

    @property
    def commit(self) -> int:
        return self._epoch.epoch

    @property
    def episode_count(self) -> int:
        return self._epoch.episodes

    @property
    def total_atoms(self) -> int:
        return self._epoch.atoms

    @property
    def has_decks(self) -> bool:
        return self._epoch.format >= HAS_DECKS

    @property
    def has_text_parts(self) -> bool:
        return self._epoch.format >= HAS_TEXT_PARTS

    def is_current(self) -> bool:
        if time.monotonic() < self._checked + _CHECKED_EVERY:
            return True
        with suppress(_Silent), self._cluster.within(_limit(_CHECKING, _Silent())):
            if read_epoch(self._cluster) != self._epoch:
                return False
        self._checked = time.monotonic()
        return True

    def newest(self) -> OpenSearchIndex:
        return _opened(self._cluster)

    def close(self) -> None:
        self._cluster.close()

    def within(self, left: Callable[[], float]) -> AbstractContextManager[None]:
        return self._cluster.within(left)

    def cost(self) -> Cost:
        return self._cluster.account.cost

    def unanswered(self) -> Sequence[str]:
        return self._cluster.account.unanswered()

    def episodes_with(self, condition: Condition) -> int:
        body = {"size": 0, "track_total_hits": True, "query": queries.of_episodes(condition)}
        return self._total(self._search(body, "_shards,timed_out,hits.total"))

    def keys(self, condition: Condition) -> list[str]:
        body = {"query": queries.of_episodes(condition), "_source": False}
        return [key for hit in self._paged(body, "id", self._epoch.index_name) for key in self._keys([hit])]

    def answers(self, questions: Questions) -> Answers:
        asked = questions
        parts = [parts_of(one) for one in asked.conditions]
        also = [part for one in asked.also for part in requests.in_parts(one)]
        bodies = [requests.keys(one, asked.most) for one in chain(*parts)]
        bodies += [requests.sounding(ways, asked.most) for ways in asked.sounding]
        bodies += [requests.holding(*one) for one in asked.words]
        bodies += map(requests.counting, asked.runs)
        bodies += [requests.likeliest(asked.ranked)] if asked.ranked is not None else []
        bodies += [requests.passages(asked.listed, self._epoch.format >= HAS_RUNS)] if asked.listed is not None else []
        shown = "hits.hits._id,hits.hits.fields,hits.hits._score,hits.hits.matched_queries,hits.total,aggregations"
        found = iter(self._several([*bodies, *map(requests.wanted, also)], shown, CBOR, spare=len(also)))
        keys = [self._keys_of_all(islice(found, len(several))) for several in parts]
        sounding = [self._ways(next(found), ways) for ways in asked.sounding]
        having = [self._keys(self._hits(answer)) for answer in islice(found, len(asked.words))]
        frequencies = self._counted(asked.runs, islice(found, len(asked.runs)))
        likeliest = self._scored(next(found)) if asked.ranked is not None else []
        passages = self._bounds(next(found)) if asked.listed is not None else []
        read = zip(also, found, strict=True)
        stored = [self._stored(hit, one.columns) for one, answer in read for hit in self._hits(answer)]
        return Answers(keys, stored, passages, likeliest, having, frequencies, sounding)

    def _keys_of_all(self, answers: Iterable[Mapping[str, Any]]) -> list[str]:
        """The keys in some answers, each once."""
        return list(dict.fromkeys(key for answer in answers for key in self._keys(self._hits(answer))))

    def _ways(self, answer: Mapping[str, Any], ways: Sequence[HasSounds]) -> dict[str, list[HasSounds]]:
        with self._cluster.understood():
            return {
                str(hit["_id"]): [ways[int(number)] for number in hit["matched_queries"]] for hit in self._hits(answer)
            }

    def peaks(
        self, run: tuple[str, ...], condition: Condition, size: int, first: int, columns: Sequence[str]
    ) -> tuple[list[Peak], list[Stored]]:
        has_peaks = self._epoch.format >= HAS_RUNS
        asked = [requests.peaks(run, condition, has_peaks, size)]
        if first:
            whole = requests.peaks(run, condition, has_peaks, first)
            asked.append({**whole, "stored_fields": requests.stored_fields(columns)})
        listed, *read = self._several(
            asked, "hits.hits._id,hits.hits.sort,hits.hits.fields", CBOR, spare=len(asked) - 1
        )
        count = bounds.peak_of if has_peaks else lambda score: float(round(score / queries.score_of_one(run)))
        with self._cluster.understood():
            hits = [(*hit["sort"], hit["_id"]) for hit in self._hits(listed)]
            found = [Peak(count(float(score)), str(name), str(key)) for score, name, key in hits]
        return found, [self._stored(hit, columns) for answer in read for hit in self._hits(answer)]

    def _scored(self, answer: Mapping[str, Any]) -> list[tuple[float, str]]:
        with self._cluster.understood():
            return [(float(hit["_score"]), str(hit["_id"])) for hit in self._hits(answer)]

    def _bounds(self, answer: Mapping[str, Any]) -> list[tuple[float, str]]:
        with self._cluster.understood():
            return [(float(hit["_score"]), str(hit["fields"]["episode"][0])) for hit in self._hits(answer)]

    def listed(self, condition: Condition) -> Iterator[Stored]:
        body = {"query": queries.of_episodes(condition), "stored_fields": ["id", RECORD]}
        for hit in self._paged(body, "id", self._epoch.index_name, _BODIES):
            yield self._stored(hit, ())

    def stored(self, keys: Collection[str], columns: Sequence[str]) -> list[Stored]:
        return self.stored_of_each([(keys, columns)])

    def stored_of_each(self, groups: Sequence[tuple[Collection[str], Sequence[str]]]) -> list[Stored]:
        bodies = [requests.stored(keys, columns) for keys, columns in groups]
        answers = self._several(bodies, "hits.hits._id,hits.hits.fields", CBOR)
        hits = [
            (hit, columns) for answer, (_, columns) in zip(answers, groups, strict=True) for hit in self._hits(answer)
        ]
        return [self._stored(hit, columns) for hit, columns in hits]

    def counts(self, terms: Sequence[str]) -> Sequence[Mapping[str, int]]:
        each = self._paged_each(list(map(requests.occurrences, terms)), "id")
        with self._cluster.understood():
            return [{str(hit["_id"]): round(hit["_score"]) for hit in hits} for hits in each]


def open_index(address: str) -> OpenSearchIndex:
    """Opens a library in a cluster for searching, in _OPENING seconds. Raises IndexProblem, also if that is not enough,
    and AddressProblem for what is no address."""
    return _opened(CountingCluster(parse_address(address), WHILE_WAITING))


def _opened(cluster: CountingCluster) -> OpenSearchIndex:
    """The latest epoch of the library of a cluster. Raises IndexProblem."""
    reason = _("no answer within {seconds:.3g} seconds").format(seconds=_OPENING)
    # A node that takes requests and never answers leaves time for another.
    with cluster.within(_limit(_OPENING, unreachable(cluster.address, reason), _OPENING / 2)):
        return OpenSearchIndex(cluster, existing_epoch(cluster))


def _limit(seconds: float, over: Exception, longest: float = math.inf) -> Callable[[], float]:
    """The seconds that a request may take, so that all take so many from now on, and one of them at most `longest`;
    raises `over` then."""
    end = time.monotonic() + seconds

    def left() -> float:
        if time.monotonic() >= end:
            raise over
        return min(longest, end - time.monotonic())

    return left
