"""Lines fit the terminal in either language: lists of episodes, rates of words, and lists of words."""

from __future__ import annotations

import pytest

from indexer.core.messages import CHINESE, ENGLISH, speaking
from indexer.core.types import Episode, Facts
from search.exploration.dispersion import Dispersion, Evenness, Strip
from search.exploration.trends import Rate, Trend
from search.frontends.formats.display import Page, Style, broken, columns, unstyled
from search.frontends.formats.listings.lists import episodes
from search.frontends.formats.listings.trends import dispersion, trend

LANGUAGES = (ENGLISH, CHINESE)


def rate(term: str, month: str, count: int) -> Rate:
    return Rate(term, month, month, None, count, 12.5, count / 12.5, 90_000, count / 0.09, 3)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [60, 80, 100])
def test_a_list_of_episodes_fits_the_terminal(language: str, width: int) -> None:
    facts = Facts(show="回声机房的长名字", title="很长的标题" * 20, date="2025-01-15")
    listed = [Episode(f"shows/{'long' * 20}/{cues}", "/a.srt", facts, 3700.0, cues, 9) for cues in (1, 172, 1_234_567)]
    with speaking(language):
        lines = list(episodes(listed, Page(Style(width=width))))
    assert max(map(columns, lines)) <= width
    assert len({columns(line[: line.index("很")]) for line in lines}) == 1
    assert ("1 cue " in lines[0], "1 条字幕" in lines[0]) == (language == ENGLISH, language == CHINESE)


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


def test_more_words_than_a_table_holds_have_bars_in_further_tables() -> None:
    rows = [rate(term, month, 98) for term in "甲乙丙丁戊己庚辛壬" for month in ("2025-01", "2025-02")]
    lines = list(trend(Trend(rows, "month", 0, 0), Page(Style(width=80))))
    assert max(map(columns, lines)) <= 80
    assert all("█" in line for line in lines if line.startswith("2025"))


def dispersed(terms: list[str], titles: list[str]) -> Dispersion:
    even = [Evenness(term, 3, 1, 2, 0.5, 0.5, 0.5, 0.5, 50) for term in terms]
    strips = [Strip(term, title, title, None, 3, 0.5, 0.5, (1,) * 50, ()) for title in titles for term in terms]
    return Dispersion(strips, even, 0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_word_is_cut_to_leave_room_for_its_figures(language: str) -> None:
    terms = ["电池" * 40, "芯片"]
    rates = [rate(term, month, 3) for term in terms for month in ("2025-01", "2025-02")]
    page = Page(Style(width=80))
    with speaking(language):
        over_time = list(trend(Trend(rates, "month", 0, 0), page))
        in_episodes = list(dispersion(dispersed(terms, ["单集" * 20, "另一期"]), page))
        piped = list(trend(Trend(rates, "month", 0, 0), Page(Style())))
    assert max(map(columns, over_time)) <= 80
    assert max(map(columns, in_episodes)) <= 80
    assert over_time[0].split()[0].endswith("…")
    assert terms[0] in piped[0]


def test_episodes_whose_titles_begin_alike_can_be_told_apart() -> None:
    titles = [f"【生成式人工智慧與機器學習導論】第 {number} 講：語言" for number in range(1, 12)]
    rates = [rate("电池", title, 3) for title in titles]
    for width in (0, 80):
        page = Page(Style(width=width))
        labels = [line.split("  ")[0] for line in list(trend(Trend(rates, "episode", 0, 0), page))[-11:]]
        assert len(set(labels)) == 11
        names = [line.split("  ")[0] for line in list(dispersion(dispersed(["电池"], titles), page))[-11:]]
        assert len(set(names)) == 11


@pytest.mark.parametrize("separator", ["、", ", "])
def test_a_list_of_words_is_broken_between_words_only(separator: str) -> None:
    words = ["强化学习", "GPU", "水壶", "人工智能", "podseek", "收音机"]
    text = "依据这些词：" + separator.join(words)
    lines = broken(text, separator, 24)
    assert len(lines) > 1
    assert max(map(columns, lines)) <= 24
    assert (" " if separator == ", " else "").join(lines) == text
    assert broken(text, separator, 0) == [text]
