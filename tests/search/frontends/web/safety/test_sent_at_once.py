"""Connections of the server: what is sent waits for nothing."""

import asyncio
import socket

import uvicorn
from uvicorn.server import ServerState

from search.frontends.web.safety.connections import TimedProtocol


async def _application(_scope: object, _receive: object, _send: object) -> None:
    """Answers nothing."""


def test_the_body_of_an_answer_does_not_wait_for_its_head() -> None:
    made: list[int] = []

    class Seen(TimedProtocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            own = transport.get_extra_info("socket")
            made.append(own.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            transport.close()

    async def connect(listener: socket.socket) -> None:
        config = uvicorn.Config(_application, log_config=None)
        config.load()
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Seen(config, ServerState(), {}), sock=listener)
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        assert await reader.read() == b""  # closed by the server
        writer.close()
        server.close()

    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:  # made as uvicorn makes it
        listener.bind(("127.0.0.1", 0))
        asyncio.run(connect(listener))
    assert len(made) == 1
    assert made[0] != 0
