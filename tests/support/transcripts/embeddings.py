"""Models of meaning for tests: one that knows a few topics, and an embedding server with configurable answers."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

TOPICS = (
    ("电池", "续航", "充电", "没电"),
    ("裁员", "失业", "找不到工作"),
    ("失眠", "睡不着", "熬夜"),
    ("光缆", "海底", "信号中断"),
)


def vector_of(text: str) -> list[float]:
    """A direction for the topics that a text names, whatever the words; all others point elsewhere."""
    found = [float(sum(text.count(word) for word in words)) for words in TOPICS]
    return [*found, 0.0 if any(found) else 1.0, 0.1]


class TopicModel:
    """An embedder that knows the topics. `asked` are the texts it got."""

    at_once = 4

    def __init__(self, name: str = "topics") -> None:
        self.name = name
        self.asked: list[str] = []

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        self.asked.extend(texts)
        return list(map(vector_of, texts))

    def question(self, text: str) -> list[float]:
        self.asked.append(text)
        return vector_of(text)


@dataclass
class Said:
    """What a server answers: status, body, headers."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Heard:
    """A request that a server got."""

    path: str
    headers: dict[str, str]
    texts: list[str]
    model: str


def answered(texts: Sequence[str]) -> Said:
    """The right answer, its vectors out of order."""
    data = [{"object": "embedding", "index": at, "embedding": vector_of(text)} for at, text in enumerate(texts)]
    return Said(body=json.dumps({"object": "list", "data": data[::-1]}).encode())


Answer = Callable[[Heard], Said]


@contextmanager
def embedding_server(
    answer: Answer = lambda heard: answered(heard.texts), tls: ssl.SSLContext | None = None
) -> Iterator[tuple[str, list[Heard]]]:
    """Serves on a port of this machine; yields its address and the list of what it was asked."""
    heard: list[Heard] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            heard.append(Heard(self.path, dict(self.headers), asked["input"], asked["model"]))
            said = answer(heard[-1])
            self.send_response(said.status)
            for name, value in {"Content-Length": str(len(said.body)), **said.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said.body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}", heard
    finally:
        server.shutdown()
        server.server_close()
