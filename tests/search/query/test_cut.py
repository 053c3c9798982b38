"""The query is cut into the words the index knows, the likeliest way."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query.cut import LONGEST_WORD, cut

COUNTS = {"强化": 5, "学习": 9, "强化学习": 4, "强": 7, "化": 8, "学": 10, "习": 10, "习网": 1, "网络": 6, "gpu": 3}


def words(text: str, counts: dict[str, int], total: int = 100) -> list[str]:
    atoms = text.split() if " " in text else list(text)
    return ["".join(atoms[at : at + size]) for at, size in cut(atoms, lambda word: counts.get(word, 0), total)]


@pytest.mark.parametrize(
    ("text", "cut_up"),
    [
        ("强化学习", ["强化学习"]),
        ("学习网络", ["学习", "网络"]),  # not 学 习网 络, which the index has as well
        ("强化网络", ["强化", "网络"]),
        ("我学习", ["我", "学习"]),  # what the index never saw stands alone
        ("我你", ["我", "你"]),
        ("学 gpu 习", ["学", "gpu", "习"]),  # names end a word
        ("gpu gpu", ["gpu", "gpu"]),
    ],
)
def test_text_is_cut_into_the_likeliest_known_words(text: str, cut_up: list[str]) -> None:
    assert words(text, COUNTS) == cut_up


def test_nothing_is_cut_into_nothing() -> None:
    assert cut([], lambda word: 1, 100) == []


def test_a_rare_long_word_does_not_swallow_two_common_ones() -> None:
    assert words("今天天气", {"今天": 50, "天气": 50, "今天天气": 1}) == ["今天", "天气"]


def test_a_word_longer_than_the_longest_is_cut() -> None:
    text = "一二三四五六七八九十"
    assert max(map(len, words(text, {text: 1000}))) <= LONGEST_WORD


def _ways(text: str) -> Iterator[list[str]]:
    """Every way to cut a text."""
    if not text:
        yield []
    for size in range(1, len(text) + 1):
        for rest in _ways(text[size:]):
            yield [text[:size], *rest]


def _chance(way: list[str], counts: dict[str, int], total: int) -> float:
    """The logarithm of how likely a cut is; words of the index only, and single characters."""
    if any(len(word) > 1 and word not in counts for word in way):
        return -math.inf
    return sum(math.log(max(counts.get(word, 0), 0.5) / total) for word in way)


@given(
    text=st.text("网络学习", min_size=1, max_size=8),
    counts=st.dictionaries(st.text("网络学习", min_size=1, max_size=4), st.integers(1, 500)),
)
def test_no_other_cut_is_likelier(text: str, counts: dict[str, int]) -> None:
    total = 10_000
    best = max(_chance(way, counts, total) for way in _ways(text))
    found = words(text, counts, total)
    assert "".join(found) == text
    assert _chance(found, counts, total) == pytest.approx(best)
