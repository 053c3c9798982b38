"""Answers of a real cluster, recorded once and replayed to what reads a library: `make test` then holds podseek against
the answers of an engine that it cannot start. `tests/opensearch/record.py` records them anew.

The recording is lines of JSON, compressed: a request, the scenes in which it came, and the answer. A request is known
by its path and the meaning of its body; what depends on the clock, or on the order of a set, does not count.
"""

from __future__ import annotations

import base64
import gzip
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from indexer.cluster.operations import index_into_cluster
from indexer.core.configuration.secret import Secret
from indexer.store.cluster.library.meta import existing_epoch
from indexer.store.cluster.transport.address import ClusterNode, parse_address
from indexer.store.cluster.transport.client import JSON
from indexer.store.cluster.transport.connection import Connections, Reply
from indexer.store.cluster.transport.credentials import Credentials
from indexer.store.cluster.transport.retry_policy import RetryPolicy
from search.backends.opensearch.counting import CountingCluster
from search.backends.opensearch.index import OpenSearchIndex
from support.library import ROOT, Tools

FILE = ROOT / "tests" / "opensearch" / "recorded" / "elasticsearch.jsonl.gz"
COMMAND = "python tests/opensearch/record.py"
NOWHERE = "http://127.0.0.1:9200"
"""The address of a cluster that is a recording."""

Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Scene:
    """A library in a state: its name, and the names of the transcripts in it."""

    library: str
    files: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return " ".join((self.library, *self.files))


class Recording:
    """Answers by request. With `live`, the address of a node, they are those of that node, and are kept."""

    def __init__(self, live: str = "") -> None:
        self.live = live
        self._answers: dict[Key, Reply] = {}
        if not live and FILE.exists():
            for line in gzip.decompress(FILE.read_bytes()).splitlines():
                one = json.loads(line)
                reply = Reply(one["status"], base64.b64decode(one["answer"]), 0.0, one["kind"], 0)
                for scene in one["scenes"]:
                    self._answers[scene, one["method"], one["path"], one["body"]] = reply

    def answer(self, key: Key) -> Reply:
        """The recorded answer."""
        assert key in self._answers, f"no answer to {' '.join(key)[:2000]} was recorded: `{COMMAND}` records them anew"
        return self._answers[key]

    def keep(self, key: Key, reply: Reply) -> None:
        self._answers.setdefault(key, reply)

    def write(self) -> int:
        """Writes the file; returns the number of requests."""
        scenes: dict[tuple[str, str, str, int, bytes, str], list[str]] = {}
        for (scene, *request), reply in self._answers.items():
            method, path, body = request
            scenes.setdefault((method, path, body, reply.status, reply.body, reply.kind), []).append(scene)
        lines = [
            {
                "scenes": names,
                "method": method,
                "path": path,
                "body": body,
                "status": status,
                "kind": kind,
                "answer": base64.b64encode(answer).decode(),
            }
            for (method, path, body, status, answer, kind), names in scenes.items()
        ]
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        FILE.parent.mkdir(exist_ok=True)
        FILE.write_bytes(gzip.compress(text.encode(), mtime=0))
        return len(lines)


recording = Recording()
"""What the tests of this process replay; `record.py` puts a live one in its place."""


class Replayed:
    """Takes the place of `Connections`. With `as_8`, the answers have the form of Elasticsearch 8."""

    def __init__(self, scene: Scene, as_8: bool = False) -> None:
        self.scene = scene
        self._as_8 = as_8
        self._live = None
        if recording.live:
            self._live = Connections(parse_address(f"{recording.live}/{scene.library}"), Credentials(Secret()))

    def ask(
        self, node: ClusterNode, method: str, target: str, body: bytes | None, kind: str, seconds: float, accept: str
    ) -> Reply:
        key = (self.scene.name, method, target, meaning(body))
        if "/_doc/readings-" in target:  # large, and the same for all
            key = ("", method, target.partition("/_doc/")[2], "")
        if self._live is None:
            reply = recording.answer(key)
            return without_types(reply) if self._as_8 else reply
        reply = self._live.ask(node, method, target, body, kind, seconds, accept)
        recording.keep(key, reply)
        return reply

    def close(self) -> None:
        if self._live is not None:
            self._live.close()


def without_types(reply: Reply) -> Reply:
    """An answer of Elasticsearch 7 as version 8 gives it: hits, documents and items of a bulk request have no type
    (https://www.elastic.co/guide/en/elasticsearch/reference/8.0/migrating-8.0.html)."""
    assert reply.kind == JSON or b"_type" not in reply.body
    return reply._replace(body=reply.body.replace(b'"_type":"_doc",', b""))


def meaning(body: bytes | None) -> str:
    """What a body asks for, the same for bodies that ask for the same: lists of texts are sorted, numbers rounded, and
    the time that is left is not in it."""
    return "\n".join(
        json.dumps(_settled(json.loads(line)), ensure_ascii=False, sort_keys=True)
        for line in (body or b"").splitlines()
    )


def _settled(value: Any) -> Any:
    match value:
        case dict():
            return {name: _settled(one) for name, one in value.items() if name != "timeout"}
        case list():
            found = [_settled(one) for one in value]
            return sorted(found) if all(isinstance(one, str) for one in found) else found
        case float() if math.isfinite(value):
            return float(f"{value:.9g}")
    return value


def opened(scene: Scene, as_8: bool = False) -> tuple[OpenSearchIndex, Replayed]:
    """A library as it is in a scene; `as_8` as for `Replayed`. Raises ClusterProblem if there is none."""
    address = parse_address(f"{recording.live or NOWHERE}/{scene.library}")
    cluster = CountingCluster(address, RetryPolicy(tries=2))
    cluster._connections = replayed = Replayed(scene, as_8)  # type: ignore[assignment]
    return OpenSearchIndex(cluster, existing_epoch(cluster)), replayed


def indexed(shows: Path, folder: Path) -> Scene:
    """The scene of the transcripts in a folder, which are indexed if the cluster is live. Its library has the name of
    the place of `folder`, without what differs from one test run to the next."""
    library = re.sub("[^a-z]", "", folder.parent.name)
    if recording.live:
        with TemporaryDirectory() as local, pytest.MonkeyPatch.context() as patch:
            patch.setenv("PODSEEK_BACKEND_FOLDER", local)  # else what reads it would find copies here
            report = index_into_cluster([shows], f"{recording.live}/{library}", jobs=1)
        assert report.exit_code == 0
    return Scene(library, tuple(sorted(path.name for path in shows.glob("*.srt"))))


class Engine:
    """Indexes transcripts and opens the result, as the contract of engines wants it. What was opened of the same folder
    before sees later changes, too."""

    def __init__(self) -> None:
        self._before: dict[Path, list[Replayed]] = {}

    def __call__(self, tools: Tools, shows: Path, folder: Path) -> OpenSearchIndex:
        with tools.loaded():
            scene = indexed(shows, folder)
        index, replayed = opened(scene)
        known = self._before.setdefault(folder, [])
        known.append(replayed)
        for one in known:
            one.scene = scene
        return index


__all__: Sequence[str] = ["Engine", "Recording", "Scene", "indexed", "opened", "recording"]
