"""What was misheard, respelled or said in other words is found where the query itself is not said, and after it."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.heard import APART, heard, hits
from support.library import Tools, spaced

from search.backends.embedded.snapshot import EmbeddedSnapshot
from search.expansion.admission_rules import FEW, MANY_IN_TEXT, SOME, Admission, admission
from search.expansion.similarity.phonetic import SoundLikeness
from search.matching.resolver import Resolver
from search.matching.shapes import Shape
from search.query.parse import parse
from search.query.planner import make_plan

QUIET = ["安静"] * 12


@pytest.mark.parametrize(
    ("said", "query", "found"),
    [
        ("他说高商很重要", "高熵", "高商/homophone"),
        ("他说高伤很重要", "高熵", "高伤/homophone"),
        ("模型的乳棒性很强", "鲁棒性", "乳棒性/near-sound"),
        ("这里做一部推理", "异步推理", "一部推理/homophone"),
        ("我们用了Gruple训练", "GRPO", "Gruple/spelling"),
        ("我们用了Koen训练", "Qwen", "Koen/spelling"),
        ("Deep Seek来了", "DeepSeek", "Deep Seek/spelling"),
        ("DeepSeek来了", "Deep Seek", "DeepSeek/spelling"),
        ("DeepSeek来了", "deep-seek", "DeepSeek/spelling"),
        ("他说高商很重要", "gaoshang", "高商/pinyin"),
        ("他说高商很重要", "gao shang", "高商/pinyin"),
        ("这是经典", "jingdian", "经典/pinyin"),
        ("这是经典", "jing dian", "经典/pinyin"),
        ("涨了30%左右", "百分之三十", "30/number"),
        ("涨了30%左右", '"百分之三十"', "30/number"),
        ("涨了 30 ％ 左右", "百分之三十", "30/number"),
        ("涨了百分之三十左右", "30%", "百分之三十/number"),
        ("涨了百分之三十左右", '"30%"', "百分之三十/number"),
        ("就在二零二四年", "2024", "二零二四/number"),
        ("就在2024年", "二零二四", "2024/number"),
        ("就在2024年", '"二零二四年"', "2024年/number"),
        ("这是第七讲的内容", "第7讲", "第七讲/number"),
        ("这是第7讲的内容", "第七讲", "第7讲/number"),
        ("一共一百六十九个", '"169个"', "一百六十九个/number"),
        ("大概四点五倍", "4.5", "四点五/number"),
        ("看了她的书", '"他的书"', "她的书/homophone"),
        ("看了他得书", "他的书", "他得书/homophone"),
    ],
)
def test_what_is_meant_is_found_and_says_how(tools: Tools, said: str, query: str, found: str) -> None:
    assert heard(tools, [said, "今天天气很好"], query) == [found]


@pytest.mark.parametrize(
    ("said", "query", "found"),
    [
        pytest.param("DeepSeek来了", '"Deep Seek"', "DeepSeek/spelling", id="Deep Seek quoted"),
        pytest.param("涨到六块八百分之三十的人", "30%", "百分之三十/number", id="percentage after a number"),
        pytest.param("那30%的人走了", '"百分之三十的人"', "30%的人/number", id="percent inside"),
        pytest.param("百分之三十的人走了", '"30%的人"', "百分之三十的人/number", id="percent sign inside"),
    ],
)
def test_this_is_found_too(tools: Tools, said: str, query: str, found: str) -> None:
    assert heard(tools, [said, "今天天气很好"], query) == [found]


@pytest.mark.parametrize(
    ("said", "query"),
    [
        ("这里说30个人", "百分之三十"),
        ("这里说30个人，涨了50%", "百分之三十"),
        ("涨了30，%是符号", '"百分之三十个"'),
        ("这里说三十个人", '"30%"'),
        ("这里说30个人", "30%"),
        ("一部电影", "1部"),
        ("这是第七十讲", "第7"),
        ("他说高商", "上"),
        ("他说高商", "熵"),
        ("他说高商", "~熵"),
        ("他说高商", "shang"),
        ("他说天气", "高熵"),
        ("我们用了Python", "GRPO"),
        ("他说高商", "高熵*"),
        ("这里做一部推理", '"异步推理"'),
    ],
)
def test_what_is_not_meant_is_not_found(tools: Tools, said: str, query: str) -> None:
    assert heard(tools, [said], query) == []


# --- what is exact comes first --------------------------------------------------------------------------

cues = st.lists(
    st.sampled_from(["高熵", "高商", "高商高商高商", "高上信息", "高熵信息", "高商信息信息", "信息", "安静"]),
    min_size=1,
    max_size=10,
)


@settings(max_examples=25)
@given(one=cues, other=cues)
def test_a_moment_with_all_of_it_exactly_comes_before_what_only_sounds_alike(
    tools: Tools, one: list[str], other: list[str]
) -> None:
    with tools.library({"a": spaced(one, APART), "b": spaced(other, APART)}) as library:
        for query, words in (("高熵", {"高熵"}), ("高熵 信息", {"高熵", "信息"}), ("高熵 AND 信息", {"高熵", "信息"})):
            moments = library.search(query, limit=None)
            whole = [words <= {match.text for match in moment.matches} for moment in moments]
            guessed = [any(match.how != "exact" for match in moment.matches) for moment in moments]
            needed = [guess and not all_of_it for guess, all_of_it in zip(guessed, whole, strict=True)]
            assert not any(whole[needed.index(True) :] if True in needed else ())
            for moment in moments:
                assert sum(value for _, value in moment.parts) == pytest.approx(moment.score)


@pytest.mark.parametrize(
    "query",
    [
        "高熵 信息",
        "高熵",
    ],
)
def test_what_sounds_alike_half_a_minute_before_does_not_hide_the_exact_moment(tools: Tools, query: str) -> None:
    said = ["高商信息，高商信息，高商信息", *["安静"] * 6, "高熵信息", *QUIET]
    with tools.library({"a": spaced(said)}) as library:
        assert library.search(query, exact=True)[0].start == 28.0
        assert library.search(query)[0].start == 28.0


def test_a_sound_alike_said_often_does_not_overtake_the_word_said_once(tools: Tools) -> None:
    said = ["高商高商，高商高商", "今天说高熵", "高商，高商"]
    assert [found.split()[0] for found in heard(tools, said, "高熵")] == ["高熵/exact", *["高商/homophone"] * 2]


@pytest.mark.parametrize(
    "query",
    [
        "高熵 信息",
        "高熵",
        "高熵 AND 信息",
    ],
)
def test_a_sound_alike_near_the_word_itself_adds_nothing(tools: Tools, query: str) -> None:
    near, alone = ["他说高熵的信息", "他说高商", *QUIET], ["他说高熵的信息", "他说睡觉", *QUIET]
    with tools.library({"alone": spaced(alone), "near": spaced(near)}) as library:
        scores = {moment.episode.id: moment.score for moment in library.search(query)}
    assert scores["show/near"] == pytest.approx(scores["show/alone"])


def test_a_word_of_the_dictionary_that_is_said_is_not_taken_for_another(tools: Tools) -> None:
    said = ["这部电影是经典", "这个景点好", "又一个经典"]
    assert heard(tools, said, "景点") == ["景点/exact"]
    assert heard(tools, said, "~景点") == ["景点/exact", "经典/homophone", "经典/homophone"]


def test_a_word_said_nowhere_gives_a_few_suggestions(tools: Tools) -> None:
    said = ["这部电影是经典", "又一个经典", "还有一个经典", "最后的经典"]
    with tools.library({"a": spaced(said, APART)}) as library:
        assert hits(library.search("景点", limit=None)) == ["经典/homophone"] * 2
        assert library.search("景点", limit=1).total == 2
        assert hits(library.search("~景点", limit=None)) == ["经典/homophone"] * 4


def test_a_short_list_is_not_filled_with_what_lacks_a_word(tools: Tools) -> None:
    """Two words of the query are said, the third only misheard: the moment with all three comes first, however few
    are asked for."""
    said = [*["大模型的训练"] * 5, "大模型的训练有乳棒性", *["大模型的训练"] * 5]
    with tools.library({"a": spaced(said, APART)}) as library:
        for limit in (1, 3, 10):
            (first, *_) = library.search("大模型 训练 鲁棒性", limit=limit)
            assert "乳棒性" in [match.text for match in first.matches]


def test_a_mere_suggestion_is_not_made_beside_something_likelier(tools: Tools) -> None:
    """高商 is no word, so it was likely misheard; 高尚 is one."""
    assert heard(tools, ["他很高尚", "他说高商"], "高熵") == ["高商/homophone"]
    assert heard(tools, ["他很高尚", "他说高雅"], "高熵") == ["高尚/homophone"]


@pytest.mark.parametrize("shape", Shape)
@pytest.mark.parametrize("likeness", SoundLikeness)
def test_beside_another_term_what_is_not_sure_by_itself_needs_its_backing(
    likeness: SoundLikeness, shape: Shape
) -> None:
    for syllables, exact in product((2, 3, 4), (0, 1, FEW, FEW + 1, SOME, SOME + 1)):
        by_itself = admission(syllables, exact, likeness, shape, alone=True)
        expected = Admission.FREE if by_itself is Admission.FREE else Admission.BACKED
        assert admission(syllables, exact, likeness, shape, alone=False) is expected
        assert by_itself is not Admission.BACKED
    assert admission(1, 0, likeness, shape, alone=False) is None


@pytest.mark.parametrize(("said", "is_sought"), [(MANY_IN_TEXT, True), (MANY_IN_TEXT + 1, False)])
def test_of_running_text_only_what_is_rare_is_sought_by_sound(tools: Tools, said: int, is_sought: bool) -> None:
    texts = [*["你着急吗呢"] * said, "你着急嘛呢", "训练模型", "数据", "下雨", "为啥", *QUIET]
    with tools.library({"a": spaced(texts, APART)}) as library:
        assert bool(library.search("训练模型数据急吗下雨为啥").plan.stand_ins) is is_sought
        assert library.search("数据 急吗 下雨").plan.stand_ins


# --- switched off, and on -------------------------------------------------------------------------------

SAID = "我们的目标是星辰大海而不是眼前的利益"
TALK = ("他说高商", "这个景点好", "用了Gruple", "涨了30%", "就在2024年", "乳棒性很强", "这是经典", "我们讲信息", SAID)


@pytest.mark.parametrize(
    "query",
    [
        "高熵",
        "景点",
        "GRPO",
        "百分之三十",
        "高熵 信息",
        "jingdian",
        "gao shang",
        f'"{SAID[:9]}"',
        "高熵 OR 景点",
        "~高熵",
    ],
)
def test_exact_finds_what_a_plan_without_forms_finds(tools: Tools, query: str) -> None:
    with tools.library({"a": spaced(TALK, APART)}) as library:
        bare, plan = (
            make_plan(parse(query), Resolver(EmbeddedSnapshot(library.folder))),
            library.plan(query, exact=True),
        )
        assert plan.terms == bare.terms
        assert (plan.need, plan.texts, plan.stand_ins, plan.most_moments) == (bare.need, bare.texts, {}, None)
        moments = library.search(query, limit=None, exact=True)
        assert {match.how for moment in moments for match in moment.matches} <= {"exact"}


@pytest.mark.parametrize("word", ["高熵", "GRPO", "百分之三十", "二零二四", "jingdian", "鲁棒性"])
def test_an_equals_sign_switches_it_off_for_a_word(tools: Tools, word: str) -> None:
    assert heard(tools, TALK, word) != []
    assert heard(tools, TALK, f"={word}") == []
    assert heard(tools, TALK, f"={word} 信息") == ["信息/exact"]


def test_what_is_left_out_is_left_out_exactly(tools: Tools) -> None:
    said = ["信息和高熵", "信息和高商", "信息和涨了30%", "信息"]
    assert heard(tools, said, "信息 -高熵") == ["信息/exact"] * 3
    assert heard(tools, said, "信息 NOT 百分之三十") == ["信息/exact"] * 4
    assert heard(tools, said, '信息 -"高商"') == ["信息/exact"] * 3


@pytest.mark.parametrize("asked", ["在哪里", "是什么", "怎么"])
def test_a_question_backs_no_guess_for_a_word_that_is_said(tools: Tools, asked: str) -> None:
    said = ["这条光缆断了", *QUIET, f"光蓝{asked}呀", *QUIET]
    assert sorted(heard(tools, said, f"光缆 {asked}")) == sorted(["光缆/exact", f"{asked}/exact"])


def test_another_word_backs_a_guess_beside_a_question(tools: Tools) -> None:
    said = ["这条光缆断了", *QUIET, "光蓝在哪里呀海底有", *QUIET]
    assert "光蓝/homophone" in heard(tools, said, "光缆 海底 在哪里")[0]
    assert heard(tools, ["光蓝在哪里呀", *QUIET], "光缆 在哪里")[0].startswith("光蓝/homophone")
