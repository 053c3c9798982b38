"""A library is shared by threads: eight of them get the answers of one, while another process commits."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from support.library import PATIENCE, ROOT, Tools, spaced, write_lines

import search
from search import Library
from search.api import SearchRequest
from search.query.syntax import Filter

THREADS = 8
COMMITS = 5
MOST_ROUNDS = 200
"""Of all questions in one thread; the commits are over long before."""

QUERIES = ("水开了", "收音机 电池", '"一壶好水"', "绿茶 OR 红茶", "受音机", "晚安", "RTL SDR", "水 show:桥")
QUESTIONS: dict[str, Callable[[Library], object]] = {
    **{
        f"search {query}": lambda library, query=query: [  # type: ignore[misc]
            (moment.episode.id, moment.start, moment.score, moment.matches, moment.cues)
            for moment in library.search(query, limit=3)
        ]
        for query in QUERIES
    },
    **{
        f"total {query}": lambda library, query=query: library.search(query, limit=1).total  # type: ignore[misc]
        for query in QUERIES
    },
    "each": lambda library: [(one.episode.id, one.start) for one in library.each("电池 OR 红茶")[1]],
    "count": lambda library: [(one.episode.id, one.moments, one.matches) for one in library.count("红茶")],
    "plan": lambda library: library.plan("受音机 水").terms,
    "variants": lambda library: [repr(one) for one in library.variants("受音机")],
    "loosely": lambda library: (loose := library.loosely('"收因机"')) and loose.stand_ins,
    "episodes": lambda library: [episode.id for episode in library.episodes()],
    "read": lambda library: library.read("radio")[1],
    "terms": lambda library: list(library.explore.terms()),
    "characters": lambda library: list(library.explore.terms(characters=True, sizes=(2, 2))),
    "new words": lambda library: list(library.explore.new_words(least=1)),
    "collocates": lambda library: list(library.explore.collocates("水", least=1)),
    "concordance": lambda library: list(library.explore.concordance("水")),
    "trend": lambda library: list(library.explore.trend(["水", "茶"], by="episode")),
    "status": lambda library: library.status().episodes,
}
"""What is asked; what each returns can be compared."""


@pytest.fixture(autouse=True)
def often_switched() -> Iterator[None]:
    """Python changes from one thread to the next as often as it can, to meet what is half done."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def at_once(ask: Callable[[int], object]) -> list[object]:
    """What is returned in each of eight threads, which begin at the same time; raises what one of them raises."""
    start = Barrier(THREADS)

    def begin(number: int) -> object:
        start.wait(PATIENCE)
        return ask(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(begin, range(THREADS)))


def in_turn(number: int) -> list[str]:
    """The questions, in another order for each thread."""
    names = list(QUESTIONS)
    first = number * len(names) // THREADS
    return names[first:] + names[:first]


def test_eight_threads_get_the_answers_of_one(tiny_index: Path) -> None:
    with search.open_library(tiny_index) as alone:
        expected = {name: ask(alone) for name, ask in QUESTIONS.items()}
    with search.open_library(tiny_index) as library:
        for answers in at_once(lambda number: {name: QUESTIONS[name](library) for name in in_turn(number)}):
            assert answers == expected


def test_a_question_never_gets_the_plan_of_another(tiny_index: Path) -> None:
    # A searcher keeps the last plan, which another thread may replace just when the query is compared with its own.
    with search.open_library(tiny_index) as library:

        class Interrupted(SearchRequest):
            @property
            def terms(self) -> tuple[str, tuple[Filter, ...], bool, bool]:
                library.plan("收音机", exact=True)
                return super().terms

        plan = library.plan("红茶", exact=True)
        again = library.plan(Interrupted("红茶", exact=True))
    assert [term.label for term in again.terms] == [term.label for term in plan.terms] == ["红茶"]


COMMITTING = """
import shutil, sys, indexer
show, index, states = sys.argv[1:4]
for number in range(int(sys.argv[4])):
    indexer.index_paths([f"{show}/{number}.srt"], index, jobs=1)
    shutil.copytree(index, f"{states}/{number + 1}")
"""
"""Adds an episode by each commit, and keeps a copy of the index as it is then."""


def test_threads_are_answered_from_the_last_commit_while_another_process_commits(
    tools: Tools, tiny_files: Path, tmp_path: Path
) -> None:
    index, show, states = tools.index([tiny_files], tmp_path / "index"), tmp_path / "more", tmp_path / "states"
    for number in range(COMMITS):
        write_lines(show / f"{number}.srt", spaced(["水开了泡红茶", "收音机的电池", f"第{number}期"]))
    with search.open_library(index) as library:
        expected = [{name: ask(library) for name, ask in QUESTIONS.items()}]
        arguments = [sys.executable, "-c", COMMITTING, str(show), str(index), str(states), str(COMMITS)]
        with subprocess.Popen(arguments, cwd=ROOT) as process:

            def ask_until_the_end(number: int) -> list[tuple[str, object]]:
                answers = []
                for _ in range(MOST_ROUNDS):
                    is_last = process.poll() is not None
                    answers += [(name, QUESTIONS[name](library)) for name in in_turn(number)]
                    if is_last:
                        break
                return answers

            several = at_once(ask_until_the_end)
        assert process.returncode == 0
    for number in range(COMMITS):
        with search.open_library(states / str(number + 1)) as alone:
            expected.append({name: ask(alone) for name, ask in QUESTIONS.items()})
    for answers in several:
        assert isinstance(answers, list)
        assert_from_later_and_later_commits(answers, expected)


def assert_from_later_and_later_commits(
    answers: Sequence[tuple[str, object]], expected: Sequence[dict[str, object]]
) -> None:
    """Each answer is that of a commit, and none of an earlier one than the answer before; the last of the last."""
    commit = 0
    for name, answer in answers:
        commit = next((later for later in range(commit, len(expected)) if expected[later][name] == answer), -1)
        assert commit >= 0, f"{name}: {answer} is the answer of no commit from then on"
    for name, answer in answers[-len(QUESTIONS) :]:
        assert answer == expected[-1][name]


def test_threads_share_a_result(tiny_index: Path) -> None:
    with search.open_library(tiny_index) as library:
        result = library.search("收音机 电池", limit=1)
        expected = library.search("收音机 电池", limit=1).total
    assert at_once(lambda number: result.total) == [expected] * THREADS


def test_a_library_that_is_closed_by_one_thread_is_closed_for_all(tiny_index: Path) -> None:
    library = search.open_library(tiny_index)
    expected = [moment.start for moment in library.search("水开了")]

    def ask_until_closed(number: int) -> list[list[float]]:
        answers: list[list[float]] = []
        while True:
            try:
                answers.append([moment.start for moment in library.search("水开了")])
                assert library.explore is not None
            except ValueError:
                return answers
            if number == 0 and len(answers) == 3:
                library.close()

    for answers in at_once(ask_until_closed):
        assert isinstance(answers, list)
        assert all(answer == expected for answer in answers)
    with pytest.raises(ValueError, match="library is closed"):
        library.status()


def test_questions_that_alternate_are_planned_once(tiny: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """As those of two threads do."""
    from search.retrieval import plan_cache

    planned: list[object] = []
    make = plan_cache.make_plan
    monkeypatch.setattr(
        plan_cache, "make_plan", lambda tree, *given, **more: planned.append(tree) or make(tree, *given, **more)
    )
    for _ in range(3):
        for query in ("一壶 茶水", "红茶 绿茶"):
            tiny.count(query)
    assert len(planned) == 2
