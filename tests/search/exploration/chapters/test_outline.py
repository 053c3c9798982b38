"""Chapters that are proposed, what is like a moment, and the summary of a corpus."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.front_ends.commands import called
from support.library import Line, Tools

import search
from indexer.core.errors import QueryProblem
from search import Library
from search.exploration.chapters.chapter_detection import STRETCH_SECONDS
from search.exploration.similar import similar_moments
from search.exploration.summary import heaps

BATTERY = ["锂电池的正极", "电解液怎么选", "负极用石墨", "充电的速度", "电池容量下降"]
KITCHEN = ["今天炖牛肉汤", "先切洋葱胡萝卜", "锅里放油", "小火慢炖", "最后撒盐和香菜"]
ROUNDS = 8
TOPIC_SECONDS = 4.0 * ROUNDS * len(BATTERY)


def talk(*topics: list[str], openings: tuple[str, ...] = ()) -> list[Line]:
    lines: list[Line] = []
    for number, topic in enumerate(topics):
        texts = topic * ROUNDS
        if number < len(openings):
            texts[0] = openings[number]
        # The rounds are told apart, or they would be loops.
        for place, text in enumerate(texts):
            start = 4.0 * len(lines)
            lines.append((start, start + 4.0, f"{text}{'好' * (place // len(topic))}"))
    return lines


@pytest.fixture(scope="module")
def index(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from support.library import write_lines

    folder = tmp_path_factory.mktemp("outline")
    show = folder / "show"
    write_lines(show / "2025-01-02 two.srt", talk(KITCHEN, BATTERY))
    write_lines(show / "2025-02-03 power.srt", talk(BATTERY))
    numbered = ("欢迎收听", "这是本期节目的第一篇论文", "本期节目的第二篇论文")
    write_lines(show / "2025-02-04 papers.srt", talk(KITCHEN, KITCHEN, KITCHEN, openings=numbered))
    write_lines(show / "loop.srt", [(n * 4.0, n * 4.0 + 4, "谢谢大家") for n in range(9)])
    return tools.index([show], folder / "index")


@pytest.fixture(scope="module")
def library(index: Path) -> Iterator[Library]:
    with search.open_library(index) as opened:
        yield opened


def test_a_border_is_proposed_where_the_words_change(library: Library) -> None:
    first, second = library.explore.outline("two", most=2)
    assert (first.start, second.end) == (0.0, 2 * TOPIC_SECONDS)
    assert second.start == pytest.approx(TOPIC_SECONDS, abs=STRETCH_SECONDS)
    assert first.approximate
    assert second.approximate
    assert any(word in "".join(KITCHEN) for word in first.words.split("、"))
    assert any(word in "".join(BATTERY) for word in second.words.split("、"))


def test_numbered_parts_are_borders_whatever_the_words_do(library: Library) -> None:
    found = library.explore.outline("papers")
    assert [section.start for section in found] == [0.0, TOPIC_SECONDS, 2 * TOPIC_SECONDS]


def test_sections_follow_one_another_and_cover_the_episode(library: Library) -> None:
    for episode in library.episodes():
        found = library.explore.outline(episode.id, given=False, most=5)
        assert all(one.end == two.start for one, two in zip(found, list(found)[1:], strict=False))
        assert found[-1].end == episode.duration


def test_where_nothing_is_given_nothing_is_made_up(library: Library) -> None:
    assert list(library.explore.outline("power", given=True)) == []


def test_chapters_can_be_written_for_players(index: Path) -> None:
    done = called("chapters", "papers", "--format", "chapters", index=index)
    made = json.loads(done.out)
    assert made["version"] == "1.2.0"
    assert [chapter["startTime"] for chapter in made["chapters"]] == [0.0, TOPIC_SECONDS, 2 * TOPIC_SECONDS]
    assert called("chapters", "nowhere", index=index).code == 2


def test_more_like_an_episode_says_its_words(library: Library) -> None:
    found = library.explore.similar("power")
    assert {"电池", "电解液", "石墨"} & set(found.by)
    assert found[0].episode == "show/2025-01-02-two"
    assert all(row.episode != "show/2025-02-03-power" for row in found)


def test_more_like_a_moment_is_elsewhere(library: Library) -> None:
    _, found = similar_moments(library, "two", 60, limit=3)
    assert found
    assert [moment.rank for moment in found] == list(range(1, len(found) + 1))
    for moment in found:
        assert "two" not in moment.episode.id or abs(moment.start - 60) >= 45


@pytest.mark.parametrize("seconds", [math.nan, math.inf, -math.inf, 1e308])
def test_a_time_that_is_none_is_refused(library: Library, seconds: float) -> None:
    with pytest.raises(QueryProblem, match="is no time"):
        similar_moments(library, "two", seconds)
    with pytest.raises(QueryProblem, match="is no time"):
        library.explore.similar("two", seconds=seconds)


@pytest.mark.parametrize(("k", "beta"), [(2.0, 0.5), (10.0, 0.8)])
def test_the_growth_of_a_vocabulary_is_the_power_it_follows(k: float, beta: float) -> None:
    sizes = [(10**n, round(k * (10**n) ** beta)) for n in range(2, 8)]
    found = heaps(sizes)
    assert found == pytest.approx((k, beta), rel=0.02)


def test_too_few_episodes_fit_no_growth() -> None:
    assert heaps([(10, 5), (20, 8)]) == (0.0, 0.0)


def test_the_summary_counts_what_is_there(library: Library) -> None:
    found = library.explore.summary()
    episodes = library.episodes()
    assert (found.episodes, found.cues) == (len(episodes), sum(episode.cues for episode in episodes))
    assert math.isclose(found.hours * 3600, sum(episode.duration for episode in episodes))
    assert (found.damped_cues, found.damped_lines) == (8, (("谢谢大家", 8),))
    assert found.months == (("2025-01", 1), ("2025-02", 2))
    assert [share.name for share in found.shares] == ["show"]
    assert library.explore.summary(damping=False).words == found.words + found.damped_words


@pytest.mark.parametrize(
    "arguments", [["summary"], ["chapters", "two"], ["similar", "power"], ["similar", "power", "-l"]]
)
def test_people_and_programs_get_an_answer(index: Path, arguments: list[str]) -> None:
    assert called(*arguments, index=index).out
    lines = called(*arguments, "--format", "jsonl", index=index).lines
    assert lines
    assert all(json.loads(line)["schema"] == 1 for line in lines)
