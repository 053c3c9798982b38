"""The vocabulary of an epoch in a cluster, and how often runs are said."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from indexer.core.errors import IndexProblem
from indexer.core.messages import _
from indexer.core.text.sanitize import tidy
from indexer.store.cluster.documents.reading import next_start
from indexer.store.cluster.library.meta import Epoch
from indexer.store.cluster.transport.answers import ShardAnswer
from indexer.store.cluster.transport.problems import index_gone
from search.backends.opensearch import queries, requests
from search.backends.opensearch.booleans import Query
from search.backends.opensearch.counting import CountingCluster
from search.backends.opensearch.searches import PAGE, SHARDS, EpochSearches
from search.backends.remote import Frequencies, Frequency, Spelled

_WORDS = 10_000
"""Words of one answer, the most that OpenSearch takes."""
_NO_INDEX = "no such index"
"""How the reason begins that documents of a deleted index are not there."""


class EpochVocabulary(EpochSearches):
    """Asks for it. Threads may share it."""

    def __init__(self, cluster: CountingCluster, epoch: Epoch) -> None:
        super().__init__(cluster, epoch)
        self._has_titles: bool | None = None

    @property
    def has_titles(self) -> bool:
        if self._has_titles is None:
            return self._note_titles(self._cluster.search(self._epoch.index_name, requests.TITLED))
        return self._has_titles

    def _note_titles(self, answer: ShardAnswer) -> bool:
        found = self._total(self._noted(answer)) > 0
        if answer.is_whole:
            self._has_titles = found
        return found

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
            if str(failed).startswith(_NO_INDEX):
                raise index_gone(self._cluster.address, tidy(str(failed), 120))
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
        fields: Sequence[str] = (),
    ) -> Frequencies:
        wanted = requests.entries(terms)
        at_once = 0 < len(wanted) <= PAGE
        titles = [requests.TITLED] if at_once and self._has_titles is None else []
        lists = [*map(requests.spelled, spelled), *map(requests.words, requests.NAMES if with_names else ())]
        asked: list[tuple[str, Mapping[str, Any]]] = []
        if at_once:
            asked.append((self._epoch.words_name, requests.frequencies(wanted)))
        asked += self._of_epoch([*titles, *map(requests.values, fields), *map(requests.counting, runs)])
        asked += [(self._epoch.words_name, requests.listed(query, _WORDS)) for query in lists]
        if len(asked) == at_once:  # the cheaper request
            return Frequencies(self.frequencies(terms) if terms else {})
        answers = iter(self._cluster.msearch(asked, "hits.total,hits.hits._id,hits.hits._source,aggregations"))
        words = next(answers) if at_once else None
        for answer in islice(answers, len(titles)):
            self._note_titles(answer)
        listed = [self._values(self._noted(answer)) for answer in islice(answers, len(fields))]
        values = {field: found for field, (found, last) in zip(fields, listed, strict=True) if last is None}
        counted = self._counted(runs, map(self._noted, islice(answers, len(runs))))
        each = [self._entries(self._noted(answer)) for answer in answers]
        names = {name: one for some in self._continued(each[len(spelled) :]) for name, one in some.items()}
        if words is None or not words.is_whole:
            found = self.frequencies(terms) if terms else {}
        else:
            with self._cluster.understood():
                found = {wanted[hit["_id"]]: _frequency(hit["_source"]) for hit in self._hits(words.body)}
        return Frequencies(found, counted, each[: len(spelled)], names if with_names else None, values)

    def values(self, field: str) -> Sequence[str]:
        found: list[str] = []
        after: Mapping[str, Any] = {}
        while True:
            some, last = self._values(self._search(requests.values(field, after), f"{SHARDS},aggregations"))
            found += some
            if last is None:
                return found
            with self._cluster.understood():
                after = next_start(after, {"after": last})

    def _values(self, answer: Mapping[str, Any]) -> tuple[list[str], object | None]:
        """Some of the values of a field, and the last of them; None if there are no others."""
        with self._cluster.understood():
            listed = answer["aggregations"]["all"]
            found = [str(bucket["key"]["value"]) for bucket in listed["buckets"]]
            return found, listed["after_key"] if "after_key" in listed and len(found) == PAGE else None

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


def _frequency(source: Mapping[str, Any]) -> Frequency:
    return Frequency(int(source["count"]), int(source["episodes"]))
