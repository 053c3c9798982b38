"""The readings of pypinyin are made once and kept: what is kept is what is made."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

import indexer.segmentation.pinyin
from indexer.core.text.folding import Folding
from indexer.core.words.pronunciation import FILE, Readings, write_readings
from indexer.segmentation.pinyin import pypinyin_readings


@pytest.fixture
def makings(monkeypatch: pytest.MonkeyPatch, readings: Readings) -> list[Mapping[str, str]]:
    """The foldings for which readings were made; they are not really made again."""
    made: list[Mapping[str, str]] = []

    def make(folding: Mapping[str, str]) -> Readings:
        made.append(folding)
        return readings

    monkeypatch.setattr(indexer.segmentation.pinyin, "_make", make)
    monkeypatch.setattr(indexer.segmentation.pinyin, "run_in_child", lambda function, *arguments: function(*arguments))
    return made


def test_readings_are_made_once(tmp_path: Path, makings: list[Mapping[str, str]], folding: Folding) -> None:
    first, second = (pypinyin_readings(folding.table, tmp_path / "cache") for _ in range(2))
    assert len(makings) == 1
    assert first.characters == second.characters
    assert first.phrases == second.phrases
    assert first.classes == second.classes
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
    assert write_readings(tmp_path / "first", first) == write_readings(tmp_path / "second", second)


def test_another_folding_has_readings_of_its_own(tmp_path: Path, makings: list[Mapping[str, str]]) -> None:
    for table in ({}, {"強": "强"}, {}):
        pypinyin_readings(table, tmp_path)
    assert makings == [{}, {"強": "强"}]


def test_damaged_readings_are_made_again(tmp_path: Path, makings: list[Mapping[str, str]]) -> None:
    pypinyin_readings({}, tmp_path)
    (kept,) = tmp_path.glob(f"*/{FILE}")
    kept.write_text(kept.read_text("utf-8")[:-9], "utf-8")
    for _ in range(2):
        assert pypinyin_readings({}, tmp_path).characters
    assert len(makings) == 2


def test_readings_that_cannot_be_kept_are_made_each_time(tmp_path: Path, makings: list[Mapping[str, str]]) -> None:
    (tmp_path / "file").write_bytes(b"")
    for cache in (tmp_path / "file", None):
        assert pypinyin_readings({}, cache).characters
    assert len(makings) == 2
