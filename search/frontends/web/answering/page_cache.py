"""Pages that several people ask for are kept as they were sent: a query that many ask, the first page, a transcript."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from search.frontends.web.answering.answer_cache import AnswerCache, OfGeneration
from search.frontends.web.rendering.languages import chosen_language

if TYPE_CHECKING:
    from search.library import Library

_ROOM = 16_000_000
"""Bytes of all pages that a process keeps of an index."""
_SECONDS = 60.0
"""A page is kept no longer, because audio that is put beside a transcript changes it without a commit."""


class KeptResponse(HTMLResponse):
    """A page that may be kept: it depends on nothing but its address, the language and the index. It is out of date
    once `is_outdated` is true."""

    def __init__(self, html: str, headers: Mapping[str, str], is_outdated: Callable[[], bool] = lambda: False) -> None:
        super().__init__(html, 200, headers)
        self.is_outdated = is_outdated


@dataclass(frozen=True, slots=True)
class _KeptPage:
    body: bytes
    headers: Mapping[str, str]
    is_outdated: Callable[[], bool]


KeptPages = AnswerCache[_KeptPage]


def kept_pages(library: Library) -> OfGeneration[KeptPages]:
    """The pages of an index that were sent lately."""
    return OfGeneration(library, lambda: AnswerCache(_ROOM, _SECONDS))


def find_page(pages: KeptPages, request: Request) -> Response | None:
    """The answer to a request, if it is kept."""
    kept = pages.get(_question(request))
    if kept is None or kept.is_outdated():
        return None
    return Response(kept.body, 200, dict(kept.headers))


def keep_page(pages: KeptPages, request: Request, answer: Response) -> None:
    """Keeps the answer to a request, if it may be kept."""
    if isinstance(answer, KeptResponse):
        body = bytes(answer.body)
        kept = _KeptPage(body, dict(answer.headers), answer.is_outdated)
        pages.keep(_question(request), kept, len(body) + len(request.scope["query_string"]) + 1000)


def _question(request: Request) -> Hashable:
    return request.scope["path"], request.scope["query_string"], chosen_language(request)
