"""Which episode a name means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.errors import PodseekProblem
from search.postings import Postings

if TYPE_CHECKING:
    pass


class NoSuchEpisode(PodseekProblem):
    """A name that fits no episode, or several."""


def find_number(postings: Postings, name: str) -> int:
    """The number of the episode with this id or path, or of the only one whose id or title contains the name.

    Raises NoSuchEpisode, naming the candidates when there are several.
    """
    episodes = {number: postings.episode(number) for number in postings.episodes()}
    from pathlib import Path  # late: a search names no files

    path = str(Path(name).resolve())
    for number, episode in episodes.items():
        if name == episode.id or path == episode.path:
            return number
    fold = postings.folding.fold
    wanted = fold(name)
    partly = [n for n, e in episodes.items() if wanted in fold(e.id) or wanted in fold(e.title)]
    if len(partly) == 1:
        return partly[0]
    if not partly:
        raise NoSuchEpisode(f"{name}: no episode has this id, path or title: `podseek episodes` lists them")
    listed = ", ".join(episodes[number].id for number in partly[:3])
    raise NoSuchEpisode(
        f"{name}: {len(partly)} episodes fit ({listed}{', ...' if len(partly) > 3 else ''}): give more of the id"
    )
