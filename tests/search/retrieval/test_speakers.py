"""Who says it: a speaker named in the query, or beside it, keeps to that speaker's cues."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.library import Tools, podseek

import search
from search import Filter, Library

TALK = [
    ("林晚", "今天聊开源"),
    ("老周", "开源我有话说"),
    ("老周", "社区才是根本"),
    ("林晚", "那公司呢"),
    ("", "（音乐）开源之歌"),
    ("老周", "公司做开源要小心"),
]


@pytest.fixture(scope="module")
def index(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("voices")
    lines = ["WEBVTT", ""]
    for number, (speaker, text) in enumerate(TALK):
        spoken = f"<v {speaker}>{text}" if speaker else text
        lines += [f"00:{number:02}:00.000 --> 00:{number:02}:04.000", spoken, ""]
    show = folder / "show"
    show.mkdir()
    (show / "named.vtt").write_text("\n".join(lines), "utf-8")
    (show / "unnamed.srt").write_text("1\n00:00:00,000 --> 00:00:02,000\n开源软件\n", "utf-8")
    (show / "podcast.toml").write_text('[episodes.unnamed]\nspeakers = ["老周"]\n', "utf-8")
    return tools.index([show], folder / "index")


@pytest.fixture(scope="module")
def library(index: Path) -> Iterator[Library]:
    with search.open_library(index) as opened:
        yield opened


def found(library: Library, query: str, *filters: Filter) -> list[tuple[str, float]]:
    return sorted(
        (moment.episode.stem, match.start)
        for moment in library.search(query, limit=None, filters=filters, exact=True)
        for match in moment.matches
    )


NAMED, UNNAMED = "named", ("unnamed", 0.0)


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("开源", [(NAMED, 0.0), (NAMED, 60.0), (NAMED, 240.0), (NAMED, 300.0), UNNAMED]),
        ("speaker:林晚 开源", [(NAMED, 0.0)]),
        ("speaker:老周 开源", [(NAMED, 60.0), (NAMED, 300.0), UNNAMED]),
        ('speaker:老周 "开源"', [(NAMED, 60.0), (NAMED, 300.0), UNNAMED]),
        ("speaker:老周 AND 开源 AND 公司", [(NAMED, 300.0), (NAMED, 300.0)]),
        ("-speaker:老周 开源", [(NAMED, 0.0), (NAMED, 240.0)]),
        ("speaker:小禾 开源", []),
        ("speaker:林晚 社区 公司", [(NAMED, 180.0)]),
    ],
)
def test_a_speaker_filter_keeps_to_what_that_speaker_says(
    library: Library, query: str, places: list[tuple[str, float]]
) -> None:
    assert found(library, query) == places


def test_the_option_and_the_word_of_the_query_find_the_same(library: Library) -> None:
    assert found(library, "开源", Filter("speaker", "老周")) == found(library, "speaker:老周 开源")


def test_the_speakers_of_an_episode_are_those_of_its_facts_and_of_its_cues(library: Library) -> None:
    assert {episode.stem: episode.speakers for episode in library.episodes()} == {
        "named": ("林晚", "老周"),
        "unnamed": ("老周",),
    }
    assert [episode.stem for episode in library.episodes([Filter("speaker", "林晚")])] == ["named"]


def test_results_name_who_speaks(index: Path) -> None:
    done = podseek("search", "-C", "0", "--speaker", "林晚", "开源", index=index)
    assert done.lines[-1].endswith("00:00:00  林晚: 今天聊开源")
