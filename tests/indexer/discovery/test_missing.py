"""`indexer.discovery.missing`: which known transcripts are below a place and gone."""

from __future__ import annotations

from pathlib import Path

from indexer.discovery.missing import find_gone


def test_only_what_is_below_a_place_is_gone(tmp_path: Path) -> None:
    folders = {name: tmp_path / name for name in ("show", "show-2", "unmounted")}
    folders["show"].mkdir()
    folders["show-2"].mkdir()
    known = [str(folder / "gone.srt") for folder in folders.values()]
    inner = str(folders["show"] / "2026" / "gone.srt")
    assert find_gone([*known, inner], [folders["show"], folders["unmounted"]], set()) == [known[0], inner]


def test_a_file_can_be_the_place(tmp_path: Path) -> None:
    file, other = tmp_path / "a.srt", tmp_path / "a.srt2"
    file.write_text("x", "utf-8")
    assert find_gone([str(file), str(other)], [file], set()) == []


def test_what_was_found_is_not_gone(tmp_path: Path) -> None:
    gone = str(tmp_path / "a.srt")
    assert find_gone([gone], [tmp_path], {gone}) == []
    assert find_gone([gone], [Path("/")], set()) == [gone]
