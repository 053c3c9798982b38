"""What keeps an index current also makes the vectors of what came, if the index has vectors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.front_ends.commands import called
from support.library import spaced, write_lines
from support.transcripts.embeddings import Heard, embedding_server

import indexer
import search
from indexer.store.library.sources import LibrarySource, add_sources
from indexer.store.vectors import read_list
from search.frontends.cli.output.console import Context
from search.frontends.cli.runs import rounds

pytestmark = [pytest.mark.needs("numpy"), pytest.mark.usefixtures("loaded_tools")]


@pytest.fixture
def show(tmp_path: Path) -> Path:
    write_lines(tmp_path / "show" / "one.srt", spaced(["手机的电池不耐用", "冬天充电很慢"]))
    return tmp_path / "show"


@pytest.fixture
def index(show: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "index"
    indexer.index_paths([show], folder, jobs=1)
    return folder


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Heard]]:
    with embedding_server() as (url, heard):
        monkeypatch.setenv("PODSEEK_MEANING_URL", url)
        monkeypatch.setenv("PODSEEK_MEANING_MODEL", "topics")
        yield heard


def having(index: Path) -> set[str]:
    listed = read_list(index)
    return set() if listed is None else {entry.episode for entry in listed.entries}


def come(show: Path, name: str = "two") -> None:
    write_lines(show / f"{name}.srt", spaced(["海底的光缆断了", "信号中断了三天"]))


COMMANDS = [("update", "-j", "1"), ("watch", "--once")]


@pytest.mark.parametrize("command", COMMANDS, ids=["update", "watch"])
def test_what_comes_gets_vectors_if_the_index_has_some(
    index: Path, show: Path, server: list[Heard], command: tuple[str, ...]
) -> None:
    add_sources(index, [LibrarySource(str(show))])
    run = called(*command, index=index)
    assert run.code == 0 and not server and having(index) == set()
    assert called("index", "--meaning", "-j", "1", index=index).code == 0
    come(show)
    asked = len(server)
    run = called(*command, index=index)
    assert run.code == 0 and "Vectors: " in run.err
    assert having(index) == {"show/one", "show/two"} and len(server) == asked + 2  # how long they are, and the new ones
    run = called(*command, index=index)
    assert run.code == 0 and "Vectors" not in run.err and len(server) == asked + 2


@pytest.mark.parametrize("command", COMMANDS, ids=["update", "watch"])
def test_without_the_model_transcripts_are_indexed_all_the_same(
    index: Path, show: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    add_sources(index, [LibrarySource(str(show))])
    with embedding_server() as (url, _):
        monkeypatch.setenv("PODSEEK_MEANING_URL", url)
        monkeypatch.setenv("PODSEEK_MEANING_MODEL", "topics")
        called("index", "--meaning", "-j", "1", index=index)
    come(show)
    monkeypatch.setenv("PODSEEK_MEANING_URL", "ftp://nowhere")
    run = called(*command, index=index)
    assert run.code == 2 and run.err.count("PODSEEK_MEANING_URL: ftp://nowhere is no address") == 1
    with search.open_library(index) as library:
        assert len(library.search("光缆")) == 1


def test_a_watch_looks_at_files_again_before_it_makes_the_next_vectors(
    index: Path, show: Path, server: list[Heard], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("two", "three"):
        come(show, name)
    called("index", "--meaning", "-j", "1", index=index)
    monkeypatch.setattr(rounds, "_VECTORS", 0.0)
    context = Context(str(index), "auto", True, False)
    assert rounds.Rounds(context, index, [show], None, None)._add_vectors(0.0)  # type: ignore[arg-type]
    indexer.index_paths([show], index, jobs=1)
    watch = rounds.Rounds(context, index, [show], None, None)  # type: ignore[arg-type]
    assert not watch._add_vectors(0.0) and len(having(index)) == 2
    assert watch._add_vectors(0.0) and len(having(index)) == 3


def test_vectors_stay_through_many_small_runs_and_what_is_pruned_loses_its_own(
    index: Path, show: Path, server: list[Heard]
) -> None:
    called("index", "--meaning", "-j", "1", index=index)
    for number in range(4):
        write_lines(show / f"more{number}.srt", spaced([f"第{number}集的电池不耐用"]))
        called("index", str(show), "--meaning", "-j", "1", index=index)
    (show / "more2.srt").unlink()
    (show / "one.srt").rename(show / "moved.srt")
    asked = len(server)
    assert called("index", str(show), "--prune", "--meaning", "-j", "1", index=index).code == 0
    with search.open_library(index) as library:
        assert having(index) == {episode.id for episode in library.episodes()}
        assert library.check() == []
    assert len(having(index)) == 4 and len(server) == asked + 1  # how long vectors are
