"""Zip archives: each transcript in one is an episode, and none of them does harm."""

from __future__ import annotations

import gzip
import io
import json
import os
import warnings
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.library import Tools, indexed, podseek, subrip
from support.transcripts.packed import zipped

import search
from indexer import index_paths
from indexer.core.files import archives, sources
from indexer.core.files.sources import LARGEST_FILE
from indexer.core.types import Complaint
from indexer.discovery.walk import find_transcripts
from indexer.metadata.fact_finder import FactFinder
from search.frontends.media.player import find_audio


def titles(folder: Path) -> list[str]:
    with search.open_library(folder / "index") as library:
        return sorted(episode.title for episode in library.episodes())


def test_each_transcript_of_an_archive_is_an_episode(tools: Tools, tmp_path: Path) -> None:
    archive = zipped(tmp_path / "回声.zip", {"2025/2025-01-02 开源.srt": subrip("今天聊开源"), "b.srt": subrip("再见")})
    assert indexed(tools, tmp_path, archive).added == 2
    with search.open_library(tmp_path / "index") as library:
        (moment,) = library.search('"今天聊开源"')
        assert (moment.episode.title, moment.episode.date) == ("开源", "2025-01-02")
        assert moment.episode.path == str(archive / "2025" / "2025-01-02 开源.srt")
        assert {episode.show for episode in library.episodes()} == {"回声"}  # a year is no show
        assert library.status().missing == 0
        assert library.read(str(archive / "b.srt"))[1][0].text == "再见"
    assert podseek("forget", archive / "b.srt", index=tmp_path / "index").code == 0
    assert titles(tmp_path) == ["开源"]


def test_a_sidecar_and_chapters_within_an_archive_tell_of_its_episodes(tools: Tools, tmp_path: Path) -> None:
    members = {
        "a/podcast.toml": 'show = "回声机房"',
        "a/talk.srt": subrip("好", "开源"),
        "podcast.toml": 'show = "别的"',
    }
    chapters = '{"chapters": [{"startTime": 1, "title": "谈谈开源"}]}'
    archive = zipped(tmp_path / "x.zip", {**members, "a/talk.chapters.json": chapters})
    assert not indexed(tools, tmp_path, archive).complaints
    with search.open_library(tmp_path / "index") as library:
        (moment,) = library.search("谈谈开源", exact=True)
        assert moment.episode.show == "回声机房"
        assert ("chapter", 1.0) in [(match.where, match.start) for match in moment.matches]


def test_an_unchanged_archive_is_not_read_again_and_of_a_changed_one_what_changed(tools: Tools, tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"a.srt": subrip("一"), "b.srt": subrip("二")})
    indexed(tools, tmp_path, archive)
    assert indexed(tools, tmp_path, archive).unchanged == 2
    zipped(archive, {"a.srt": subrip("一"), "b.srt": subrip("三"), "c.srt": subrip("四")})
    report = indexed(tools, tmp_path, archive)
    assert (report.unchanged, report.changed, report.added) == (1, 1, 1)
    zipped(archive, {"a.srt": subrip("一")})
    assert indexed(tools, tmp_path, archive).missing == 2
    assert indexed(tools, tmp_path, tmp_path, prune=True).removed == 2
    archive.unlink()
    assert indexed(tools, tmp_path, tmp_path, prune=True).removed == 1


def test_an_unchanged_archive_is_not_unpacked_again(
    tools: Tools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = zipped(tmp_path / "a.zip", {"a.srt": subrip("一"), "b.txt": subrip("二"), "c/d.txt": subrip("三")})
    indexed(tools, tmp_path, archive)
    os.utime(archive, ns=(1, 1))

    def read(archive: Path, name: str, most: int) -> bytes:
        assert name.endswith("podcast.toml"), "unpacked"
        raise FileNotFoundError(2, "no such member")

    monkeypatch.setattr(archives, "read_member", read)
    assert indexed(tools, tmp_path, tmp_path).unchanged == 3


def test_a_member_may_be_compressed_itself(tools: Tools, tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"talk.txt.gz": gzip.compress(subrip("今天聊开源").encode())})
    indexed(tools, tmp_path, archive)
    assert titles(tmp_path) == ["talk"]


