"""The tools of an assistant: what they answer, what they refuse, and how much of it."""

from __future__ import annotations

from typing import Any

import pytest
from support.library import Tools, spaced

from indexer.core.errors import PodseekProblem
from search import Deadline, Library
from search.frontends.mcp.finding import LONGEST_READ, MOST_CHARACTERS
from search.frontends.mcp.tool import Answer
from search.frontends.mcp.tools import MOST_MOMENTS, TOOLS
from search.frontends.schemas.arguments import checked, integer, switch, text
from search.results.records import moment_record

FACTS = ("schema", "episode", "path", "show", "title", "date", "period", "audio", "link")


def ask(library: Library, name: str, **given: Any) -> Answer:
    return {tool.name: tool for tool in TOOLS}[name].ask(library, given)


def test_a_search_answers_with_the_fields_of_the_contract_and_a_place_to_cite(tiny: Library) -> None:
    answer = ask(tiny, "search", query="绿茶", limit=1, title="水开")
    (found,) = answer.record["moments"]
    moment = tiny.search("绿茶 title:水开", limit=1)[0]
    assert found == {**moment_record(moment), "time": found["time"], "notes": [], "same_as": None}
    assert (found["time"], found["url"]) == ("00:00:12", "https://example.org/tea/kettle.mp3#t=12")
    assert (answer.record["schema"], answer.record["query"], answer.record["instead"]) == (1, "绿茶", [])
    cited = (
        "水开了没有 | 两杯茶 | 2024-11-02 | 00:00:12 | https://example.org/tea/kettle.mp3#t=12 | episode: tea/kettle"
    )
    assert answer.text.splitlines()[:3] == ["1 moment, best first; there may be more: offset 1", "", f"1. {cited}"]
    assert "   00:00:12 绿茶八十度红茶九十五度" in answer.text


def test_filters_and_exact_are_those_of_a_search(tiny: Library) -> None:
    found = ask(tiny, "search", query="收音机", show="橋上", since="2025-03").record["moments"]
    assert {moment["episode"] for moment in found} == {"bridge/stone"}
    assert ask(tiny, "search", query="高商", exact=True).record["moments"] == []


def test_what_a_moment_lacks_of_what_was_typed_is_said(tools: Tools) -> None:
    with tools.library({"a": spaced(["他来纠缠我", "比方说第一次世界大战是什么"])}) as library:
        part = ask(library, "search", query="量子纠缠机")
        assert part.record["moments"][0]["notes"] == ["only part of 量子纠缠机"]
        assert "\n   only part of 量子纠缠机\n" in part.text
        most = ask(library, "search", query="第三次世界大战")
        assert most.record["moments"][0]["notes"] == ["most of it, but not 第三"]
        assert ask(library, "search", query="纠缠").record["moments"][0]["notes"] == []


def test_what_to_ask_instead_is_said(tiny: Library) -> None:
    asked = (
        ({"query": "晚安", "show": "两杯茶"}, 'Without show:"两杯茶" there are 4 moments or more: leave it out'),
        ({"query": '"绿茶 收音机"'}, "Without the quotes there are 3 moments or more: search for 绿茶 收音机"),
        ({"query": "晚安", "title": "月球"}, 'title:"月球": no episode has this in its title: the tool episodes lists'),
    )
    for given, advice in asked:
        answer = ask(tiny, "search", **given)
        assert answer.record["moments"] == []
        assert answer.record["advice"][0].startswith(advice)
        assert advice in answer.text
    assert ask(tiny, "search", query="绿茶").record["advice"] == []


def test_an_episode_with_the_query_as_its_title_is_named(tools: Tools) -> None:
    named = "“月球漫步” is the title of an episode: read with episode show/月球漫步 shows it"
    with tools.library({"月球漫步": spaced(["今天喝茶"]), "b": spaced(["月球漫步真好"])}) as library:
        found = ask(library, "search", query="月球漫步")
        assert len(found.record["moments"]) == 1
        assert found.record["advice"] == [named]
        assert named in found.text


def test_the_same_recording_is_cited_once(tools: Tools) -> None:
    lines = spaced([f"第{number}种绿茶是怎么泡出来的" for number in "一二三四五六七八九"], 10)
    with tools.library({"talk": lines, "talk_raw": lines}) as library:
        answer = ask(library, "search", query="第五种绿茶", limit=2)
    first, second = answer.record["moments"]
    assert (first["same_as"], second["same_as"]) == (None, 1)
    assert answer.text.endswith("   the same as 1, in another transcript of the recording")
    assert answer.text.count("第五种绿茶") == 1


def test_what_was_taken_for_it_is_said(tiny: Library) -> None:
    answer = ask(tiny, "search", query="收音鸡")
    assert answer.record["instead"] == ["收音鸡 is nowhere exactly; looked for same sound 收音机 (3)"]
    assert "收音机 was taken for 收音鸡 (homophone)" in answer.text
    nothing = ask(tiny, "search", query='"收音鸡"')
    assert nothing.record["moments"] == []
    assert nothing.text.startswith('Nothing found for "收音鸡"; without quotes')


def test_a_search_that_was_stopped_says_so(tiny: Library) -> None:
    assert ask(tiny, "search", query="绿茶").record["incomplete"] is None
    deadline = Deadline()
    deadline.cancel()
    answer = TOOLS[0].ask(tiny, {"query": "绿茶 OR 红茶"}, deadline)
    assert (answer.record["moments"], answer.record["incomplete"]) == ([], "cancelled")
    assert "The search was cancelled" in answer.text


