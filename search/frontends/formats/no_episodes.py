"""Why no episode passes some filters, and what there is instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from indexer.core.messages import _, enumeration
from search.query.syntax import Filter

if TYPE_CHECKING:
    from indexer.core.types import Episode
    from search.library import Library

MOST_NAMES = 5
"""Names listed at most."""


def no_episodes(library: Library, filters: Sequence[Filter]) -> str:
    """Says why no episode passes these filters, and what there is instead."""
    empty = next((one for one in filters if not library.episodes([one])), None)
    if empty is not None and library.episodes():
        return why_no_episode(empty, library)
    if len(filters) > 1:
        return _("No episode passes all of {filters}: leave one out").format(filters=" ".join(map(str, filters)))
    return _("No episodes")


def no_episodes_left(library: Library, filters: Sequence[Filter]) -> str:
    """Says why no episode passes these filters; empty if one does, or without filters."""
    return "" if not filters or library.episodes(filters) else no_episodes(library, filters)


def why_no_episode(one: Filter, library: Library) -> str:
    """Says that no episode passes a filter, and what there is instead."""
    episodes = library.episodes()
    if one.field == "date":
        dates = sorted(episode.period for episode in episodes if episode.period)
        if not dates:
            return _("{filter}: no episode has a date").format(filter=one)
        return _("{filter}: no episode is of that time: they are from {first} to {last}").format(
            filter=one, first=dates[0], last=dates[-1]
        )
    if one.field == "title":
        return _("{filter}: no episode has this in its title: `podseek episodes` lists them").format(filter=one)
    names = _names(one.field, episodes)
    if not names:
        what = _("{filter}: no episode names a show") if one.field == "show" else _("{filter}: no speaker is named")
        return what.format(filter=one)
    listed = enumeration([*names[:MOST_NAMES], *(["..."] if len(names) > MOST_NAMES else [])])
    what = _("{filter}: no show has this name: there are {names}")
    if one.field == "speaker":
        what = _("{filter}: no speaker has this name: there are {names}")
    return what.format(filter=one, names=listed)


def _names(field: str, episodes: Sequence[Episode]) -> list[str]:
    if field == "show":
        return sorted({episode.show for episode in episodes if episode.show})
    return list(dict.fromkeys(name for episode in episodes for name in episode.speakers))
