"""Sentences and questions: when they are ranked by what is said around, and what that decides."""

from __future__ import annotations

import pytest
from support.library import Tools, spaced

from search import Library
from search.query.deadline import Deadline
from search.query.parse import parse
from search.query.running_text import is_running_text
from search.retrieval.sentences.ordered_pairs import in_order_pairs
from search.retrieval.sentences.rerank_sentences import _filled

QUIET = ["安静"] * 40
"""160 s of something else."""
ANSWER = ["今天说说打雷这件事情", "先有光后有声音", "因为光走得快", "声音走得慢", "所以雷声总是晚到"]
QUESTION = "闪电之后为什么隔一会儿才听到雷声"


def order(library: Library, query: str, limit: int = 10) -> list[tuple[str, float]]:
    """(episode, start) of the results, best first."""
    return [(moment.episode.id.rpartition("/")[2], moment.start) for moment in library.search(query, limit=limit)]


def parts(library: Library, query: str) -> set[str]:
    """The names of the parts of the scores."""
    return {name for moment in library.search(query) for name, _ in moment.parts}


@pytest.fixture
def thunder(tools: Tools) -> Library:
    """In one episode the words of a question are said in three minutes, with the answer among them; in the other some
    of them in one line about something else."""
    told = ["之后是闪电", *QUIET[:6], *ANSWER, *QUIET[:6], "才听到雷声", *QUIET[:6], "隔一会儿", *QUIET]
    loose = [*QUIET, "之后一会儿听到电话", *QUIET]
    with tools.library({"loose": spaced(loose), "told": spaced(told)}) as library:
        yield library


def test_what_is_said_around_decides_a_question(thunder: Library) -> None:
    assert order(thunder, QUESTION)[0][0] == "told"


def test_the_parts_of_a_score_add_up(thunder: Library) -> None:
    found = thunder.search(QUESTION)
    assert "minutes" in parts(thunder, QUESTION)
    for moment in found:
        assert sum(value for _, value in moment.parts) == pytest.approx(moment.score)


@pytest.mark.parametrize(
    "query",
    [
        "闪电 雷声",
        "为什么打雷",
        '"闪电之后为什么隔一会儿才听到雷声"',
        "闪电之后为什么隔一会儿才听到雷声 AND 光",
        "闪电之后为什么隔一会儿才听到雷声 -电话",
        "=光 闪电之后为什么隔一会儿才听到雷声",
        "闪* 闪电之后为什么隔一会儿才听到雷声",
        "因为光走得快声音走得慢",
    ],
)
def test_everything_else_is_ranked_as_ever(thunder: Library, query: str) -> None:
    """Words, short text, operators, and what was remembered."""
    assert "minutes" not in parts(thunder, query)


def test_a_remembered_sentence_begins_where_it_is_said(thunder: Library) -> None:
    assert order(thunder, "因为光走得快声音走得慢")[0] == ("told", 36.0)
    assert order(thunder, "因为光走得很快声音走得慢")[0] == ("told", 36.0)


def test_a_filter_is_no_operator(thunder: Library) -> None:
    assert "minutes" in parts(thunder, f"title:told {QUESTION}")
    assert {name for name, _ in order(thunder, f"title:loose {QUESTION}")} == {"loose"}


@pytest.mark.parametrize(
    ("query", "is_text"), [("a b", True), ("a show:x", True), ("=a b", False), ("~a b", False), ("a* b", False)]
)
def test_marks_are_operators(query: str, is_text: bool) -> None:
    assert is_running_text(parse(query)) == is_text


def test_few_results_are_the_first_of_many(thunder: Library) -> None:
    many = order(thunder, QUESTION, limit=20)
    assert len(many) > 2
    for limit in (1, 2, 3):
        assert order(thunder, QUESTION, limit) == many[:limit]


def test_no_two_moments_begin_within_half_a_minute(thunder: Library) -> None:
    found = order(thunder, QUESTION, limit=20)
    for one in found:
        assert all(one == other or one[0] != other[0] or abs(one[1] - other[1]) >= 30 for other in found)


def test_out_of_time_the_usual_ranking_stays(thunder: Library) -> None:
    over = Deadline()
    over.cancel()
    result = thunder.search(QUESTION, timeout=over)
    assert result.incomplete == "cancelled"
    assert not {name for moment in result for name, _ in moment.parts} & {"minutes"}


def test_transcripts_without_times_are_ranked_as_well(tools: Tools) -> None:
    told = [(0.0, 0.0, text) for text in ("闪电很亮", *ANSWER, *QUIET)]
    with tools.library({"told": told, "quiet": spaced(QUIET)}) as library:
        assert order(library, QUESTION)[0][0] == "told"


@pytest.mark.parametrize(
    ("text", "said", "pairs"),
    [
        ("甲乙丙丁", "甲乙丙丁", 3),
        ("甲乙丙丁", "丙丁甲乙", 1),
        ("甲乙丙丁", "甲乙子丙丁", 2),
        ("甲乙丙丁", "子丑寅卯", 0),
        ("甲", "甲", 0),
        ("甲乙", "甲乙甲乙甲乙", 1),
    ],
)
def test_pairs_in_the_order_of_the_text(text: str, said: str, pairs: int) -> None:
    assert in_order_pairs(text, said)[0] == pairs


REMEMBERED = "够特别遵照指令的模型而已"


@pytest.mark.parametrize("said", ["够特别准照指令的磨型儿已", "够特憋尊照纸令的模型而已", "够特鳖尊照只领得摩型儿蚁"])
def test_a_misheard_sentence_is_played_from_where_it_begins(tools: Tools, said: str) -> None:
    told = [*QUIET, "模型的指令", "特别的", *QUIET[:2], said, *QUIET]
    with tools.library({"told": spaced(told), "quiet": spaced(QUIET)}) as library:
        assert order(library, REMEMBERED)[0] == ("told", 4.0 * told.index(said))


def test_what_is_not_known_is_taken_for_the_mean_of_what_is() -> None:
    assert _filled([1.0, None, 4.0]) == [1.0, 2.5, 4.0]
    assert _filled([None, None]) == [0.0, 0.0]
