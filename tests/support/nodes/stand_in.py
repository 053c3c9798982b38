"""A stand-in for OpenSearch in this process: as much of its API as podseek uses to write, with documents in memory, and
faults where a test wants them. What a real node does is tested by `make test-opensearch`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from indexer.store.cluster.transport.connection import Reply


@dataclass(slots=True)
class Stored:
    """A document: its source and its sequence number."""

    source: dict[str, Any]
    number: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that came in."""

    method: str
    path: str
    params: Mapping[str, str]
    body: bytes

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.body.splitlines()]


class Killed(BaseException):
    """What ends the process that asks, as kill -9 would."""


Fault = Callable[[Asked, Callable[[], Reply]], Reply]
"""Answers a request in place of the stand-in, which it may call, or raises."""


@dataclass(slots=True)
class StandIn:
    """The cluster. `fault` may answer in its place; `asked` are the requests so far."""

    indices: dict[str, dict[str, Stored]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    fault: Fault | None = None
    item_fault: Callable[[str, str], int | None] | None = None
    """Status of a bulk item in place of its execution, by action and id."""
    _number: int = 0
    _lock: Any = field(default_factory=Lock)

    def answer(self, asked: Asked) -> Reply:
        """Answers a request."""
        self.asked.append(asked)
        if self.fault is not None:
            return self.fault(asked, lambda: self._locked(asked))
        return self._locked(asked)

    def documents(self, index: str) -> dict[str, dict[str, Any]]:
        """The documents of an index or alias, by id."""
        return {name: stored.source for name, stored in self.indices[self.aliases.get(index, index)].items()}

    def of_kind(self, index: str, kind: str) -> dict[str, dict[str, Any]]:
        return {name: one for name, one in self.documents(index).items() if one.get("kind") == kind}

    def _locked(self, asked: Asked) -> Reply:
        with self._lock:
            status, body = self._done(asked)
        return Reply(status, json.dumps(body).encode())

    def _done(self, asked: Asked) -> tuple[int, Any]:
        parts = asked.path.strip("/").split("/")
        index = self.aliases.get(parts[0], parts[0])
        if parts[1:] == ["_search"] and index not in self.indices:
            kind = "index_not_found_exception"
            return 404, {"error": {"type": kind, "root_cause": [{"type": kind, "reason": f"no such index [{index}]"}]}}
        match (asked.method, *parts):
            case ("GET", "_cluster", "health", _):
                return 200, {"timed_out": False}
            case ("POST", "_aliases"):
                for action in json.loads(asked.body)["actions"]:
                    ((kind, one),) = action.items()
                    if kind == "add":
                        self.aliases[one["alias"]] = one["index"]
                    else:
                        self.aliases.pop(one["alias"], None)
                return 200, {}
            case ("GET", _, "_alias", name):
                return (200, {self.aliases[name]: {}}) if name in self.aliases else (404, {"error": "none"})
            case ("GET", "_cat", "indices", pattern):
                return 200, [{"index": one} for one in self.indices if one.startswith(pattern.rstrip("*"))]
            case ("GET", _, "_stats", "store"):
                return 200, {"_all": {"total": {"store": {"size_in_bytes": 5_000_000}}}}
            case ("PUT", name):
                if name in self.indices:
                    kind = "resource_already_exists_exception"
                    return 400, {"error": {"type": kind, "root_cause": [{"type": kind, "reason": name}]}}
                self.indices[name] = {}
                return 200, {}
            case ("HEAD", name):
                return (200 if index in self.indices else 404), {}
            case ("DELETE", name):
                return (200, {}) if self.indices.pop(name, None) is not None else (404, {})
            case ("POST", _, "_refresh"):
                return 200, {}
            case (method, _, "_doc", name):
                return self._document(method, index, name, asked)
            case ("POST", _, "_mget"):
                return 200, {"docs": [self._found(index, one["_id"]) for one in json.loads(asked.body)["docs"]]}
            case ("POST", _, "_bulk"):
                return self._bulk(index, asked)
            case ("POST", _, "_search"):
                return 200, self._search(index, json.loads(asked.body))
        raise AssertionError(asked)

    def _document(self, method: str, index: str, name: str, asked: Asked) -> tuple[int, Any]:
        if index not in self.indices:
            return 404, {"error": {"type": "index_not_found_exception", "reason": index}}
        if method in ("GET", "HEAD"):
            found = self._found(index, name)
            return (200 if found["found"] else 404), found
        if method == "DELETE":
            return (200, {}) if self.indices[index].pop(name, None) else (404, {})
        params = asked.params
        seen = (int(params["if_seq_no"]), 1) if "if_seq_no" in params else None
        status = self._put(index, name, json.loads(asked.body), params.get("op_type") == "create", seen)
        return status, {} if status < 300 else {"error": {"type": "version_conflict", "reason": name}}

    def _found(self, index: str, name: str) -> dict[str, Any]:
        stored = self.indices[index].get(name)
        if stored is None:
            return {"_id": name, "found": False}
        fields = {key: [value] for key, value in stored.source.items() if not isinstance(value, list)}
        return {
            "_id": name,
            "found": True,
            "_seq_no": stored.number,
            "_primary_term": 1,
            "_source": stored.source,
            "fields": fields,
        }

    def _put(self, index: str, name: str, source: dict[str, Any], new: bool, seen: tuple[int, int] | None) -> int:
        present = self.indices[index].get(name)
        if (new and present) or (seen is not None and (present is None or present.number != seen[0])):
            return 409
        self._number += 1
        self.indices[index][name] = Stored(source, self._number)
        return 200 if present else 201

    def _bulk(self, index: str, asked: Asked) -> tuple[int, Any]:
        lines = iter(asked.lines)
        items = []
        for line in lines:
            ((kind, about),) = line.items()
            source = next(lines) if kind != "delete" else {}
            name = about["_id"]
            seen = (about["if_seq_no"], about["if_primary_term"]) if "if_seq_no" in about else None
            status = self.item_fault(kind, name) if self.item_fault else None
            if status is None and kind == "delete":
                present = self.indices[index].get(name)
                if seen and (present is None or present.number != seen[0]):
                    status = 409
                else:
                    status = 200 if self.indices[index].pop(name, None) else 404
            elif status is None:
                status = self._put(index, name, source, kind == "create", seen)
            error = {"error": {"type": "some_exception", "reason": "a reason"}} if status >= 300 else {}
            items.append({kind: {"status": status, **error}})
        return 200, {"items": items}

    def _search(self, index: str, body: Mapping[str, Any]) -> dict[str, Any]:
        found = [(name, one.source) for name, one in self.indices[index].items() if _matches(one.source, body["query"])]
        answer: dict[str, Any] = {"_shards": {"total": 3, "successful": 3, "failed": 0}}
        hits: list[dict[str, Any]] = []
        if body["size"]:
            keys = [next(iter(one)) for one in body.get("sort", ())]
            for name, source in sorted(found, key=lambda pair: [pair[1][key] for key in keys]):
                place = [source[key] for key in keys]
                if "search_after" not in body or place > body["search_after"]:
                    hits.append({**self._found(index, name), "sort": place})
        answer["hits"] = {"total": {"value": len(found)}, "hits": hits[: body["size"]]}
        if "atoms" in body.get("aggs", {}):
            answer["aggregations"] = {"atoms": {"value": sum(source["atoms"] for __, source in found)}}
        elif "all" in body.get("aggs", {}):
            answer["aggregations"] = {"all": _groups([source for __, source in found], body)}
        return answer


def _groups(found: list[dict[str, Any]], body: Mapping[str, Any]) -> dict[str, Any]:
    wanted = body["aggs"]["all"]["composite"]
    groups: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for source in found:
        groups[source["episode"], source["revision"]].append(source)
    after = tuple(wanted.get("after", {}).values())
    buckets = [
        {
            "key": {"episode": key[0], "revision": key[1]},
            "doc_count": len(members),
            "at": {"value": max(one["at"] for one in members)},
        }
        for key, members in sorted(groups.items())
        if key > after
    ][: wanted["size"]]
    return {"buckets": buckets, **({"after_key": buckets[-1]["key"]} if buckets else {})}


def _matches(source: Mapping[str, Any], query: Mapping[str, Any]) -> bool:
    ((kind, wanted),) = query.items()
    if kind == "term":
        return all(source.get(name) == value for name, value in wanted.items())
    if kind == "bool":
        return all(_matches(source, one) for one in wanted["filter"])
    assert kind == "match_all"
    return True
