"""HTTP/1.1 connections that no endless request can hold open (slowloris), and whose answers are sent at once."""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from search.frontends.web.sockets import send_at_once

PATIENCE = 10.0
"""Seconds between two looks at a connection: a request has one to two times as long to arrive as a whole."""
_ARRIVING = (h11.IDLE, h11.SEND_BODY)


class TimedProtocol(H11Protocol):
    """Closes a connection when the same request is still arriving at two looks, byte by byte or not at all. How long an
    answer takes does not matter."""

    _before: object = None
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        send_at_once(transport.get_extra_info("socket"))
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def _look(self) -> None:
        state = self.conn.their_state
        now = (state, self.cycle) if state in _ARRIVING else None  # there is one cycle a request
        if now is not None and now == self._before:
            self.transport.close()
            return
        self._before = now
        self._timer = self.loop.call_later(PATIENCE, self._look)
