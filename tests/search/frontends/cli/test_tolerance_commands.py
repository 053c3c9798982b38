"""`podseek variants`, `podseek alias`, and what `podseek search` tells about what it looked for instead."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.front_ends.commands import called
from support.library import Run, Tools, spaced, write_lines

SAID = [
    "今天说高商很重要",
    "这个高商的概念",
    "我们用Lucene搜索",
    "也用Lucine搜索",
    "涨了30%",
    "天气很好",
    *["我们用Lucene搜索"] * 4,
]
APART = 40.0
"""Seconds of a cue: each is a moment of its own."""


@pytest.fixture(scope="module")
def shared_index(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read it, never write it, and add no alias."""
    folder = tmp_path_factory.mktemp("tolerance")
    write_lines(folder / "show" / "a.srt", spaced(SAID, APART))
    return tools.index([folder / "show"], folder / "index")


@pytest.fixture
def run(shared_index: Path) -> Any:
    def run(*arguments: object) -> Run:
        return called(*arguments, index=shared_index)

    return run


@pytest.fixture
def own(tools: Tools, tmp_path: Path) -> Any:
    """The same with an index of its own, to which an alias may be added."""
    write_lines(tmp_path / "show" / "a.srt", spaced(SAID, APART))
    index = tools.index([tmp_path / "show"], tmp_path / "index")

    def run(*arguments: object) -> Run:
        return called(*arguments, index=index)

    return run


# variants


def test_variants_lists_how_often_and_where_a_term_is_written_otherwise(run: Any) -> None:
    done = run("variants", "Lucene")
    assert (done.code, done.err) == (0, "")
    assert [line.split() for line in done.lines] == [
        ["exact", "5", "lucene", "00:01:20", "我们用Lucene搜索", "show/a"],
        ["spelling", "1", "lucine", "00:02:00", "也用Lucine搜索", "show/a"],
    ]


def test_variants_for_programs(run: Any) -> None:
    (found,) = (json.loads(line) for line in run("variants", "高熵", "--format", "jsonl").lines)
    assert found == {
        "schema": 1,
        "text": "高商",
        "how": "homophone",
        "count": 2,
        "episode": "show/a",
        "start": 0.0,
        "line": "今天说高商很重要",
    }
    header, row = run("variants", "高熵", "--format", "tsv").lines
    assert dict(zip(header.split("\t"), row.split("\t"), strict=True)) == {k: str(v) for k, v in found.items()}


def test_n_limits_the_variants(run: Any) -> None:
    assert len(run("variants", "-n", "1", "Lucene").lines) == 1


def test_no_variants_is_a_word_to_the_person(run: Any) -> None:
    done = run("variants", "火星")
    assert (done.code, done.out, done.err) == (1, "", "Nothing sounds or is spelled like 火星\n")


def test_discover_proposes_what_was_probably_said(run: Any) -> None:
    done = run("variants", "--discover")
    assert (done.code, done.err) == (0, "")
    assert done.lines[0].split() == ["lucine", "1", "->", "lucene", "5", "00:02:00", "也用Lucine搜索", "show/a"]
    found = json.loads(run("variants", "--discover", "--format", "jsonl").lines[0])
    assert (found["heard"], found["heard_count"], found["right"], found["right_count"]) == ("lucine", 1, "lucene", 5)
    assert (found["schema"], found["episode"], found["start"], found["line"]) == (1, "show/a", 120.0, "也用Lucine搜索")
    assert found["score"] > 0


@pytest.mark.parametrize("arguments", [(), ("--discover", "Lucene")])
def test_variants_wants_a_term_or_discover(run: Any, arguments: tuple[str, ...]) -> None:
    done = run("variants", *arguments)
    assert (done.code, done.out) == (2, "")
    assert "name a term" in done.err


# alias


