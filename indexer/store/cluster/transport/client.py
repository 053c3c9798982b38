"""A thin client of OpenSearch: requests to whichever node answers, tried again after failures that pass.

Every request it sends may be carried out twice without harm: documents are written by id, with the sequence number that
was read, and what was there already is compared.
"""

from __future__ import annotations

import json
import math
import random
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from indexer.core.errors import PodseekProblem
from indexer.store.cluster.transport import cbor
from indexer.store.cluster.transport.address import Address, parse_address
from indexer.store.cluster.transport.answers import ShardAnswer, decoded
from indexer.store.cluster.transport.connection import AnswerTooLarge, Connections, Reply, Unreachable
from indexer.store.cluster.transport.credentials import Credentials, read_credentials
from indexer.store.cluster.transport.names import Names
from indexer.store.cluster.transport.problems import TOO_LARGE, ClusterProblem, misunderstood, refusal, unreachable
from indexer.store.cluster.transport.retry_policy import RetryPolicy

if TYPE_CHECKING:
    from typing_extensions import Self

JSON, LINES = "application/json", "application/x-ndjson"
PASSING = frozenset({429, 500, 502, 503, 504})
"""Answers after which the same request may succeed."""
BUSY = frozenset({429, 503})
"""Answers of a cluster that has too much to do."""
CONFLICT, MISSING = 409, 404
_OF_EACH = "_shards,timed_out,error,status"
"""What every answer of several says of itself."""
_MOST_WAIT = 20.0
_FOREVER = partial(float, "inf")
_NOTHING = ShardAnswer({}, 0, 0)


