"""Episodes by their titles, however these are typed."""

from __future__ import annotations

import pytest

from indexer.core.types import Episode, Facts
from search.results.titles import meant_by, with_words

EPISODES = [
    Episode("one", "/one.srt", Facts(show="两杯茶", title="海底的光：互联网怎么连起来")),
    Episode("two", "/two.srt", Facts(show="两杯茶", title="电池这件小事")),
    Episode("three", "/three.srt", Facts(show="Echo Room", title="Light at Sea")),
    Episode("four", "/four.srt", Facts(title="电池")),
]


def ids(episodes: list[Episode]) -> list[str]:
    return [one.id for one in episodes]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("海底", ["one"]),
        ("两杯茶", ["one", "two"]),
        ("茶 电池", ["two"]),
        ("LIGHT echo", ["three"]),
        ("海底的光 互联网", ["one"]),
        ("「海底的光，互联网」怎么", ["one"]),
        ("海底 电池", []),
        ("", ["one", "two", "three", "four"]),
        ("？", ["one", "two", "three", "four"]),
    ],
)
def test_all_words_are_in_the_title_or_the_show(text: str, found: list[str]) -> None:
    assert ids(with_words(EPISODES, text, str.lower)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("海底的光：互联网怎么连起来？", ["one"]),
        ("互联网怎么", ["one"]),
        ("电池", ["four"]),  # a third of the other title: somebody asks about batteries
        ("小事 电池", ["two"]),
        ("light sea", ["three"]),
        ("sea", []),
        ("两杯茶", []),
        ("", []),
    ],
)
def test_a_title_is_meant_by_enough_of_its_words(text: str, found: list[str]) -> None:
    assert ids(meant_by(EPISODES, text, str.lower)) == found
