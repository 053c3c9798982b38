"""The tools that count: their rows are those of the commands, their texts are short, and both say what is left out."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from support.front_ends.commands import called
from support.library import Line, Tools, spaced

from indexer.core.errors import PodseekProblem
from search import Deadline, Library
from search.frontends.mcp import tool
from search.frontends.mcp.exploring import IN_EPISODES, MANY_EPISODES, MOST_MONTHS
from search.frontends.mcp.tool import Answer
from search.frontends.mcp.tools import TOOLS

BY_NAME = {tool.name: tool for tool in TOOLS}


def ask(library: Library, name: str, deadline: Deadline | None = None, **given: Any) -> Answer:
    answer = BY_NAME[name].ask(library, given, deadline)
    Draft202012Validator(BY_NAME[name].output).validate(answer.record)
    return answer


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("search", {"query": "绿茶"}),
        ("search", {"query": "没有人说的"}),
        ("read", {"episode": "kettle"}),
        ("episodes", {}),
        ("trend", {"words": "茶, 收音机", "by": "episode"}),
        ("concordance", {"query": "茶"}),
        ("terms", {}),
        ("terms", {"near": "茶"}),
        ("terms", {"show": "茶"}),
        ("chapters", {"episode": "kettle"}),
    ],
)
def test_every_answer_is_as_its_schema_says_and_is_json(tiny: Library, name: str, given: dict[str, Any]) -> None:
    answer = ask(tiny, name, **given)
    assert json.loads(json.dumps(answer.record)) == answer.record
    assert answer.text.strip() == answer.text != ""


def _rows(library: Library, *arguments: str) -> list[dict[str, Any]]:
    told = called(*arguments, "--format", "jsonl", index=library.folder).out
    return [json.loads(line) for line in told.splitlines()]


def test_rows_are_those_of_the_commands(tiny: Library) -> None:
    rates = ask(tiny, "trend", words="收音机，茶", by="month").record["rates"]
    assert rates == _rows(tiny, "trend", "收音机", "茶", "--by", "month")
    lines = ask(tiny, "concordance", query="茶", context=40, sort="left").record["lines"]
    assert lines == _rows(tiny, "concordance", "茶", "--sort", "left")
    assert ask(tiny, "terms", limit=7).record["terms"] == _rows(tiny, "terms", "-n", "7")
    assert ask(tiny, "terms", show="茶").record["terms"] == _rows(tiny, "terms", "--show", "茶")
    near = ask(tiny, "terms", near="茶").record["terms"]
    assert near == _rows(tiny, "collocates", "茶")
    chapters = ask(tiny, "chapters", episode="kettle").record["chapters"]
    outline = _rows(tiny, "chapters", "kettle")
    assert [{name: row[name] for name in outline[0]} for row in chapters] == outline


# --- trend ----------------------------------------------------------------------------------------------


def test_what_is_said_only_in_episodes_without_a_date_is_not_denied(tools: Tools) -> None:
    talks = {"2024-11-02 a": spaced(["喝茶"]), "b": spaced(["水开了", "水凉了"]), "c": spaced(["喝水", "喝茶"])}
    with tools.library(talks) as library:
        answer = ask(library, "trend", words="水, 茶, 火")
    water, tea, fire = answer.text.splitlines()[:3]
    there = "in episodes without a date: count by show or episode"
    assert water == f"水: nowhere exactly in 0.00 h of speech with a date; 3 times {there}"
    assert tea.startswith("茶: 1 time in 1 episode")
    assert tea.endswith(f"; 1 time {there}")
    assert fire.endswith("h of speech; search finds what sounds alike")
    assert [total["undated"] for total in answer.record["totals"]] == [3, 1, 0]
    assert "Said in these, and not counted: 水 3, 茶 1" in answer.text


def test_a_trend_tells_the_whole_the_first_moment_and_each_group(tiny: Library) -> None:
    answer = ask(tiny, "trend", words="收音机")
    assert answer.record["by"] == "month"
    (total,) = answer.record["totals"]
    assert (total["count"], total["episodes"]) == (3, 2)
    head, first, heading, *lines = answer.text.splitlines()
    assert head.startswith("收音机: 3 times in 2 episodes, ")
    assert re.match(r"first 收音机: 2025-01 \| 00:00:\d\d \| .*episode: tea/radio \| ", first)
    assert heading.startswith("By month")
    assert [line.partition(" | ")[0] for line in lines[:3]] == ["2024-11", "2025-01", "2025-03"]
    assert lines[3].startswith("1 episode has no date")


def test_who_says_it_most_comes_first_and_who_never_does_is_counted(tiny: Library) -> None:
    answer = ask(tiny, "trend", words="收音机", by="show")
    assert [rate["group"] for rate in answer.record["rates"]] == ["两杯茶", "橋上風景"]
    one = ask(tiny, "trend", words="收音机", by="episode", limit=1)
    assert [rate["group"] for rate in one.record["rates"]] == ["tea/radio"]
    assert one.record["groups"] == 4
    assert re.search(r"\| first 00:\d\d:\d\d in tea/radio$", one.text, re.MULTILINE)
    assert one.text.endswith("3 more episodes, with fewer or none")
    every = ask(tiny, "trend", words="收音机", by="episode")
    left = 4 - len(every.record["rates"])
    assert f"{left} more episode{'s' if left > 1 else ''}, without any" in every.text, "the limit left out none of them"
    nothing = ask(tiny, "trend", words="航天飞机", by="episode")
    assert (nothing.record["rates"], nothing.record["totals"][0]["count"]) == ([], 0)
    assert re.fullmatch("航天飞机: nowhere exactly in .*; search finds what sounds alike", nothing.text)


def test_where_no_cue_names_a_speaker_nothing_is_compared_and_why_is_said(tiny: Library) -> None:
    told = ask(tiny, "trend", words="茶", by="speaker").text.splitlines()
    assert told[0] == "Nothing to count"
    assert told[1].startswith("4 episodes name no speaker")


def _monthly(tools: Tools, months: int) -> dict[str, list[Line]]:
    return {f"{2000 + n // 12}-{n % 12 + 1:02}-05 talk": spaced(["开水开了"]) for n in range(months)}


def test_of_many_months_the_years_are_told_unless_months_are_asked_for(tools: Tools) -> None:
    with tools.library(_monthly(tools, MOST_MONTHS)) as library:
        assert ask(library, "trend", words="水").record["by"] == "month"
    with tools.library(_monthly(tools, MOST_MONTHS + 1)) as library:
        assert ask(library, "trend", words="水").record["by"] == "year"
        months = ask(library, "trend", words="水", by="month", limit=3)
        assert [rate["group"] for rate in months.record["rates"]] == ["2001-11", "2001-12", "2002-01"]
        assert f"{MOST_MONTHS - 2} earlier months left out" in months.text
        assert months.record["totals"][0]["count"] == MOST_MONTHS + 1, "all of them"


def test_a_count_that_was_stopped_says_so(tiny: Library) -> None:
    for name, given in (("trend", {"words": "茶"}), ("concordance", {"query": "茶"}), ("terms", {})):
        deadline = Deadline()
        deadline.cancel()
        answer = ask(tiny, name, deadline, **given)
        assert answer.record["incomplete"] == "cancelled"
        assert "The count was cancelled; it " in answer.text


@pytest.mark.parametrize("name", ["search", "episodes", "trend", "concordance", "terms"])
def test_that_no_episode_passes_the_filters_is_told_instead_of_nothing(tiny: Library, name: str) -> None:
    given = {"search": {"query": "茶"}, "trend": {"words": "茶"}, "concordance": {"query": "茶"}}.get(name, {})
    answer = ask(tiny, name, show="没有这个节目", **given)
    assert '没有这个节目": no show has this name: there are 两杯茶, 橋上風景' in answer.text
    assert "they are from 2024-11-02 to 2025-03-20" in ask(tiny, name, since="2030", **given).text


# --- concordance ----------------------------------------------------------------------------------------


def test_a_concordance_goes_on_where_it_ended(tiny: Library) -> None:
    whole = ask(tiny, "concordance", query="茶").record
    seen: list[Any] = []
    offset: int | None = 0
    while offset is not None:
        answer = ask(tiny, "concordance", query="茶", limit=2, offset=offset)
        assert (answer.record["total"], answer.record["in"]) == (whole["total"], whole["in"])
        seen += answer.record["lines"]
        offset = answer.record["next"]
    assert seen == whole["lines"]
    assert len(seen) == whole["total"] > 4


def test_no_page_is_announced_that_no_tool_takes(tiny: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tool, "DEEPEST", 2)
    for name, more in (("search", "there may be more"), ("concordance", "There are more: offset")):
        first = ask(tiny, name, query="茶", limit=2)
        assert (first.record["next"], more in first.text) == (2, True)
        last = ask(tiny, name, query="茶", limit=2, offset=2)
        assert (last.record["next"], more in last.text) == (None, False)
    assert "There are more, too many to list" in last.text


def test_what_sounds_alike_is_advised_only_where_it_was_not_sought(tiny: Library) -> None:
    assert "tolerant finds" in ask(tiny, "concordance", query="航天飞机").text
    assert ask(tiny, "concordance", query="蘑菇", tolerant=True).text == "Nothing found for 蘑菇"


def test_loops_that_do_not_count_are_told(tools: Tools) -> None:
    with tools.library({"loop": spaced(["字幕志愿者"] * 40 + ["字幕在这里"])}) as library:
        for answer in (ask(library, "trend", words="字幕"), ask(library, "concordance", query="字幕")):
            assert f"{answer.record['damped']:,} more in loops" in answer.text
            assert answer.record["damped"] > 30


def test_a_line_is_below_its_episode_and_marks_the_match(tiny: Library) -> None:
    text = ask(tiny, "concordance", query="绿茶", title="水开").text
    head, episode, line, *_ = text.splitlines()
    assert head.endswith(" here")
    assert episode.startswith("水开了没有 | 2024-11-02 | https://example.org/tea/kettle.mp3#t=12 | episode: tea/kettle")
    assert re.match(r"   00:00:12 .*«绿茶»", line)
    assert ask(tiny, "concordance", query="航天飞机").text.startswith("Nothing found exactly for 航天飞机; tolerant")


def test_a_whole_number_may_be_written_with_a_point(tiny: Library) -> None:
    assert ask(tiny, "concordance", query="茶", limit=2.0) == ask(tiny, "concordance", query="茶", limit=2)
    for wrong in (2.5, float("nan"), float("inf"), "2", True):
        with pytest.raises(PodseekProblem, match=r"limit: .* is no integer"):
            ask(tiny, "concordance", query="茶", limit=wrong)


def test_a_random_sample_is_the_same_each_time(tiny: Library) -> None:
    one, other = (ask(tiny, "concordance", query="茶", random=True, limit=3) for _ in range(2))
    assert one == other
    assert (len(one.record["lines"]), one.record["next"]) == (3, None)
    assert one.text.splitlines()[0].endswith("; 3 at random")


# --- terms and chapters ---------------------------------------------------------------------------------


def test_a_word_of_one_guest_is_not_typical_of_a_show_of_many_episodes(tools: Tools) -> None:
    talk = {f"talk/{n}": spaced(["今天聊咖啡", "咖啡很香"]) for n in range(MANY_EPISODES)}
    talk["talk/0"] = spaced(f"{verb}恐龙" for verb in "看听说画买卖找见爱怕追骑养洗喂谈")
    tea = {f"tea/{n}": spaced(["我们喝普洱茶", "普洱茶不苦", "再泡一壶"]) for n in range(MANY_EPISODES)}
    with tools.library({**talk, **tea}) as library:
        typical, every = (
            {row["term"] for row in ask(library, "terms", show="talk", **more).record["terms"]}
            for more in ({}, {"in_episodes": IN_EPISODES - 2})
        )
    assert "咖啡" in typical
    assert every - typical == {"恐龙"}


def test_an_unknown_episode_has_no_chapters(tiny: Library) -> None:
    with pytest.raises(PodseekProblem, match="no episode has this id"):
        ask(tiny, "chapters", episode="坐井观天")


def test_chapters_are_told_with_the_second_where_they_begin(tools: Tools) -> None:
    with tools.library({"a": spaced(["开水开了"])}) as library:
        answer = ask(library, "chapters", episode="show/a")
        assert [(one["start"], one["time"]) for one in answer.record["chapters"]] == [(0.0, "00:00:00")]
        assert answer.text.splitlines()[1].startswith("Proposed by the words")
