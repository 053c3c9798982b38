"""The outermost layer of the application: refuses what must not reach it, and adds the safety headers to all that
leaves it, errors included."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from search.frontends.web.safety.headers import SAFETY_HEADERS
from search.frontends.web.safety.hosts import host_check
from search.frontends.web.safety.origins import is_foreign
from search.frontends.web.safety.tokens import Door
from search.frontends.web.settings import Settings

LONGEST_TARGET = 48_000
"""Bytes of a path and its query: 4,000 Chinese characters, percent-encoded, have 36,000, but the server takes 64 KB."""
LONGEST_BODY = 64_000


class Gatekeeper:
    """Wraps an application. Only http is served; websockets are closed."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._prefix = settings.prefix
        self._is_ours = host_check(settings)
        self._door = Door(settings) if settings.token is not None else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return

        async def send_safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SAFETY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if self._prefix and scope["path"].startswith(f"{self._prefix}/"):  # a proxy that does not strip it
            scope = {**scope, "path": scope["path"][len(self._prefix) :], "raw_path": b""}
        answer = self._refusal(scope)
        if answer is None and self._door is not None:
            answer = await self._door.answer(scope, receive)
        await (answer or self._app)(scope, receive, send_safe)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._is_ours(hosts[0]):
            return PlainTextResponse("421: this server has another name; open it by the address it printed\n", 421)
        if is_foreign(scope["method"], headers):
            return PlainTextResponse("403: asked for by another site\n", 403)
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > LONGEST_TARGET:
            return PlainTextResponse("414: the address is too long\n", 414)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > LONGEST_BODY or "transfer-encoding" in headers:
            return PlainTextResponse("413: the request is too large\n", 413)
        return None
