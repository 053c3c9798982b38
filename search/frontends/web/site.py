"""One index as a site: its addresses, the threads that answer for it, and the view that a page is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from indexer.core.messages import speaking
from indexer.core.types import Episode
from search.frontends.web.addresses import Addresses
from search.frontends.web.answering.answer_cache import AnswerCache, OfGeneration
from search.frontends.web.answering.costs import cost_of, limit_of
from search.frontends.web.answering.page_cache import KeptPages, KeptResponse, find_page, keep_page, kept_pages
from search.frontends.web.answering.worker_threads import SEARCHING, Workers
from search.frontends.web.facets import Counted, count_cache
from search.frontends.web.rendering.languages import CHINESE, ENGLISH, Translate, chosen_language, translator
from search.frontends.web.rendering.render import render_bare, static_path
from search.frontends.web.safety.headers import content_policy
from search.frontends.web.served.audio_sources import Sound, sound_of
from search.frontends.web.served.reviewing import Review
from search.frontends.web.served.served_index import ServedIndex
from search.frontends.web.settings import Settings
from search.query.deadline import Deadline

_ROOM_FOR_ANSWERS = 4_000_000
"""Bytes, roughly, of the answers that a process remembers of an index."""


@dataclass(frozen=True, eq=False)
class Site:
    """`pools` answer the kinds of questions. `has_siblings` is True if other
    indexes are served beside it."""

    index: ServedIndex
    settings: Settings
    pools: Mapping[str, Workers]
    urls: Addresses
    has_siblings: bool = False

    @cached_property
    def counts(self) -> OfGeneration[Counted]:
        """How many moments the last queries have."""
        return count_cache(self.index)

    @cached_property
    def review(self) -> Review:
        return Review(self.index)

    @cached_property
    def answers(self) -> OfGeneration[AnswerCache[Any]]:
        """What was found for the last questions, by what was asked."""
        return OfGeneration(self.index.library, lambda: AnswerCache(_ROOM_FOR_ANSWERS))

    @cached_property
    def kept(self) -> OfGeneration[KeptPages]:
        return kept_pages(self.index.library)

    async def page(
        self, request: Request, make: Callable[[PageView, Deadline], Response], kind: str = SEARCHING
    ) -> Response:
        """Answers with a page that is kept, or makes it in a thread. Raises Overloaded and what `make` raises."""
        latest = self.kept.latest()
        known = None if latest is None else find_page(latest, request)
        if known is not None:
            return known
        view = PageView(self, request)

        def made(deadline: Deadline) -> Response:
            kept = self.kept.current()
            with speaking(view.language):
                answer = make(view, deadline)
            keep_page(kept, request, answer)
            return answer

        params = request.query_params
        cost = cost_of(request.scope["path"], params)
        return await self.pools[kind].answer(request, made, cost, limit_of(params))

    def sound(self, episode: Episode) -> Sound | None:
        """The audio of an episode that may be served."""
        folders = (*self.index.catalogue.folders, *self.settings.audio_folders)
        return sound_of(episode, folders)


@dataclass(frozen=True, eq=False)
class PageView:
    """The request and the site as seen by templates."""

    site: Site
    request: Request
    _sounds: dict[str, Sound | None] = field(default_factory=dict)

    @cached_property
    def language(self) -> str:
        return chosen_language(self.request)

    @cached_property
    def t(self) -> Translate:
        return translator(self.language)

    @property
    def urls(self) -> Addresses:
        return self.site.urls

    @property
    def static(self) -> str:
        """The folder of the stylesheet and the scripts."""
        return self.site.settings.prefix + static_path()

    @property
    def home(self) -> str:
        """The address of the list of indexes, or of the one index."""
        return f"{self.site.settings.prefix}/"

    @property
    def params(self) -> Mapping[str, str]:
        return self.request.query_params

    @property
    def other_language(self) -> str:
        """The address of this page in the other language."""
        values = [(name, value) for name, value in self.request.query_params.multi_items() if name != "lang"]
        values.append(("lang", ENGLISH if self.language == CHINESE else CHINESE))
        return f"?{urlencode(values, errors='replace')}"

    def sound(self, episode: Episode) -> Sound | None:
        """The audio of an episode, looked up once per page."""
        if episode.id not in self._sounds:
            self._sounds[episode.id] = self.site.sound(episode)
        return self._sounds[episode.id]

    def render(self, template: str, **values: Any) -> str:
        return render_bare(template, self.language, view=self, urls=self.urls, **values)

    def respond(self, template: str, status: int = 200, **values: Any) -> Response:
        """Returns a page whose security policy permits audio from the hosts of the episodes it shows."""
        html = self.render(template, **values)
        return HTMLResponse(html, status, {"content-security-policy": content_policy(self._origins())})

    def respond_for_all(
        self, template: str, is_outdated: Callable[[], bool] = lambda: False, **values: Any
    ) -> Response:
        """`respond`, with a page that is the same for everybody who asks for this address in this language."""
        html = self.render(template, **values)
        return KeptResponse(html, {"content-security-policy": content_policy(self._origins())}, is_outdated)

    def _origins(self) -> Iterable[str]:
        origins = {sound.origin for sound in self._sounds.values() if sound is not None and sound.origin}
        return origins | {f"https://{host}" for host in self.site.settings.audio_hosts} if origins else origins
