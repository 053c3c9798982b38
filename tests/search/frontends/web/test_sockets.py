"""The sockets on which several processes listen."""

import socket
import sys
from contextlib import ExitStack

import pytest

from search.frontends.web.sockets import share_out

CONNECTIONS = 100
"""So many that, spread at random over three sockets, none is left out (but in one case of 10^17)."""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux spreads connections over sockets")
def test_connections_are_spread_over_the_processes() -> None:
    with ExitStack() as stack:
        listeners = share_out(socket.create_server(("127.0.0.1", 0)), 3)
        for listener in listeners:
            stack.enter_context(listener)
            listener.listen()
            listener.setblocking(False)
        address = listeners[0].getsockname()
        for _ in range(CONNECTIONS):
            stack.enter_context(socket.create_connection(address))
        counts = [_accepted(listener, stack) for listener in listeners]
        assert sum(counts) == CONNECTIONS
        assert min(counts) > 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux spreads connections over sockets")
def test_the_address_of_several_processes_cannot_be_shared_by_another_program() -> None:
    with ExitStack() as stack:
        listeners = [stack.enter_context(one) for one in share_out(socket.create_server(("127.0.0.1", 0)), 2)]
        with pytest.raises(OSError, match="in use"):
            socket.create_server(listeners[0].getsockname())


def test_one_process_has_one_socket() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert share_out(listener, 1) == [listener]


def _accepted(listener: socket.socket, stack: ExitStack) -> int:
    amount = 0
    while True:
        try:
            connection, _ = listener.accept()
        except BlockingIOError:
            return amount
        stack.enter_context(connection)
        amount += 1
