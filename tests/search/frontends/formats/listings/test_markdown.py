"""Lists as tables in Markdown: whole rows whatever a name holds, headings in the language of the person."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from support.front_ends.commands import called
from support.front_ends.found import episode, nasty

from search.frontends.formats.display import Page
from search.frontends.formats.formats import writer
from search.results.counts import EpisodeCount

_CELL_END = re.compile(r"(?<!\\)(?:\\\\)*\|")


def table(*words: str, index: Path, language: str = "en") -> list[str]:
    return called(*words, "-q", "--format", "markdown", index=index, PODSEEK_LANG=language).out.splitlines()


@given(title=nasty | st.text(), show=nasty | st.text())
def test_no_name_breaks_a_table(title: str, show: str) -> None:
    shown = episode(title=title, show=show, link="https://example.org/a|b>")
    for kind, found in (("episodes", [shown]), ("counts", [EpisodeCount(shown, 1, 2)])):
        rows = list(writer(kind, "markdown")(found, Page()))
        assert len(rows) == 3
        assert len({len(_CELL_END.findall(row)) for row in rows}) == 1
        assert not any("\n" in row for row in rows)


def test_a_list_of_nothing_has_no_heading() -> None:
    assert list(writer("episodes", "markdown")([], Page())) == []


def test_a_concordance_has_its_matches_bold_and_its_times_as_links(sample_index: Path) -> None:
    heading, aligned, *rows = table("concordance", "锂电池", index=sample_index)
    assert heading == "| time | before | match | after | date | title |"
    assert aligned == "| --: | --: | :-- | :-- | :-- | :-- |"
    assert len(rows) == 3
    assert rows[0].startswith("| [00:03:48](<https://example.org/echo-room/audio/09-batteries.mp3#t=228>) | ")
    assert all(" | **锂电池** | " in row for row in rows)


def test_a_trend_has_a_row_for_each_group_and_two_columns_for_each_word(sample_index: Path) -> None:
    heading, _, first, *others = table("trend", "电池", "芯片", "--since", "2025-05", index=sample_index, language="zh")
    assert heading == "| 月 | 时长 | 电池 | /h | 芯片 | /h |"
    assert first == "| 2025-05 | 0.30 | 30 | 101.17 | 2 | 6.74 |"
    assert [row[:9] for row in others] == ["| 2025-06", "| 2025-07"]


def test_a_word_searched_for_is_no_message_to_translate(sample_index: Path) -> None:
    heading = table("trend", "month", "--by", "year", index=sample_index, language="zh")[0]
    assert heading == "| 年 | 时长 | month | /h |"


def test_typical_words_have_their_figures_and_first_moment(sample_index: Path) -> None:
    heading, _, first, *_ = table("terms", "--title", "电池", index=sample_index)
    assert heading.startswith("|  | count | /million | elsewhere | episodes | log ratio | G2 | time | line | episode |")
    assert first.startswith("| 电池 | 26 | 20,281 | 58.7 | 1 | 8.4 | 129.9 | 00:00:13 | 天焦虑的这个东西电池 | ")


def test_an_episode_without_a_title_has_its_id_as_the_text_of_its_link() -> None:
    untitled = episode(title="", link="https://example.org/1")
    row = list(writer("episodes", "markdown")([untitled], Page()))[2]
    assert f"| [{untitled.id}](<https://example.org/1>) |" in row