def test_an_alias_is_listed_found_and_labelled(own: Any, tmp_path: Path) -> None:
    before = own("alias", "list")
    assert (before.code, before.out) == (1, "")
    assert before.err == "No aliases: `podseek alias add RIGHT HEARD` makes one\n"
    assert own("search", "--format", "plain", "概念").lines == ["show/a:00:00:41: 这个高商的概念"]

    file = tmp_path / "show" / "lexicon.toml"
    added = own("alias", "add", "概念", "天气")
    assert (added.code, added.out, added.err) == (0, "", f"{file}: 概念 is also found as 天气\n")
    listed = own("alias", "list")
    assert (listed.code, listed.lines, listed.err) == (0, [f"概念\t天气\t{file}"], "")

    found = own("search", "概念")
    assert (found.code, found.err) == (0, "")
    assert "     ≈ alias 天气 (概念)" in found.lines
    assert own("search", "--format", "plain", "概念").lines == [
        "show/a:00:00:41: 这个高商的概念",
        "show/a:00:03:20: 天气很好",
    ]
    assert own("search", "--exact", "--format", "plain", "概念").lines == ["show/a:00:00:41: 这个高商的概念"]
    assert [line.split()[:3] for line in own("variants", "概念").lines] == [
        ["exact", "1", "概念"],
        ["alias", "1", "天气"],
    ]


def test_an_alias_added_twice_is_written_once(own: Any) -> None:
    for _ in range(2):
        assert own("alias", "add", "概念", "天气").code == 0
    assert len(own("alias", "list").lines) == 1


@pytest.mark.parametrize(
    ("right", "heard"), [("高熵", "高熵"), ("GPU", "ｇｐｕ"), ("臺灣", "台湾"), ("GPU", "，"), ("，", "GPU")]
)
def test_an_alias_that_can_never_match_is_refused_with_one_line(
    run: Any, shared_index: Path, right: str, heard: str
) -> None:
    done = run("alias", "add", right, heard)
    assert (done.code, done.out) == (2, "")
    assert len(done.err.splitlines()) == 1
    assert right in done.err or heard in done.err
    assert list(shared_index.parent.rglob("lexicon.toml")) == []


# search


@pytest.mark.parametrize(
    ("query", "instead"),
    [("高熵", "same sound 高商 (2)"), ("百分之三十", "number 30 (1)"), ("gaoshang", "pinyin 高商 (2)")],
)
def test_exact_finds_nothing_of_it_and_tells_what_could_be_found(run: Any, query: str, instead: str) -> None:
    loose, exact = run("search", query), run("search", "--exact", query)
    assert (loose.code, exact.code, exact.out) == (0, 1, "")
    assert loose.err == f"{query} is nowhere exactly; looked for {instead}\n"
    assert exact.err.splitlines() == [
        f"Nothing found for {query}",
        f"Without --exact: {query} is nowhere exactly; looked for {instead}",
    ]


def test_what_was_looked_for_instead_is_told_on_stderr_only_and_not_when_quiet(run: Any) -> None:
    told = "高熵 is nowhere exactly; looked for same sound 高商 (2)"
    done = run("search", "--format", "plain", "高熵")
    assert sorted(done.lines) == ["show/a:00:00:00: 今天说高商很重要", "show/a:00:00:40: 这个高商的概念"]
    assert done.err == f"{told}\n"
    assert told not in done.out
    assert run("search", "-q", "高熵").err == ""
    assert "     ≈ same sound 高商 (高熵)" in run("search", "高熵").lines


def test_of_many_guesses_two_are_shown_and_how_to_see_all_is_told(tools: Tools, tmp_path: Path) -> None:
    write_lines(tmp_path / "show" / "a.srt", spaced(["这都一样是的", "结果一样是好的", "明天一样是晴天"], 40.0))
    index = tools.index([tmp_path / "show"], tmp_path / "index")
    some, every = (called("search", "--format", "plain", query, index=index) for query in ("益阳市", "~益阳市"))
    search = "`podseek search '~益阳市'`"
    assert some.err.splitlines() == [
        "益阳市 is nowhere exactly; looked for same sound 一样是 (3)",
        f"These are guesses: at most 2 are shown; {search} shows all",
    ]
    chinese = called("search", "益阳市", index=index, PODSEEK_LANG="zh").err
    assert f"{search} 查全部\n" in chinese
    assert (len(some.out.splitlines()), len(every.out.splitlines())) == (2, 3)
    assert "guesses" not in every.err


