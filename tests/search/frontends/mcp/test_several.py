"""The tools where several libraries are open."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.library import Tools, spaced, write_lines

from indexer.core.errors import IndexProblem, PodseekProblem, QueryProblem
from search import Deadline
from search.frontends.mcp.several import ask as asked
from search.frontends.mcp.several import tools_for
from search.frontends.mcp.tool import Answer
from search.frontends.mcp.tools import TOOLS
from search.results.episodes import NoSuchEpisode
from search.several_libraries import Libraries

NAMES = ("tea", "moon")
BY_NAME = {tool.name: tool for tool in tools_for(TOOLS, NAMES)}


@pytest.fixture(scope="module")
def libraries(tools: Tools, tmp_path_factory: pytest.TempPathFactory, tiny_index: Path) -> Iterator[Libraries]:
    folder = tmp_path_factory.mktemp("moon")
    write_lines(folder / "night" / "dark.srt", spaced(["月亮很圆", "也喝绿茶"]))
    write_lines(folder / "night" / "radio.srt", spaced(["月亮也圆"]))
    with Libraries({"tea": tiny_index, "moon": tools.index([folder / "night"], folder / "index")}) as opened:
        yield opened


def ask(libraries: Libraries, name: str, **given: Any) -> Answer:
    return asked(BY_NAME[name], libraries, given, Deadline())


def test_a_search_finds_moments_of_all_libraries_and_names_theirs(libraries: Libraries) -> None:
    answer = ask(libraries, "search", query="绿茶")
    assert {moment["library"] for moment in answer.record["moments"]} == {"tea", "moon"}
    assert "episode: night/dark | library: moon" in answer.text
    assert ask(libraries, "search", query="没有人说的").record["moments"] == []
    only = ask(libraries, "search", query="绿茶", library="moon")
    assert [moment["episode"] for moment in only.record["moments"]] == ["night/dark"]
    assert only.text.endswith("From the library moon")


def test_why_nothing_was_found_is_said_of_each_library(libraries: Libraries) -> None:
    answer = ask(libraries, "search", query='"月亮 绿茶"')
    without = "Without the quotes there are {} moments or more: search for 月亮 绿茶"
    assert answer.record["advice"] == [f"tea: {without.format(3)}", f"moon: {without.format(2)}"]
    assert answer.record["advice"][0] in answer.text
    assert ask(libraries, "search", query="绿茶", since="2031").record["advice"] == [
        'tea: date:"2031..": no episode is of that time: they are from 2024-11-02 to 2025-03-20',
        'moon: date:"2031..": no episode has a date',
    ]
    of_both = ask(libraries, "search", query="绿茶", title="火星").record["advice"]
    assert of_both == ['title:"火星": no episode has this in its title: the tool episodes lists them']


def test_episodes_of_all_libraries_are_listed_together(libraries: Libraries) -> None:
    answer = ask(libraries, "episodes")
    assert answer.record["total"] == 6
    assert [one["library"] for one in answer.record["episodes"]] == ["tea"] * 4 + ["moon"] * 2
    assert {(one["show"], one["library"]) for one in answer.record["shows"]} >= {("两杯茶", "tea"), ("night", "moon")}
    assert ask(libraries, "episodes", library="moon").record["total"] == 2


def test_an_episode_is_read_from_the_only_library_that_has_it(libraries: Libraries) -> None:
    assert ask(libraries, "read", episode="kettle").record["library"] == "tea"
    assert ask(libraries, "chapters", episode="dark").record["library"] == "moon"
    assert ask(libraries, "read", episode="radio", library="moon").record["episode"] == "night/radio"
    with pytest.raises(QueryProblem, match="library: tea, moon have such an episode: name one"):
        ask(libraries, "read", episode="radio")
    with pytest.raises(NoSuchEpisode, match=r"tea: .*no episode.*; moon: .*no episode"):
        ask(libraries, "read", episode="坐井观天")


def test_what_counts_names_its_library(libraries: Libraries) -> None:
    for name, given in (("trend", {"words": "月亮"}), ("concordance", {"query": "月亮"}), ("terms", {})):
        with pytest.raises(PodseekProblem, match="library: is missing: The library to count in: tea, moon"):
            ask(libraries, name, **given)
        assert ask(libraries, name, library="moon", **given).record["library"] == "moon"
    with pytest.raises(PodseekProblem, match="library: 'sun' is none of tea, moon"):
        ask(libraries, "terms", library="sun")


def test_a_library_that_is_gone_takes_nothing_from_the_others(tiny_index: Path, tmp_path: Path) -> None:
    by_name = {tool.name: tool for tool in tools_for(TOOLS, ("tea", "gone"))}

    def answer(name: str, **given: Any) -> Answer:
        return asked(by_name[name], opened, given, Deadline())

    with Libraries({"gone": tmp_path / "gone", "tea": tiny_index}) as opened:
        found = answer("search", query="绿茶")
        assert {moment["library"] for moment in found.record["moments"]} == {"tea"}
        assert list(found.record["missing"]) == ["gone"]
        head, told, *_ = found.text.split("\n")
        assert head.endswith("best first")
        assert told.startswith("Without the library gone, which cannot be opened: ")
        assert list(answer("episodes").record["missing"]) == ["gone"]
        assert answer("read", episode="kettle").record["library"] == "tea"
        assert answer("trend", words="绿茶", library="tea").record["totals"][0]["count"]
        with pytest.raises(IndexProblem, match="gone: there is no index here"):
            answer("trend", words="绿茶", library="gone")
        with pytest.raises(NoSuchEpisode, match=r"gone: .*no index here.*; tea: "):
            answer("read", episode="坐井观天")
    with pytest.raises(IndexProblem, match="no index here"):
        Libraries({"gone": tmp_path / "gone"})


def test_a_library_that_goes_away_while_it_is_open_takes_nothing_from_the_others(
    tools: Tools, tiny_index: Path, tmp_path: Path
) -> None:
    write_lines(tmp_path / "night" / "dark.srt", spaced(["月亮很圆", "也喝绿茶"]))
    folder, by_name = (
        tools.index([tmp_path / "night"], tmp_path / "index"),
        {tool.name: tool for tool in tools_for(TOOLS, ("tea", "moon"))},
    )
    with Libraries({"moon": folder, "tea": tiny_index}) as opened:
        shutil.rmtree(folder)
        for name, given in (("search", {"query": "绿茶"}), ("episodes", {}), ("read", {"episode": "kettle"})):
            answer = asked(by_name[name], opened, given, Deadline())
            assert name == "read" or "there is no index here" in answer.record["missing"]["moon"]
        with pytest.raises(IndexProblem, match="there is no index here"):
            asked(by_name["search"], opened, {"query": "绿茶", "library": "moon"}, Deadline())
