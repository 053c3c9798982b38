"""What is shown around a match: whole cues, none twice, as much context as was asked for."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.library import Line, Tools, spaced
from support.transcripts.episodes import shows

from search import Library, Margin, Moment
from search.api import CueLine, Match
from search.query.parse import parse
from search.scoring import WEIGHTS

WORDS = ("网络", "学习", "强化学习", "收音机", "水开了", "哈哈", "的", "gpu", "7", "1.5B", "今天聊收音机", "ひ")
RANKED = st.lists(st.sampled_from(WORDS), min_size=2, max_size=4, unique=True).map(" ".join)
EXACT = st.builds('"{}"'.format, st.sampled_from(WORDS))
OPERATED = st.builds(
    "{} {} {}".format, st.sampled_from(WORDS), st.sampled_from(("AND", "OR", "NOT", "NEAR/5s")), st.sampled_from(WORDS)
)
QUERIES = RANKED | EXACT | OPERATED | st.sampled_from(WORDS)
MARGINS = st.builds(Margin, st.sampled_from((0.0, 2.0, 5.0, 20.0))) | st.builds(
    Margin, st.sampled_from((0.0, 1.0, 3.0)), st.just(True)
)

LONG = shows(most_episodes=2, most=40, pause=33.0)


def assert_sound(moments: list[Moment]) -> None:
    """What holds for all results, whatever was asked."""
    shown = Counter((moment.episode.id, cue.index) for moment in moments for cue in moment.cues)
    assert all(count == 1 for count in shown.values()), "a cue stands in two results"
    assert [moment.rank for moment in moments] == list(range(1, len(moments) + 1))
    for moment in moments:
        indexes = [cue.index for cue in moment.cues]
        assert indexes == list(range(indexes[0], indexes[-1] + 1)), "the cues have a gap"
        assert moment.matches, "a moment without a match"
        assert moment.end == max(cue.end for cue in moment.cues)
        assert moment.start in {cue.start for cue in moment.cues}
        for match in moment.matches:
            assert match.start in {cue.start for cue in moment.cues}, "a match begins outside the cues shown"
            assert match.end in {cue.end for cue in moment.cues}, "a match ends outside the cues shown"
        for cue in moment.cues:
            assert all(0 <= start < end <= len(cue.text) for start, end in cue.highlights)
            assert list(cue.highlights) == sorted(cue.highlights)
        assert any(cue.highlights for cue in moment.cues)


@settings(max_examples=60)
@given(episodes=LONG, queries=st.lists(QUERIES, min_size=6, max_size=6), margin=MARGINS)
def test_results_are_sound_whatever_is_asked(
    tools: Tools, episodes: dict[str, list[Line]], queries: list[str], margin: Margin
) -> None:
    with tools.library(episodes) as library:
        for query in queries:
            everything = library.search(query, limit=None, context=margin)
            assert_sound(list(everything))
            assert everything.total == len(everything)
            best = library.search(query, limit=3, context=margin)
            assert_sound(list(best))
            assert [one.score for one in best] == sorted((one.score for one in best), reverse=True)


def test_a_result_begins_at_a_cue_it_shows(tools: Tools) -> None:
    # The cue that leads in to the second match is shown with the first.
    said = {1.6: "网络", 36.2: "网络", 73.2: "強化学习", 76.4: "強化学习"}
    starts = (0.0, 0.8, 1.6, 35.4, 36.2, 37.0, 70.8, 71.6, 72.4, 73.2, 74.0, 74.8, 75.6, 76.4, 110.2)
    lines = [(start, start + 0.8, said.get(start, "")) for start in starts]
    with tools.library({"a": lines}) as library:
        assert_sound(list(library.search("网络 学习", limit=None, context=Margin(1.0, True))))


def test_a_short_text_begins_where_it_is_said_not_where_a_word_of_it_is(tools: Tools) -> None:
    lines = spaced(["这篇论文很好", "他讲得很清楚", "我们接着看", "这是第二篇论文"])
    with tools.library({"talk": [*lines, *((20.0 + n, 21.0 + n, "论文第二篇文章") for n in range(5))]}) as library:
        (moment,) = library.search("第二篇论文", limit=1)
        assert moment.start == 12.0


@pytest.mark.parametrize("lead_in", [2.007, 2.008])
def test_a_result_begins_at_the_cue_that_leads_in_to_the_match(tools: Tools, lead_in: float) -> None:
    # A thousand times 2.007 is more than 2,007.
    lines = [(0.0, 1.5, "今天"), (lead_in, 2.5, "收音机"), (2.6, 4.0, "网络学习")]
    with tools.library({"a": lines}) as library:
        (moment,) = library.search("网络 学习", context=Margin(5.0))
        assert moment.start == lead_in


@settings(max_examples=40)
@given(episodes=LONG, query=RANKED)
def test_ranked_moments_of_one_episode_begin_at_least_thirty_seconds_apart(
    tools: Tools, episodes: dict[str, list[Line]], query: str
) -> None:
    with tools.library(episodes) as library:
        for one, other in combinations(library.search(query, limit=None, context=0.0), 2):
            assert one.episode.id != other.episode.id or abs(one.start - other.start) >= WEIGHTS.apart


@settings(max_examples=30)
@given(episodes=LONG, word=st.sampled_from(WORDS), margin=MARGINS)
def test_a_context_merged_of_several_moments_is_at_most_ninety_seconds(
    tools: Tools, episodes: dict[str, list[Line]], word: str, margin: Margin
) -> None:
    """Longer only when its own matches and their margin, which nothing can shorten, take longer."""
    with tools.library(episodes) as library:
        for moment in library.search(f'"{word}"', limit=None, context=margin):
            first, last = moment.matches[0], moment.matches[-1]
            if moment.end - moment.cues[0].start > 90.0:
                assert last.start - first.start < WEIGHTS.apart, "merged beyond the bound"


# One word at seconds 0, 4, 8 ... lets every expectation be counted on the fingers.


def around(tools: Tools, at: set[int], margin: Margin | float, cues: int = 40) -> list[list[int]]:
    """The cue numbers of each result for a word said in the cues `at`, in the order of time."""
    texts = ["月亮" if number in at else "安静" for number in range(cues)]
    with tools.library({"a": spaced(texts)}) as library:
        moments = library.search("月亮", limit=None, context=margin)
        return sorted([cue.index for cue in moment.cues] for moment in moments)


@pytest.mark.parametrize(
    ("margin", "cues"),
    [
        (0.0, [10]),
        (3.9, [10]),
        (4.0, [9, 10, 11]),
        (5.0, [9, 10, 11]),
        (8.0, [8, 9, 10, 11, 12]),
        (Margin(0, cues=True), [10]),
        (Margin(1, cues=True), [9, 10, 11]),
        (Margin(3, cues=True), [7, 8, 9, 10, 11, 12, 13]),
    ],
)
def test_the_context_is_as_long_as_was_asked_for(tools: Tools, margin: Margin | float, cues: list[int]) -> None:
    assert around(tools, {10}, margin) == [cues]


def test_the_context_ends_where_the_episode_ends(tools: Tools) -> None:
    assert around(tools, {0, 39}, Margin(2, cues=True)) == [[0, 1, 2], [37, 38, 39]]


def test_contexts_that_meet_become_one(tools: Tools) -> None:
    assert around(tools, {10, 18}, 16.0) == [list(range(6, 23))]


def test_contexts_that_do_not_meet_stay_apart(tools: Tools) -> None:
    assert around(tools, {10, 20}, 4.0) == [[9, 10, 11], [19, 20, 21]]


def test_contexts_that_would_be_too_long_together_share_no_cue(tools: Tools) -> None:
    """50 s before and after each of two words, 80 s apart: the second begins where the first ends."""
    shown = around(tools, {15, 35}, 50.0, cues=60)
    assert len(shown) == 2
    assert shown[0][-1] + 1 == shown[1][0]
    assert 15 in shown[0]
    assert 35 in shown[1]


def test_a_long_margin_can_be_asked_for_a_single_moment(tools: Tools) -> None:
    assert around(tools, {30}, 60.0, cues=61) == [list(range(15, 46))]


def test_pressing_play_begins_at_the_first_match_not_at_its_context(tools: Tools) -> None:
    with tools.library({"a": spaced(["安静"] * 10 + ["月亮"] + ["安静"] * 10)}) as library:
        (moment,) = library.search("月亮", context=8.0)
        assert (moment.start, moment.cues[0].start, moment.end) == (40.0, 32.0, 52.0)


def test_every_match_in_the_cues_shown_is_marked_for_a_ranked_query(tiny: Library) -> None:
    """Plain words are marked wherever they stand in the context, also beyond the window that was scored."""
    assert str(parse("红茶 滚水")) == "(红茶 滚水)"
    best = tiny.search("红茶 滚水", context=4.0)[0]
    marked = [cue.text[a:b] for cue in best.cues for a, b in cue.highlights]
    assert marked == ["红茶", "红茶", "滚水"]


def test_matches_and_cues_have_all_their_fields(tiny: Library) -> None:
    """They are made from plain tuples, which would lack a field that is added later even if it has a default."""
    moments = list(tiny.search("我们"))
    matches = {len(match) for moment in moments for match in moment.matches}
    cues = {len(cue) for moment in moments for cue in moment.cues}
    assert (matches, cues) == ({len(Match._fields)}, {len(CueLine._fields)})


def test_no_margin_cuts_off_a_match(tiny: Library) -> None:
    (moment,) = tiny.search('"一壶好水"', context=0.0)
    assert [cue.index for cue in moment.cues] == [1, 2]


def test_a_longer_match_hides_the_shorter_one_inside_it(tools: Tools) -> None:
    with tools.library({"a": spaced(["今天讲强化学习", "下次讲学习"])}) as library:
        matches = [match.text for match in library.search("强化学习 学习")[0].matches]
        assert matches == ["强化学习", "学习"]


def test_touching_matches_are_highlighted_as_one(tools: Tools) -> None:
    with tools.library({"a": spaced(["强化学习网络"])}) as library:
        assert library.search("强化学习 AND 网络")[0].cues[0].highlights == ((0, 6),)
