"""The addresses of the pages of one index, percent-encoded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlencode


@dataclass(frozen=True, slots=True)
class Addresses:
    """`root` is what comes before every path of an index: empty, or `/podcasts/name`."""

    root: str

    def page(self, path: str, **query: object) -> str:
        """`/search?q=...`; parameters without a value are left out."""
        return self.root + path + _query(query)

    def search(self, query: str, **more: object) -> str:
        return self.page("/search", q=query, **more)

    def episode(self, episode: str, query: str = "", second: float | None = None) -> str:
        """The reader of an episode, at a second. The server reads `at`, the page `#t=`."""
        if second is None:
            return self.page(f"/episode/{_path(episode)}", q=query)
        return self.seconds(episode, query)(second)

    def seconds(self, episode: str, query: str = "") -> Callable[[float], str]:
        """The addresses of the reader of an episode by second; hundreds of them are made for a page."""
        before = self.page(f"/episode/{_path(episode)}", q=query)
        before += "&at=" if query else "?at="
        return lambda second: f"{before}{int(second)}#t={int(second)}"

    def page_of(self, episode: str, query: str, first: int) -> str:
        """The reader of an episode, from a cue on; for `episode.html`."""
        return self.page(f"/episode/{_path(episode)}", q=query or None, first=first)

    def lines(self, episode: str, first: int, query: str = "") -> str:
        """The lines of an episode from a cue on, as a piece of HTML."""
        return self.page(f"/lines/{_path(episode)}", q=query or None, first=first)

    def audio(self, episode: str) -> str:
        return self.page(f"/audio/{_path(episode)}")

    def show(self, name: str) -> str:
        return self.page(f"/shows/{_path(name)}")


def _path(text: str) -> str:
    return quote(text, safe="/", errors="replace")


def _query(values: dict[str, object]) -> str:
    given = {name: value for name, value in values.items() if value is not None and value is not False and value != ""}
    return "?" + urlencode({n: "1" if v is True else v for n, v in given.items()}, errors="replace") if given else ""
