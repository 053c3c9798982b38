"""Bookmarks as text on a terminal."""

from __future__ import annotations

import re

import pytest

from search.frontends.formats.citations import FORMATS, text
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


@pytest.mark.parametrize(
    ("date", "start", "apa", "gbt"),
    [
        ("2025-01-15", 48.6, "(2025, January 15). In tea.", "tea. 茶[EB/OL]. (2025-01-15)[2026-01-02]."),
        ("2025-12", 3723.0, "(2025, December). In tea.", "tea. 茶[EB/OL]. (2025-12)[2026-01-02]."),
        ("2025", 600.0, "(2025). In tea.", "tea. 茶[EB/OL]. (2025)[2026-01-02]."),
        (None, 5.0, "(n.d.). In tea.", "tea. 茶[EB/OL]. [2026-01-02]."),
    ],
)
def test_a_citation_has_the_form_of_its_standard(date: str | None, start: float, apa: str, gbt: str) -> None:
    link = "https://a.org/1.mp3#t=1"
    one = ONE._replace(title="茶", date=date, start=start, url=link)
    reference, quotation = FORMATS["apa"]([one], Style())
    assert reference == f"茶 [Audio podcast episode]. {apa} {link}"
    time = {48.6: "0:48", 3723.0: "1:02:03", 600.0: "10:00", 5.0: "0:05"}[start]
    assert quotation == f"    “水” (“茶,” {(date or 'n.d.')[:4]}, {time})"
    assert next(FORMATS["gbt7714"]([one], Style())) == f"{gbt} {link}."


def test_bibtex_keeps_the_case_of_a_title_and_says_when_it_was_read() -> None:
    lines = list(FORMATS["bibtex"]([ONE._replace(title="RLHF & {x}", url="https://a.org")], Style()))
    assert "  title = {{RLHF \\& (x)}}," in lines
    assert "  urldate = {2026-01-02}," in lines


@pytest.mark.parametrize("form", ["bibtex", "csl-json"])
def test_the_key_of_a_citation_stays_when_others_are_removed(form: str) -> None:
    def keys(*found: Bookmark) -> list[str]:
        return re.findall(r"podseek[0-9a-f-]+", "\n".join(FORMATS[form](found, Style())))

    other, undated = ONE._replace(episode="tea/b"), ONE._replace(date=None, start=3723.0)
    all_keys = keys(ONE, other, undated, ONE)
    assert len(set(all_keys)) == 4
    assert keys(other, undated) == all_keys[1:3]
    assert all_keys[0].startswith("podseek20260103-000001-") and all_keys[2].startswith("podseek-010203-")


def test_a_quotation_is_wrapped_at_a_terminal_and_whole_in_a_file() -> None:
    said = "水开了 the kettle boils " * 9
    one = ONE._replace(title="a", lines=((1.0, "", said),))
    _heading, *lines, _path = text([one], Style(width=40))
    assert len(lines) > 5
    assert all(columns(line) <= 40 and line.startswith("     ") for line in lines)
    assert "".join(line[5:] for line in lines).replace(" ", "") == said.replace(" ", "")
    assert [*text([one], Style())][1] == f"     {said.rstrip()}"


def test_titles_in_a_file_are_whole() -> None:
    assert "茶" * 60 in next(text([ONE], Style()))
