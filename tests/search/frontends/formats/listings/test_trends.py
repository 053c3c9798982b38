"""Bars of rates are scaled to what is said in more than a few minutes."""

from __future__ import annotations

import pytest
from support.front_ends.commands import ran
from support.library import Tools, spaced

from search.exploration.trends import Trend
from search.frontends.formats.charts.specifications import trend_chart
from search.frontends.formats.display import Page, Style
from search.frontends.formats.listings.trends import trend
from search.frontends.formats.rate_scale import cut_note, greatest


@pytest.fixture
def shows(tools: Tools) -> Trend:
    """茶 is said 20 times in ten minutes, and once in four seconds."""
    long = spaced([f"第{number}回喝茶" for number in range(20)], 30)
    with tools.library({"long": long, "short": spaced(["茶"])}) as library:
        return library.explore.trend(["茶"], by="episode")


def test_a_bar_beyond_the_scale_is_cut_off_and_said(shows: Trend) -> None:
    first, second = sorted(shows, key=lambda rate: rate.per_hour)
    assert second.per_hour > 5 * first.per_hour
    assert greatest(shows) == first.per_hour
    *_, long, short = trend(shows, Page(Style(color=False, links=False, width=0)))
    assert long.endswith(" " + "█" * 16)
    assert short.endswith(" " + "█" * 15 + "▸")
    assert cut_note(shows).startswith(f"Bars end at {first.per_hour:.2f} an hour")
    layer = trend_chart(shows, print)["layer"][-1]
    assert layer["encoding"]["y"]["scale"]["domain"] == [0, first.per_hour]
    assert layer["mark"]["clip"]


def test_of_short_speech_alone_no_bar_is_cut_off(tools: Tools) -> None:
    with tools.library({"a": spaced(["茶", "水"]), "b": spaced(["茶"])}) as library:
        found = library.explore.trend(["茶"], by="episode")
    assert cut_note(found) == ""
    assert greatest(found) == max(rate.per_hour for rate in found)


def test_a_picture_has_the_bars_of_those_who_say_most(tools: Tools) -> None:
    episodes = {f"{number:02}": spaced([f"第{line}杯茶" for line in range(1 + number)]) for number in range(45)}
    with tools.library(episodes) as library:
        found = library.explore.trend(["茶"], by="episode")
    said: list[str] = []
    values = trend_chart(Trend(found, "show", 0), said.append)["data"]["values"]
    assert {value["label"] for value in values} == {f"{number:02}" for number in range(5, 45)}
    assert said == ["The picture has the 40 with most speech of 45"]


def test_the_command_tells_that_bars_are_cut_off(tools: Tools, capsys: pytest.CaptureFixture[str]) -> None:
    episodes = {"long": spaced([f"第{number}回喝茶" for number in range(20)], 30), "short": spaced(["茶"])}
    with tools.library(episodes) as library:
        asked = ("--index", str(library.folder), "trend", "茶", "--by", "episode")
        assert "Bars end at " in ran(capsys, *asked).err
        assert "Bars end" not in ran(capsys, *asked, "--format", "jsonl").err
