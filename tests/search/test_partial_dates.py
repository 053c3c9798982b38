"""Episodes of which only the month or the year is known, from their folders to what people and programs see."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.front_ends.commands import called
from support.library import Tools, spaced, unlike, write_lines

import search
from search import Filter, Library
from search.api import SearchRequest

FOLDERS = {"year": "show/2020", "month": "show/2021/03", "day": "show/2021/03/14", "none": "show"}
PERIODS = {"year": "2020", "month": "2021-03", "day": "2021-03-14", "none": None}


@pytest.fixture(scope="module")
def library(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("dates")
    for number, (name, where) in enumerate(FOLDERS.items()):
        write_lines(folder / where / f"{name}.srt", spaced(["说到开源的事", unlike(number)]))
    with search.open_library(tools.index([folder / "show"], folder / "index")) as opened:
        yield opened


def printed(library: Library, *arguments: str) -> str:
    return called(*arguments, index=Path(library.folder)).out


def test_programs_see_a_day_or_null_and_beside_it_what_is_known(library: Library) -> None:
    known = {name: (period if name == "day" else None, period) for name, period in PERIODS.items()}
    for command in (("search", "开源"), ("episodes",)):
        rows = [json.loads(line) for line in printed(library, *command, "--format", "jsonl").splitlines()]
        assert {row["title"]: (row["date"], row["period"]) for row in rows} == known
    for command in ("concordance", "dispersion"):
        rows = [json.loads(line) for line in printed(library, command, "开源", "--format", "jsonl").splitlines()]
        assert {row["title"]: (row["date"], row["period"]) for row in rows} == known
    status = json.loads(printed(library, "status", "--format", "jsonl"))
    assert (status["first_date"], status["last_date"]) == ("2021-03-14", "2021-03-14")
    assert (status["first_period"], status["last_period"]) == ("2020", "2021-03-14")


def test_people_see_as_much_as_is_known(library: Library) -> None:
    lines = printed(library, "episodes").splitlines()
    assert {line.split()[0] for line in lines} == {"2020", "2021-03", "2021-03-14", "-"}
    assert "  2021-03\n" in printed(library, "search", "开源 title:month", "--color", "never")
    assert "2020" in printed(library, "status")


def test_the_order_of_time_puts_a_month_before_its_days(library: Library) -> None:
    in_time = ["none", "year", "month", "day"]
    for sort, titles in (("time", in_time), ("date", in_time[::-1])):
        found = library.search(SearchRequest("开源", sort=sort))
        assert [moment.episode.title for moment in found] == titles


@pytest.mark.parametrize(
    ("given", "titles"),
    [
        ("2021-03", {"month", "day"}),
        ("2021-03-20..", {"month"}),
        ("..2020-06-30", {"year"}),
        ("2020-06", {"year"}),
        ("2020..2021", {"year", "month", "day"}),
    ],
)
def test_a_filter_lets_through_what_may_be_of_its_days(library: Library, given: str, titles: set[str]) -> None:
    assert {one.title for one in library.episodes([Filter("date", given)])} == titles
    assert {moment.episode.title for moment in library.search("开源", filters=[Filter("date", given)])} == titles


def test_a_trend_has_a_month_where_a_month_is_known_and_a_year_where_a_year_is(library: Library) -> None:
    by_month = library.explore.trend(["开源"])
    assert ([(rate.group, rate.count) for rate in by_month], by_month.undated) == ([("2021-03", 2)], 2)
    assert (by_month.only_years, by_month.beside) == (1, {"开源": 2})
    by_year = library.explore.trend(["开源"], by="year")
    assert ([(rate.group, rate.count) for rate in by_year], by_year.undated) == ([("2020", 1), ("2021", 2)], 1)
    assert (by_year.only_years, by_year.beside) == (0, {"开源": 1})
    assert [(rate.date, rate.period) for rate in by_year] == [(None, "2020"), (None, "2021-03")]
    of_years = library.explore.trend(["开源"], filters=[Filter("date", "2020")])
    assert (of_years.by, [rate.group for rate in of_years]) == ("year", ["2020"])


def test_a_trend_by_month_tells_apart_what_has_no_date_and_what_has_a_year(library: Library) -> None:
    no_date = "1 episode has no date and belongs to no {by}: by show or by episode it counts, too\n"
    a_year = "1 episode has only a year and belongs to no month: by year, show or episode it counts, too\n"

    def said(*options: str) -> str:
        return called("trend", "开源", *options, index=Path(library.folder)).err

    there = "Said in these, and not counted: 开源 {n}\n"
    assert said("--by", "month") == no_date.format(by="month") + a_year + there.format(n=2)
    assert said("--by", "year") == no_date.format(by="year") + there.format(n=1)
    no_month = said("--by", "month", "--since", "2020", "--until", "2020")  # nothing is left to list
    assert no_month == a_year + there.format(n=1)
    assert said("--by", "show") == ""
