"""Vectors are made for what has none, survive what happens to an index, and go with their episodes."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from support.library import Tools
from support.transcripts.embeddings import TopicModel, vector_of

import indexer
import search
from indexer.core.embedding.embedder import NoMeaning
from indexer.core.errors import IndexProblem
from indexer.store.vectors import FILE, read_list
from search.retrieval.meaning import building

pytestmark = pytest.mark.needs("numpy")


@pytest.fixture
def index(tools: Tools, tmp_path: Path) -> Path:
    return tools.index_copies(tmp_path)


def make(index: Path, model: TopicModel | None = None, **more: bool) -> building.MeaningReport:
    with search.open_library(index) as library:
        return library.add_meaning(embedder=model or TopicModel(), **more)


def having(index: Path) -> set[str]:
    listed = read_list(index)
    return set() if listed is None else {entry.episode for entry in listed.entries}


def ids(index: Path) -> set[str]:
    with search.open_library(index) as library:
        return {episode.id for episode in library.episodes()}


def test_all_episodes_get_vectors_once(index: Path) -> None:
    model = TopicModel()
    report = make(index, model)
    assert having(index) == ids(index) and report.episodes == len(ids(index))
    assert report.left == pytest.approx(0.0) and not report.interrupted
    asked = len(model.asked)
    assert make(index, model).episodes == 0
    assert len(model.asked) == asked + 1  # how long its vectors are


def test_only_what_is_new_or_changed_is_made(index: Path, tools: Tools) -> None:
    make(index)
    show = index.parent / "show"
    first, second, *_ = sorted(show.glob("*.srt"))
    first.write_text(first.read_text("utf-8") + "\n\n999\n01:00:00,000 --> 01:00:03,000\n完全不同的结尾\n", "utf-8")
    shutil.copy(second, show / "another.srt")
    with tools.loaded():
        indexer.index_paths([show], index, jobs=1)
    with search.open_library(index) as library:
        left = library.status().meaning
        assert left is not None and 3600 < left.left < 2 * 3600
    assert make(index).episodes == 1  # another.srt is the same transcript as one that has vectors
    assert having(index) == ids(index)


def test_a_forgotten_episode_leaves_no_vectors(index: Path) -> None:
    make(index)
    name = min(ids(index))
    indexer.forget([name], index)
    assert having(index) == ids(index) and name not in having(index)


def test_a_pruned_episode_leaves_none_and_a_moved_one_keeps_its_own(index: Path, tools: Tools) -> None:
    make(index)
    show = index.parent / "show"
    first, second, *_ = sorted(show.glob("*.srt"))
    first.unlink()
    second.rename(show / "moved.srt")
    with tools.loaded():
        indexer.index_paths([show], index, jobs=1, prune=True)
    assert having(index) == ids(index)
    assert make(index).episodes == 0


def test_a_rebuild_and_merges_keep_vectors(index: Path, tools: Tools) -> None:
    make(index)
    with tools.loaded():
        indexer.index_paths([], index, jobs=1, rebuild=True)
    assert make(index).episodes == 0


def test_a_run_without_vectors_writes_none(index: Path) -> None:
    assert not list(index.glob("meaning*"))
    with search.open_library(index) as library:
        assert library.status().meaning is None and library.check() == []


class Failing(TopicModel):
    """Fails after some passages."""

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        if len(self.asked) > 60:
            raise NoMeaning("the server is gone: start it")
        return super().passages(texts)


def test_what_was_made_before_a_failure_stays_and_the_next_run_goes_on(index: Path) -> None:
    with pytest.raises(NoMeaning, match="the server is gone"):
        make(index, Failing())
    some = having(index)
    assert some and some < ids(index)
    assert make(index).episodes == len(ids(index) - some)


def test_a_killed_run_loses_at_most_what_was_not_stored(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "STORED_EVERY", 0.0)

    class Killed(BaseException):
        pass

    class Dying(TopicModel):
        def passages(self, texts: Sequence[str]) -> list[list[float]]:
            if len(self.asked) > 60:
                monkeypatch.setattr(building, "add_vectors", lambda *_: None)  # nothing runs after a kill
                raise Killed
            return super().passages(texts)

    with pytest.raises(Killed):
        make(index, Dying())
    some = having(index)
    monkeypatch.undo()
    assert some and some < ids(index)
    assert make(index).episodes == len(ids(index) - some)


def test_another_model_asks_for_a_rebuild_which_makes_all_again(index: Path) -> None:
    make(index)
    with pytest.raises(IndexProblem, match=r"vectors are of topics, and the model is now other.*--meaning --rebuild"):
        make(index, TopicModel("other"))
    assert make(index, TopicModel("other"), rebuild=True).episodes == len(ids(index))
    listed = read_list(index)
    assert listed is not None and listed.model == "other"


def test_a_model_that_fails_at_once_does_not_cost_the_old_vectors(index: Path) -> None:
    make(index)

    class Gone(TopicModel):
        def passages(self, texts: Sequence[str]) -> list[list[float]]:
            raise NoMeaning("the server is gone: start it")

    with pytest.raises(NoMeaning):
        make(index, Gone(), rebuild=True)
    assert having(index) == ids(index)


def test_damaged_vectors_are_told_and_made_again(index: Path) -> None:
    make(index)
    data = bytearray((index / FILE).read_bytes())
    data[100] ^= 1
    (index / FILE).write_bytes(data)
    with search.open_library(index) as library:
        (fault,) = library.check()
        assert "--meaning --rebuild" in fault
        status = library.status().meaning
        assert status is not None and status.problem == fault
        assert len(library.search("海底的光缆为什么会突然信号中断呢")) > 0
    with pytest.raises(IndexProblem, match="--meaning --rebuild"):
        make(index)
    make(index, rebuild=True)
    with search.open_library(index) as library:
        assert library.check() == []


def test_damaged_vectors_do_not_stop_indexing(index: Path, tools: Tools) -> None:
    make(index)
    (index / FILE).write_bytes(b"{}")
    with tools.loaded():
        assert indexer.index_paths([index.parent / "show"], index, jobs=1).exit_code == 0


def test_an_episode_forgotten_while_vectors_are_made_gets_none(index: Path) -> None:
    name = min(ids(index))

    class Forgetting(TopicModel):
        def passages(self, texts: Sequence[str]) -> list[list[float]]:
            if len(self.asked) == 1:
                indexer.forget([name], index)
            return super().passages(texts)

    make(index, Forgetting())
    assert having(index) == ids(index) and name not in having(index)


def test_progress_is_in_seconds_of_speech_and_ends_with_all(index: Path) -> None:
    told: list[tuple[float, float]] = []
    with search.open_library(index) as library:
        whole = sum(episode.duration for episode in library.episodes())
        library.add_meaning(embedder=TopicModel(), progress=lambda done, total, _: told.append((done, total)))
    assert told[0] == (0.0, whole) and told[-1] == (pytest.approx(whole), whole)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_the_topics_of_tests_are_apart() -> None:
    assert vector_of("没电")[:4] == [1.0, 0.0, 0.0, 0.0]
