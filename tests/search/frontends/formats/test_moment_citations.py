"""Moments in the forms of citations: what a bookmark of each would be cited as."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
from support.front_ends.found import cue, episode, moment

from search.frontends.formats import citations
from search.frontends.formats.display import Page
from search.frontends.formats.formats import writer
from search.results.bookmarks import bookmark

FOUND = [
    moment(episode(audio="https://example.org/radio.mp3"), cue(4, "RTL-SDR是一种便宜的软件"), cue(5, "无线电接收器")),
    moment(episode("bridge/sleep"), cue(0, "晚安"), rank=2),
]


@pytest.mark.parametrize("form", ["apa", "gbt7714", "bibtex", "csl-json"])
@pytest.mark.parametrize("kind", ["moments", "cues"])
def test_a_moment_is_cited_as_its_bookmark_is(kind: str, form: str) -> None:
    kept = [bookmark(one, "", "") for one in FOUND]
    assert list(writer(kind, form)(iter(FOUND), Page())) == list(citations.FORMATS[form](kept, Page().style))


def test_a_reference_says_when_it_was_found() -> None:
    reference = next(writer("moments", "gbt7714")(FOUND, Page()))
    assert f"[{date.today().isoformat()}]. https://example.org/radio.mp3#t=" in reference


@pytest.mark.parametrize(("form", "read"), [("csl-json", json.loads), ("bibtex", str.split), ("apa", str.split)])
def test_nothing_found_is_an_empty_list(form: str, read: Callable[[str], object]) -> None:
    assert read("\n".join(writer("moments", form)([], Page()))) == []
