"""Zip archives: each transcript in one is an episode, and none of them does harm."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from library import Tools, podseek
from packed import cues, indexed, titles, zipped

import search
from indexer import archives
from indexer.discover import find_transcripts
from indexer.values import Complaint

pytest_plugins = ["indexes"]


def test_each_transcript_of_an_archive_is_an_episode(tools: Tools, tmp_path: Path) -> None:
    archive = zipped(tmp_path / "回声.zip", {"2025/2025-01-02 开源.srt": cues("今天聊开源"), "b.srt": cues("再见")})
    assert indexed(tools, tmp_path, archive).added == 2
    with search.open_library(tmp_path / "index") as library:
        (moment,) = library.search('"今天聊开源"')
        assert (moment.episode.title, moment.episode.date) == ("开源", "2025-01-02")
        assert moment.episode.path == str(archive / "2025" / "2025-01-02 开源.srt")
        assert {episode.show for episode in library.episodes()} == {"2025", "回声"}
        assert library.status().missing == 0
        assert library.read(str(archive / "b.srt"))[1][0].text == "再见"
    assert podseek("forget", archive / "b.srt", index=tmp_path / "index").code == 0
    assert titles(tmp_path) == ["开源"]


def test_an_unchanged_archive_is_not_read_again_and_of_a_changed_one_what_changed(tools: Tools, tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"a.srt": cues("一"), "b.srt": cues("二")})
    indexed(tools, tmp_path, archive)
    assert indexed(tools, tmp_path, archive).unchanged == 2
    zipped(archive, {"a.srt": cues("一"), "b.srt": cues("三"), "c.srt": cues("四")})
    report = indexed(tools, tmp_path, archive)
    assert (report.unchanged, report.changed, report.added) == (1, 1, 1)
    zipped(archive, {"a.srt": cues("一")})
    assert indexed(tools, tmp_path, archive).missing == 2
    assert indexed(tools, tmp_path, tmp_path, prune=True).removed == 2
    archive.unlink()
    assert indexed(tools, tmp_path, tmp_path, prune=True).removed == 1


NAMES = st.text("ab文 .", min_size=1, max_size=5).filter(lambda name: name.strip(" .") == name)
TREES = st.dictionaries(st.lists(NAMES, min_size=1, max_size=3).map("/".join), st.booleans(), max_size=6)


@settings(max_examples=25)
@given(tree=TREES)
def test_a_folder_and_its_archive_hold_the_same(tree: dict[str, bool]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        members = {}
        for number, (path, is_transcript) in enumerate(tree.items()):
            full = f"{path}.d/{number}.{'srt' if is_transcript else 'txt'}"
            members[full] = cues("好") if is_transcript else "什么也不是"
            (folder / "tree" / full).parent.mkdir(parents=True, exist_ok=True)
            (folder / "tree" / full).write_text(members[full], "utf-8")
        (folder / "tree").mkdir(exist_ok=True)
        archive = zipped(folder / "tree.zip", members)
        complaints: list[Complaint] = []
        plain = find_transcripts([folder / "tree"], complaints)
        inside = archives.find_members(archive, lambda path: path.suffix == ".srt", complaints)
        assert {path.relative_to((folder / "tree").resolve()) for path in plain} == {
            path.relative_to(archive) for path in inside
        }
        assert not complaints


def refusals(tmp_path: Path, archive: Path) -> list[str]:
    complaints: list[Complaint] = []
    assert find_transcripts([archive], complaints) == []
    return [str(complaint) for complaint in complaints if complaint.fatal]


@pytest.mark.parametrize("name", ["../a.srt", "/etc/a.srt", "C:/a.srt", "..\\a.srt", "a/../../b.srt"])
def test_an_archive_that_leads_out_of_itself_is_refused(tmp_path: Path, name: str) -> None:
    archive = zipped(tmp_path / "a.zip", {name: cues("好"), "good.srt": cues("好")})
    (line,) = refusals(tmp_path, archive)
    assert line.startswith(f"{archive}: leads out of the archive")


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"a.srt": b"\0" * (20 << 20)})
    (line,) = refusals(tmp_path, archive)
    assert "would grow" in line


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a.srt")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        file.writestr(link, "/etc/passwd")
    (line,) = refusals(tmp_path, tmp_path / "a.zip")
    assert "has a link in it" in line


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_MEMBERS", 3)
    archive = zipped(tmp_path / "a.zip", {f"{n}.srt": "" for n in range(4)})
    (line,) = refusals(tmp_path, archive)
    assert "more than 3 files" in line


def test_too_much_in_all_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_BYTES", 10)
    (line,) = refusals(tmp_path, zipped(tmp_path / "a.zip", {"a.srt": cues("好")}))
    assert "MB unpacked" in line


def test_an_encrypted_member_is_left_out_with_a_line(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"a.srt": cues("好")})
    data = bytearray(archive.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes(data)
    (line,) = refusals(tmp_path, archive)
    assert line == f"{archive}/a.srt: is encrypted: left out"


@pytest.mark.parametrize("cut", [0, 1, 20, 60, -30, -3])
def test_a_broken_archive_is_told_in_one_line(tmp_path: Path, cut: int) -> None:
    archive = zipped(tmp_path / "a.zip", {"a.srt": cues("好")})
    archive.write_bytes(archive.read_bytes()[:cut])
    (line,) = refusals(tmp_path, archive)
    assert "not a whole zip archive" in line


def test_a_member_with_wrong_bytes_is_told_and_the_rest_is_read(tools: Tools, tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"a.srt": cues("一二三四五六七"), "b.srt": cues("好")})
    data = bytearray(archive.read_bytes())
    data[60] ^= 0xFF
    archive.write_bytes(data)
    report = indexed(tools, tmp_path, archive)
    assert (report.added, report.failed, report.exit_code) == (1, 1, 2)
    assert "damaged" in str(report.complaints[0])


def test_an_archive_in_an_archive_is_told_and_junk_is_not(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as file:
        file.writestr("a.srt", cues("好"))
    archive = zipped(
        tmp_path / "a.zip", {"b.srt": cues("好"), "in.zip": inner.getvalue(), "__MACOSX/._b.srt": "", ".c.srt": ""}
    )
    complaints: list[Complaint] = []
    assert find_transcripts([archive], complaints) == [archive / "b.srt"]
    assert [str(complaint) for complaint in complaints] == [
        f"{archive}/in.zip: an archive in an archive: left out; unpack it first"
    ]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_of_old_programs_are_read(tmp_path: Path, encoding: str) -> None:
    archive = zipped(tmp_path / "a.zip", {"xxxxxxxxxxxx.srt": cues("好")})
    name = "海底的光".encode(encoding)
    data = archive.read_bytes()
    for at in (data.index(b"PK\x03\x04"), data.index(b"PK\x01\x02")):
        offset = at + (26 if data[at + 2] == 3 else 28)
        header = at + (30 if data[at + 2] == 3 else 46)
        padded = (name + b"_" * 12)[:12]
        data = data[:header] + padded + data[header + 12 :]
        assert struct.unpack_from("<H", data, offset)[0] == 16
    archive.write_bytes(data)
    (path,) = find_transcripts([archive], [])
    assert path.name.startswith("海底的光")


def test_a_folder_may_be_called_like_an_archive(tmp_path: Path) -> None:
    (tmp_path / "a.zip").mkdir()
    (tmp_path / "a.zip" / "b.srt").write_text(cues("好"), "utf-8")
    assert find_transcripts([tmp_path], []) == [tmp_path.resolve() / "a.zip" / "b.srt"]


def test_archives_without_transcripts_are_passed_over_in_folders_and_told_when_named(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"a.jpg": b"\xff"})
    complaints: list[Complaint] = []
    assert find_transcripts([tmp_path], complaints) == []
    assert complaints == []
    find_transcripts([archive], complaints)
    assert [complaint.what for complaint in complaints] == ["has no transcript in it"]
