"""Where transcripts lie: archives, compressed files, standard input."""

from __future__ import annotations

import gzip
import io
import struct
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from library import ROOT, Tools, indexed, podseek, subrip

import search
from indexer import archives
from indexer.discover import find_transcripts
from indexer.values import Complaint

pytest_plugins = ["indexes"]


def zipped(path: Path, members: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


def titles(folder: Path) -> list[str]:
    with search.open_library(folder / "index") as library:
        return sorted(episode.title for episode in library.episodes())


# --- archives ----------------------------------------------------------------------------------------


def test_each_transcript_of_an_archive_is_an_episode(tools: Tools, tmp_path: Path) -> None:
    archive = zipped(tmp_path / "回声.zip", {"2025/2025-01-02 开源.srt": subrip("今天聊开源"), "b.srt": subrip("再见")})
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
            members[full] = subrip("好") if is_transcript else "什么也不是"
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
    archive = zipped(tmp_path / "a.zip", {name: subrip("好"), "good.srt": subrip("好")})
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
    (line,) = refusals(tmp_path, zipped(tmp_path / "a.zip", {"a.srt": subrip("好")}))
    assert "MB unpacked" in line


def test_an_encrypted_member_is_left_out_with_a_line(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"a.srt": subrip("好")})
    data = bytearray(archive.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes(data)
    (line,) = refusals(tmp_path, archive)
    assert line == f"{archive}/a.srt: is encrypted: left out"


@pytest.mark.parametrize("cut", [0, 1, 20, 60, -30, -3])
def test_a_broken_archive_is_told_in_one_line(tmp_path: Path, cut: int) -> None:
    archive = zipped(tmp_path / "a.zip", {"a.srt": subrip("好")})
    archive.write_bytes(archive.read_bytes()[:cut])
    (line,) = refusals(tmp_path, archive)
    assert "not a whole zip archive" in line


def test_a_member_with_wrong_bytes_is_told_and_the_rest_is_read(tools: Tools, tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"a.srt": subrip("一二三四五六七"), "b.srt": subrip("好")})
    data = bytearray(archive.read_bytes())
    data[60] ^= 0xFF
    archive.write_bytes(data)
    report = indexed(tools, tmp_path, archive)
    assert (report.added, report.failed, report.exit_code) == (1, 1, 2)
    assert "damaged" in str(report.complaints[0])


def test_an_archive_in_an_archive_is_told_and_junk_is_not(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as file:
        file.writestr("a.srt", subrip("好"))
    archive = zipped(
        tmp_path / "a.zip", {"b.srt": subrip("好"), "in.zip": inner.getvalue(), "__MACOSX/._b.srt": "", ".c.srt": ""}
    )
    complaints: list[Complaint] = []
    assert find_transcripts([archive], complaints) == [archive / "b.srt"]
    assert [str(complaint) for complaint in complaints] == [
        f"{archive}/in.zip: an archive in an archive: left out; unpack it first"
    ]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_of_old_programs_are_read(tmp_path: Path, encoding: str) -> None:
    archive = zipped(tmp_path / "a.zip", {"xxxxxxxxxxxx.srt": subrip("好")})
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
    (tmp_path / "a.zip" / "b.srt").write_text(subrip("好"), "utf-8")
    assert find_transcripts([tmp_path], []) == [tmp_path.resolve() / "a.zip" / "b.srt"]


def test_archives_without_transcripts_are_passed_over_in_folders_and_told_when_named(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"a.jpg": b"\xff"})
    complaints: list[Complaint] = []
    assert find_transcripts([tmp_path], complaints) == []
    assert complaints == []
    find_transcripts([archive], complaints)
    assert [complaint.what for complaint in complaints] == ["has no transcript in it"]


# --- compressed files --------------------------------------------------------------------------------


def test_a_compressed_transcript_is_read(tools: Tools, tmp_path: Path) -> None:
    path = tmp_path / "2025-01-02 开源.srt.gz"
    path.write_bytes(gzip.compress(subrip("今天聊开源").encode()))
    indexed(tools, tmp_path, tmp_path)
    with search.open_library(tmp_path / "index") as library:
        (moment,) = library.search('"今天聊开源"')
        assert (moment.episode.title, moment.episode.date) == ("开源", "2025-01-02")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (gzip.compress(subrip("好" * 500).encode())[:-9], "not a whole gzip file"),
        (b"PK", "not a whole gzip file"),
        (gzip.compress(b"\n" * (65 << 20)), "too many for a transcript"),
    ],
)
def test_a_bad_compressed_file_is_told_in_one_line(tools: Tools, tmp_path: Path, data: bytes, what: str) -> None:
    path = tmp_path / "a.srt.gz"
    path.write_bytes(data)
    report = indexed(tools, tmp_path, path)
    assert report.exit_code == 2
    (complaint,) = report.complaints
    assert what in str(complaint)


# --- standard input ----------------------------------------------------------------------------------


def piped(text: str, *arguments: str, index: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "cli.py"), "--index", str(index), "index", *arguments]
    return subprocess.run(command, input=text, capture_output=True, encoding="utf-8", timeout=60, check=False)


def test_standard_input_is_kept_and_read_again_by_a_rebuild(tmp_path: Path) -> None:
    done = piped(subrip("今天聊开源"), "-", "--name", "2025-01-02 开源.srt", index=tmp_path / "index")
    assert done.returncode == 0, done.stderr
    assert podseek("index", "--rebuild", index=tmp_path / "index").code == 0
    with search.open_library(tmp_path / "index") as library:
        (moment,) = library.search('"今天聊开源"')
        assert (moment.episode.title, moment.episode.date) == ("开源", "2025-01-02")


@pytest.mark.parametrize("name", ["../a.srt", "a/b.srt", "", ".a.srt", "a\nb.srt"])
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    done = piped(subrip("好"), "-", "--name", name, index=tmp_path / "index")
    assert done.returncode == 2
    assert "is no file name" in done.stderr
    assert not (tmp_path / "a.srt").exists()


def test_nothing_on_standard_input_is_told(tmp_path: Path) -> None:
    """What goes wrong upstream in a pipe must not take the place of a transcript."""
    piped(subrip("山高水长"), "-", "--name", "山.srt", index=tmp_path / "index")
    done = piped("", "-", "--name", "山.srt", index=tmp_path / "index")
    assert done.stderr == "standard input: nothing came in: nothing is indexed, and what is there stays\n"
    assert done.returncode == 2
    assert len(titles(tmp_path)) == 1
