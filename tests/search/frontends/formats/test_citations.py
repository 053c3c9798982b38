"""Bookmarks as text on a terminal."""

from __future__ import annotations

import pytest

from search.frontends.formats.citations import text
from search.frontends.formats.display import Style, columns
from search.results.bookmarks import Bookmark

ONE = Bookmark(
    "2026-01-02", "", "水", "tea/a", "/a.srt", "tea", "茶" * 60, "2026-01-03", None, 1.0, 2.0, ((1.0, "", "水"),)
)


@pytest.mark.parametrize("width", [80, 81, 120])
def test_the_heading_of_a_bookmark_fits_the_terminal(width: int) -> None:
    heading = next(text([ONE], Style(width=width)))
    assert width - 1 <= columns(heading) <= width
    assert heading.endswith("  tea  2026-01-03")


def test_titles_in_a_file_are_whole() -> None:
    assert "茶" * 60 in next(text([ONE], Style()))
