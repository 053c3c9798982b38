"""Archives that mean harm, or are broken: each costs one line, and nothing is read of it that could harm."""

from __future__ import annotations

import os
import struct
import tracemalloc
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.library import Tools, indexed, subrip
from support.transcripts.packed import zipped

from indexer.core.files import archives, sources
from indexer.core.files.sources import LARGEST_FILE
from indexer.core.types import Complaint
from indexer.discovery.walk import find_transcripts


def refused(archive: Path) -> str:
    """The one line that is said of an archive of which nothing is read."""
    complaints: list[Complaint] = []
    assert find_transcripts([archive], complaints) == []
    (complaint,) = complaints
    assert complaint.fatal
    return str(complaint)


def patched(archive: Path, mark: bytes, offset: int, value: bytes, which: int = 0) -> Path:
    """The archive with `value` at an offset behind the nth of some marks."""
    data = bytearray(archive.read_bytes())
    at = -1
    for _ in range(which + 1):
        at = data.index(mark, at + 1)
    data[at + offset : at + offset + len(value)] = value
    archive.write_bytes(data)
    return archive


LISTED, LOCAL = b"PK\x01\x02", b"PK\x03\x04"


@pytest.mark.parametrize("name", ["../a.srt", "/etc/a.srt", "C:/a.srt", "..\\a.srt", "a/../../b.srt", "\\\\x\\a.srt"])
def test_an_archive_that_leads_out_of_itself_is_refused(tmp_path: Path, name: str) -> None:
    archive = zipped(tmp_path / "a.zip", {name: subrip("好"), "good.srt": subrip("好")})
    line = refused(archive)
    assert line.startswith(f"{archive}: leads out of the archive")
    assert line.endswith(": refused")


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    assert "would grow to" in refused(zipped(tmp_path / "a.zip", {"a.srt": b"\0" * (20 << 20)}))


def test_a_bomb_of_many_small_members_is_refused(tmp_path: Path) -> None:
    assert "would grow to" in refused(zipped(tmp_path / "a.zip", {f"{n}.srt": b"\0" * (3 << 20) for n in range(9)}))


def test_what_lies_about_its_size_is_read_no_further_than_it_said(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"a.srt": b"\0" * (20 << 20)})
    patched(archive, LISTED, 24, struct.pack("<I", 1000))
    tracemalloc.start()
    with pytest.raises(OSError, match="damaged"):
        sources.read(archive / "a.srt", LARGEST_FILE)
    assert tracemalloc.get_traced_memory()[1] < 2 << 20
    tracemalloc.stop()


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_only_deflate_is_unpacked_for_nothing_bounds_the_others(tmp_path: Path, method: int) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w", method) as file:
        file.writestr("a.txt", b"\0" * (9 << 20))
        file.writestr("b.txt", subrip("好"))
    patched(archive, LISTED, 24, struct.pack("<I", 1000))
    assert refused(archive) == f"{archive}/a.txt: is not packed by deflate (and 1 more): left out"


def test_members_that_lie_on_one_another_are_refused(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"a.srt": subrip("好"), "b.srt": subrip("好")})
    assert "lie on one another" in refused(patched(archive, LISTED, 42, struct.pack("<I", 0), which=1))


def test_members_behind_the_end_are_refused(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"a.srt": subrip("好")})
    assert "past its end" in refused(patched(archive, LISTED, 42, struct.pack("<I", 1 << 30)))


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a.srt")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        file.writestr(link, "/etc/passwd")
    assert "has a link in it" in refused(tmp_path / "a.zip")


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"a.srt": ""})
    data = archive.read_bytes()
    begin, end = data.index(LISTED), data.index(b"PK\x05\x06")
    listed = data[begin:end] * 70_000
    counts = struct.pack("<HHI", 0xFFFF, 0xFFFF, len(listed))
    archive.write_bytes(data[:begin] + listed + data[end : end + 8] + counts + data[end + 16 :])
    assert "more than 20,000 files" in refused(archive)


def test_a_list_of_members_too_long_to_hold_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_LONGEST_LIST", 100)
    assert "a list of members" in refused(zipped(tmp_path / "a.zip", {f"{n}.srt": "" for n in range(9)}))


def test_too_much_in_all_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_BYTES", 10)
    assert "MB when unpacked" in refused(zipped(tmp_path / "a.zip", {"a.srt": subrip("好")}))


def test_a_member_named_itself_is_no_way_into_a_hostile_archive(tools: Tools, tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"../a.srt": subrip("好"), "good.srt": subrip("好")})
    report = indexed(tools, tmp_path, archive / "good.srt")
    assert report.added == 0
    assert ["leads out" in str(complaint) for complaint in report.complaints] == [True]


def test_encrypted_members_are_left_out_with_one_line(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {f"{name}": subrip("好") for name in ("a.srt", "b.srt", "c.jpg")})
    for which in range(3):
        patched(archive, LISTED, 8, b"\1", which)
    assert refused(archive) == f"{archive}/a.srt: is encrypted (and 1 more): left out"


@pytest.mark.parametrize("cut", [0, 1, 20, 60, -30, -3])
def test_a_broken_archive_is_told_in_one_line(tmp_path: Path, cut: int) -> None:
    archive = zipped(tmp_path / "a.zip", {"a.srt": subrip("好")})
    archive.write_bytes(archive.read_bytes()[:cut])
    assert "not a whole zip archive" in refused(archive)


@pytest.mark.parametrize("at", [2, 60])
def test_a_member_with_wrong_bytes_is_told_and_the_rest_is_read(tools: Tools, tmp_path: Path, at: int) -> None:
    archive = zipped(tmp_path / "a.zip", {"a.srt": subrip("一二三四五六七"), "b.srt": subrip("好")})
    patched(archive, LOCAL, at, b"\xff\xff")
    report = indexed(tools, tmp_path, archive)
    assert (report.added, report.failed, report.exit_code) == (1, 1, 2)
    assert "damaged" in str(report.complaints[0])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from([0, 1, 0x7F, 0xFF])), min_size=1, max_size=4))
def test_no_damage_is_more_than_a_complaint(changes: list[tuple[int, int]]) -> None:
    with TemporaryDirectory() as name:
        archive = zipped(Path(name).resolve() / "a.zip", {f"文/{n}.txt": subrip("一") for n in range(3)})
        data = bytearray(archive.read_bytes())
        for at, byte in changes:
            data[at % len(data)] = byte
        archive.write_bytes(data)
        for path in find_transcripts([archive], []):
            try:
                assert len(sources.read(path, LARGEST_FILE)) < 1000
            except OSError as error:
                assert error.strerror


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may open everything")
def test_a_closed_archive_is_told(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"a.srt": subrip("好")})
    archive.chmod(0)
    assert "Permission denied" in refused(archive)
