"""The examples on the first page are words that people say."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
from support.front_ends.web import page_of, served, words

from search.frontends.web import facets
from search.frontends.web.served.examples import example_words
from search.query.deadline import Deadline


class Vocabulary:
    """A snapshot of words, each with its occurrences, all in one episode of nine unless `spread` says more."""

    def __init__(self, episode_count: int = 9, spread: dict[str, int] | None = None, **counts: int) -> None:
        self.episode_count = episode_count
        self._counts = counts
        self._spread = spread or {}

    def words(self) -> list[str]:
        return sorted(self._counts)

    def word_count(self, word: str) -> int:
        return self._counts[word]

    def word_spread(self, word: str) -> int:
        return self._spread.get(word, 1)


def test_a_subject_of_several_episodes_comes_before_the_refrain_of_one_song() -> None:
    spread = {"经济": 9, "能源": 5, "副歌": 1}
    snapshot = Vocabulary(100, spread, 副歌=300, 经济=60, 能源=30, 一次=5)
    assert example_words(cast("Any", snapshot)) == ["经济", "能源", "副歌", "一次"]


def test_a_part_of_a_word_is_no_example_unless_it_is_said_by_itself() -> None:
    snapshot = Vocabulary(服务器=9, 务器=9, 服务=12, 电池=8, 锂电池=5, 茶=30)
    assert example_words(cast("Any", snapshot)) == ["服务", "服务器", "电池", "锂电池"]


def test_a_small_index_gets_time_enough_to_count_what_it_has(
    sample_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[float | None] = []

    class Noted(Deadline):
        def __init__(self, seconds: float | None = None) -> None:
            super().__init__(seconds)
            given.append(seconds)

    with served(sample_index) as client:
        monkeypatch.setattr(facets, "IN_PASSING", 9.0)
        monkeypatch.setattr(facets, "Deadline", Noted)
        assert "14 moments in 3 episodes" in words(page_of(client, "/search?q=电池&lang=en"))
    assert given == [90.0]