@pytest.mark.parametrize("name", ["\0", "a\0b", "\ud800"])
def test_a_name_that_no_file_can_have_is_no_episode(tiny: Library, name: str) -> None:
    with pytest.raises(PodseekProblem, match="no episode has this id"):
        ask(tiny, "read", episode=name)


def test_an_episode_is_read_around_a_second_or_in_a_range(tiny: Library) -> None:
    around = ask(tiny, "read", episode="kettle", at=14, context=3)
    assert [cue["index"] for cue in around.record["cues"]] == [2, 3, 4]
    assert (around.record["start"], around.record["end"], around.record["next"]) == (11, 17, 17)
    ranged = ask(tiny, "read", episode="kettle", start=50)
    assert [cue["text"] for cue in ranged.record["cues"]] == ["红茶要用滚水", "下期再见"]
    assert ranged.record["next"] is None
    assert {*FACTS, "duration", "start", "end", "next", "url", "cues"} == ranged.record.keys()
    assert "   00:00:52 下期再见" in ranged.text
    assert "nothing is said here; the episode has 56 seconds" in ask(tiny, "read", episode="kettle", start=70).text


def test_times_are_taken_as_answers_show_them(tiny: Library) -> None:
    """Assistants pass on the time that they have just cited."""
    at_second = ask(tiny, "read", episode="kettle", at=14, context=3)
    assert ask(tiny, "read", episode="kettle", at="00:00:14", context="3") == at_second
    assert ask(tiny, "read", episode="kettle", start="0:50").record["start"] == 50


def test_a_long_episode_is_read_in_parts_that_meet(tools: Tools) -> None:
    lines = [(second, second + 4, f"第{number}句") for number, second in enumerate(range(0, 2000, 5))]
    with tools.library({"long": lines}) as library:
        read: list[int] = []
        start: float | None = 0.0
        while start is not None:
            answer = ask(library, "read", episode="long", start=start, end=5000).record
            assert answer["end"] - answer["start"] <= LONGEST_READ
            read += [cue["index"] for cue in answer["cues"]]
            start = answer["next"]
    assert read == list(range(400))


def test_no_answer_is_longer_than_anybody_speaks(tools: Tools) -> None:
    with tools.library({"one": spaced(["字" * 30_000]), "many": [(0.0, 1.0, "字" * 900)] * 40}) as library:
        for episode in ("one", "many"):
            record = ask(library, "read", episode=f"show/{episode}").record
            assert 0 < sum(len(cue["text"]) for cue in record["cues"]) <= MOST_CHARACTERS
            assert record["next"] is None


def test_episodes_come_in_pages(tiny: Library) -> None:
    seen: list[str] = []
    offset: int | None = 0
    while offset is not None:
        answer = ask(tiny, "episodes", offset=offset, limit=3)
        assert answer.record["total"] == 4
        seen += [episode["episode"] for episode in answer.record["episodes"]]
        offset = answer.record["next"]
    assert seen == [episode.id for episode in tiny.episodes()]
    assert ask(tiny, "episodes", show="茶", since="2025").record["total"] == 1


@pytest.mark.parametrize(
    ("name", "given", "problem"),
    [
        ("read", {"episode": "radio", "at": "later"}, r"^at: 'later' is no number: give seconds, or a time"),
        ("read", {"episode": "radio", "at": "9:99"}, r"^at: '9:99' is no number: give seconds"),
        ("read", {"episode": "radio", "start": "99:00:00:00"}, r"^start: '99:00:00:00' is no number"),
        ("episodes", {"limit": "1:30"}, "limit: '1:30' is no integer"),
        ("search", {"query": "茶 AND"}, "column 3: AND needs something"),
        ("search", {}, "query: is missing"),
        ("search", {"query": "茶", "limit": MOST_MOMENTS + 1}, "limit: 51 is not between 1 and 50"),
        ("search", {"query": "茶", "since": "soon"}, "is not a date"),
        ("search", {"query": "茶", "page": 2}, "page: no such argument: there are query, limit"),
        ("read", {"episode": "坐井观天"}, "no episode has this id"),
        ("read", {"episode": "e"}, "4 episodes fit"),
        ("episodes", {"limit": "all"}, "limit: 'all' is no integer"),
    ],
)
def test_a_wrong_question_is_refused_in_one_line(tiny: Library, name: str, given: dict[str, Any], problem: str) -> None:
    with pytest.raises(PodseekProblem, match=problem) as refused:
        ask(tiny, name, **given)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("value", [True, 1.5, "1", float("nan"), [], 0, 10**400])
def test_an_argument_is_what_its_schema_says(value: object) -> None:
    with pytest.raises(PodseekProblem, match=r"^n: "):
        checked({"n": value}, {"n": integer("", 1, 9, 3)}, ())


def test_what_is_not_given_has_its_default() -> None:
    schemas = {"n": integer("", 1, 9, 3), "s": switch(""), "t": text("")}
    assert checked({"n": None}, schemas, ()) == {"n": 3, "s": False, "t": None}
    assert checked({"n": 4, "s": True, "t": "茶"}, schemas, ("t",)) == {"n": 4, "s": True, "t": "茶"}
