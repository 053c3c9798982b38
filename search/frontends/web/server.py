"""Runs the application: binds the address, reports it, and shuts down cleanly."""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from indexer.core.errors import PodseekProblem
from indexer.core.messages import _
from search.frontends.web.app import make_app
from search.frontends.web.errors import place_of
from search.frontends.web.processes import run_several
from search.frontends.web.safety.connections import TimedProtocol
from search.frontends.web.served.served_index import ServedIndex
from search.frontends.web.settings import Settings
from search.frontends.web.sockets import Listener, share_out

_LONGEST_HEAD = 64 * 1024
"""Bytes of a request line and its headers."""
_MOST_CONNECTIONS = 1000
_IDLE, _FAREWELL = 15, 3
"""Seconds that an idle connection is kept, and that open ones have when the server stops."""


def run(
    indexes: Sequence[ServedIndex], settings: Settings, tell: Callable[[str], None], detail: Callable[[str], None]
) -> None:
    """Serves until interrupted. Passes the address to `tell` once connections are accepted, problems to `detail`.

    Raises PodseekProblem if the address cannot be listened on.
    """
    _log_to(detail)
    try:
        listener = _config(_unready, settings).bind_socket()
    except SystemExit as ending:  # the server has logged the reason
        raise PodseekProblem(_not_listening(settings, ending.__context__)) from None
    listeners = share_out(listener, settings.processes)
    for one in listeners:
        one.listen()  # from now on connections wait, until the application is ready
    port = listener.getsockname()[1]

    def serve(listener: Listener) -> None:
        app = make_app(indexes, replace(settings, port=port))
        with suppress(KeyboardInterrupt):  # the usual way to stop it
            uvicorn.Server(_config(app, settings)).run(sockets=[listener])

    tell(address_of(settings, port))
    try:
        if settings.processes > 1:
            run_several([partial(serve, one) for one in listeners])
        else:
            serve(listener)
    finally:
        for one in listeners:
            one.close()


def _config(app: ASGIApp, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=TimedProtocol,
        ws="none",
        log_config=None,
        access_log=False,  # an address may tell what someone looked for
        server_header=False,
        proxy_headers=False,
        h11_max_incomplete_event_size=_LONGEST_HEAD,
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_keep_alive=_IDLE,
        timeout_graceful_shutdown=_FAREWELL,
    )


async def _unready(*_: object) -> None:
    """Fills the place of the application while the address is bound."""


def address_of(settings: Settings, port: int) -> str:
    """Returns the URL to open in a browser."""
    if settings.public is not None:
        return f"{settings.public.origin}{settings.public.prefix}/"
    host = (
        "127.0.0.1" if settings.host in ("0.0.0.0", "localhost") else "::1" if settings.host == "::" else settings.host
    )
    return f"http://{f'[{host}]' if ':' in host else host}{'' if port == 80 else f':{port}'}/"


def _not_listening(settings: Settings, reason: BaseException | None) -> str:
    """One line for what `bind` has raised."""
    code = reason.errno if isinstance(reason, OSError) else None
    if code is not None and code not in (errno.EADDRINUSE, errno.EACCES, errno.EPERM):
        return _("--host {host}: is no address of this machine: give one, such as 127.0.0.1").format(host=settings.host)
    place = f"{settings.host}:{settings.port}"
    return _(
        "--port: {place} cannot be listened on: another program uses it, or it is not yours: name another --port"
    ).format(place=place)


class _WithoutMessages(logging.Formatter):
    """Formats an exception as its type and place: its message may hold a query."""

    def formatException(self, ei: Any) -> str:
        return place_of(ei[1])


class _Telling(logging.Handler):
    """A log handler that passes lines to a function."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(_WithoutMessages())
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        self._tell(self.format(record))


def _log_to(detail: Callable[[str], None]) -> None:
    """Sends what the server logs to `detail`; neither it nor we log addresses or headers."""
    for name in ("uvicorn", "podseek.serve"):
        log = logging.getLogger(name)
        log.handlers = [_Telling(detail)]
        log.setLevel(logging.INFO)
        log.propagate = False
