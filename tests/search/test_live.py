"""An open library answers from the last commit, keeps what did not change, and never stops answering."""

from __future__ import annotations

import errno
import gc
import mmap
import os
import shutil
import subprocess
import sys
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.library import ROOT, Tools, podseek, spaced, write_lines

import indexer
import search
from indexer.core.errors import IndexProblem
from indexer.core.native import is_compiled
from indexer.store.segments.corruption import unreadable
from search import Library
from search.backends.embedded.snapshot import EmbeddedSnapshot

Add = Callable[..., None]


@pytest.fixture
def show(tmp_path: Path) -> Path:
    return tmp_path / "show"


@pytest.fixture
def add(tools: Tools, show: Path, tmp_path: Path) -> Add:
    """Writes a transcript of the name and texts, and commits it."""

    def write(name: str, *texts: str) -> None:
        write_lines(show / f"{name}.srt", spaced(texts))
        tools.index([show], tmp_path / "index")

    return write


@pytest.fixture
def library(add: Add, tmp_path: Path) -> Iterator[Library]:
    """An open library of one episode."""
    add("one", "月亮出来了")
    with search.open_library(tmp_path / "index") as opened:
        yield opened


def found(library: Library, query: str) -> list[str]:
    return sorted(moment.episode.id for moment in library.search(query))


def test_a_later_snapshot_searches_by_the_signatures_that_were_made(add: Add, tmp_path: Path) -> None:
    add("one", "月亮出来了")
    snapshot = EmbeddedSnapshot(tmp_path / "index")
    for _ in range(20):
        assert snapshot.find_in_all([0], ("月", "亮")) == {0: [0]}
    units = snapshot.newest().units([0])
    assert units == snapshot.units([0])
    assert (units[0][4] is not None) is is_compiled


def test_the_next_question_sees_a_commit(library: Library, add: Add) -> None:
    assert found(library, "月亮") == ["show/one"]
    assert library.status().episodes == 1
    add("two", "月亮", "下山了")
    assert found(library, "月亮") == ["show/one", "show/two"]
    assert [count.episode.id for count in library.count("下山")] == ["show/two"]
    assert [episode.id for episode in library.episodes()] == ["show/one", "show/two"]
    assert [cue.text for cue in library.read("two")[1]] == ["月亮", "下山了"]
    assert library.find_episode("two").id == "show/two"
    assert library.status().episodes == 2
    assert library.resolved(library.plan("下山")).terms[0].count == 1
    assert library.variants("下山")[0].count == 1
    assert library.check() == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda library: [moment.episode.id for moment in library.search("下山")],
        lambda library: [count.episode.id for count in library.count("下山")],
        lambda library: [episode.id for episode in library.episodes() if "two" in episode.id],
        lambda library: [library.read("two")[0].id],
        lambda library: [library.find_episode("two").id],
        lambda library: ["show/two"][: library.status().episodes - 1],
        lambda library: ["show/two"][: library.resolved(library.plan("下山")).terms[0].count],
    ],
    ids=["search", "count", "episodes", "read", "find_episode", "status", "plan"],
)
def test_each_question_looks_for_a_commit_by_itself(
    library: Library, add: Add, ask: Callable[[Library], list[str]]
) -> None:
    assert found(library, "下山") == []
    add("two", "月亮", "下山了")
    assert ask(library) == ["show/two"]


def test_what_was_removed_or_changed_is_no_longer_found(library: Library, add: Add, tmp_path: Path) -> None:
    add("two", "月亮", "下山了")
    assert found(library, "月亮") == ["show/one", "show/two"]
    add("one", "太阳出来了")
    assert found(library, "月亮") == ["show/two"]
    assert found(library, "太阳") == ["show/one"]
    indexer.forget(["show/two"], tmp_path / "index")
    assert found(library, "月亮") == []
    assert [episode.id for episode in library.episodes()] == ["show/one"]
    assert library.check() == []


def test_another_process_may_commit(library: Library, show: Path, tmp_path: Path) -> None:
    assert found(library, "下山") == []
    write_lines(show / "two.srt", spaced(["下山了"]))
    assert podseek("index", show, index=tmp_path / "index").code == 0
    assert found(library, "下山") == ["show/two"]


