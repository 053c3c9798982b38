"""A plan is a value: it can be printed, compared, pickled and sent, and executed on another snapshot than its own."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from support.library import Tools, spaced, write_lines

import search
from search import Library, Moment, SearchRequest
from search.matching.position_source import PositionSource
from search.matching.resolver import Resolver
from search.matching.terms import Pattern, WordPattern
from search.query.plan import Every, Has, Lacks, Plan, Some
from search.results.snippets import contexts
from search.retrieval.moments import find_moments
from search.retrieval.resolved_plan import resolve

SAID = [
    *("今天聊强化学习", "强化学习很难", "GPT-4也很难", "百分之三十的人", "有30%的人用网络", "三十八个人", "三十个人"),
    *("往络不好", "望洛学习", "Qwen很好", "Quin不好", "搞上高商", "银行里", "我们先烧一壶好水再泡一杯绿茶"),
]
QUERIES = (
    *("强化学习", "学习", "的", "强化 学习", '"强化学习"', "网*", "q*", "g*", "=学习", "~学习"),
    *("30%", "三十", "30% 网络", "网络", "网络 学习", "qwen", "wangluo", "gao shang", "高尚", "GPT-4", "哈哈"),
    *('"我们先烧一壶坏水再泡一杯红茶"', "学习 AND 强化", "学习 OR 网络", "学习 NOT 强化", "学习 -强化 网络"),
    *("网络 NEAR/5s 学习", "学习 show:show", "学习 -title:a", "学习 date:2024..", "学习 speaker:老周"),
    *("学习 -speaker:老周", "(学习 show:show) OR 网络", "=学习 -show:x"),
)


@pytest.fixture(scope="module")
def library(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("plan")
    return search.open_library(index_of(tools, folder, {"a": SAID, "b": SAID[3:9]}))


@pytest.fixture(scope="module")
def other(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The same with one more episode, so that all others have other numbers."""
    folder = tmp_path_factory.mktemp("other")
    return search.open_library(index_of(tools, folder, {"0": ["下雨了"], "a": SAID, "b": SAID[3:9]}))


def index_of(tools: Tools, folder: Path, episodes: Mapping[str, list[str]]) -> Path:
    for name, texts in episodes.items():
        write_lines(folder / "show" / f"{name}.srt", spaced(texts))
    return tools.index([folder / "show"], folder / "index")


def patterns(plan: Plan) -> list[Pattern]:
    return [alternative.pattern for term in plan.terms for alternative in term.alternatives]


def places(source: PositionSource) -> dict[int, list[int]]:
    return {episode: source.positions(episode) for episode in sorted(source.counts)}


@pytest.mark.parametrize("query", QUERIES)
def test_a_plan_is_the_same_after_pickling(library: Library, query: str) -> None:
    plan = library.plan(query)
    again = pickle.loads(pickle.dumps(plan))
    assert again == plan
    assert repr(again) == repr(plan)
    assert library.resolved(again).terms[0].count == library.resolved(plan).terms[0].count
    assert len(pickle.dumps(plan)) < 40_000


def test_the_queries_plan_every_kind_of_pattern(library: Library) -> None:
    kinds = {type(pattern).__name__ for query in QUERIES for pattern in patterns(library.plan(query))}
    assert kinds == {
        *("WordPattern", "RunPattern", "PercentPattern", "NumberPattern", "QuorumPattern", "SoundPattern"),
    }


@pytest.mark.parametrize("query", QUERIES)
def test_what_was_found_while_planning_is_what_its_pattern_finds(library: Library, query: str) -> None:
    # Expansion learns the places of sounds from its scan; a plan that was sent has to find them itself.
    plan = library.plan(query)
    known, fresh = library._current().resolver, Resolver(library.snapshot)
    assert all(places(known.source(pattern)) == places(fresh.source(pattern)) for pattern in patterns(plan))


