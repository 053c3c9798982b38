"""Of several transcripts of an episode the best is indexed, and none that was indexed is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.library import Tools, indexed, podseek, subrip
from support.transcripts.packed import zipped

import search
from indexer.core.files.language_suffix import language_of, plain_stem


def test_many_transcripts_left_out_of_a_folder_are_told_in_one_line(tools: Tools, tmp_path: Path) -> None:
    for number in range(4):
        for name in (f"{number}.zh.srt", f"{number}.en.srt"):
            (tmp_path / name).write_text(subrip("今天聊开源"), "utf-8")
    (complaint,) = indexed(tools, tmp_path, tmp_path).complaints
    assert complaint.path == str(tmp_path.resolve())
    assert complaint.what == "4 files are other transcripts of episodes, such as 0.en.srt"


@pytest.mark.parametrize(
    "name",
    [
        *("talk (1).srt", "talk(2).srt", "talk - Copy.srt", "talk - Copy (3).srt", "talk copy 2.srt"),
        *("talk - 副本.srt", "talk副本.srt", "talk的副本.srt", "talk (copy).srt", "talk (1) (1).srt"),
    ],
)
def test_a_copy_beside_its_original_is_left_out_and_said(tools: Tools, tmp_path: Path, name: str) -> None:
    for one in {"talk.srt", name, "talk (1).srt" if name == "talk (1) (1).srt" else name}:
        (tmp_path / one).write_text(subrip("今天聊开源"), "utf-8")
    report = indexed(tools, tmp_path, tmp_path)
    assert report.added == 1
    assert "a copy of talk.srt" in {complaint.what for complaint in report.complaints}
    assert all(complaint.what.startswith("a copy of talk") for complaint in report.complaints)
    report = indexed(tools, tmp_path, tmp_path / name)
    assert report.added == 1, "named, it is indexed as well"
    assert indexed(tools, tmp_path, tmp_path).unchanged >= 2, "and stays"


def test_what_only_has_the_name_of_a_copy_is_an_episode(tools: Tools, tmp_path: Path) -> None:
    for name, text in (("talk.srt", "今天聊开源"), ("talk (1).srt", "今天聊芯片"), ("song (1).srt", "今天聊开源")):
        (tmp_path / name).write_text(subrip(text), "utf-8")
    report = indexed(tools, tmp_path, tmp_path)
    assert (report.added, report.complaints) == (3, [])


def test_a_copy_of_a_transcript_that_is_left_out_is_left_out_too(tools: Tools, tmp_path: Path) -> None:
    for name, text in (("talk.zh.srt", "今天聊开源"), ("talk.en.srt", "open"), ("talk.en (1).srt", "open")):
        (tmp_path / name).write_text(subrip(text), "utf-8")
    report = indexed(tools, tmp_path, tmp_path)
    assert report.added == 1
    assert {complaint.what for complaint in report.complaints} == {
        "another transcript of talk.zh.srt",
        "a copy of talk.en.srt",
    }


@pytest.mark.parametrize(
    ("names", "best"),
    [
        (["talk.srt", "talk.zh.srt", "talk.en.srt"], "talk.zh.srt"),
        (["talk.en.srt", "talk.srt"], "talk.srt"),
        (["talk.zh-TW.srt", "talk.zh_CN.srt"], "talk.zh_CN.srt"),
        (["talk.srt", "talk.vtt", "talk.txt"], "talk.srt"),
        (["talk.chs.srt", "talk.cht.srt"], "talk.chs.srt"),
        (["talk.zh.auto.vtt", "talk.zh.srt"], "talk.zh.srt"),
        (["talk.auto.srt", "talk.en.srt"], "talk.auto.srt"),
        (["talk.srt", "talk.srt.gz"], "talk.srt"),
        (["talk.srt", "talk.zh-CN-dual.srt"], "talk.zh-CN-dual.srt"),
        (["talk.en.srt", "talk.zh.srt", "talk.zh-en.srt"], "talk.zh-en.srt"),
        (["talk.en.srt", "talk.en-zh.srt"], "talk.en-zh.srt"),
        (["talk.srt", "talk.chs&eng.srt", "talk.cht&eng.srt"], "talk.chs&eng.srt"),
        (["talk.zh-TW-dual.srt", "talk.zh-CN.srt"], "talk.zh-CN.srt"),
        (["talk.srt", "talk.zh-Hans-CN.srt"], "talk.zh-Hans-CN.srt"),
        (["talk.zh-Hant-HK.srt", "talk.zh-Hans-HK.srt", "talk.zh-SG.srt"], "talk.zh-SG.srt"),
    ],
)
def test_of_several_transcripts_of_an_episode_the_best_is_indexed(
    tools: Tools, tmp_path: Path, names: list[str], best: str
) -> None:
    for name in names:
        (tmp_path / name).write_text(subrip("今天聊开源"), "utf-8")
    report = indexed(tools, tmp_path, tmp_path)
    assert report.added == 1
    assert {complaint.what for complaint in report.complaints} == {f"another transcript of {best}"}
    with search.open_library(tmp_path / "index") as library:
        assert [Path(episode.path).name for episode in library.episodes()] == [best]


def test_a_better_transcript_takes_the_place_of_what_is_indexed(tools: Tools, tmp_path: Path) -> None:
    (tmp_path / "talk.en.srt").write_text(subrip("open source"), "utf-8")
    indexed(tools, tmp_path, tmp_path)
    (tmp_path / "talk.zh.srt").write_text(subrip("今天聊开源"), "utf-8")
    indexed(tools, tmp_path, tmp_path)
    with search.open_library(tmp_path / "index") as library:
        assert [Path(episode.path).name for episode in library.episodes()] == ["talk.zh.srt"]


def test_what_is_named_is_always_indexed_and_stays(tools: Tools, tmp_path: Path) -> None:
    for name in ("talk.zh.srt", "talk.en.srt"):
        (tmp_path / name).write_text(subrip("今天聊开源"), "utf-8")
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
        ("talk.auto.srt", "talk", None),
        ("talk.zh-CN.srt", "talk", "zh-CN"),
        ("talk.zh-CN-dual.srt", "talk", "zh-CN"),
        ("talk.zh-dual.auto.srt", "talk", "zh"),
        ("talk.zh-Hans-en.srt", "talk", "zh-Hans"),
        ("talk.en+zh-Hant.srt", "talk", "en"),
        ("talk.chs&eng.srt", "talk", "chs"),
        ("talk.en-FR.srt", "talk", "en-FR"),
        ("talk.fr-fr.srt", "talk", "fr-fr"),
        ("auto.srt", "auto", None),
        ("v1.5.srt", "v1.5", None),
        ("the.end.srt", "the.end", None),
    ],
)
def test_names_tell_their_language(name: str, stem: str, language: str | None) -> None:
    assert (plain_stem(Path(name)), language_of(Path(name))) == (stem, language)


def test_a_better_transcript_takes_over_the_id(tools: Tools, tmp_path: Path) -> None:
    folder = tmp_path / "show"
    folder.mkdir()
    (folder / "talk.en.srt").write_text(subrip("open source"), "utf-8")
    indexed(tools, tmp_path, folder)
    (folder / "talk.zh.srt").write_text(subrip("今天聊开源"), "utf-8")
    report = indexed(tools, tmp_path, folder)
    assert (report.added, report.changed, report.removed) == (0, 1, 0)
    with search.open_library(tmp_path / "index") as library:
        assert [(episode.id, Path(episode.path).name) for episode in library.episodes()] == [
            ("show/talk.en", "talk.zh.srt")
        ]
    assert indexed(tools, tmp_path, folder).unchanged == 1


@pytest.mark.parametrize("better", ["", "什么也不是"])
def test_what_has_no_cues_takes_nobodys_place(tools: Tools, tmp_path: Path, better: str) -> None:
    (tmp_path / "talk.en.srt").write_text(subrip("open source"), "utf-8")
    indexed(tools, tmp_path, tmp_path)
    (tmp_path / "talk.zh.srt").write_text(better, "utf-8")
    for _ in range(2):
        indexed(tools, tmp_path, tmp_path)
        with search.open_library(tmp_path / "index") as library:
            assert [Path(episode.path).name for episode in library.episodes()] == ["talk.en.srt"]


@pytest.mark.parametrize(
    ("language", "best"), [("en", "talk.en.srt"), ("zh", "talk.zh.srt"), ("zh-TW", "talk.zh.srt"), ("de", "talk.srt")]
)
def test_the_language_of_the_show_goes_before(tools: Tools, tmp_path: Path, language: str, best: str) -> None:
    for name in ("talk.srt", "talk.zh.srt", "talk.en.srt"):
        (tmp_path / name).write_text(subrip("今天聊开源"), "utf-8")
    (tmp_path / "podcast.toml").write_text(f'language = "{language}"', "utf-8")
    indexed(tools, tmp_path, tmp_path)
    with search.open_library(tmp_path / "index") as library:
        assert [Path(episode.path).name for episode in library.episodes()] == [best]


def test_the_members_of_an_archive_are_chosen_from_as_well(tools: Tools, tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {name: subrip("好") for name in ("x/a.srt", "x/a.en.srt", "y/a.srt")})
    report = indexed(tools, tmp_path, archive)
    assert report.added == 2
    assert [complaint.path for complaint in report.complaints] == [str(archive / "x" / "a.en.srt")]


def test_a_preview_leaves_out_what_a_run_does(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {name: subrip("好") for name in ("a.zh.srt", "a.en.srt")})
    done = podseek("index", "--dry-run", tmp_path, index=tmp_path / "index")
    assert [line.split()[-1] for line in done.lines] == [str(archive / "a.zh.srt")]
    assert "another transcript of a.zh.srt" in done.err


def test_what_is_empty_is_not_the_best(tools: Tools, tmp_path: Path) -> None:
    (tmp_path / "talk.srt").write_text("", "utf-8")
    (tmp_path / "talk.en.srt").write_text(subrip("open source"), "utf-8")
    assert indexed(tools, tmp_path, tmp_path).added == 1


@pytest.mark.parametrize(("language", "best"), [("en", "talk.srt"), ("zh", "talk.zh-CN-dual.srt"), ("ja", "talk.srt")])
def test_a_bilingual_pair_keeps_the_language_that_is_asked_for(
    tools: Tools, tmp_path: Path, language: str, best: str
) -> None:
    for name in ("talk.srt", "talk.zh-CN-dual.srt"):
        (tmp_path / name).write_text(subrip("today on the open source"), "utf-8")
    (tmp_path / "podcast.toml").write_text(f'language = "{language}"\n', "utf-8")
    indexed(tools, tmp_path, tmp_path)
    with search.open_library(tmp_path / "index") as library:
        assert [Path(episode.path).name for episode in library.episodes()] == [best]


def test_a_transcript_that_was_named_is_not_replaced_by_a_later_run_of_its_folder(tools: Tools, tmp_path: Path) -> None:
    for name in ("talk.srt", "talk.zh-CN-dual.srt"):
        (tmp_path / name).write_text(subrip("today on the open source"), "utf-8")
    indexed(tools, tmp_path, tmp_path / "talk.srt")
    indexed(tools, tmp_path, tmp_path)
    with search.open_library(tmp_path / "index") as library:
        assert "talk.srt" in [Path(episode.path).name for episode in library.episodes()]