def test_what_did_not_change_is_shared(library: Library, add: Add) -> None:
    before = library.snapshot
    assert library.snapshot is before
    stream, times = before.stream(0), before.times(0)
    add("two", "月亮")
    after = library.snapshot
    assert after is not before
    shared = [segment for segment in after._segments if segment in before._segments]
    assert shared == list(before._segments)
    assert shared[0]._files is before._segments[0]._files
    (number,) = (number for number in after.episodes() if after.episode(number).id == "show/one")
    assert after.stream(number) is stream
    assert after.times(number) is times


def test_the_reader_of_before_still_answers(library: Library, add: Add, tmp_path: Path) -> None:
    before = library.snapshot
    for number in range(5):  # so many that the first segment is merged away
        add(f"more{number}", "月亮")
    assert found(library, "月亮") == ["show/more0", "show/more1", "show/more2", "show/more3", "show/more4", "show/one"]
    assert library.snapshot._segments[0] != before._segments[0]
    assert [before.episode(number).id for number in before.episodes()] == ["show/one"]
    assert before.stream(0).atoms() == list("月亮出来了")
    assert list(before.text(0)[0]) == ["月亮出来了"]


def test_files_that_nobody_reads_any_more_are_closed_at_once(library: Library, add: Add) -> None:
    assert found(library, "月亮") == ["show/one"]
    assert library.explore.terms([])
    mapped = [data for data in library.snapshot._segments[0]._files.values() if isinstance(data, mmap.mmap)]
    assert len(mapped) > 5
    files = [weakref.ref(data) for data in mapped]
    del mapped
    gc.collect()
    gc.disable()  # a program that is asked now and then makes too little rubbish for it to be looked for
    try:
        for number in range(5):  # so many that the first segment is merged away
            add(f"more{number}", "月亮")
            assert len(found(library, "月亮")) == number + 2
        assert [file() for file in files if file() is not None] == []
    finally:
        gc.enable()


def test_a_closed_library_says_so(library: Library) -> None:
    result = library.search("月亮")
    library.close()
    library.close()
    for ask in (lambda: library.search("月亮"), library.status, library.episodes, lambda: library.explore):
        with pytest.raises(ValueError, match="library is closed"):
            ask()
    assert library.folder == library.lexicons[-1].parent
    assert [cue.text for cue in result[0].cues] == ["月亮出来了"]


@pytest.mark.parametrize("folder", [5, b"index"])
def test_a_library_is_opened_by_a_path(folder: object) -> None:
    with pytest.raises(TypeError):
        search.open_library(folder)  # type: ignore[arg-type]