@pytest.mark.parametrize("named", [True, False])
def test_what_is_gone_from_a_folder_of_an_archive_is_pruned(tools: Tools, tmp_path: Path, named: bool) -> None:
    archive = zipped(tmp_path / "show" / "a.zip", {"x/a.srt": subrip("一"), "x/b.srt": subrip("二")})
    indexed(tools, tmp_path, archive)
    zipped(archive, {"x/a.srt": subrip("一")})
    assert indexed(tools, tmp_path, *([archive.parent] if named else []), prune=True).removed == 1
    archive.unlink()
    assert indexed(tools, tmp_path, *([archive.parent] if named else []), prune=True).removed == 1


def test_an_archive_that_is_gone_with_its_folder_says_nothing(tools: Tools, tmp_path: Path) -> None:
    archive = zipped(tmp_path / "disk" / "a.zip", {"x/a.srt": subrip("一")})
    indexed(tools, tmp_path, archive)
    archive.unlink()
    archive.parent.rmdir()
    assert indexed(tools, tmp_path, prune=True).removed == 0


def test_a_folder_or_a_member_of_an_archive_can_be_named(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"x/a.srt": subrip("一"), "x/b.md": "什么也不是", "y/c.srt": subrip("三")})
    complaints: list[Complaint] = []
    assert find_transcripts([archive / "x"], complaints) == [archive / "x" / "a.srt"]
    assert find_transcripts([archive / "x" / "b.md"], complaints) == [archive / "x" / "b.md"]
    assert complaints == []
    assert find_transcripts([archive / "z"], complaints) == []
    assert [str(complaint) for complaint in complaints] == [f"{archive}/z: no such file or folder: left out"]


def test_processes_do_not_disturb_one_another_in_an_archive(tools: Tools, tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {f"{n}.txt": subrip(*[f"第{n}集{m}"] * 20) for n in range(200) for m in "一"})
    with tools.loaded():
        report = index_paths([archive], tmp_path / "index", jobs=2)
    assert (report.added, report.complaints) == (200, [])


def test_what_is_beside_an_archive_belongs_to_its_members(tools: Tools, tmp_path: Path) -> None:
    zipped(tmp_path / "shows" / "a.zip", {"x/talk.zh.srt": subrip("好")})
    (tmp_path / "shows" / "talk.mp3").write_bytes(b"")
    (tmp_path / "shows" / "podcast.toml").write_text(
        'show = "回声"\n[episodes."a.zip/x/talk.zh"]\ntitle = "开源"', "utf-8"
    )
    (tmp_path / "shows" / "lexicon.toml").write_text('words = ["芯粒子"]', "utf-8")
    indexed(tools, tmp_path, tmp_path / "shows")
    (tmp_path / "shows" / "lexicon.toml").write_text('words = ["芯粒子", "光子们"]', "utf-8")
    with tools.loaded():
        index_paths([], tmp_path / "index", jobs=1, rebuild=True)
    with search.open_library(tmp_path / "index") as library:
        (episode,) = library.episodes()
        assert (episode.show, episode.title) == ("回声", "开源")
        assert find_audio(episode) == str(tmp_path / "shows" / "talk.mp3")
    assert json.loads((tmp_path / "index" / "podseek.json").read_text("utf-8"))["lexicon"] == ["光子们", "芯粒子"]


NAMES = st.text("ab文 .", min_size=1, max_size=5).filter(lambda name: name.strip(" .") == name)
FILES = st.sampled_from(
    [
        ("{}.srt", subrip("好")),
        ("{}.zh.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n好\n"),
        ("{}.txt", subrip("好")),
        ("{}.txt", "什么也不是"),
        ("{}.png", "什么也不是"),
        (".{}.srt", subrip("好")),
        ("{}.chapters.json", '{"chapters": [{"startTime": 1, "title": "头"}]}'),
        ("podcast.toml", 'language = "zh"\nspeakers = ["林晚"]'),
    ]
)
TREES = st.dictionaries(st.lists(NAMES, max_size=2).map(lambda parts: "/".join(f"{part}.d" for part in parts)), FILES)


