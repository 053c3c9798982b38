"""The token that `--token` demands: once in a form, which sets a cookie, or with each request to the API.

The cookie holds a keyed digest, not the token; no address and no log line ever holds either.
"""

from __future__ import annotations

import hashlib
import hmac
from time import monotonic
from urllib.parse import parse_qs, quote

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import Receive, Scope

from indexer.core.messages import _
from search.frontends.web.rendering.languages import chosen_language
from search.frontends.web.rendering.render import render_bare, static_path
from search.frontends.web.settings import Settings

COOKIE = "podseek-reader"
_KEPT = 60 * 60 * 24 * 90
"""Seconds a browser keeps the cookie."""
_TRIES, _PAUSE = 10, 60.0
"""Wrong tokens in `_PAUSE` seconds, from all readers together, until further wrong ones are answered with 429."""
_OPEN = ("/healthz",)


class Door:
    """Lets in who has the token."""

    def __init__(self, settings: Settings) -> None:
        assert settings.token is not None
        self._token = settings.token.encode()
        self._digest = hmac.new(self._token, b"podseek reader", hashlib.sha256).hexdigest()
        self._prefix = settings.prefix
        self._is_secure = settings.public is not None and settings.public.scheme == "https"
        self._wrong: list[float] = []

    async def answer(self, scope: Scope, receive: Receive) -> Response | None:
        """The answer to a request that may not go on; None for one that may."""
        path: str = scope["path"]
        headers = Headers(scope=scope)
        if path == "/login":
            return await self._at_door(Request(scope, receive))
        if path in _OPEN or path.startswith("/static/") or self._has_cookie(scope):
            return None
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return None if self._is_right(given.strip()) else self._refused(scope, wrong=True)
        return self._refused(scope)

    async def _at_door(self, request: Request) -> Response:
        if request.method == "POST":
            return await self._let_in(request)
        is_in = self._has_cookie(request.scope)
        return RedirectResponse(f"{self._prefix}/", 303) if is_in else self._refused(request.scope)

    def _has_cookie(self, scope: Scope) -> bool:
        given = Request(scope).cookies.get(COOKIE, "")
        return hmac.compare_digest(given.encode(), self._digest.encode())

    def _is_locked(self) -> bool:
        now = monotonic()
        self._wrong = [at for at in self._wrong if now - at < _PAUSE]
        return len(self._wrong) >= _TRIES

    def _is_right(self, given: str) -> bool:
        """Compares a token, and counts a wrong one. The right one is right even while wrong ones are refused, so that
        nobody can lock others out; its length is what keeps it from being guessed."""
        if hmac.compare_digest(given.encode(), self._token):
            return True
        if not self._is_locked():
            self._wrong.append(monotonic())
        return False

    async def _let_in(self, request: Request) -> Response:
        fields = parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=4)
        if not self._is_right(fields.get("token", [""])[0]):
            return self._refused(request.scope, wrong=True)
        back = fields.get("back", ["/"])[0]
        if not back.startswith("/") or back.startswith(("//", "/\\")):
            back = "/"
        answer = RedirectResponse(self._prefix + back, 303)
        answer.set_cookie(
            COOKIE, self._digest, _KEPT, path=self._prefix or "/", secure=self._is_secure, httponly=True, samesite="lax"
        )
        return answer

    def _refused(self, scope: Scope, wrong: bool = False) -> Response:
        busy = wrong and self._is_locked()
        status = 429 if busy else 401
        headers = {"retry-after": str(round(_PAUSE))} if busy else {"www-authenticate": "Bearer"}
        path: str = scope["path"]
        if path.startswith("/api/") or "/api/v1/" in path:
            return JSONResponse(
                {"error": _("the token is missing or wrong: send Authorization: Bearer TOKEN")}, status, headers
            )
        back = quote(path) if path != "/login" else "/"
        if path != "/login" and scope["query_string"]:
            back += "?" + scope["query_string"].decode("latin-1")
        page = render_bare(
            "login.html",
            chosen_language(Request(scope)),
            root=self._prefix,
            static=self._prefix + static_path(),
            back=back,
            wrong=wrong,
            busy=busy,
        )
        return HTMLResponse(page, status, headers)
