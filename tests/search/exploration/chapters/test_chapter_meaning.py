"""Where an index has vectors, sections of one meaning hold together."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from support.library import Tools
from support.transcripts.embeddings import TopicModel

from search.exploration.chapters.chapter_detection import find_borders

if TYPE_CHECKING:
    from search.exploration.chapters.chapter_meaning import Coherence

pytestmark = pytest.mark.needs("numpy")

# Every line has words of its own, so only the model knows what is of one topic.
POWER = ["电池", "续航", "充电", "没电"]
CABLE = ["光缆", "海底", "信号中断"]
ODD = [chr(0x4E00 + 97 * n % 6000) + chr(0x4E00 + 61 * n % 5000) for n in range(80)]


def test_a_change_of_meaning_is_a_border_where_the_words_say_nothing(tools: Tools) -> None:
    topics = [POWER[n % 4] if n < 50 else CABLE[n % 3] for n in range(80)]
    said = [(10.0 * n, 10.0 * n + 10, topic + odd) for n, (topic, odd) in enumerate(zip(topics, ODD, strict=True))]
    with tools.library({"one": said}) as library:
        library.add_meaning(embedder=TopicModel())
        space = library.explore.space
        assert space is not None
        (border,) = find_borders(library.explore.words, 0, 1, space)
        assert border.start == pytest.approx(500.0, abs=30)


def of_two_topics(tools: Tools) -> Coherence:
    """Of eight stretches of half a minute, the first four about one thing."""
    from search.exploration.chapters.chapter_meaning import Coherence

    said = [(30.0 * n, 30.0 * n + 30, ("电池" if n < 4 else "光缆") + ODD[n]) for n in range(8)]
    with tools.library({"one": said}) as library:
        library.add_meaning(embedder=TopicModel())
        space = library.explore.space
        assert space is not None
        return Coherence(space, library.snapshot, 0, [30.0 * n for n in range(9)])


def test_a_section_of_one_meaning_is_as_long_as_its_vectors_together(tools: Tools) -> None:
    from search.exploration.chapters.chapter_meaning import WEIGHT

    together = of_two_topics(tools)
    # Relative to their mean, the two topics point in opposite directions.
    assert together.of(0, 4) == pytest.approx(4 * WEIGHT, rel=0.01)
    assert together.of(0, 8) == pytest.approx(0.0, abs=0.01 * WEIGHT)
    assert together.grown(2, 3) == pytest.approx([WEIGHT, 2 * WEIGHT, WEIGHT], rel=0.01)


def test_beside_vectors_words_count_half(tools: Tools) -> None:
    from search.exploration.chapters.topic_segmentation import BESIDE_MEANING, Speech

    together = of_two_topics(tools)
    stretches = [frozenset({1, n}) for n in range(2, 10)]
    usual = dict.fromkeys(range(1, 10), 0.1)
    alone = Speech(stretches, usual, lambda begin, end: -1.0).sections()
    beside = Speech(stretches, usual, lambda begin, end: -1.0, together)
    for begin, section in enumerate(beside.sections()):
        alike = together.grown(begin, len(section))
        words = [BESIDE_MEANING * (of_words + 1.0) for of_words in alone[begin]]
        assert section == pytest.approx([a + b - 1.0 for a, b in zip(words, alike, strict=True)], abs=1e-6)
        afresh = [beside._likelihood(begin, end) - 1.0 for end in range(begin + 1, 9)]
        assert section == pytest.approx(afresh, abs=1e-6)


def test_without_vectors_there_is_no_space(tools: Tools) -> None:
    with tools.library({"one": [(0.0, 4.0, "电池")]}) as library:
        assert library.explore.space is None
        assert math.isfinite(library.explore.outline("show/one")[0].depth)
