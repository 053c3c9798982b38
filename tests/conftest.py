"""Shared fixtures. No test reads or writes the data of the person who runs them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
import srt
from hypothesis import settings

from indexer import agree, whole, workers
from indexer.fold import Folding, opencc_table
from indexer.pinyin import pypinyin_readings
from indexer.readings import Readings
from indexer.segmenter import Segmenter

# No deadline: the first example of a test may load a dictionary. No database: nothing is left behind.
# The same examples in every run, so that a failure is the fault of a change; `search` looks for new ones.
settings.register_profile("podseek", deadline=None, database=None, max_examples=80, derandomize=True)
settings.register_profile("search", deadline=None, database=None, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("PODSEEK_HYPOTHESIS", "podseek"))

WriteSrt = Callable[..., Path]


@pytest.fixture(scope="session")
def cache_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The one cache folder of a test run, so that jieba's dictionary is read from its source only once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def private_places(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory, cache_home: Path) -> None:
    """Points every default folder of podseek at a temporary one."""
    home = tmp_path_factory.getbasetemp() / "home"
    monkeypatch.setenv("PODSEEK_INDEX", str(home / "index"))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache_home))


@pytest.fixture(autouse=True)
def unsynced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for the disk takes most of the time of a test that indexes, and no test but those of it needs that."""
    monkeypatch.setattr(whole, "sync", lambda opened: None)


@pytest.fixture(scope="session")
def folding() -> Folding:
    return Folding(opencc_table())


@pytest.fixture(scope="session")
def readings(folding: Folding) -> Readings:
    return pypinyin_readings(folding.table)


@pytest.fixture(scope="session")
def segmenter(cache_home: Path) -> Segmenter:
    return Segmenter(cache=cache_home / "podseek")


@pytest.fixture
def loaded_tools(monkeypatch: pytest.MonkeyPatch, folding: Folding, readings: Readings, segmenter: Segmenter) -> None:
    """Indexing in this process uses the dictionaries of the test run instead of loading them each time."""

    def make(lexicon: Sequence[str], cache: Path) -> Segmenter:
        return Segmenter(lexicon, cache) if lexicon else segmenter

    monkeypatch.setattr(workers, "Segmenter", make)
    monkeypatch.setattr(agree, "opencc_table", lambda: folding.table)
    monkeypatch.setattr(agree, "pypinyin_readings", lambda *_: readings)


@pytest.fixture
def write_srt() -> WriteSrt:
    """Writes an SRT file of the given texts, one cue every `step` seconds, and makes its folders."""

    def write(path: Path, *texts: str, step: float = 3.0) -> Path:
        cues = [
            srt.Subtitle(number, timedelta(seconds=number * step), timedelta(seconds=(number + 1) * step), text)
            for number, text in enumerate(texts)
        ]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(srt.compose(cues), "utf-8")
        return path

    return write
