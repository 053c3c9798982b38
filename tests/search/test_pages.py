"""Pages: an offset and a limit cut a stretch out of the list of all moments."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.library import Line, Tools, podseek, spaced, unlike
from support.same_answers.trials import limit_windows
from support.transcripts.episodes import shows

from indexer.core.errors import QueryProblem
from search import Library, Moment, SearchRequest
from search.frontends.mcp.tools import TOOLS

QUERIES = (
    "网络",
    "的",
    "网络 学习",
    "强化 网络 哈哈",
    '"的的"',
    "网络 OR 哈哈",
    "网络 AND 学习",
    "哈哈 NEAR/6s 学习",
    "学习 -网络",
)


def shown(moments: Iterable[Moment]) -> list[tuple[int, str, float, float]]:
    return [(moment.rank, moment.episode.id, moment.start, moment.score) for moment in moments]


@settings(max_examples=60)
@given(
    episodes=shows(4, 24),
    query=st.sampled_from(QUERIES),
    limit=st.integers(1, 6),
    sort=st.sampled_from(("score", "time")),
)
def test_pages_of_what_is_exact_put_together_are_the_whole_list(
    tools: Tools, episodes: dict[str, list[Line]], query: str, limit: int, sort: str
) -> None:
    with tools.library(episodes) as library:
        request = SearchRequest(query, limit=limit, sort=sort, exact=True)
        pages = [library.search(request._replace(offset=at * limit)) for at in range(4)]
        whole = library.search(query, limit=4 * limit, exact=True)
        assert sorted(shown(moment for page in pages for moment in page)) == shown(whole)
        assert {page.total for page in pages} == {whole.total}
        if sort == "time":
            keys = [[(moment.episode.date or "", moment.episode.id, moment.start) for moment in page] for page in pages]
            assert keys == [sorted(page) for page in keys]


@pytest.fixture(scope="module")
def crowded(tools: Tools) -> Iterator[Library]:
    """121 moments with both of two words, in some often, 30 in which one is written otherwise, and loops."""
    quiet = ["安静"] * 15
    episodes = {
        f"{number:03}": spaced(["强化模型" * (1 + number % 3), unlike(number), *quiet, "模型和强化", *quiet])
        for number in range(60)
    }
    episodes |= {f"m{number:02}": spaced(["强化莫型", unlike(60 + number), *quiet]) for number in range(30)}
    with tools.library({**episodes, "z": spaced(["强化模型"] * 40)}) as library:
        yield library


@pytest.mark.parametrize(("query", "exact"), [("强化 模型", True), ("强化 模型", False), ("强化出来模型也出来", False)])
def test_as_many_moments_are_listed_as_were_asked_for_and_pages_are_parts_of_that_list(
    crowded: Library, query: str, exact: bool
) -> None:
    """Two words give 40 windows the full score, and running text 50."""
    whole = crowded.search(query, limit=100, exact=exact)
    assert len(whole) == 100
    pages = [crowded.search(query, limit=10, offset=offset, exact=exact) for offset in range(0, 100, 10)]
    assert [one for page in pages for one in shown(page)] == shown(whole)
    assert {page.total for page in pages} == {whole.total}
    assert [one.score for one in whole] == sorted((one.score for one in whole), reverse=True)
    for one in whole:
        assert one.score == pytest.approx(sum(value for _, value in one.parts))


def test_all_that_is_there_is_listed_exact_moments_first_and_loops_last(crowded: Library) -> None:
    whole = list(crowded.search("强化 模型", limit=999))
    assert len(whole) == len(crowded.search("强化 模型", limit=None))
    how = [{match.how for match in one.matches} for one in whole]
    assert how == [{"exact"}] * 121 + [{"exact", "homophone"}] * 30 + [{"exact"}] * 4
    assert {one.episode.id for one in whole[151:]} == {"show/z"}
    assert [one.score for one in whole] == sorted((one.score for one in whole), reverse=True)


@settings(max_examples=60)
@given(episodes=shows(4, 24), query=st.sampled_from(QUERIES), most=st.integers(1, 6))
def test_the_total_of_a_list_that_ends_is_its_length(
    tools: Tools, episodes: dict[str, list[Line]], query: str, most: int
) -> None:
    """Windows in another order may leave out other neighbours than a count does."""
    with tools.library(episodes) as library, pytest.MonkeyPatch.context() as patch:
        limit_windows(patch, most)
        whole = library.search(query, limit=999)
        assert whole.total == len(whole)


@settings(max_examples=60)
@given(episodes=shows(4, 24), query=st.sampled_from(QUERIES), most=st.integers(1, 6))
def test_the_first_page_is_the_beginning_of_a_longer_list_also_of_few_windows(
    tools: Tools, episodes: dict[str, list[Line]], query: str, most: int
) -> None:
    with tools.library(episodes) as library, pytest.MonkeyPatch.context() as patch:
        limit_windows(patch, most)
        whole = library.search(query, limit=60)
        assert shown(library.search(query, limit=10)) == shown(whole)[:10]
        assert [one for at in range(0, 60, 20) for one in shown(library.search(query, limit=20, offset=at))] == shown(
            whole
        )


@pytest.mark.parametrize("sort", ["score", "time", "date"])
@pytest.mark.parametrize("offset", [0, 1, 3, 99])
def test_without_a_limit_all_but_the_first_are_shown(tiny: Library, offset: int, sort: str) -> None:
    request = SearchRequest("晚安", limit=None, sort=sort, offset=offset)
    ranks = list(range(offset + 1, 5))
    assert sorted(moment.rank for moment in tiny.search(request)) == ranks
    assert sorted(moment.rank for moment in tiny.each(request)[1]) == ranks
    assert tiny.search(request).total == 4
    assert list(tiny.search(request)) == list(tiny.each(request)[1])


def test_counting_pages_through_the_episodes(tiny: Library) -> None:
    whole = tiny.count("茶 OR 水")
    assert len(whole) > 2
    assert tiny.count(SearchRequest("茶 OR 水", limit=2, offset=1)) == whole[1:3]
    assert tiny.count(SearchRequest("茶 OR 水", limit=None, offset=1)) == whole[1:]


def test_titles_are_among_the_pages(tiny: Library) -> None:
    whole = list(tiny.search("茶", limit=9))
    assert [moment for at in range(0, 9, 3) for moment in tiny.search("茶", limit=3, offset=at)] == whole


@pytest.mark.parametrize("ask", ["search", "each", "count"])
def test_nothing_comes_before_the_first(tiny: Library, ask: str) -> None:
    with pytest.raises(QueryProblem, match="offset=-1: is below 0"):
        getattr(tiny, ask)(SearchRequest("茶", offset=-1))


@pytest.mark.parametrize("query", ["晚安", "茶 水", "茶 OR 水", "茶 晚安*", '"安 水"'])
@pytest.mark.parametrize("offset", [0, 2])
def test_a_page_may_have_no_moments(tiny: Library, query: str, offset: int) -> None:
    page = tiny.search(SearchRequest(query, limit=0, offset=offset))
    assert list(page) == []
    assert page.total == tiny.search(query, limit=None).total
    assert list(tiny.count(SearchRequest(query, limit=0, offset=offset))) == []


def test_no_page_has_less_than_no_moments(tiny: Library) -> None:
    with pytest.raises(QueryProblem, match="limit=-1: is below 0"):
        tiny.search("茶", limit=-1)


def test_the_command_leaves_out_the_first(tiny_index: Path) -> None:
    lines = {
        options: podseek("search", "晚安", "--format", "jsonl", *options.split(), index=tiny_index).lines
        for options in ("", "--offset 1 -n 2", "--offset 1 -n 0", "--offset 4", "-l --offset 0", "-l --offset 1")
    }
    assert [json.loads(line)["rank"] for line in lines[""]] == [1, 2, 3, 4]
    assert lines["--offset 1 -n 2"] == lines[""][1:3]
    assert lines["--offset 1 -n 0"] == lines[""][1:]
    assert lines["--offset 4"] == lines["-l --offset 1"] == []
    assert len(lines["-l --offset 0"]) == 1
    assert podseek("search", "晚安", "--offset", "4", index=tiny_index).code == 1
    assert podseek("search", "晚安", "--offset", "-1", index=tiny_index).code == 2


def test_an_assistant_goes_on_where_an_answer_ended(tiny: Library) -> None:
    tool = {tool.name: tool for tool in TOOLS}["search"]
    found, offset = [], 0
    for _ in range(3):
        answer = tool.ask(tiny, {"query": "晚安", "limit": 2, "offset": offset})
        found += answer.record["moments"]
        assert ("offset 2" in answer.text) == (offset == 0)
        offset = answer.record["next"] or 4
    assert [moment["rank"] for moment in found] == [1, 2, 3, 4]
    assert tool.ask(tiny, {"query": "晚安", "limit": 2, "offset": 4}).text == "Nothing more found for 晚安"
