"""Trends: rates by month, year, show and episode; and dispersion, compared with values computed by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.front_ends.commands import called
from support.library import Tools, spaced

from indexer.core.errors import QueryProblem
from search import Filter, Library
from search.exploration.counting.measures import deviation, normal_deviation
from search.frontends.formats.listings.trends import sparkline


def test_a_rate_is_occurrences_in_an_hour_of_speech_and_in_a_million_atoms(tiny: Library) -> None:
    (rate,) = tiny.explore.trend(["水"], [Filter("title", "水开了")], damping=False)
    kettle = tiny.find_episode("tea/kettle")
    assert (rate.group, rate.date, rate.episodes) == ("2024-11", "2024-11-02", 1)
    assert rate.count == 7 + 1  # 好水 水温 热水壶 烧水 水开了 three times, 滚水
    assert rate.hours == pytest.approx(14 * 4 / 3600)
    assert rate.per_hour == pytest.approx(8 / (56 / 3600))
    assert rate.atoms == kettle.atoms
    assert rate.per_million == pytest.approx(8e6 / kettle.atoms)
    assert (rate.episode, rate.start, rate.line) == ("tea/kettle", 8.0, "好水泡茶的人都在意水温")
    assert rate.url == "https://example.org/tea/kettle.mp3#t=8"


def test_months_follow_each_other_and_undated_episodes_are_counted(tiny: Library) -> None:
    found = tiny.explore.trend(["收音机", "晚安"])
    assert [(rate.term, rate.group, rate.count) for rate in found] == [
        *[("收音机", "2024-11", 0), ("收音机", "2025-01", 2), ("收音机", "2025-03", 1)],
        *[("晚安", "2024-11", 0), ("晚安", "2025-01", 0), ("晚安", "2025-03", 0)],
    ]
    assert (found.by, found.undated) == ("month", 1)


@pytest.mark.parametrize(
    ("by", "counts"),
    [
        ("year", [("2024", 0), ("2025", 3)]),
        ("show", [("两杯茶", 2), ("橋上風景", 1)]),
        ("episode", [("tea/kettle", 0), ("tea/radio", 2), ("bridge/stone", 1), ("bridge/sleep", 0)]),
    ],
)
def test_episodes_are_grouped_by_what_is_asked_for(tiny: Library, by: str, counts: list[tuple[str, int]]) -> None:
    assert [(rate.group, rate.count) for rate in tiny.explore.trend(["收音机"], by=by)] == counts


def test_episodes_are_compared_where_none_has_a_date(tools: Tools) -> None:
    with tools.library({"a": spaced(["水开了"]), "b": spaced(["没有"])}) as library:
        found = library.explore.trend(["水"])
        assert (found.by, [rate.count for rate in found]) == ("episode", [1, 0])
        assert found[1].episode is found[1].start is found[1].url is None


def test_a_word_is_found_whatever_words_and_cues_it_crosses(tiny: Library) -> None:
    assert sum(rate.count for rate in tiny.explore.trend(["壶好水"])) == 1


def test_loops_count_neither_as_occurrences_nor_as_speech(tools: Tools) -> None:
    loop = [(4.0 + n, 5.0 + n, "水水水水") for n in range(40)]
    with tools.library({"a": [*spaced(["水开了"]), *loop, (50.0, 54.0, "水真好")]}) as library:
        found = library.explore.trend(["水"])
        assert found.damped
        assert found[0].count + found.damped == library.explore.trend(["水"], damping=False)[0].count
        assert found[0].hours * 3600 < 4 + 4 + 3


def test_text_with_nothing_to_look_for_is_a_problem(tiny: Library) -> None:
    for ask in (tiny.explore.trend, tiny.explore.dispersion):
        with pytest.raises(QueryProblem):
            ask(["!?"])


def test_dp_is_as_computed_by_hand() -> None:
    """Parts of 10, 20, 30 and 40 of 100 words: s = .1, .2, .3, .4."""
    sizes = [10, 20, 30, 40]
    # v = .4, .3, .2, .1: half of .3 + .1 + .1 + .3
    assert deviation([4, 3, 2, 1], sizes) == pytest.approx(0.4)
    assert normal_deviation([4, 3, 2, 1], sizes) == pytest.approx(0.4 / 0.9)
    # All in the smallest part: half of .9 + .2 + .3 + .4, the most that can be.
    assert deviation([7, 0, 0, 0], sizes) == pytest.approx(0.9)
    assert normal_deviation([7, 0, 0, 0], sizes) == pytest.approx(1.0)
    assert deviation([1, 2, 3, 4], sizes) == pytest.approx(0.0)
    assert deviation([0, 0, 0, 0], sizes) == normal_deviation([5], [100]) == normal_deviation([], []) == 0.0


def test_evenness_is_measured_over_episodes_and_over_equal_parts(tools: Tools) -> None:
    """Episodes of 8, 4 and 4 atoms, in which 水 is twice, twice and never."""
    texts = {"a": ["水一二三", "水四五六"], "b": ["水水七八"], "c": ["九十甲乙"]}
    with tools.library({name: spaced(said) for name, said in texts.items()}) as library:
        found = library.explore.dispersion(["水"], parts=4, damping=False)
    (even,) = found.evenness
    assert (even.count, even.episodes, even.of, even.parts) == (4, 2, 3, 4)
    # v = .5, .5, 0 and s = .5, .25, .25: half of 0 + .25 + .25, by at most 1 - .25
    assert even.dp_episodes == pytest.approx(0.25)
    assert even.dp_norm_episodes == pytest.approx(0.25 / 0.75)
    # v = .25, .25, .5, 0 over four parts of four atoms: half of 0 + 0 + .25 + .25
    assert even.dp_parts == pytest.approx(0.25)
    assert even.dp_norm_parts == pytest.approx(0.25 / 0.75)
    assert [(row.episode, row.parts, row.moments) for row in found] == [
        ("show/a", (1, 0, 1, 0), (0.0, 4.0)),
        ("show/b", (1, 1, 0, 0), (0.0, 0.0)),
    ]
    # v = .5, 0, .5, 0 over four parts
    assert found[0].dp == pytest.approx(0.5)
    assert found[0].dp_norm == pytest.approx(0.5 / 0.75)


def test_strips_are_of_the_episodes_that_have_most_evenness_is_of_all(tiny: Library) -> None:
    found = tiny.explore.dispersion(["水", "茶"], limit=1, damping=False)
    assert {row.episode for row in found} == {"tea/kettle"}
    assert [row.term for row in found] == ["水", "茶"]
    assert found.evenness[0].episodes == 2


def test_there_are_no_more_parts_than_atoms(tools: Tools) -> None:
    with tools.library({"a": spaced(["水开了"])}) as library:
        (row,) = library.explore.dispersion(["水"], parts=50)
        assert row.parts == (1, 0, 0)


def test_a_sparkline_of_many_values_has_the_means_of_neighbours() -> None:
    assert len(sparkline([1.0] * 1000)) <= 60
    assert sparkline([]) == ""
    assert sparkline([0, 0], nothing=" ") == "  "


@pytest.mark.parametrize("form", ["text", "jsonl", "json", "tsv", "csv"])
@pytest.mark.parametrize("command", [("trend",), ("dispersion",), ("dispersion", "--summary")], ids=" ".join)
def test_every_format_holds_what_was_found(tiny_index: Path, command: tuple[str, ...], form: str) -> None:
    run = called(*command, "收音机", "--format", form, index=tiny_index)
    assert run.code == 0
    assert "收音机" in run.out


def test_the_commands_say_what_is_left_out_and_find_nothing(tiny_index: Path) -> None:
    assert "1 episode has no date and belongs to no month" in called("trend", "水", index=tiny_index).err
    assert called("trend", "量子", index=tiny_index).code == 1
    assert called("dispersion", "量子", index=tiny_index).code == 1
