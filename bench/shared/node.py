"""A node of a search cluster, as trials, benchmarks and tests ask it over HTTP."""

from __future__ import annotations

import base64
import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.engines import NodeProblem


@dataclass(frozen=True, slots=True)
class Access:
    """How to be let in by nodes with TLS: the certificate of the authority to trust, and a user."""

    ca: Path
    user: str
    password: str


class Node:
    """A node that answers at `url`."""

    def __init__(self, url: str, access: Access | None = None) -> None:
        self.url = url
        self._context = ssl.create_default_context(cafile=access.ca) if access else None
        pair = f"{access.user}:{access.password}".encode() if access else b""
        self._headers = {"Authorization": f"Basic {base64.b64encode(pair).decode()}"} if access else {}

    def call(self, method: str, path: str, body: object = None, seconds: float = 60.0) -> Any:
        """Sends a request and returns the decoded answer; `body` is JSON, or lines of JSON for `_bulk`. Raises
        NodeProblem, and OSError without an answer in so many seconds."""
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        kind = "application/x-ndjson" if isinstance(body, bytes) else "application/json"
        request = urllib.request.Request(self.url + path, data, {"Content-Type": kind, **self._headers}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=seconds, context=self._context) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise NodeProblem(f"{method} {path}: {error.read(1000).decode(errors='replace')}") from error

    def bulk(self, index: str, lines: Sequence[bytes]) -> None:
        """Adds documents, each an action line and a body. Raises NodeProblem if one is refused."""
        answer = self.call("POST", f"/{index}/_bulk", b"".join(lines))
        if answer["errors"]:
            raise NodeProblem(str(answer["items"][0])[:1000])
