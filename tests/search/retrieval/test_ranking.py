"""Which moment comes first, and why. Each test changes one thing and says what should decide."""

from __future__ import annotations

import pytest
from support.library import Tools, spaced

from search import Library

# Equals keep the order of the files, so the one that should win stands last in the alphabet.

QUIET = ["安静"] * 10
"""40 s of something else, so that two moments of an episode do not touch."""


def order(library: Library, query: str) -> list[tuple[str, float]]:
    """(episode, start) of the results, best first."""
    return [(moment.episode.id.rpartition("/")[2], moment.start) for moment in library.search(query)]


@pytest.mark.parametrize(
    ("query", "first", "why"),
    [
        ("两杯茶 收音机", ("radio", 0.0), "the only moment with both words"),
        ("晚安 月亮", ("sleep", 100.0), "the only goodnight with a moon"),
        ("红茶 滚水", ("kettle", 44.0), "both words, and one of them twice"),
        ("水开了", ("kettle", 28.0), "three times beats once"),
        ("今天聊收音机", ("radio", 4.0), "said in exactly these words"),
        ("怎么烧一壶好水", ("kettle", 4.0), "a sentence across two cues beats its words elsewhere"),
        ("飞机的1090MHz信号", ("radio", 28.0), "a name and number that occur once"),
        ("石桥 十七", ("stone", 4.0), "Traditional text is as good as Simplified"),
    ],
)
def test_the_best_moment_of_the_tiny_corpus(tiny: Library, query: str, first: tuple[str, float], why: str) -> None:
    assert order(tiny, query)[0] == first, why


def test_both_words_beat_one_word_often(tools: Tools) -> None:
    often = ["月亮月亮月亮", "月亮月亮月亮", *QUIET, "太阳"]
    with tools.library({"again": spaced(often), "together": spaced(["说月亮和太阳"])}) as library:
        assert order(library, "月亮 太阳")[0] == ("together", 0.0)


def test_a_rare_word_beats_a_common_one(tools: Tools) -> None:
    """Every episode has 今天; only one has 卫星."""
    episodes = {name: spaced(["今天很好", *QUIET, "今天又来了", *QUIET]) for name in "abcd"}
    with tools.library({**episodes, "rare": spaced(["这里说到卫星", *QUIET])}) as library:
        assert order(library, "今天 卫星")[0] == ("rare", 0.0)


def test_words_close_together_beat_words_apart(tools: Tools) -> None:
    """Both moments have each word once, within 20 s; in one they stand side by side."""
    near = ["月亮太阳出来了", "这是一句话", "这是一句话", "这是一句话"]
    far = ["月亮出来了这", "是一句话", "这是一句话", "这是一句话太阳"]
    with tools.library({"far": spaced(far), "near": spaced(near)}) as library:
        assert [name for name, _ in order(library, "月亮 太阳")] == ["near", "far"]


def test_a_moment_amid_more_of_the_same_beats_one_that_stands_alone(tools: Tools) -> None:
    """The wider context decides between two equal windows."""
    alone = ["月亮太阳", *QUIET]
    amid = ["月亮太阳", *["安静"] * 6, "月亮", *QUIET]
    with tools.library({"alone": spaced(alone), "amid": spaced(amid)}) as library:
        assert order(library, "月亮 太阳")[0] == ("amid", 0.0)


def test_an_episode_about_it_beats_one_that_mentions_it(tools: Tools) -> None:
    """Equal moments; in one episode the words come back later again and again."""
    mention = ["月亮太阳", *QUIET * 3]
    about = ["月亮太阳", *QUIET, *["月亮", *QUIET, "太阳", *QUIET] * 2]
    with tools.library({"mention": spaced(mention), "subject": spaced(about[:33])}) as library:
        starts = order(library, "月亮 太阳")
        assert starts.index(("subject", 0.0)) < starts.index(("mention", 0.0))


def test_the_words_in_the_order_typed_beat_the_same_words_scattered(tools: Tools) -> None:
    """A remembered sentence: the characters that follow one another tell more than the words alone."""
    said = "我们的目标是星辰大海"
    mixed = "星辰是大海的我们目标"
    with tools.library({"mixed": spaced([mixed]), "said": spaced([said])}) as library:
        assert order(library, "我们的目标是星辰大海")[0] == ("said", 0.0)


def test_pressing_play_lands_on_a_quote_not_on_a_word_of_it_before(tools: Tools) -> None:
    with tools.library({"a": spaced(["星辰很美", "嗯", "嗯", "我们的目标是星辰大海"])}) as library:
        assert order(library, "我们的目标是星辰大海") == [("a", 12.0)]


def test_pressing_play_may_land_on_a_short_cue_just_before_the_first_match(tools: Tools) -> None:
    """For several words, two seconds earlier catch the beginning of the sentence; a single word is exact."""
    lines = [(0.0, 4.0, "安静"), (4.0, 6.0, "那么"), (6.0, 9.0, "月亮和太阳")]
    with tools.library({"a": lines}) as library:
        assert order(library, "月亮 太阳") == [("a", 4.0)]
        assert order(library, "月亮") == [("a", 6.0)]


def test_equal_moments_come_in_the_order_in_which_they_were_said(tiny: Library) -> None:
    assert order(tiny, '"晚安"') == [("sleep", 0.0), ("sleep", 40.0), ("sleep", 100.0), ("sleep", 200.25)]


def test_the_same_search_gives_the_same_order(sample: Library) -> None:
    for query in ("强化学习 芯片 数据库", "为什么 大家 都 说", "开源 OR 专利"):
        assert order(sample, query) == order(sample, query)


@pytest.mark.parametrize("query", ["开源 专利 软件", "为什么大模型数不清草莓有几个r", "芯片", '"的时候"'])
@pytest.mark.parametrize("limit", [1, 3, 10])
def test_a_limit_shows_the_beginning_of_all_results(sample: Library, query: str, limit: int) -> None:
    """Skipping episodes that cannot compete must not change what comes first."""

    def shown(most: int) -> list[tuple[str, float]]:
        return [(moment.episode.id, moment.start) for moment in sample.search(query, limit=most)]

    assert shown(limit) == shown(30)[:limit]


def test_the_parts_of_a_score_add_up_to_it(sample: Library) -> None:
    for query in ("开源 专利", "芯片", '"的时候"', "芯片 AND 摩尔"):
        for moment in sample.search(query):
            assert sum(value for _, value in moment.parts) == pytest.approx(moment.score)
