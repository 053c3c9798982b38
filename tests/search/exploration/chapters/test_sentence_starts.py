"""Where sentences of Chinese speech without punctuation are likely to begin."""

from __future__ import annotations

from itertools import accumulate, pairwise

from hypothesis import given
from hypothesis import strategies as st
from support.library import Tools

from search.exploration.chapters.chapter_evidence import features
from search.exploration.chapters.sentence_starts import LEAST, MOST, SHORTEST, likely_starts
from search.exploration.chapters.utterances import utterances_of


def spread(said: str, seconds: float) -> tuple[list[str], list[float], float]:
    """Words, their starts, evenly in so many seconds, and the end."""
    words = said.split()
    return words, [seconds * at / len(words) for at in range(len(words))], seconds


def test_a_sentence_begins_after_a_word_that_closes_one_and_at_one_that_opens_one() -> None:
    said = "电池 很 贵 吧 我 昨天 买 了 一个 所以 今天 炖 牛肉 汤 洋葱 锅里"
    assert likely_starts(*spread(said, 24)) == [4, 9]
    # Only from four seconds on, and not if all of it lasts no longer than a sentence may.
    assert likely_starts(*spread(said, 14)) == [9]
    assert likely_starts(*spread(said, 12)) == []


def test_where_words_do_not_tell_sentences_are_of_equal_length() -> None:
    assert likely_starts(*spread("so we went to the city and then we came home today", 24)) == [4, 8]
    assert likely_starts([], [], 30.0) == []


@given(
    st.lists(st.sampled_from(["吗", "吧", "所以", "那", "然后", "的", "电池"]), max_size=40),
    st.lists(st.floats(0, 30), min_size=40, max_size=40),
    st.floats(0, 30),
)
def test_sentences_are_as_long_as_they_may_be(said: list[str], steps: list[float], rest: float) -> None:
    times = list(accumulate(steps[: len(said)]))
    end = (times[-1] if times else 0.0) + rest
    found = likely_starts(said, times, end)
    assert found == sorted(set(found) - {0})
    begins = [times[word] for word in (0, *found)] if said else []
    assert all(end - begin >= SHORTEST for begin in begins[1:])
    for begin, after in pairwise(begins):
        # Longer only where no word begins in time.
        assert after - begin >= LEAST and (after - begin <= MOST or not any(LEAST <= t - begin <= MOST for t in times))


@given(st.lists(st.floats(0, 100), min_size=1, max_size=20), st.floats(0, 100))
def test_times_that_go_back_end_the_search(times: list[float], end: float) -> None:
    found = likely_starts(["所以"] * len(times), times, end)
    assert found == sorted(set(found) - {0})


def test_a_paragraph_without_punctuation_has_sentences_and_questions(tools: Tools) -> None:
    asked, answered = "你觉得电池的价格以后还会下降吗", "所以正极的材料最近几年已经便宜了很多"
    said = [(0.0, 20.0, asked + answered), (20.0, 40.0, asked + "。" + answered)]
    with tools.library({"one": said}) as library:
        found = utterances_of(library.explore.words, 0)
    assert found.texts == [asked, answered, asked + "。", answered]
    assert found.cues == [0, 0, 1, 1]
    assert found.times.first[1] == len(asked)
    assert features(found)["asks"] == [1.0, 0.0, 1.0, 0.0]
