"""Why nothing was found is said, about what was typed and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.front_ends.commands import called
from support.library import Tools, spaced

from search import Library, SearchRequest
from search.frontends.cli.output.commands import commands
from search.frontends.cli.output.console import Context
from search.frontends.formats.no_results import reasons
from search.query.filters import given_filters

COMMANDS = commands(Context(None, "never", quiet=False, verbose=False))


def told(library: Library, query: str, **options: str) -> list[str]:
    return list(reasons(library, SearchRequest(query, tuple(given_filters(options))), COMMANDS))


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("晚安 show:茶馆", 'show:"茶馆": no show has this name: there are 两杯茶, 橋上風景'),
        ("晚安 title:月球", 'title:"月球": no episode has this in its title: `podseek episodes` lists them'),
        ("晚安 date:2031", 'date:"2031": no episode is of that time: they are from 2024-11-02 to 2025-03-20'),
        ("晚安 speaker:小明", 'speaker:"小明": no speaker has this name: there are 小禾, 阿默, 陳方'),
        ("收音机 date:2025-01 title:石桥", 'No episode passes all of date:"2025-01" title:"石桥": leave one out'),
        ("晚安 show:两杯茶", 'Without show:"两杯茶" there are 4 moments or more: leave it out, or choose others'),
        ('"绿茶 收音机"', "Without the quotes there are 3 moments or more: `podseek search '绿茶 收音机'`"),
        ("矿石收音", "“矿石收音机” is the title of an episode: `podseek read tea/radio` shows it"),
        ("矿石", "“矿石收音机” is the title of an episode: `podseek read tea/radio` shows it"),
    ],
)
def test_a_reason_is_one_line_about_what_was_typed(tiny: Library, query: str, reason: str) -> None:
    assert told(tiny, query) == [reason]


@pytest.mark.parametrize("query", ["晚安", "晚安 show:茶馆", "=晚安"])
def test_a_library_without_episodes_says_how_to_fill_it(tools: Tools, tmp_path: Path, query: str) -> None:
    (tmp_path / "empty").mkdir()
    with Library(tools.index([tmp_path / "empty"], tmp_path / "index")) as library:
        assert told(library, query) == ["The library has no episodes yet: `podseek index FOLDER` fills it"]


def test_filters_given_as_options_are_told_too(tiny: Library) -> None:
    assert told(tiny, "晚安", show="茶馆")[0].startswith('show:"茶馆": no show')


@pytest.mark.parametrize(
    "query",
    [
        '"绿茶 收音机" AND 绿茶',
        '"绿茶 收音机" OR "绿茶 火星"',
        '"绿茶 收音机" -晚安',
        '"绿茶 OR 收音机"',
        '"绿茶 date:x 收音机"',
    ],
)
def test_words_without_their_quotes_are_told_only_where_they_would_mean_the_same(tiny: Library, query: str) -> None:
    assert told(tiny, query) == []


def test_what_is_simply_not_said_has_no_reason(tiny: Library) -> None:
    assert told(tiny, "火星 土星") == told(tiny, '"火星"') == told(tiny, "火星 -晚安") == []


def test_a_name_that_only_sounds_like_something_needs_a_second_word(sample: Library) -> None:
    assert not sample.search("宇树")
    (line,) = told(sample, "宇树")
    assert line == "宇树 only sounds like 雨树 (1): add a word that is said near it, as in `宇树 ...`"
    assert told(sample, "=宇树") == []


def test_a_number_that_is_only_part_of_longer_ones_is_found_in_quotes(tools: Tools) -> None:
    with tools.library({"prices": spaced(["卖三百二十块钱", "那边卖三百八"], 60)}) as library:
        assert told(library, "三百") == ["""In longer numbers there are 2 moments or more: `podseek search '"三百"'`"""]
        assert told(library, "四百") == told(library, "=四百") == []


def test_only_the_strictness_that_was_typed_is_named(tools: Tools) -> None:
    with tools.library({"a": spaced(["今天说高商很重要", "这个高商的概念"])}) as library:
        (line,) = told(library, "=高熵")
        assert line.startswith("Without =: 高熵 is nowhere exactly; looked for")
        (line,) = reasons(library, SearchRequest("高熵", exact=True), COMMANDS)
        assert line.startswith("Without --exact: 高熵 is nowhere")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "There are only 4 moments: --offset 100 leaves out all\n"),
        (("--format", "jsonl"), "There are only 4 moments: --offset 100 leaves out all\n"),
        (("-l",), "There is only 1 episode: --offset 100 leaves out all\n"),
    ],
)
def test_a_page_after_the_last_says_how_many_there_are(tiny_index: Path, options: tuple[str, ...], said: str) -> None:
    run = called("search", "--offset", 100, *options, "晚安", index=tiny_index)
    assert (run.code, run.out, run.err) == (1, "", said)
    assert called("search", "--offset", 3, "晚安", index=tiny_index).code == 0
    assert "Nothing found for 火星" in called("search", "--offset", 3, "火星", index=tiny_index).err
