"""The sockets on which the processes of a server listen, and those of its connections."""

from __future__ import annotations

import socket
import sys
from typing import TypeAlias

Listener: TypeAlias = socket.socket


def share_out(listener: Listener, amount: int) -> list[Listener]:
    """Returns a bound socket for each process, the first of them `listener`.

    On Linux each is a socket of its own on the same address, so that the kernel spreads connections evenly; on one
    socket, whichever process is awake takes most. Elsewhere all are `listener`. The first was bound without
    SO_REUSEPORT, so the address belongs to no other program.
    """
    if amount == 1 or sys.platform != "linux":
        return [listener] * amount
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listeners = [listener]
    for _ in range(amount - 1):
        another = socket.socket(listener.family, listener.type)
        listeners.append(another)
        for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
            another.setsockopt(socket.SOL_SOCKET, option, 1)
        if listener.family == socket.AF_INET6:
            only = listener.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY)
            another.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, only)
        another.bind(listener.getsockname())
    return listeners


def send_at_once(connection: socket.socket) -> None:
    """Switches Nagle's algorithm off: the body of an answer would wait up to 40 ms until its head is acknowledged.

    asyncio does so only for sockets whose protocol is named, which those of uvicorn's listener are not.
    """
    if connection.family in (socket.AF_INET, socket.AF_INET6):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
