"""AND, OR, NOT and NEAR: which moments meet the condition of a query, seen through the library."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.library import Tools, spaced

import indexer
from search import Library, open_library


def starts(library: Library, query: str) -> set[tuple[str, float]]:
    return {(moment.episode.id.rpartition("/")[2], moment.start) for moment in library.search(query, limit=None)}


def matched(library: Library, query: str) -> list[tuple[float, str]]:
    """(start, text) of all matches in the order of time."""
    moments = library.search(query, limit=None)
    return sorted((match.start, match.text) for moment in moments for match in moment.matches)


@pytest.mark.parametrize(
    ("query", "moments"),
    [
        # AND: both within one moment of about 20 s
        ("绿茶 AND 水温", {("kettle", 8.0)}),
        ("绿茶 AND 收音机", {("stone", 24.0)}),
        ("两杯茶 AND 石桥", set()),
        ("一壶 AND 下期", set()),  # in one episode, 48 s apart
        ('"绿茶" "水温"', {("kettle", 8.0)}),  # quoted ones side by side must all occur
        ('"绿茶" 火星', {("kettle", 12.0), ("stone", 32.0)}),  # plain ones only rank
        # OR
        ("水温 OR 石桥", {("kettle", 8.0), ("stone", 4.0)}),
        ("水温 OR 火星", {("kettle", 8.0)}),
        ("火星 OR 木星", set()),
        ("(水温 OR 石桥) AND 绿茶", {("kettle", 8.0), ("stone", 28.0)}),
        # NOT
        ("绿茶 -红茶", {("stone", 32.0)}),
        ("绿茶 NOT 红茶", {("stone", 32.0)}),
        ("绿茶 AND NOT 水开了", set()),  # before 36, after 12, and beside the one in the bridge episode
        ("红茶 AND NOT 滚水", {("kettle", 12.0)}),
        ('绿茶 -"一壶绿茶"', {("kettle", 12.0)}),
        ("绿茶 -火星", {("kettle", 12.0), ("stone", 32.0)}),
        ("一壶 -绿茶", set()),
        ("绿茶 -绿茶", set()),
        ("(火星 AND 绿茶) OR (一壶 -绿茶)", set()),
        ("绿茶八十度 -绿茶", set()),
        ("火星 -(红茶 OR 水开了)", set()),
        ("一壶 -(绿茶 OR 火星)", set()),
        ("绿茶 -(红茶 OR 水开了)", set()),
        ("收音机 -(矿石 AND 电池)", {("stone", 24.0)}),
        # NEAR, in seconds between the cues
        ("一壶 NEAR/4s 水温", {("kettle", 4.0)}),
        ("水温 NEAR/4s 一壶", {("kettle", 4.0)}),
        ("一壶 NEAR/3.9s 水温", set()),
        ("一壶 NEAR/4秒 水温", {("kettle", 4.0)}),
        ("一壶 NEAR 红茶", {("kettle", 4.0)}),  # 8 s; ten are meant when none are named
        ("一壶 NEAR 烧水", set()),
        ("一壶 NEAR/48s 下期", {("kettle", 4.0), ("kettle", 52.0)}),  # further than one moment spans
        ("一壶 NEAR/47s 下期", set()),
        # NEAR, in atoms between the nearest ends: 绿茶八十度红茶
        ("绿茶 NEAR/3 红茶", {("kettle", 12.0)}),
        ("绿茶 NEAR/2 红茶", set()),
        ("红茶 NEAR/3 绿茶", {("kettle", 12.0)}),
        ("一壶 NEAR/0 好水", {("kettle", 4.0)}),
        ("绿茶 NEAR/3 红茶 NEAR/0s 水温", set()),
        ("(火星 OR 绿茶) NEAR/3 红茶", {("kettle", 12.0)}),
        ('"八十度" NEAR/0 "红茶"', {("kettle", 12.0)}),
        ("绿* NEAR/4 红*", {("kettle", 12.0)}),  # 绿 alone: 茶八十度 lies between
        ("绿* NEAR/3 红*", set()),
    ],
)
def test_a_condition_is_met_by(tiny: Library, query: str, moments: set[tuple[str, float]]) -> None:
    assert starts(tiny, query) == moments


def test_near_marks_only_what_is_near_enough(tiny: Library) -> None:
    """绿茶 at 12 and 36, 红茶 at 12, 44 and 48: of the last two only the first is within 8 s of a 绿茶."""
    assert matched(tiny, "绿茶 NEAR/8s 红茶") == [(12.0, "红茶"), (12.0, "绿茶"), (36.0, "绿茶"), (44.0, "红茶")]


def test_what_is_left_out_is_never_marked(tiny: Library) -> None:
    assert {text for _, text in matched(tiny, "绿茶 -火星 -矿石")} == {"绿茶", "綠茶"}


def test_a_word_is_left_out_around_a_moment_too_but_not_in_the_whole_episode(tools: Tools) -> None:
    """Half a window, 10 s, before and after."""
    texts = ["月亮", *["安静"] * 9, "太阳", "安静", "月亮", *["安静"] * 9, "月亮"]
    with tools.library({"a": spaced(texts)}) as library:
        assert starts(library, "月亮 -太阳") == {("a", 0.0), ("a", 88.0)}


def test_a_query_of_operators_finds_every_place_that_meets_it(tools: Tools) -> None:
    texts = [("日月" if number % 10 == 0 else "安静") for number in range(400)]
    with tools.library({"a": spaced(texts)}) as library:
        assert len(matched(library, "日 AND 月")) == 80
        assert library.search("日 AND 月", limit=3).total == 40


@settings(max_examples=25)
@given(
    cues=st.lists(st.sets(st.sampled_from("日月星"), max_size=2), min_size=1, max_size=25),
    seconds=st.sampled_from((0, 4, 8, 12, 20, 36)),
)
def test_near_in_seconds_finds_every_pair_near_enough_and_no_other(
    tools: Tools, cues: list[set[str]], seconds: int
) -> None:
    """Against a look at every pair."""
    texts = ["，".join(sorted(cue)) or "安静" for cue in cues]
    places = {word: [4.0 * at for at, cue in enumerate(cues) if word in cue] for word in "日月"}
    near = {
        pair
        for one in places["日"]
        for other in places["月"]
        if abs(one - other) <= seconds
        for pair in ((one, "日"), (other, "月"))
    }
    with tools.library({"a": spaced(texts)}) as library:
        assert matched(library, f"日 NEAR/{seconds}s 月") == sorted(near)


@settings(max_examples=25)
@given(text=st.text("日月星", min_size=1, max_size=30), atoms=st.integers(0, 6))
def test_near_in_atoms_finds_every_pair_near_enough_and_no_other(tools: Tools, text: str, atoms: int) -> None:
    near = {
        at
        for one, first in enumerate(text)
        for other, second in enumerate(text)
        if first == "日" and second == "月" and abs(one - other) - 1 <= atoms
        for at in (one, other)
    }
    with tools.library({"a": spaced([text])}) as library:
        assert len(matched(library, f"日 NEAR/{atoms} 月")) == len(near)


@pytest.mark.parametrize(
    "query",
    [
        '"" 绿茶',
        '绿茶 "……"',
        "绿茶 ……",
        "绿茶 ()",
        "「绿茶」",
    ],
)
def test_what_has_no_words_changes_nothing(tiny: Library, query: str) -> None:
    assert starts(tiny, query) == starts(tiny, '"绿茶"')


@pytest.mark.parametrize("query", ["水 AND (绿茶 茶 zzqx*)", "水 AND (绿茶 zzqx*)", "水 NOT 火星 AND 绿茶 zzqx*"])
@pytest.mark.parametrize("limit", [1, 10, None])
def test_a_beginning_that_no_word_has_changes_nothing(tiny: Library, query: str, limit: int | None) -> None:
    found, without = (tiny.search(text, limit=limit) for text in (query, query.replace(" zzqx*", "")))
    assert [(one.episode, one.start) for one in found] == [(one.episode, one.start) for one in without]
    assert found.total == without.total > 0


def test_near_reaches_further_than_a_window(tmp_path: Path) -> None:
    """54 s and 270 atoms between the two words: NEAR/60s and NEAR/300 reach, NEAR/50s and NEAR/200 do not."""
    said = ["起点", *["一二三四五六七八九十" for _ in range(27)], "终点"]
    cues = "\n".join(
        f"{n}\n00:00:{2 * n % 60:02},000 --> 00:00:{2 * n % 60 + 1:02},000\n{text}\n" if n < 30 else ""
        for n, text in enumerate(said)
    )
    (tmp_path / "far.srt").write_text(cues, "utf-8")
    indexer.index_paths([tmp_path], tmp_path / "index", jobs=1)
    with open_library(tmp_path / "index") as library:
        queries = ("NEAR/60s", "NEAR/300", "NEAR/50s", "NEAR/200")
        found = [query for query in queries if library.search(f"起点 {query} 终点")]
    assert found == ["NEAR/60s", "NEAR/300"]