class Cluster:
    """The cluster of a library. Threads may share it."""

    def __init__(
        self,
        address: Address,
        credentials: Credentials | None = None,
        retry: RetryPolicy | None = None,
        sleep: Callable[[float], object] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Takes the credentials from the environment if none are given. Connects with the first request. Raises
        CredentialsProblem and Untrusted."""
        self.address = address
        self.names = Names(address.library)
        self.retry = retry or RetryPolicy()
        credentials = credentials or read_credentials()
        self._connections = Connections(address, credentials)
        self._hidden = credentials.header.reveal().rpartition(" ")[2].encode()
        self._sleep = sleep
        self._chance = chance
        self._first = 0
        """The number of the node that is asked first: that answered last, or follows one that did not answer."""
        self._limits = threading.local()

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        params: Mapping[str, object] | None = None,
        missing_ok: bool = False,
        accept: str = JSON,
    ) -> Any:
        """Sends a request and returns the decoded answer; None for what is not there, with `missing_ok`. `body` is
        JSON, or bytes of lines of JSON; `accept` is JSON, or CBOR for an answer with bytes. Raises ClusterProblem,
        after several tries of what may pass."""
        reply = self._tried(method, path, body, params, accept)
        return None if reply.status == MISSING and missing_ok else self._taken(reply)

    def bulk(self, path: str, lines: bytes, params: Mapping[str, object]) -> Any:
        """Sends lines of JSON as `call` does, except that a cluster with too much to do is not asked again: the caller
        sends less at once. Raises ClusterProblem, then with a status of BUSY."""
        return self._taken(self._asked("POST", path, lines, params, BUSY))

    def search(
        self,
        index: str,
        body: Mapping[str, object],
        params: Mapping[str, object] | None = None,
        accept: str = JSON,
    ) -> ShardAnswer:
        """Searches an index (empty: that of the point in time in `body`). If shards fail, asks once more, and then for
        what the others have. Raises ClusterProblem."""
        path = f"/{index}/_search" if index else "/_search"
        given = dict(params or {})
        for __ in range(2):
            try:
                params = {"allow_partial_search_results": "false", **given}
                answer = self._answer(self.call("POST", path, self._timed(body), params, accept=accept))
            except ClusterProblem as problem:
                if problem.status not in PASSING:
                    raise
            else:
                if answer.is_whole:
                    return answer
            self._pause(0)
        params = {"allow_partial_search_results": "true", **given}
        return self._answer(self.call("POST", path, self._timed(body), params, accept=accept))

    def msearch(
        self, searches: Sequence[tuple[str, Mapping[str, object]]], shown: str = "", accept: str = JSON, spare: int = 0
    ) -> list[ShardAnswer]:
        """Several searches in one request; one that fails is asked again by itself, but of the last `spare` ones its
        body is empty. `shown` are the parts of each answer that are wanted (`filter_path`), without the word before
        them. Raises ClusterProblem."""
        parts = f"{_OF_EACH},{shown}".split(",") if shown else []
        params = {"filter_path": ",".join(f"responses.{part}" for part in parts)} if parts else None
        lines = b"".join(
            encoded({"index": index, "allow_partial_search_results": False} if index else {})
            + encoded(self._timed(body))
            for index, body in searches
        )
        needed = len(searches) - spare
        with self.understood():
            try:
                found = list(self.call("POST", "/_msearch", lines, params, accept=accept)["responses"])
            except ClusterProblem as problem:
                if not spare or problem.kind != TOO_LARGE:
                    raise
                return [*self.msearch(searches[:needed], shown, accept), *[_NOTHING] * spare]
            failed = ["error" in one for one in found]
            if len(found) != len(searches):
                raise ValueError
        answers = []
        for number, one in enumerate(found):
            answer = None if failed[number] else self._answer(one)
            if answer is None or not answer.is_whole:
                answer = self.search(*searches[number], accept=accept) if number < needed else _NOTHING
            answers.append(answer)
        return answers

    def exists(self, path: str) -> bool:
        """True if there is an index, an alias or a document. Raises ClusterProblem."""
        reply = self._tried("HEAD", path, None, None, JSON)
        if reply.status not in (200, MISSING):
            # An answer to HEAD has no body: that to GET says what is wrong.
            raise refusal(self.address, self._tried("GET", path, None, None, JSON), self._hidden)
        return reply.status == 200

    def wait(self, attempt: int, after: float = 0.0) -> None:
        """Sleeps before another try: longer with each, by chance, and at least as long as the cluster asked for."""
        self._pause(attempt, after)

    def pause(self, seconds: float) -> None:
        """Sleeps."""
        self._sleep(seconds)

    def close(self) -> None:
        """Closes the connections of this thread."""
        self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def within(self, left: Callable[[], float]) -> Iterator[None]:
        """Requests of this thread take at most the seconds that `left` returns, here and in the cluster; what it raises
        once there are none ends them."""
        before = self._left
        self._limits.left = left
        try:
            yield
        finally:
            self._limits.left = before

    @property
    def _left(self) -> Callable[[], float]:
        known: Callable[[], float] = getattr(self._limits, "left", _FOREVER)
        return known

    def _timed(self, body: Mapping[str, object]) -> Mapping[str, object]:
        """A search that the cluster ends in time."""
        left = self._left()
        return body if left == math.inf else {**body, "timeout": f"{max(1, math.ceil(left * 1000))}ms"}

    @contextmanager
    def understood(self) -> Iterator[None]:
        """Around what takes an answer apart: raises ClusterProblem for one of another form than OpenSearch gives."""
        try:
            yield
        except PodseekProblem:
            raise
        except (LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError):
            raise self.misunderstood() from None

    def misunderstood(self) -> ClusterProblem:
        """The error for an answer that is not one of OpenSearch."""
        return misunderstood(self.address)

    def _tried(self, method: str, path: str, body: object, params: Mapping[str, object] | None, accept: str) -> Reply:
        return self._asked(method, path, body, params, accept=accept)

    def _asked(
        self,
        method: str,
        path: str,
        body: object,
        params: Mapping[str, object] | None,
        final: Collection[int] = (),
        accept: str = JSON,
    ) -> Reply:
        """Asks the nodes in turn, beginning with the one that answered last, until one gives an answer that will not
        pass, or one of the statuses `final`."""
        target = quote(path, safe="/,*_-.~%") + (f"?{urlencode(params)}" if params else "")
        data = body if isinstance(body, bytes) or body is None else json.dumps(body, ensure_ascii=False).encode()
        kind = LINES if isinstance(body, bytes) else JSON
        nodes, first = self.address.nodes, self._first
        why, fault, reply = "", "", None
        attempts = self.retry.tries * len(nodes)
        last = time.monotonic() + self.retry.longest
        for attempt in range(attempts):
            number = (first + attempt) % len(nodes)
            after, seconds = 0.0, min(self.retry.seconds, self._left())
            try:
                reply = self._connections.ask(nodes[number], method, target, data, kind, seconds, accept)
            except Unreachable as problem:
                why, fault = str(problem), TOO_LARGE if isinstance(problem, AnswerTooLarge) else ""
                if fault and attempt + 1 >= len(nodes):
                    reply = None  # what another node answered before, such as 503, is not why there is none
                    break
                if not fault:
                    self._first = (number + 1) % len(nodes)  # also if the time of this question is over
            else:
                if reply.status not in PASSING:
                    self._first = number
                    return reply
                if reply.status in final:
                    self._first = (number + 1) % len(nodes)
                    return reply
                after = reply.after
            if attempt + 1 == attempts or time.monotonic() > last:
                break
            if after or (attempt + 1) % len(nodes) == 0:  # each node was asked since the last pause
                self._pause(attempt // len(nodes), after)
        self._left()  # a question whose time ended in the last try is answered with what it has
        if reply is not None:
            return reply
        raise unreachable(self.address, why, fault)

    def _pause(self, attempt: int, after: float = 0.0) -> None:
        longest = min(_MOST_WAIT, self.retry.first_wait * 2.0**attempt)
        wait = max(min(after, _MOST_WAIT), longest * (0.5 + 0.5 * self._chance()))
        self._sleep(min(wait, self._left()))

    def _taken(self, reply: Reply) -> Any:
        """The decoded answer. Raises ClusterProblem."""
        if not 200 <= reply.status < 300:
            raise refusal(self.address, reply, self._hidden)
        with self.understood():
            if cbor.is_cbor(reply.kind):
                return cbor.decode(reply.body)
            return decoded(reply.body) if reply.body else {}

    def _answer(self, body: Mapping[str, Any]) -> ShardAnswer:
        with self.understood():
            shards = body["_shards"]
            failed = int(shards.get("failed", 0))
            total = int(shards["total"])
            return ShardAnswer(body, min(int(shards["successful"]), total - failed), total)


def connect(backend: str | Address, retry: RetryPolicy | None = None) -> Cluster:
    """Returns the cluster of a library, with the credentials of the environment. Raises AddressProblem,
    CredentialsProblem and Untrusted."""
    return Cluster(parse_address(backend) if isinstance(backend, str) else backend, retry=retry)


def encoded(value: object) -> bytes:
    """A line of JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
