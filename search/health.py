"""What an index holds, and whether all of it can still be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.atoms import split_atoms
from search.postings import Postings


@dataclass(frozen=True, slots=True)
class Status:
    """Counts of an index. `seconds` is the speech in it, `size` its bytes on disk; `missing` counts
    episodes whose transcript file is gone."""

    folder: Path
    episodes: int
    shows: int
    cues: int
    characters: int
    seconds: float
    first_date: str | None
    last_date: str | None
    size: int
    missing: int


def read_status(postings: Postings) -> Status:
    """The counts of an open index."""
    episodes = [postings.episode(number) for number in postings.episodes()]
    dates = sorted(episode.date for episode in episodes if episode.date)
    return Status(
        folder=postings.folder,
        episodes=len(episodes),
        shows=len({episode.show for episode in episodes}),
        cues=sum(episode.cues for episode in episodes),
        characters=sum(episode.characters for episode in episodes),
        seconds=sum(episode.duration for episode in episodes),
        first_date=dates[0] if dates else None,
        last_date=dates[-1] if dates else None,
        size=sum(path.stat().st_size for path in postings.folder.iterdir() if path.is_file()),
        missing=sum(not Path(episode.path).exists() for episode in episodes),
    )


def check_index(postings: Postings) -> list[str]:
    """One line for each fault: an episode that cannot be read, or whose parts disagree."""
    return [f"{postings.folder}: {fault}: index the file again" for fault in _faults(postings)]


def _faults(postings: Postings) -> Iterator[str]:
    for number in postings.episodes():
        name = f"episode {number}"
        try:
            episode = postings.episode(number)
            name = episode.id
            stream, times = postings.stream(number), postings.times(number)
            texts, _ = postings.text(number)
            said = [atom for text in texts for atom in split_atoms(postings.folding.fold(text))]
        except Exception as error:  # a damaged file can fail in any way
            yield f"{name} cannot be read ({error})"
            continue
        if not len(texts) == len(times) == episode.cues:
            yield f"{name} has {len(texts)} texts, {len(times)} times and should have {episode.cues} cues"
        elif said != stream.atoms():
            yield f"{name} has a timeline that differs from its text"
