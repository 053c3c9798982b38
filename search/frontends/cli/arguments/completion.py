"""What the shell completes: ids of episodes, shows, speakers, sources, libraries. Imported only when a shell asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import click
from click.shell_completion import CompletionItem

from indexer.core.errors import PodseekProblem

_MOST = 200


def complete(kind: str, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """The names of this kind that begin with what is typed, else those that contain it; none if the index cannot be
    read."""
    try:
        found = list(dict.fromkeys(_KINDS[kind](_index(ctx))))
    except (PodseekProblem, OSError, ValueError):
        return []
    typed = incomplete.casefold()
    fitting = [name for name in found if name.casefold().startswith(typed)]
    fitting = fitting or [name for name in found if typed in name.casefold()]
    return [CompletionItem(name) for name in fitting[:_MOST]]


def _index(ctx: click.Context) -> str | None:
    """The index that is named before the word, on any level."""
    at: click.Context | None = ctx
    while at is not None:
        if at.params.get("index"):
            return str(at.params["index"])
        if libraries := at.params.get("libraries"):
            return str(next(iter(libraries.values())))
        at = at.parent
    return None


def _episodes(index: str | None) -> list[Any]:
    from search import open_library

    with open_library(index) as library:
        return list(library.episodes())


def _speakers(index: str | None) -> Iterable[str]:
    return (speaker for episode in _episodes(index) for speaker in episode.speakers)


def _libraries(_index: str | None) -> Iterable[str]:
    from indexer.core.configuration.settings import read_settings

    return read_settings().libraries


def _sources(index: str | None) -> Iterable[str]:
    from pathlib import Path

    from indexer.core.configuration.paths import default_index
    from indexer.store.library.sources import read_sources

    return (source.place for source in read_sources(Path(index) if index else default_index()))


_KINDS: dict[str, Callable[[str | None], Iterable[str]]] = {
    "episode": lambda index: (episode.id for episode in _episodes(index)),
    "show": lambda index: (episode.show for episode in _episodes(index) if episode.show),
    "title": lambda index: (episode.title for episode in _episodes(index) if episode.title),
    "speaker": _speakers,
    "library": _libraries,
    "source": _sources,
}
