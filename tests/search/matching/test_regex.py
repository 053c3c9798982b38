"""Regular expressions: what they match, against Python's own; where, against a scan; and how long that may take."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.library import Tools, spaced

from indexer.core.errors import QueryProblem
from search import Library
from search.matching.regex_automaton import LONGEST, Automaton
from search.matching.regex_places import places_of_regex
from search.matching.regex_syntax import parse_regex
from search.matching.regex_tree import longest, required, required_runs
from search.query.deadline import Deadline

pieces = st.sampled_from(["a", "b", "电", ".", "[ab]", "[^a]", "\\d", "\\w"])
REPEATS = ["*", "+", "?", "{2}", "{1,2}", "{2,}"]
expressions = st.recursive(
    pieces,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}|{two[1]})"),
        st.tuples(inner, st.sampled_from(REPEATS)).map(lambda two: f"({two[0]}){two[1]}"),
    ),
    max_leaves=6,
)


def matches(expression: str, text: str) -> list[tuple[int, int]]:
    return list(Automaton(parse_regex(expression, str.lower)).matches(text))


def by_python(expression: str, text: str) -> list[tuple[int, int]]:
    """The first end, from it the leftmost start, from that the longest match; then on behind it."""
    pattern, found, at = re.compile(expression), list[tuple[int, int]](), 0
    while True:
        spans = [
            (end, start)
            for start in range(at, len(text))
            for end in range(start + 1, len(text) + 1)
            if pattern.fullmatch(text, start, end)
        ]
        if not spans:
            return found
        _, start = min(spans)
        at = max(end for end, begin in spans if begin == start)
        found.append((start, at))


@pytest.mark.parametrize(
    ("expression", "runs"),
    [
        ("身边.{0,4}放下去", ["身边", "放下去"]),
        ("[三四]个月(左右)+", ["个月", "左右"]),
        ("(研究|研发)人员?", []),
        ("感.慨", []),
    ],
)
def test_characters_in_a_row_are_in_every_match(expression: str, runs: list[str]) -> None:
    assert list(required_runs(parse_regex(expression, str.lower))) == runs


@given(expression=expressions, text=st.text("ab1电 ", max_size=10))
def test_a_match_has_what_the_expression_requires(expression: str, text: str) -> None:
    if re.compile(expression).fullmatch(text) and text:
        part = parse_regex(expression, str.lower)
        assert all(run in text for run in (*required(part), *required_runs(part)))


@given(expression=expressions, text=st.text("ab1电 ", max_size=10))
def test_it_matches_what_python_matches(expression: str, text: str) -> None:
    if re.compile(expression).fullmatch(""):
        with pytest.raises(QueryProblem, match="nothing at all"):
            matches(expression, text)
    else:
        assert matches(expression, text) == by_python(expression, text)


@pytest.mark.parametrize("expression", ["(a*)*b", "(a|a)*b", "(a+)+b", "a*a*a*a*a*a*b", "(.*)*b"])
def test_what_takes_others_for_ever_takes_a_step_a_character(expression: str) -> None:
    assert matches(expression, "a" * 20_000) == []


def test_a_match_has_a_greatest_length_and_states_are_thrown_away() -> None:
    assert matches("a.*b", f"a{'x' * LONGEST}b ab") == [(LONGEST + 3, LONGEST + 5)]
    text = "".join("ab"[number.bit_count() % 2] for number in range(4000))
    assert len(matches("(a|b)*a(a|b){11}", text)) >= len(text) // LONGEST - 1


@pytest.mark.parametrize(
    ("expression", "wrong"),
    [
        ("(", "a ( is not closed"),
        (")", "closes nothing"),
        ("[", "a [ is not closed"),
        ("[z-a]", "ends before it begins"),
        ("*a", "nothing to repeat"),
        ("a**", "a second repetition"),
        ("a*?b", "a second repetition"),
        ("a{", "needs numbers"),
        ("a{1,99999}", "at most 200 times"),
        (f"a{{{'9' * 5000}}}", "at most 200 times"),
        ("a{3,1}", "ends before it begins"),
        ("a{999}", "too often"),
        ("(?=a)", "linear time"),
        ("(a)\\1", "unknown after"),
        ("\\bx", "unknown after"),
        ("^a", "no lines"),
        ("a\\", "unknown after"),
        ("(a{100}){100}", "too large"),
        ("(" * 99 + "a" + ")" * 99, "too many brackets"),
        ("", "nothing at all"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(expression: str, wrong: str) -> None:
    with pytest.raises(QueryProblem, match=re.escape(wrong)) as caught:
        parse_regex(expression, str.lower)
    assert "\n" not in str(caught.value)


def found(library: Library, query: str) -> list[list[str]]:
    return [[match.text for match in moment.matches] for moment in library.search(query, limit=None)]


def test_it_finds_what_is_said_across_cues_in_either_script_and_case(tools: Tools) -> None:
    said = ["这是第三", "代電池 GPT-4", "用 Deep", "Seek 做的", "别的话题"]
    with tools.library({"a": spaced(said, 40)}) as library:
        assert found(library, "/第.代电池/") == [["第三代電池"]]
        assert found(library, "/gpt-\\d/") == [["GPT-4"]]
        assert found(library, "/deep seek/") == [["DeepSeek"]]
        assert found(library, "/d[e-h]+p/") == [["Deep"]]
        assert found(library, "/火星.?/") == []


@pytest.mark.parametrize(
    ("expression", "length"),
    [("a.b", 3), ("a(bc|d)?", 3), ("(ab){2,3}", 6), ("[ab]|cde", 3), ("a+", None), ("(a|b*)c", None), ("a{2,}b", None)],
)
def test_the_longest_match_is_known_where_there_is_one(expression: str, length: int | None) -> None:
    assert longest(parse_regex(expression, str.lower)) == length


@pytest.mark.parametrize(
    "regex",
    ["电.车", "电.{0,3}池", "(的|是).{1,4}电", "年.?电池", "电.*车", "不.不", "车.{9}电", "[^。]电池.?", "是.{0,2}, ?"],
)
def test_only_the_text_around_what_is_in_every_match_is_read(
    sample: Library, monkeypatch: pytest.MonkeyPatch, regex: str
) -> None:
    assert_found_in_all_text(sample, monkeypatch, regex)


@pytest.mark.parametrize(
    "regex",
    [
        *(
            ".电.{0,4}",
            "[ ,]?电池.?",
            ".{0,3}电",
            "电池。{1,3}",
            "a .?电",
            "电.{2,3}b",
            "电..?电",
            "(电池.){2}",
            "..𠮷.?电",
        ),
        *(
            "a.?b",
            ".{0,2}gpt-?\\d.",
            "20[0-9]{2}..",
            "%.{0,3}",
            "…?电 ?b",
            "b.{1,3}é",
            "é",
            "𠮷.",
            ".{0,3}-4",
            "x y",
            "t4",
        ),
    ],
)
def test_cues_without_atoms_and_texts_of_other_lengths_are_read_around_it(
    tools: Tools, monkeypatch: pytest.MonkeyPatch, regex: str
) -> None:
    said = ["电池", "。。。", "", "a", "b", "电池", "别的话题" * 3, "，", "又是", "电池…", "b 电池电池", "的" * 9]
    said += [
        "𠮷利",
        "电",
        "GPT-4 和",
        "2024 年",
        "涨了 5％",
        "%",
        "b 个 e\u0301",
        "é",
        "x",
        "y",
        "x y 电",
        "ＧＰＴ４",
        "吃",
    ]
    others = ["别的", "话题", "……", "今天"] * 16
    with tools.library({"a": spaced([*said, *others, *said, *others, *said], 2)}) as library:
        assert_found_in_all_text(library, monkeypatch, regex)


def assert_found_in_all_text(library: Library, monkeypatch: pytest.MonkeyPatch, regex: str) -> None:
    snapshot = library.snapshot
    places = places_of_regex(regex, snapshot, snapshot.episodes())
    monkeypatch.setattr(
        "search.matching.regex_places._close", lambda snapshot, episode, *_given: range(snapshot.atoms(episode))
    )
    monkeypatch.setattr("search.matching.regex_places._spelled", lambda _part: "")
    assert places_of_regex(regex, snapshot, snapshot.episodes()) == places


def test_of_characters_that_are_apart_no_text_is_read(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    with tools.library(
        {"a": spaced(["电的", "好车", "电好车"], 40), "b": spaced(["电的", "好的", "好车"], 40)}
    ) as library:
        snapshot, read = library.snapshot, list[int]()
        monkeypatch.setattr(snapshot, "text", lambda number, own=snapshot.text: read.append(number) or own(number))
        assert places_of_regex("电.车", snapshot, snapshot.episodes()) == {3: {0: [4]}}
        assert read == [0]


def test_it_stands_beside_operators_and_filters(sample: Library) -> None:
    everywhere = found(sample, "/电.{1,2}/")
    assert found(sample, "/电池/") == found(sample, '"电池"')
    assert 0 < len(found(sample, "/电.{1,2}/ title:电池")) < len(everywhere)
    assert found(sample, '/20\\d\\d年/ NEAR/10s "宁德时代"')
    assert all("电池" not in "".join(texts) for texts in found(sample, "/宁德.{2}/ -/电池/"))
    assert found(sample, "/电池|芯片/ AND /\\d{4}年/")


def test_too_many_matches_and_too_little_time_are_said(sample: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    late = Deadline(0)
    assert sample.search("/不同的.{3}/", timeout=late).incomplete
    assert sample.search("/不同的.{3}/").incomplete is None
    monkeypatch.setattr("search.matching.regex_places.MOST", 100)
    with pytest.raises(QueryProblem, match="more than 100 places"):
        sample.search("/../ -/我/")


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("*arch", {"Elasticsearch", "search"}),
        ("*电池", {"电池"}),
        ("*oogle*", {"Google"}),
    ],
)
def test_a_word_may_have_an_open_beginning(sample: Library, query: str, texts: set[str]) -> None:
    got = {text for texts in found(sample, query) for text in texts}
    assert {text.lower() for text in got} & {text.lower() for text in texts}
    bare = query.strip("*").lower()
    assert all(text.lower().endswith(bare) or query.endswith("*") for text in got)
