"""Lines fit the terminal in either language: lists of episodes, rates of words, and lists of words."""

from __future__ import annotations

import pytest

from indexer.core.messages import CHINESE, ENGLISH, speaking
from indexer.core.types import Episode, Facts
from search.analysis.trends import Rate, Trend
from search.frontends.formats.display import Page, Style, broken, columns, unstyled
from search.frontends.formats.lists import episode_lines
from search.frontends.formats.trends import trend

LANGUAGES = (ENGLISH, CHINESE)


def rate(term: str, month: str, count: int) -> Rate:
    return Rate(term, month, month, None, count, 12.5, count / 12.5, 90_000, count / 0.09, 3)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [60, 80, 100])
def test_a_list_of_episodes_fits_the_terminal(language: str, width: int) -> None:
    facts = Facts(show="回声机房的长名字", title="很长的标题" * 20, date="2025-01-15")
    episodes = [
        Episode(f"shows/{'long' * 20}/{cues}", "/a.srt", facts, 3700.0, cues, 9) for cues in (7, 172, 1_234_567)
    ]
    with speaking(language):
        lines = list(episode_lines(episodes, Style(width=width)))
    assert max(map(columns, lines)) <= width
    assert len({columns(line[: line.index("很")]) for line in lines}) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_rates_of_two_words_fit_the_terminal(language: str, width: int) -> None:
    rows = [rate(term, month, count) for term in ("电池", "芯片") for month, count in (("2025-01", 3), ("2025-02", 98))]
    with speaking(language):
        colored = list(trend(Trend(rows, "month", 0, 0), Page(Style(color=True, width=width))))
    lines = list(map(unstyled, colored))
    assert max(map(columns, lines)) <= width
    assert lines == [line.rstrip() for line in lines]
    assert lines[-1].endswith("█")
    if width == 200:
        assert "█" * 16 in lines[-1]


def test_bars_of_many_words_are_left_out_rather_than_wrapped() -> None:
    rows = [rate(term, month, 98) for term in ("甲", "乙", "丙") for month in ("2025-01", "2025-02")]
    lines = list(trend(Trend(rows, "month", 0, 0), Page(Style(width=75))))
    assert max(map(columns, lines)) <= 75
    assert not any("█" in line for line in lines[4:])


@pytest.mark.parametrize("amount", [4, 5, 9])
def test_words_that_do_not_fit_beside_the_others_are_in_further_tables(amount: int) -> None:
    months = [f"2025-{month:02}" for month in range(1, 13)]
    words = "甲乙丙丁戊己庚辛壬"[:amount]
    rows = [rate(term, month, 98) for term in words for month in months]
    lines = list(trend(Trend(rows, "month", 0, 0), Page(Style(width=80))))
    assert max(map(columns, lines)) <= 80
    tables = "\n".join(lines).split("\n\n")[1:]
    assert [len(table.splitlines()) for table in tables] == [len(months) + 1] * len(tables)
    assert [term for table in tables for term in table.splitlines()[0].split()[2:]] == list(words)
    assert "\n".join(trend(Trend(rows, "month", 0, 0), Page(Style()))).count("\n\n") == 1  # of any width


@pytest.mark.parametrize("separator", ["、", ", "])
def test_a_list_of_words_is_broken_between_words_only(separator: str) -> None:
    words = ["强化学习", "GPU", "水壶", "人工智能", "podseek", "收音机"]
    text = "依据这些词：" + separator.join(words)
    lines = broken(text, separator, 24)
    assert len(lines) > 1
    assert max(map(columns, lines)) <= 24
    assert (" " if separator == ", " else "").join(lines) == text
    assert broken(text, separator, 0) == [text]