@pytest.mark.parametrize("query", QUERIES)
def test_a_plan_made_on_one_snapshot_answers_on_another(library: Library, other: Library, query: str) -> None:
    request = SearchRequest(query, limit=None)
    plan, snapshot = pickle.loads(pickle.dumps(library.plan(request))), other.snapshot
    resolved = resolve(plan, Resolver(snapshot))
    found = find_moments(resolved, snapshot).found
    assert answers(contexts(found, resolved, snapshot, request.context, None)) == answers(library.search(request))


def answers(moments: Iterable[Moment]) -> list[tuple[str, float, list[str]]]:
    return sorted((one.episode.id, one.start, [match.text for match in one.matches]) for one in moments)


def test_what_a_plan_asks_tells_plans_apart(library: Library) -> None:
    assert library.plan("学习 AND 网络").need != library.plan("学习 OR 网络").need
    assert library.plan("学习 AND 网络") != library.plan("学习 OR 网络")
    assert library.plan("=学习") != library.plan("~学习")
    inner = (Has((0,)), Lacks(Has((1,))))
    assert Every(inner) != Some(inner)
    assert hash(Every(inner)) == hash(Every((Has((0,)), Lacks(Has((1,))))))


@pytest.mark.parametrize("query", QUERIES)
def test_a_plan_prints_what_it_looks_for(library: Library, query: str) -> None:
    printed = repr(library.plan(query))
    assert " at 0x" not in printed
    assert "object" not in printed
    assert all(repr(pattern) in printed for pattern in patterns(library.plan(query)))


def test_a_printed_plan_is_readable(library: Library) -> None:
    plan = library.plan("学习 AND -show:回声", exact=True)
    assert repr(plan).startswith(
        "Plan(terms=(Term(label='学习', alternatives=(Alternative(pattern=RunPattern('学习'), "
    )
    assert repr(plan.terms[0].alternatives) == "(Alternative(pattern=RunPattern('学习'), how='exact'),)"
    assert "filters=(EpisodeTest(field='show', wanted='回声', denied=True),)" in repr(plan)


def test_a_name_is_found_beside_another_word_wherever_it_is_written(tools: Tools, tmp_path: Path) -> None:
    """jieba cuts 听顾一鸣讲 into 听顾, 一鸣 and 讲: the name counted there only when it was searched alone."""
    library = search.open_library(
        index_of(tools, tmp_path, {"a": ["今天请到顾一鸣", "顾一鸣说"], "b": ["听顾一鸣讲开源"]})
    )
    assert [moment.episode.id for moment in library.search("顾一鸣 AND 开源")] == ["show/b"]
    assert library.resolved(library.plan("顾一鸣 开源")).terms[0].count == 3


def test_a_word_of_which_a_part_is_said_elsewhere_is_found_where_it_was_cut(tools: Tools, tmp_path: Path) -> None:
    said = ["我们去图书馆", "图书很多", "图书很贵", "图书馆开了", "图书馆不远"]
    library = search.open_library(index_of(tools, tmp_path, {"a": said, "b": ["图书没有了", "图书都在"]}))
    assert isinstance(patterns(library.plan("图书馆 很远"))[0], WordPattern)


def test_a_run_with_a_question_word_weighs_no_more_than_its_words(tools: Tools, tmp_path: Path) -> None:
    # 为什么好 began 为什么好奇怪, was rarer than the subject, and came first without it.
    said = ["为什么好奇怪", "好走路", *("为什么", "卫星", "好的", "走路") * 40]
    library = search.open_library(index_of(tools, tmp_path, {"a": said}))

    def share(query: str, label: str) -> float:
        plan = library.plan(query)
        return next(share for term, share in zip(plan.terms, plan.shares, strict=True) if term.label == label)

    assert share("卫星 为什么好", "为什么好") < 1
    assert share("为什么好", "为什么好") == 1
    assert share("卫星 好走路", "好走路") == 1
