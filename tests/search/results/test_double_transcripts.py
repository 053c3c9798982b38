"""Recordings of which an index has two transcripts are found by name and text, and told where they count twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from support.front_ends.commands import called
from support.library import Tools, spaced

from search import Library
from search.frontends.mcp.tools import TOOLS

ABOUT = "电池 光缆 芯片 卫星 密码 显卡 索引 编译 网络 存储 声音 图像"
ELSEWHERE = "南京 淮海 延安 西藏 四川 河南 福建 山东 江苏 浙江 广东 云南"


def talk(words: str, verb: str) -> Sequence[tuple[float, float, str]]:
    return spaced([f"{word}是怎么一回事我们{verb}说" for word in words.split()], 10)


@pytest.fixture
def twice(tools: Tools) -> Iterator[Library]:
    """`one` twice, `two` once, and `one two`, which says something else."""
    episodes = {
        "one": talk(ABOUT, "慢慢"),
        "raw/one_raw": talk(ABOUT, "漫漫"),
        "two": spaced([f"上海{road}路附近有家小店卖点心" for road in ELSEWHERE.split()], 10),
        "one two": spaced([f"{road}那边的电池工厂搬走了" for road in ELSEWHERE.split()], 10),
    }
    with tools.library(episodes) as library:
        yield library


def test_pairs_have_related_names_and_say_the_same(twice: Library) -> None:
    pairs = twice.double_transcripts(twice.episodes())
    assert [{one.title, other.title} for one, other in pairs] == [{"one", "one raw"}]
    assert twice.double_transcripts([one for one in twice.episodes() if "raw" not in one.id]) == []


def test_texts_are_compared_once(twice: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = twice.double_transcripts(twice.episodes())
    monkeypatch.setattr("search.results.recordings._places", lambda *_given: pytest.fail("compared again"))
    assert twice.double_transcripts(twice.episodes()) == pairs


def test_pairs_of_unrelated_names_end_together(tools: Tools) -> None:
    """What ends together and says something else is none, and neither is what is cut to one length."""
    cut = {f"part {number}": talk(ABOUT, "慢慢")[:6] for number in "甲乙丙丁戊己"}
    episodes = {
        "as received": talk(ABOUT, "慢慢"),
        "daily": talk(ABOUT, "漫漫"),
        "elsewhere": talk(ELSEWHERE, "慢慢"),
        **cut,
    }
    with tools.library(episodes) as library:
        pairs = library.double_transcripts(library.episodes())
        assert [{one.title, other.title} for one, other in pairs] == [{"as received", "daily"}]


@pytest.mark.parametrize(
    "command",
    [
        ("search", "-c", "电池"),
        ("trend", "电池"),
        ("dispersion", "电池"),
        ("terms",),
        ("concordance", "电池"),
    ],
)
def test_what_counts_says_that_a_recording_counts_twice(twice: Library, command: tuple[str, ...]) -> None:
    told = "1 recording counts twice, in "
    assert told in called(*command, index=twice.folder).err
    assert told not in called(*command, "-q", index=twice.folder).err
    assert told not in called(*command, "--title", "one two", index=twice.folder).err


def test_an_assistant_is_told_too(twice: Library) -> None:
    by_name = {tool.name: tool for tool in TOOLS}
    for name, given in (("trend", {"words": "电池"}), ("concordance", {"query": "电池"})):
        assert "1 recording counts twice" in by_name[name].ask(twice, given).text
        assert "counts twice" not in by_name[name].ask(twice, {**given, "title": "two"}).text