@settings(max_examples=40, deadline=None)
@given(tree=TREES, names=st.data())
def test_a_folder_and_its_archive_hold_the_same_episodes(
    tree: dict[str, tuple[str, str]], names: st.DataObject
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name).resolve() / "tree"
        folder.mkdir()
        members = {}
        for place, (pattern, content) in tree.items():
            full = "/".join(filter(None, (place, pattern.format(names.draw(st.sampled_from("ab"))))))
            members[full] = content
            (folder / full).parent.mkdir(parents=True, exist_ok=True)
            (folder / full).write_text(content, "utf-8")
        archive = zipped(folder.parent / "packed" / "tree.zip", members)
        complaints: list[Complaint] = []
        plain = {path.relative_to(folder): path for path in find_transcripts([folder], complaints)}
        inside = {path.relative_to(archive): path for path in find_transcripts([archive.parent], complaints)}
        assert not (plain and complaints)  # where nothing is recognised, that is told
        assert plain.keys() == inside.keys()
        for path, full in plain.items():
            assert FactFinder().facts(full) == FactFinder().facts(inside[path])
            assert sources.read(full, LARGEST_FILE) == sources.read(inside[path], LARGEST_FILE)


def test_a_colon_in_a_title_leads_nowhere(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"第:一.srt": subrip("好")})
    assert find_transcripts([archive], []) == [archive / "第:一.srt"]


def test_of_members_of_one_name_the_last_is_read_and_it_is_told(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        file.writestr("a.srt", subrip("一"))
        file.writestr("./a.srt", subrip("二"))
    complaints: list[Complaint] = []
    (path,) = find_transcripts([archive], complaints)
    assert "二" in sources.read(path, LARGEST_FILE).decode()
    assert [complaint.action for complaint in complaints] == ["the last one is read"]


def test_an_archive_in_an_archive_is_told_and_junk_is_not(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as file:
        file.writestr("a.srt", subrip("好"))
    archive = zipped(
        tmp_path / "a.zip", {"b.srt": subrip("好"), "in.zip": inner.getvalue(), "__MACOSX/._b.srt": "", "._c.srt": ""}
    )
    complaints: list[Complaint] = []
    assert find_transcripts([archive], complaints) == [archive / "b.srt"]
    assert [str(complaint) for complaint in complaints] == [
        f"{archive}/in.zip: an archive in an archive: left out; unpack it first"
    ]


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("海底的光", "gb18030"),
        ("潇", "gb18030"),
        ("海底的光", "utf-8"),
        ("機器學習", "gb18030"),
        ("Ärger", "cp437"),
        ("Straße", "cp437"),
    ],
)
def test_names_of_old_programs_are_read(tmp_path: Path, name: str, encoding: str) -> None:
    written = name.encode(encoding)
    archive = zipped(tmp_path / "a.zip", {"x" * len(written) + ".srt": subrip("好")})
    archive.write_bytes(archive.read_bytes().replace(b"x" * len(written), written))
    (path,) = find_transcripts([archive], [])
    assert path.name == f"{name}.srt"
    assert sources.read(path, LARGEST_FILE).decode() == subrip("好")


def test_a_folder_may_be_called_like_an_archive(tmp_path: Path) -> None:
    (tmp_path / "a.zip").mkdir()
    (tmp_path / "a.zip" / "b.srt").write_text(subrip("好"), "utf-8")
    assert find_transcripts([tmp_path], []) == [tmp_path.resolve() / "a.zip" / "b.srt"]
    assert sources.read(tmp_path / "a.zip" / "b.srt", LARGEST_FILE)


def test_archives_without_transcripts_are_passed_over_in_folders_and_told_when_named(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"a.jpg": b"\xff", "../b.jpg": b""})
    complaints: list[Complaint] = []
    assert find_transcripts([tmp_path], complaints) == []
    assert complaints == []
    find_transcripts([archive], complaints)
    assert [complaint.what for complaint in complaints] == ["has no transcript in it"]


@given(st.sets(st.lists(st.sampled_from(("1", "1-", "1.5", "10", "1/")), min_size=1, max_size=4).map("/".join)))
def test_the_names_in_a_folder_of_an_archive_are_those_that_its_members_lead_through(paths: set[str]) -> None:
    with TemporaryDirectory() as folder:
        archive = zipped(Path(folder) / "a.zip", {f"{path}/x": "" for path in paths} | {"a": ""})
        members = [Path(f"{path}/x") for path in paths] + [Path("a")]
        for inside in {parent for member in members for parent in member.parents}:
            within = [member.relative_to(inside).parts[0] for member in members if member.is_relative_to(inside)]
            assert set(sources.names_in(archive / inside)) == set(within)
    assert sources.names_in(Path(__file__).parent).count(Path(__file__).name) == 1
    with pytest.raises(FileNotFoundError):
        sources.names_in(archive)