def test_no_name_is_the_folder_at_hand(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(library.folder)
    with search.open_library("") as opened:
        assert found(opened, "月亮") == ["show/one"]


@pytest.mark.parametrize("number", [errno.EMFILE, errno.EACCES])
def test_too_many_open_files_are_no_reason_to_index_again(number: int) -> None:
    said = str(unreadable("here", OSError(number, os.strerror(number))))
    assert ("ulimit" in said) == (number == errno.EMFILE)
    assert ("index --rebuild" in said) == (number != errno.EMFILE)


@pytest.mark.parametrize("query", ["月亮", "月亮 出来", '"月亮" OR 出来'])
def test_the_total_of_a_result_is_that_of_the_commit_that_answered(library: Library, add: Add, query: str) -> None:
    add("two", "月亮")
    result = library.search(query, limit=1)
    for number in range(5):  # so many that what it was found in is merged away
        add(f"more{number}", "月亮")
    assert library.search(query, limit=1).total == 7
    assert result.total == 2
    assert result.total == 2


def test_the_total_of_a_result_can_be_asked_for_when_the_library_is_closed(library: Library, add: Add) -> None:
    add("two", "月亮")
    result, other = library.search("月亮", limit=1), library.search("月亮 出来", limit=1)
    add("three", "月亮")
    library.close()
    assert (result.total, other.total) == (2, 2)


def test_moments_that_are_made_one_by_one_are_those_of_one_commit(library: Library, add: Add) -> None:
    add("two", "月亮")
    _, moments = library.each("月亮")
    add("three", "月亮")
    assert found(library, "太阳") == []
    assert [moment.episode.id for moment in moments] == ["show/one", "show/two"]


def test_a_closed_library_closes_its_files(library: Library) -> None:
    assert found(library, "月亮") == ["show/one"]
    assert library.explore.terms([])
    files = [weakref.ref(data) for data in library.snapshot._segments[0]._files.values() if isinstance(data, mmap.mmap)]
    gc.collect()
    gc.disable()
    try:
        library.close()
        assert [file() for file in files if file() is not None] == []
    finally:
        gc.enable()


def test_a_changed_lexicon_is_noticed_without_a_commit(library: Library, tmp_path: Path) -> None:
    assert found(library, "婵娟") == []
    (tmp_path / "index" / "lexicon.toml").write_text('synonyms = [["婵娟", "月亮"]]\n', "utf-8")
    assert found(library, "婵娟") == ["show/one"]
    (tmp_path / "index" / "lexicon.toml").write_text('synonyms = [["玉兔精", "月亮"]]\n', "utf-8")
    assert found(library, "婵娟") == []
    assert found(library, "玉兔精") == ["show/one"]
    (tmp_path / "index" / "lexicon.toml").unlink()
    assert found(library, "玉兔精") == []


def test_a_rebuilt_index_is_noticed(library: Library, show: Path, tools: Tools, tmp_path: Path) -> None:
    assert found(library, "月亮") == ["show/one"]
    write_lines(show / "one.srt", spaced(["樂小鹿茶館"]))
    (tmp_path / "words.txt").write_text("樂小鹿茶館\n", "utf-8")
    with tools.loaded():
        indexer.index_paths([show], tmp_path / "index", jobs=1, lexicon=tmp_path / "words.txt", rebuild=True)
    assert found(library, "月亮") == []
    assert found(library, "乐小鹿茶馆") == ["show/one"]
    assert library.snapshot.word_count("乐小鹿茶馆") == 1
    assert library.check() == []


def test_an_index_made_again_from_nothing_is_noticed(library: Library, add: Add, tmp_path: Path) -> None:
    # Its commits are numbered from the beginning: the number of the last one says nothing.
    assert found(library, "月亮") == ["show/one"]
    shutil.rmtree(tmp_path / "index")
    add("one", "太阳出来了")
    assert found(library, "月亮") == []
    assert found(library, "太阳") == ["show/one"]


@pytest.mark.skipif(os.name != "posix", reason="open files cannot be removed")
def test_a_removed_index_is_answered_from_what_is_open(library: Library, add: Add, tmp_path: Path) -> None:
    add("two", "月亮", "下山了")
    assert found(library, "月亮") == ["show/one", "show/two"]
    shutil.rmtree(tmp_path / "index")
    assert found(library, "下山") == ["show/two"]
    assert len(library.episodes()) == 2
    assert [cue.text for cue in library.read("two")[1]] == ["月亮", "下山了"]
    with pytest.raises(IndexProblem):
        search.open_library(tmp_path / "index")


def test_questions_during_commits_are_answered_from_one_of_them(library: Library, show: Path, tmp_path: Path) -> None:
    for number in range(12):
        write_lines(show / f"{number}.srt", spaced(["月亮", "下山了"]))
    commits = (
        "import sys, indexer\n"
        "for number in range(12):\n"
        "    indexer.index_paths([f'{sys.argv[1]}/{number}.srt'], sys.argv[2], jobs=1)\n"
    )
    seen = {1}
    with subprocess.Popen([sys.executable, "-c", commits, str(show), str(tmp_path / "index")], cwd=ROOT) as process:
        while process.poll() is None:
            moments = library.search("月亮", limit=None)
            assert moments.total == len(moments) >= max(seen)
            seen.add(len(moments))
    assert process.returncode == 0
    assert len(found(library, "下山")) == 10
    assert library.search("月亮").total == 13
    assert library.check() == []
