"""A model tells at which of the likeliest cues people open chapters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.library import Tools
from support.transcripts.embeddings import TopicModel, vector_of

from indexer.core.embedding import choice
from indexer.core.embedding.bundled import NAME
from indexer.core.embedding.embedder import NoMeaning
from search.exploration.chapters import chapter_openings
from search.exploration.chapters.chapter_detection import find_borders
from search.query.deadline import Deadline

if TYPE_CHECKING:
    from search.library import Library

pytestmark = pytest.mark.needs("numpy")

OURS = f"{NAME} 1"
# Every line has words of its own; those that open a chapter for this model are about cables.
ODD = ["".join(chr(0x4E00 + (97 * n + 631 * k) % 19000) for k in range(70)) for n in range(120)]
OPENS = {30, 62, 95}
SAID = [(10.0 * n, 10.0 * n + 7, ("光缆" if n in OPENS else "电池") + ODD[n]) for n in range(120)]


def borders(library: Library, deadline: Deadline | None = None) -> list[float]:
    found = find_borders(library.explore.words, 0, 3, library.explore.space, deadline)
    return sorted(border.start for border in found)


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> TopicModel:
    """The chosen model, for which chapters open where cables are named."""
    model = TopicModel(OURS)
    monkeypatch.setattr(choice, "chosen_embedder", lambda threads=1: model)
    monkeypatch.setattr(chapter_openings, "WEIGHTS", [20.0 * share for share in vector_of("光缆")])
    return model


def test_borders_are_where_the_model_says_that_people_open_chapters(tools: Tools, model: TopicModel) -> None:
    with tools.library({"one": SAID}) as library:
        library.add_meaning(embedder=TopicModel(OURS))
        assert borders(library) == [300.0, 620.0, 950.0]
        assert len(model.asked) == 114  # all but half a minute at both ends
        borders(library)
        assert len(model.asked) == 114  # they are remembered
        assert {len(text) for text in model.asked} == {chapter_openings.CHARACTERS}


def test_vectors_of_another_model_are_not_weighed(tools: Tools, model: TopicModel) -> None:
    with tools.library({"one": SAID}) as library:
        library.add_meaning(embedder=TopicModel("other"))
        borders(library)
    assert not model.asked


def test_the_model_is_not_asked_if_it_is_another_one_than_that_of_the_vectors(tools: Tools, model: TopicModel) -> None:
    model.name = f"{NAME} 2"
    with tools.library({"one": SAID}) as library:
        library.add_meaning(embedder=TopicModel(OURS))
        borders(library)
    assert not model.asked


def test_without_the_model_borders_are_found_by_words_and_vectors(
    tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(threads: int = 1) -> TopicModel:
        raise NoMeaning("none")

    monkeypatch.setattr(choice, "chosen_embedder", none)
    with tools.library({"one": SAID}) as library:
        library.add_meaning(embedder=TopicModel(OURS))
        assert len(borders(library)) == 3


def test_other_languages_than_chinese_are_not_asked_about(tools: Tools, model: TopicModel) -> None:
    said = [(begin, end, f"so the battery {n} is about {n * n} now") for n, (begin, end, _) in enumerate(SAID)]
    with tools.library({"one": said}) as library:
        library.add_meaning(embedder=TopicModel(OURS))
        borders(library)
    assert not model.asked


def test_a_deadline_that_passes_leaves_what_the_model_said_out(tools: Tools, model: TopicModel) -> None:
    with tools.library({"one": SAID}) as library:
        library.add_meaning(embedder=TopicModel("other"))
        words_alone = borders(library)
        library.add_meaning(embedder=TopicModel(OURS), rebuild=True)
        deadline = Deadline()
        deadline.cancel()
        assert borders(library, deadline) == words_alone
    assert not model.asked


@pytest.mark.parametrize(("takes", "asked"), [(0.05, 114), (0.1, 12), (1.5, 5)])
def test_a_slow_model_is_left_out_and_stops_no_answer(
    tools: Tools, model: TopicModel, monkeypatch: pytest.MonkeyPatch, takes: float, asked: int
) -> None:
    now = [0.0]

    def slowly(text: str) -> object:
        now[0] += takes
        return question(text)

    question = model.question
    monkeypatch.setattr(model, "question", slowly)
    deadline = Deadline(10, lambda: now[0])
    with tools.library({"one": SAID}) as library:
        library.add_meaning(embedder=TopicModel("other"))
        words_alone = borders(library)
        library.add_meaning(embedder=TopicModel(OURS), rebuild=True)
        assert borders(library, deadline) == ([300.0, 620.0, 950.0] if asked == 114 else words_alone)
    assert len(model.asked) == asked
    assert deadline.reason is None


def test_of_many_cues_the_likeliest_are_asked_about_some_seconds_apart() -> None:
    starts = [2000 * n for n in range(3000)]
    odds = [float(n % 7 == 0) for n in range(3000)]
    chosen = chapter_openings._likeliest(odds, starts, [n == 210 for n in range(3000)], 6_000_000)
    assert len(chosen) == chapter_openings.MOST
    assert all(n % 7 == 0 for n in chosen)
    assert 210 not in chosen
    assert chosen == sorted(chosen)
    assert chosen[0] == 21
