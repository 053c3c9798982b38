"""A star inside a word, which is none, is told with what may have been meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.front_ends.commands import called

from search.frontends.cli.output.inner_stars import inner_star


@pytest.mark.parametrize(
    ("query", "regex"),
    [("电*池", "'/电.{0,5}池/'"), ("说说 深度*习 吧", "'/深度.{0,5}习/'"), ("a*c", "'/a.{0,5}c/'")],
)
def test_a_star_between_letters_is_told(query: str, regex: str) -> None:
    assert f"`podseek search {regex}`" in inner_star(query)


@pytest.mark.parametrize("query", ["电池*", "*电池", "电* 池", "5*6", '"电*池"', "/电.*池/", "* 电", "电 AND"])
def test_other_stars_are_not(query: str) -> None:
    assert inner_star(query) == ""


def test_the_search_that_is_told_finds_it(tiny_index: Path) -> None:
    run = called("search", "-C", "0", "绿*八十", index=tiny_index)
    assert "a star inside a word is none; `podseek search '/绿.{0,5}八十/'` finds 绿 with 八十" in run.err
    assert "绿茶八十度" in called("search", "-C", "0", "/绿.{0,5}八十/", index=tiny_index).out
    assert called("search", "-q", "绿*八十", index=tiny_index).err == ""
