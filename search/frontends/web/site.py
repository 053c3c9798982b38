"""One index as a site: its shelf, its addresses, the threads that answer for it, and the view that a page is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from indexer.core.types import Episode
from search.frontends.web.addresses import Addresses
from search.frontends.web.facets import CountCache
from search.frontends.web.languages import CHINESE, ENGLISH, Translate, chosen_language, translator
from search.frontends.web.rendering import render_bare, static_path
from search.frontends.web.reviewing import Review
from search.frontends.web.safety.headers import content_policy
from search.frontends.web.settings import Settings
from search.frontends.web.shelf import Shelf
from search.frontends.web.sounds import Sound, sound_of
from search.frontends.web.work import SEARCHING, Workers
from search.query.deadline import Deadline


@dataclass(frozen=True, eq=False)
class Site:
    """`pools` answer the kinds of questions. `has_siblings` is True if other
    indexes are served beside it."""

    shelf: Shelf
    settings: Settings
    pools: Mapping[str, Workers]
    urls: Addresses
    has_siblings: bool = False

    @cached_property
    def counts(self) -> CountCache:
        return CountCache(self.shelf)

    @cached_property
    def review(self) -> Review:
        return Review(self.shelf)

    async def page(
        self, request: Request, make: Callable[[PageView, Deadline], Response], kind: str = SEARCHING
    ) -> Response:
        """Makes a page in a thread. Raises Overloaded and what `make` raises."""
        view = PageView(self, request)
        return await self.pools[kind].answer(request, lambda deadline: make(view, deadline))

    def sound(self, episode: Episode) -> Sound | None:
        """The audio of an episode that may be served."""
        folders = (*self.shelf.catalogue.folders, *self.settings.audio_folders)
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

    def _origins(self) -> Iterable[str]:
        return {sound.origin for sound in self._sounds.values() if sound is not None and sound.origin}
