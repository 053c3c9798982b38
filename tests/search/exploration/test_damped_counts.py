"""Loops and stock lines do not count: every statistic is what it is where nobody recognised them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from support.library import Tools, spaced

from search import Filter, Library
from search.exploration.explorer import Explorer
from search.exploration.similar import similar_moments

LAST = "我们还是说电池吧"
NOISE = [LAST] * 9 + ["谢谢大家观看", "字幕由Amara.org社群提供"] * 2
TALKS = {
    "2025-01-02 power": ["锂电池的正极", "电解液怎么选", "负极用石墨", "石墨烯是另一回事", "电池容量下降"] * 3,
    "2025-02-03 kitchen": ["今天炖牛肉汤", "先切洋葱胡萝卜", "锅里放油", "小火慢炖牛肉汤", "最后撒盐和香菜"] * 3,
    "2025-03-04 both": ["炖汤的锅没有电池", "电解液不能喝", "牛肉汤可以喝", "石墨不能吃", "香菜可以吃"] * 3,
}


@pytest.fixture(scope="module")
def clean(tools: Tools) -> Iterator[Library]:
    with tools.library({name: spaced([*lines, LAST]) for name, lines in TALKS.items()}) as library:
        yield library


@pytest.fixture(scope="module")
def noisy(tools: Tools) -> Iterator[Library]:
    with tools.library({name: spaced([*lines, *NOISE]) for name, lines in TALKS.items()}) as library:
        yield library


POWER = [Filter("title", "power")]
STATISTICS: dict[str, Callable[[Explorer], Any]] = {
    "terms": lambda explore: list(explore.terms(sizes=(1, 3), limit=None, function_words=True)),
    "characters": lambda explore: list(explore.terms(limit=None, characters=True)),
    "keywords": lambda explore: list(explore.keywords(POWER, least=1, limit=None, significance=0.5)),
    "new words": lambda explore: list(explore.new_words(least=2, limit=None)),
    "collocates": lambda explore: list(explore.collocates("电池", least=1, limit=None, function_words=True)),
    "concordance": lambda explore: [line.start for line in explore.concordance("电池", limit=None)],
    "trend": lambda explore: list(explore.trend(["电池", "说"])),
    "dispersion": lambda explore: explore.dispersion(["电池", "说"]).evenness,
    "strips": lambda explore: list(explore.dispersion(["电池", "说"])),
    "similar": lambda explore: list(explore.similar("power")),
    "typical of it": lambda explore: explore.similar("power").by,
    "chapter": lambda explore: [section.words for section in explore.outline("power", given=False, most=1)],
}


@pytest.mark.parametrize("name", STATISTICS)
def test_what_is_damped_changes_no_statistic(clean: Library, noisy: Library, name: str) -> None:
    expected = STATISTICS[name](clean.explore)
    assert expected or name == "new words"
    assert STATISTICS[name](noisy.explore) == expected


def test_what_is_damped_changes_no_rate_of_speech(clean: Library, noisy: Library) -> None:
    expected, found = clean.explore.summary(), noisy.explore.summary()
    for field in ("atoms", "words", "vocabulary", "once", "growth"):
        assert getattr(found, field) == getattr(expected, field)
    assert math.isclose(found.atoms_a_minute, expected.atoms_a_minute)
    assert [share.atoms for share in found.shares] == [share.atoms for share in expected.shares]
    assert found.hours > expected.hours
    assert (found.damped_cues, expected.damped_cues) == (3 * (len(NOISE) - 1), 0)


def test_no_moment_is_like_another_for_what_is_damped(tools: Tools) -> None:
    kitchen = [*TALKS["2025-02-03 kitchen"], "谢谢大家观看石墨电池"]
    with tools.library({**{name: spaced(lines) for name, lines in TALKS.items()}, "k": spaced(kitchen)}) as library:
        assert library.explore.summary().damped_lines == ((kitchen[-1], 1),)
        words, found = similar_moments(library, "power", limit=50)
    assert "石墨" in words
    assert {moment.episode.title for moment in found} == {"both"}


def test_it_counts_when_asked_for(clean: Library, noisy: Library) -> None:
    everything = noisy.explore.summary(damping=False)
    assert everything.words == clean.explore.summary().words + everything.damped_words
    assert noisy.explore.summary().damped_words == everything.damped_words
