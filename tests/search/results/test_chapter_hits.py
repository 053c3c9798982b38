"""Chapters in results: in which one something is said, and titles that were looked for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.library import Tools, podseek, spaced, unlike, write_lines

import search
from indexer.core.types import Chapter, Episode, Facts
from search import Filter, Library

SIDECAR = """
speakers = ["林晚"]

[episodes.open]
date = 2025-03-01
chapters = [
  {start = "0:00", title = "开场"},
  {start = "0:20", title = "谈谈开源"},
  {start = "1:00", title = "算力与 GPU"},
]
"""

SAID = ["大家好", "先说说近况", "开源是什么", "很久以前", "有一群人", "社区", "写软件", "不要钱", "后来呢", "大家都用"]
SAID += ["然后", "公司来了", "钱也来了", "怎么办", "许可证", "换个话题", "显卡很贵", "买不到", "电也不够", "再见"]


@pytest.fixture(scope="module")
def index(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("chapters")
    write_lines(folder / "show" / "open.srt", spaced(SAID))
    write_lines(folder / "show" / "other.srt", spaced(["开源社区", "开源开源", "就这样"]))
    (folder / "show" / "podcast.toml").write_text(SIDECAR, "utf-8")
    return tools.index([folder / "show"], folder / "index")


@pytest.fixture(scope="module")
def library(index: Path) -> Iterator[Library]:
    with search.open_library(index) as opened:
        yield opened


@pytest.mark.parametrize(
    ("query", "chapter"), [("近况", "开场"), ("社区 软件", "谈谈开源"), ("买不到", "算力与 GPU"), ('"就这样"', None)]
)
def test_a_moment_names_the_chapter_of_its_first_match(library: Library, query: str, chapter: str | None) -> None:
    assert library.search(query, limit=1, exact=True)[0].chapter == chapter


@pytest.mark.parametrize("query", ["算力", "gpu 算力", '"算力与GPU"', "算力 AND gpu", "算力 NEAR gpu", "算力 OR 火星"])
def test_a_title_that_nobody_says_is_a_hit_at_the_start_of_its_chapter(library: Library, query: str) -> None:
    (moment,) = library.search(query, exact=True)
    assert (moment.start, moment.chapter, moment.rank) == (60.0, "算力与 GPU", 1)
    assert {match.where for match in moment.matches} == {"chapter"}
    assert moment.cues[0].text == "许可证" or moment.cues[0].start == 60.0


@pytest.mark.parametrize(
    "query", ["gpu NEAR/0 算力", "算力 NEAR/0s gpu", "算力 NEAR/0 (gpu OR 火星)", "gpu NEAR/3 gpu"]
)
def test_everything_in_a_title_is_near(library: Library, query: str) -> None:
    assert [moment.chapter for moment in library.search(query, exact=True)] == ["算力与 GPU"]


def test_a_regular_expression_is_looked_up_in_what_is_said_only(library: Library) -> None:
    """It matched every title of every episode."""
    assert [moment.start for moment in library.search("/显卡.贵/")] == [library.search("显卡")[0].start]
    assert not library.search("/算力.*/")


def test_a_title_comes_before_what_is_only_said(library: Library) -> None:
    first = library.search("开源", limit=3)[0]
    assert (first.chapter, first.matches[0].where, first.matches[0].text) == ("谈谈开源", "chapter", "谈谈开源")


def test_a_title_is_told_where_what_is_said_under_it_is_shown_and_no_cue_is_shown_twice(library: Library) -> None:
    found = library.search("开源", limit=None)
    shown = [(moment.episode.id, cue.index) for moment in found for cue in moment.cues]
    assert len(shown) == len(set(shown))
    assert [moment.rank for moment in found] == list(range(1, len(found) + 1))
    assert found.total == len(found)


@pytest.mark.parametrize(
    "query", ["算力 -gpu", "算力 NOT gpu", '"算力GPU"', "算力 AND 火星", "=算", "speaker:小禾 算力"]
)
def test_a_title_must_meet_the_query(library: Library, query: str) -> None:
    found = library.search(query, exact=True)
    assert all(match.where == "speech" for moment in found for match in moment.matches) or query == "=算"


@pytest.mark.parametrize(("field", "value", "count"), [("date", "2025", 1), ("date", "2024", 0), ("title", "open", 1)])
def test_filters_hold_for_titles(library: Library, field: str, value: str, count: int) -> None:
    assert len(library.search("算力", filters=[Filter(field, value)])) == count


def test_the_limit_holds_with_titles(library: Library) -> None:
    assert len(library.search("开源", limit=1)) == 1


@pytest.mark.parametrize(("second", "title"), [(0, "a"), (9.9, "a"), (10, "b"), (15, None), (20, "c"), (99, "c")])
def test_an_end_ends_a_chapter_and_a_soundbite_is_none(second: float, title: str | None) -> None:
    chapters = (Chapter(0, "a"), Chapter(5, "x", 7, "soundbite"), Chapter(10, "b", 15), Chapter(20, "c"))
    found = Episode("e", "/e", Facts(chapters=chapters)).chapter_at(second)
    assert (found.title if found else None) == title


def test_people_and_programs_read_the_chapter(index: Path) -> None:
    assert podseek("search", "-n", "1", "近况", index=index).lines[1].endswith("show/open  § 开场")
    record = json.loads(podseek("search", "--format", "jsonl", "算力", index=index).out)
    assert (record["chapter"], record["matches"][0]["where"]) == ("算力与 GPU", "chapter")


def test_the_first_page_with_a_title_is_the_beginning_of_a_longer_list(tools: Tools, tmp_path: Path) -> None:
    """What is said below the title comes late in a long list: then the title is shown with the first cues of its
    chapter, and these only once."""
    quiet = ["安静"] * 15
    for number in range(12):
        write_lines(tmp_path / "show" / f"{number:02}.srt", spaced(["开源开源开源", unlike(number), *quiet]))
    write_lines(tmp_path / "show" / "open.srt", spaced([*quiet[:5], "说说开源", *quiet, "再说开源", *quiet]))
    (tmp_path / "show" / "podcast.toml").write_text(SIDECAR.replace("0:20", "0:16"), "utf-8")
    with search.open_library(tools.index([tmp_path / "show"], tmp_path / "index")) as library:
        whole = list(library.search("开源", limit=30))
        assert whole[0].chapter == "谈谈开源" and {match.where for match in whole[0].matches} == {"chapter"}
        shown = [(moment.episode.id, cue.index) for moment in whole for cue in moment.cues]
        assert len(shown) == len(set(shown))
        for limit in (10, 13):
            pages = [library.search("开源", limit=limit, offset=at) for at in range(0, 30, limit)]
            assert [moment for page in pages for moment in page][: len(whole)] == whole
            assert pages[-1].total == len(whole)
