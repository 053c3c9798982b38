"""An epoch of a library in an OpenSearch cluster: implements `search.backends.remote.RemoteIndex`."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from itertools import islice
from typing import Any

from indexer.core.errors import IndexProblem
from indexer.core.messages import _
from indexer.core.sanitize import tidy
from indexer.store.cluster.address import parse_address
from indexer.store.cluster.answers import ShardAnswer
from indexer.store.cluster.cbor import KIND as CBOR
from indexer.store.cluster.home import copies_of, home_of_backend, mirror
from indexer.store.cluster.layout import HAS_DECKS, HAS_RUNS, RECORD
from indexer.store.cluster.meta import Epoch, existing_epoch, read_epoch
from indexer.store.cluster.patience import WHILE_WAITING
from indexer.store.cluster.problems import unreachable
from indexer.store.cluster.reading import next_start
from search.backends.conditions import EVERY, Condition, HasSounds
from search.backends.opensearch import bounds, queries, requests
from search.backends.opensearch.booleans import Query
from search.backends.opensearch.counting import CountingCluster
from search.backends.opensearch.searches import PAGE, EpochSearches
from search.backends.remote import Answers, Cost, Frequencies, Frequency, Peak, Questions, Spelled, Stored

_BODIES, _WORDS = 250, 10_000
"""Episodes of one answer, with their records; words of one answer, the most that OpenSearch takes."""
_CHECKED_EVERY = 1.0
"""Seconds for which the epoch that was read is taken to be the last."""
_CHECKING = 3.0
"""Seconds in which a question waits to hear of a later epoch; then it is asked of the one that is open."""
_OPENING = 30.0
"""Seconds in which a library is opened."""


class _Silent(Exception):
    """The cluster does not say whether there is a later epoch."""


class OpenSearchIndex(EpochSearches):
    """One epoch; threads may share it."""

    def __init__(self, cluster: CountingCluster, epoch: Epoch) -> None:
        super().__init__(cluster, epoch)
        home = home_of_backend(cluster.address)
        self.place = cluster.address.shown
        self.folder, self.copies = str(home), str(copies_of(home, epoch.version))
        mirror(cluster, epoch.version, home)
        self._checked = time.monotonic()
        self._has_titles: bool | None = None

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
    def has_titles(self) -> bool:
        if self._has_titles is None:
            return self._note_titles(self._cluster.search(self._epoch.index_name, requests.TITLED))
        return self._has_titles

    @property
    def has_decks(self) -> bool:
        return self._epoch.format >= HAS_DECKS

    def _note_titles(self, answer: ShardAnswer) -> bool:
        found = self._total(self._noted(answer)) > 0
        if answer.is_whole:
            self._has_titles = found
        return found

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

    def told(self) -> Sequence[str]:
        return self._cluster.account.told()

    def frequencies(self, terms: Collection[str]) -> Mapping[str, Frequency]:
        wanted = requests.entries(terms)
        path = f"/{self._epoch.words_name}/_mget"
        answer = self._cluster.call(
            "POST",
            path,
            {"ids": list(wanted)},
            {"_source": "count,episodes", "filter_path": "docs._id,docs._source,docs.error.reason"},
        )
        with self._cluster.understood():
            documents = answer["docs"] if wanted else ()
            failed = next((one["error"].get("reason") for one in documents if "error" in one), None)
        if failed:
            raise IndexProblem(
                _("{address}: its vocabulary does not answer ({reason}): try again when the cluster is whole").format(
                    address=self._cluster.address.shown, reason=tidy(str(failed), 120)
                )
            )
        with self._cluster.understood():
            found = ((wanted[one["_id"]], one.get("_source")) for one in documents)
            return {term: _frequency(source) for term, source in found if source}

    def all_frequencies(
        self,
        terms: Collection[str],
        runs: Sequence[tuple[str, ...]],
        spelled: Sequence[Spelled] = (),
        with_names: bool = False,
    ) -> Frequencies:
        wanted = requests.entries(terms)
        at_once = 0 < len(wanted) <= PAGE
        titles = [requests.TITLED] if at_once and self._has_titles is None else []
        lists = [*map(requests.spelled, spelled), *map(requests.words, requests.NAMES if with_names else ())]
        asked: list[tuple[str, Mapping[str, Any]]] = []
        if at_once:
            asked.append((self._epoch.words_name, requests.frequencies(wanted)))
        asked += self._of_epoch([*titles, *map(requests.counting, runs)])
        asked += [(self._epoch.words_name, requests.listed(query, _WORDS)) for query in lists]
        if len(asked) == at_once:  # the cheaper request
            return Frequencies(self.frequencies(terms) if terms else {})
        answers = iter(self._cluster.msearch(asked, "hits.total,hits.hits._id,hits.hits._source,aggregations"))
        words = next(answers) if at_once else None
        for answer in islice(answers, len(titles)):
            self._note_titles(answer)
        counted = self._counted(runs, map(self._noted, islice(answers, len(runs))))
        each = [self._entries(self._noted(answer)) for answer in answers]
        names = {name: one for some in self._continued(each[len(spelled) :]) for name, one in some.items()}
        if words is None or not words.is_whole:
            found = self.frequencies(terms) if terms else {}
        else:
            with self._cluster.understood():
                found = {wanted[hit["_id"]]: _frequency(hit["_source"]) for hit in self._hits(words.body)}
        return Frequencies(found, counted, each[: len(spelled)], names if with_names else None)

    def _entries(self, answer: Mapping[str, Any]) -> dict[str, Frequency]:
        """The entries of the vocabulary in an answer."""
        with self._cluster.understood():
            return {str(hit["_source"]["term"]): _frequency(hit["_source"]) for hit in self._hits(answer)}

    def _continued(self, lists: Iterable[dict[str, Frequency]]) -> Iterator[dict[str, Frequency]]:
        """The lists of names, with what did not fit in the answer."""
        for found, limits in zip(lists, requests.NAMES, strict=False):
            rest = self.words("", f"{list(found)[-1]}\0", limits["lt"]) if len(found) == _WORDS else ()
            yield {**found, **dict(rest)}

    def _counted(self, runs: Sequence[tuple[str, ...]], found: Iterable[Mapping[str, Any]]) -> Sequence[Frequency]:
        """The frequencies of runs, of the answers to their counting."""
        answers = list(found)
        with self._cluster.understood():
            sums = [one["aggregations"]["all"]["value"] for one in answers]
            counts = [round(sum_of / queries.score_of_one(run)) for run, sum_of in zip(runs, sums, strict=True)]
        return [Frequency(count, self._total(one)) for count, one in zip(counts, answers, strict=True)]

    def episodes_with(self, condition: Condition) -> int:
        body = {"size": 0, "track_total_hits": True, "query": queries.of_episodes(condition)}
        return self._total(self._search(body, "_shards,timed_out,hits.total"))

    def words(self, prefix: str, first: str = "", until: str | None = None) -> Iterator[tuple[str, Frequency]]:
        query = requests.words({"gte": first} if until is None else {"gte": first, "lt": until}, prefix)
        for hit in self._vocabulary(query):
            with self._cluster.understood():
                word = str(hit["_source"]["term"]), _frequency(hit["_source"])
            yield word

    def characters(self) -> Iterator[str]:
        for hit in self._vocabulary({"term": {"kind": "char"}}):
            with self._cluster.understood():
                character = str(hit["_source"]["term"])
            yield character

    def _vocabulary(self, query: Query) -> Iterator[Mapping[str, Any]]:
        """The entries of a query, in the order of their text."""
        body = {"query": query, "_source": ["term", "count", "episodes"]}
        return self._paged(body, "term", self._epoch.words_name, _WORDS)

    def values(self, field: str) -> Sequence[str]:
        found: list[str] = []
        after: Mapping[str, Any] = {}
        while True:
            pages = {"size": PAGE, "sources": [{"value": {"terms": {"field": field}}}], **after}
            body = {"size": 0, "query": queries.of_episodes(EVERY), "aggs": {"all": {"composite": pages}}}
            answer = self._search(body, "_shards,timed_out,aggregations")
            with self._cluster.understood():
                answer = answer["aggregations"]["all"]
                found += [str(bucket["key"]["value"]) for bucket in answer["buckets"]]
                if "after_key" not in answer or len(answer["buckets"]) < PAGE:
                    return found
                after = next_start(after, {"after": answer["after_key"]})

    def keys(self, condition: Condition) -> list[str]:
        body = {"query": queries.of_episodes(condition), "_source": False}
        return [key for hit in self._paged(body, "id", self._epoch.index_name) for key in self._keys([hit])]

    def answers(self, questions: Questions) -> Answers:
        asked = questions
        bodies = [requests.keys(one, asked.most) for one in asked.conditions]
        bodies += [requests.sounding(ways, asked.most) for ways in asked.sounding]
        bodies += [requests.holding(*one) for one in asked.words]
        bodies += map(requests.counting, asked.runs)
        bodies += [requests.likeliest(asked.ranked)] if asked.ranked is not None else []
        bodies += [requests.passages(asked.listed, self._epoch.format >= HAS_RUNS)] if asked.listed is not None else []
        shown = "hits.hits._id,hits.hits.fields,hits.hits._score,hits.hits.matched_queries,hits.total,aggregations"
        found = iter(self._several([*bodies, *map(requests.wanted, asked.also)], shown, CBOR, spare=len(asked.also)))
        keys = [self._keys(self._hits(answer)) for answer in islice(found, len(asked.conditions))]
        sounding = [self._ways(next(found), ways) for ways in asked.sounding]
        having = [self._keys(self._hits(answer)) for answer in islice(found, len(asked.words))]
        frequencies = self._counted(asked.runs, islice(found, len(asked.runs)))
        likeliest = self._scored(next(found)) if asked.ranked is not None else []
        passages = self._bounds(next(found)) if asked.listed is not None else []
        read = zip(asked.also, found, strict=True)
        stored = [self._stored(hit, one.columns) for one, answer in read for hit in self._hits(answer)]
        return Answers(keys, stored, passages, likeliest, having, frequencies, sounding)

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


def _frequency(source: Mapping[str, Any]) -> Frequency:
    return Frequency(int(source["count"]), int(source["episodes"]))


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
