"""Of several transcripts of an episode the best is indexed, and none that was indexed is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from library import Tools
from packed import cues, indexed

import search
from indexer.names import language_of, plain_stem

pytest_plugins = ["indexes"]


@pytest.mark.parametrize(
    ("names", "best"),
    [
        (["talk.srt", "talk.zh.srt", "talk.en.srt"], "talk.zh.srt"),
        (["talk.en.srt", "talk.srt"], "talk.srt"),
        (["talk.zh-TW.srt", "talk.zh_CN.srt"], "talk.zh_CN.srt"),
        (["talk.srt", "talk.vtt", "talk.txt"], "talk.srt"),
        (["talk.chs.srt", "talk.cht.srt"], "talk.chs.srt"),
    ],
)
def test_of_several_transcripts_of_an_episode_the_best_is_indexed(
    tools: Tools, tmp_path: Path, names: list[str], best: str
) -> None:
    for name in names:
        (tmp_path / name).write_text(cues("今天聊开源"), "utf-8")
    report = indexed(tools, tmp_path, tmp_path)
    assert report.added == 1
    assert {complaint.what for complaint in report.complaints} == {f"another transcript of {best}"}
    with search.open_library(tmp_path / "index") as library:
        assert [Path(episode.path).name for episode in library.episodes()] == [best]


def test_a_better_transcript_takes_the_place_of_what_is_indexed(tools: Tools, tmp_path: Path) -> None:
    (tmp_path / "talk.en.srt").write_text(cues("open source"), "utf-8")
    indexed(tools, tmp_path, tmp_path)
    (tmp_path / "talk.zh.srt").write_text(cues("今天聊开源"), "utf-8")
    indexed(tools, tmp_path, tmp_path)
    with search.open_library(tmp_path / "index") as library:
        assert [Path(episode.path).name for episode in library.episodes()] == ["talk.zh.srt"]


def test_what_is_named_is_always_indexed_and_stays(tools: Tools, tmp_path: Path) -> None:
    for name in ("talk.zh.srt", "talk.en.srt"):
        (tmp_path / name).write_text(cues("今天聊开源"), "utf-8")
    assert indexed(tools, tmp_path, tmp_path, tmp_path / "talk.en.srt").added == 2
    assert indexed(tools, tmp_path, tmp_path).unchanged == 2


@pytest.mark.parametrize(
    ("name", "stem", "language"),
    [
        ("talk.zh.srt", "talk", "zh"),
        ("talk.zh-Hans.srt", "talk", "zh-Hans"),
        ("talk.zh_CN.vtt", "talk", "zh_CN"),
        ("talk.auto.zh.vtt", "talk", "zh"),
        ("talk.zh.auto.srt.gz", "talk", "zh"),
        ("talk.cht.srt", "talk", "cht"),
        ("v1.5.srt", "v1.5", None),
        ("the.end.srt", "the.end", None),
    ],
)
def test_names_tell_their_language(name: str, stem: str, language: str | None) -> None:
    assert (plain_stem(Path(name)), language_of(Path(name))) == (stem, language)
