"""More like this: other moments, or episodes, that say the words which are typical of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.episodes import find_number
from search.explore.borders import place_of
from search.explore.function_words import FUNCTION_WORDS
from search.explore.keyness import typical
from search.explore.part import Part, choose, without
from search.explore.words import Words
from search.library import Library
from search.query.tree import Filter
from search.results import Moment
from search.scoring import bm25

AROUND_SECONDS = 45.0
"""A moment is what is said so long before and after."""
FEW, MANY = 8, 16
"""Typical words of a moment, and of an episode."""
_LIKELY = 0.01


@dataclass(frozen=True, slots=True)
class Likeness:
    """An episode like another one: its BM25 for the typical words, which of them it has, its title, show and date."""

    episode: str
    title: str
    show: str
    date: str | None
    score: float
    words: str


def typical_words(words: Words, episode: int, seconds: float | None = None) -> list[str]:
    """The words typical of an episode, or of what is said around a second of it, the surest first."""
    everything = choose(words.postings)
    regions: Sequence[tuple[int, int]] = everything.kept.get(episode, ())
    if seconds is not None:
        begin = place_of(words.postings, episode, max(0.0, seconds - AROUND_SECONDS))
        end = place_of(words.postings, episode, seconds + AROUND_SECONDS)
        regions = [(max(a, begin), min(b, end)) for a, b in regions if a < end and begin < b]
    part = Part({episode: regions} if regions else {}, {})
    most = MANY if seconds is None else FEW
    found = typical(words, part, without(everything, part), limit=8 * most, least=2, significance=_LIKELY)
    return [row.term for row in found if row.term not in FUNCTION_WORDS and not row.term[:1].isdigit()][:most]


def similar_moments(
    library: Library, name: str, seconds: float | None = None, *, limit: int = 10, filters: Sequence[Filter] = ()
) -> tuple[list[str], list[Moment]]:
    """The typical words, and the moments elsewhere that say most of them; of the episode only what is not near."""
    episode = library.find_episode(name)
    words = _words_of(library, name, seconds)
    if not words:
        return [], []
    found = library.search(" ".join(words), limit=3 * limit + 10, filters=filters, exact=True)
    others = [moment for moment in found if not _is_near(moment, episode.id, seconds)]
    return words, [replace(moment, rank=rank) for rank, moment in enumerate(others[:limit], 1)]


def similar_episodes(
    library: Library, name: str, seconds: float | None = None, *, limit: int = 10
) -> tuple[list[str], list[Likeness]]:
    """The typical words, and the other episodes by their BM25 for them."""
    words = _words_of(library, name, seconds)
    postings = library.explore.postings
    number = find_number(postings, name)
    counts = {word: postings.word_episodes(word) for word in words}
    average = postings.total_atoms / max(1, postings.episode_count)
    rows = []
    for other in {episode for found in counts.values() for episode in found} - {number}:
        said = [(found.get(other, 0), len(found)) for found in counts.values()]
        facts = postings.episode(other)
        score = bm25(said, postings.episode_count, postings.atoms(other), average)
        shared = "、".join(word for word in words if other in counts[word])
        rows.append(Likeness(facts.id, facts.title, facts.show, facts.date, score, shared))
    rows.sort(key=lambda row: (-row.score, row.episode))
    return words, rows[:limit]


def _words_of(library: Library, name: str, seconds: float | None) -> list[str]:
    explore = library.explore
    return typical_words(explore.words, find_number(explore.postings, name), seconds)


def _is_near(moment: Moment, episode: str, seconds: float | None) -> bool:
    if moment.episode.id != episode:
        return False
    return seconds is None or (
        moment.start < seconds + 2 * AROUND_SECONDS and moment.end > seconds - 2 * AROUND_SECONDS
    )