def test_that_there_are_other_guesses_is_told_even_if_each_is_said_once(tools: Tools, tmp_path: Path) -> None:
    write_lines(tmp_path / "show" / "a.srt", spaced(["用了Superbase", "再看Supabass", "还有Supabess"], 40.0))
    index = tools.index([tmp_path / "show"], tmp_path / "index")
    told = called("search", "Supabase", index=index).err.splitlines()
    assert "These are guesses: at most 2 are shown; " in told[-1]
    assert "'~Supabase'` shows all" in told[-1]
    assert len(called("search", "--format", "plain", "~Supabase", index=index).out.splitlines()) == 3
    write_lines(tmp_path / "show" / "a.srt", spaced(["用了Superbase", "再看Supabass"], 40.0))
    index = tools.index([tmp_path / "show"], tmp_path / "two")
    assert "guesses" not in called("search", "Supabase", index=index).err


def test_a_word_and_a_run_of_the_same_text_are_told_together(tools: Tools, tmp_path: Path) -> None:
    write_lines(tmp_path / "show" / "a.srt", spaced(["这个高商的概念", "说到高，商量一下", "题目是高，商"]))
    index = tools.index([tmp_path / "show"], tmp_path / "index")
    explained = called("search", "--explain", "高熵 概念", index=index).err.splitlines()
    # As a word, as a run of two, and as a run that ends inside a word.
    assert len([line for line in explained if line.startswith("  or   same sound 高商")]) == 3
    assert explained[-1] == "高熵 is nowhere exactly; looked for same sound 高商 (3)"


def test_what_was_looked_for_is_listed_as_the_language_lists(tools: Tools, tmp_path: Path) -> None:
    write_lines(tmp_path / "show" / "a.srt", spaced(["这个高商的概念", "再说高伤也行"]))
    index = tools.index([tmp_path / "show"], tmp_path / "index")
    told = {language: called("search", "高熵", index=index, PODSEEK_LANG=language).err for language in ("en", "zh")}
    assert told == {
        "en": "高熵 is nowhere exactly; looked for same sound 高伤 (1), same sound 高商 (1)\n",
        "zh": "高熵 没有原样出现，改查 同音 高伤 (1)，同音 高商 (1)\n",
    }


def test_a_part_of_a_word_that_is_nowhere_is_not_as_typed_and_what_nobody_typed_is_not_explained(
    tools: Tools, tmp_path: Path
) -> None:
    write_lines(tmp_path / "show" / "a.srt", spaced(["他在阿里巴巴上班", "我爸爸很忙", "阿里很远"], APART))
    index = tools.index([tmp_path / "show"], tmp_path / "index")
    done = called("search", "-C", "0", "阿里巴吧", index=index)
    assert [line for line in done.lines if line.endswith(":")] == ["possibly misheard:", "only part of 阿里巴吧:"]
    assert done.err == "阿里巴吧 is nowhere exactly; looked for same sound 阿里巴巴 (1)\n"


def test_what_is_said_exactly_needs_no_such_word(run: Any) -> None:
    assert run("search", "高商").err == ""
    assert run("search", "Lucene").err == ""


def test_explain_lists_what_may_stand_for_a_term(run: Any) -> None:
    query, term, other, instead = run("search", "--explain", "高熵").err.splitlines()
    assert query == "query  高熵"
    assert term.startswith("term   高熵  weight ")
    assert term.endswith(", 0 times in 0 episodes")
    assert other.startswith("  or   same sound 高商  weight ")
    assert other.endswith(", 2 times")
    assert instead.startswith("高熵 is nowhere exactly")
    assert float(other.split()[5].rstrip(",")) < float(term.split()[3].rstrip(","))


def test_explain_lists_nothing_that_stands_for_an_exact_term(run: Any) -> None:
    assert "  or   " not in run("search", "--explain", "--exact", "高熵").err
    assert "  or   " not in run("search", "--explain", "=高熵").err
