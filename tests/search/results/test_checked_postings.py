"""Postings that differ from their streams are found: of words and of characters, plain ones and those with names."""

from __future__ import annotations

from typing import Any

import pytest

from search import Library
from search.backends.snapshot import Snapshot
from search.results.checked_postings import wrong_postings


class _Altered:
    """A snapshot in which one term occurs more often in an episode than it does."""

    def __init__(self, snapshot: Snapshot, asked: str, term: str, episode: int) -> None:
        self._snapshot, self._altered = snapshot, (asked, term, episode)

    def __getattr__(self, name: str) -> Any:
        asked, term, episode = self._altered
        found = getattr(self._snapshot, name)
        if name != asked:
            return found
        return lambda one: {
            number: count + 99 * (one == term and number == episode) for number, count in found(one).items()
        }


def wrong(snapshot: Any) -> list[int]:
    return list(wrong_postings(snapshot, list(snapshot.words()), lambda: None))


@pytest.mark.parametrize(
    ("asked", "term"),
    [("word_episodes", "强化学习"), ("word_episodes", "机器"), ("word_episodes", "gpu"), ("char_episodes", "机")],
)
def test_a_wrong_count_of_a_term_is_found(sample: Library, asked: str, term: str) -> None:
    snapshot = sample.snapshot
    episode = max(getattr(snapshot, asked)(term))
    assert wrong(_Altered(snapshot, asked, term, episode)) == [episode]


def test_a_step_for_each_episode(sample: Library) -> None:
    snapshot, steps = sample.snapshot, list[int]()
    assert list(wrong_postings(snapshot, list(snapshot.words()), lambda: steps.append(1))) == []
    assert len(steps) == len(snapshot.episodes())
