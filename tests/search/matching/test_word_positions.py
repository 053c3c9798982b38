"""The places of a word, found in the stream, are those at which it was put when its episode was indexed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.core.positions.timeline import lay_out
from indexer.core.positions.token_stream import Stream
from indexer.core.positions.tokens import split_atoms
from indexer.core.text.folding import Folding
from indexer.core.types import Cue
from indexer.segmentation.segmenter import Segmenter
from indexer.segmentation.words import place_words
from indexer.store.fields.word_boundaries import Marks, pack_marks
from search.backends.embedded.snapshot import EmbeddedSnapshot
from search.matching.many_sources import Together
from search.matching.sources import WordSource
from search.matching.word_positions import words_within

# Words inside longer ones, of two to four characters; words no dictionary has; overlapping repeats; borders.
PIECES = (
    *("中华人民共和国", "人民", "中华", "共和国", "共和", "华人", "人民共和国", "华人民"),
    *("乒乓球拍卖完了", "球拍", "拍卖", "研究生命起源", "生命", "研究生"),
    *("社会主义", "社会主义者", "主义", "马克思主义", "无线电话", "无线电", "电话"),
    *("贝尔实验室", "实验室", "高熵", "高熵合金", "深度学习", "强化学习", "学习"),
    *("杭研", "他来到了网易杭研大厦", "网易", "大厦", "宇树", "宇树科技", "龟一化", "短抱文"),
    *("杭研院", "宇树今天说"),
    *("哈", "哈哈", "哈哈哈", "笑哈哈", "天", "天天", "好好学习", "的", "的的", "一", "不"),
    *("gpu", "1.5", "b", "\U00020000", "ガ", "，", "。", " "),
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=10).map("".join)
CUES = st.lists(st.tuples(TEXTS, st.sampled_from((0.0, 0.0, 2.0))), min_size=1, max_size=6)
LEXICONS = ((), ("高熵合金", "华人民", "宇树科技"))


class OneEpisode(EmbeddedSnapshot):
    """What a WordSource asks of an index, for a single episode."""

    def __init__(self, stream: Stream, counts: Mapping[str, int], marks: Marks) -> None:
        self.stream = lambda episode: stream  # type: ignore[assignment,misc]
        self.marks = lambda episode: marks  # type: ignore[assignment,misc]
        self.word_episodes = lambda word: {0: counts[word]} if word in counts else {}  # type: ignore[assignment,misc]


def index_cues(
    cues: Sequence[tuple[str, float]], folding: Folding, segmenter: Segmenter
) -> tuple[OneEpisode, dict[str, list[int]], int]:
    """The episode of the texts with the silence before each; the words as they were placed; the number of atoms."""
    at, laid = 0.0, []
    for text, silence in cues:
        at += silence + 1.0
        laid.append(Cue(at - 1.0, at, text))
    timeline = lay_out(laid, folding)
    placed = place_words(timeline, segmenter)
    size = len(timeline.stream)
    marks = Marks(pack_marks(placed.marks), size)
    return OneEpisode(timeline.stream, placed.counts, marks), placed.positions(), size


def source(snapshot: EmbeddedSnapshot, word: str) -> WordSource:
    return WordSource(snapshot, split_atoms(word))


@pytest.fixture(scope="module", params=LEXICONS, ids=["dictionary", "lexicon"])
def cutter(request: pytest.FixtureRequest, segmenter: Segmenter) -> Segmenter:
    return Segmenter(request.param) if request.param else segmenter


@given(cues=CUES)
@example(cues=[("哈哈哈哈哈", 0.0), ("哈哈", 0.0), ("笑哈哈", 2.0)])
@example(cues=[("中华人民", 0.0), ("共和国", 0.0), ("中华人民", 0.0), ("共和国", 2.0)])
def test_a_word_is_where_it_was_placed(folding: Folding, cutter: Segmenter, cues: list[tuple[str, float]]) -> None:
    snapshot, placed, _ = index_cues(cues, folding, cutter)
    assert {word: source(snapshot, word).positions(0) for word in placed} == placed


@given(cues=CUES, data=st.data())
def test_between_two_atoms_are_those_places_that_lie_there(
    folding: Folding, cutter: Segmenter, cues: list[tuple[str, float]], data: st.DataObject
) -> None:
    snapshot, placed, size = index_cues(cues, folding, cutter)
    first = data.draw(st.integers(0, size))
    end = data.draw(st.integers(first, size + 3))
    for word, positions in placed.items():
        there = [at for at in positions if first <= at < end]
        assert source(snapshot, word).within(0, [(first, end)]) == there, word
        looked_up = source(snapshot, word)
        looked_up.positions(0)
        assert looked_up.within(0, [(first, end)]) == there, word
        marks = partial(snapshot.marks, 0)
        stream, atoms, regions = snapshot.stream(0), looked_up._atoms, [(first, end)]
        assert words_within(stream.find(atoms, regions), stream, atoms, regions, marks) == there, word


@given(cues=CUES, data=st.data())
def test_many_words_are_found_at_once_as_one_by_one(
    folding: Folding, cutter: Segmenter, cues: list[tuple[str, float]], data: st.DataObject
) -> None:
    snapshot, placed, size = index_cues(cues, folding, cutter)
    region = data.draw(st.integers(0, size)), size + 3
    sources = [source(snapshot, word) for word in (*placed, *placed)]  # a word may be in a query twice
    there = [sum(at >= region[0] for at in placed[word]) for word in placed]
    together = Together(sources, snapshot)
    assert together.amounts(0, region) == there * 2
    edge = data.draw(st.integers(region[0], region[1]))
    spotted, everywhere = together.spotted(0), dict(together.within(0, None))
    within, halves = dict(together.within(0, [region])), dict(together.within(0, [(0, region[0]), (edge, region[1])]))
    for number, word in enumerate((*placed, *placed)):
        assert set(placed[word]) <= set(spotted.get(number, ()))
        assert everywhere.get(number, []) == placed[word], word
        assert within.get(number, []) == [at for at in placed[word] if at >= region[0]], word
        assert halves.get(number, []) == [at for at in placed[word] if at < region[0] or at >= edge], word


@given(cues=CUES, data=st.data())
@example(cues=[("好好学习，上学习惯了", 0.0)], data=None)
@example(cues=[("上学习惯了，好好学习", 0.0)], data=None)
def test_a_look_at_where_it_may_stand_changes_no_place(
    folding: Folding, cutter: Segmenter, cues: list[tuple[str, float]], data: st.DataObject | None
) -> None:
    snapshot, placed, size = index_cues(cues, folding, cutter)
    # Without data every part from the beginning: it has as many runs as there are words, but not all are words.
    parts = [(0, end) for end in range(1, size)] if data is None else [(data.draw(st.integers(0, size)), size)]
    for word, positions in placed.items():
        for part in parts:
            looked_up = source(snapshot, word)
            there = looked_up.perhaps(0, [part])
            assert {at for at in positions if part[0] <= at < part[1]} <= set(there)
            assert looked_up.positions(0) == positions, word
        assert set(positions) <= set(looked_up.perhaps(0, [(0, size)]))
        looked_up = source(snapshot, word)
        looked_up.perhaps(0, [(0, size)])
        assert looked_up.positions(0) == positions, word


def test_a_word_that_is_not_there_has_no_places(folding: Folding, segmenter: Segmenter) -> None:
    snapshot, _, _ = index_cues([("贝尔实验室", 0.0)], folding, segmenter)
    assert source(snapshot, "学习").positions(0) == []
    assert source(snapshot, "学习").within(0, [(0, 9)]) == []


def test_characters_that_are_no_word_where_they_stand_are_left_out(folding: Folding, segmenter: Segmenter) -> None:
    # 学习 is inside 好好学习 as a dictionary word; across 上学习惯 it is none.
    snapshot, placed, _ = index_cues([("好好学习，上学习惯了", 0.0)], folding, segmenter)
    assert snapshot.stream(0).find("学习") == [2, 5]
    assert source(snapshot, "学习").positions(0) == placed["学习"] == [2]


def test_a_new_word_inside_a_longer_one_is_no_place_of_it_wherever_one_looks(
    folding: Folding, segmenter: Segmenter
) -> None:
    # 杭研 is a word that no dictionary has; whether 杭研院 holds it was decided by what else was in the stretch.
    snapshot, placed, size = index_cues([("他来到了网易杭研大厦，杭研院", 0.0)], folding, segmenter)
    assert placed["杭研"] == [6]
    assert placed["杭研院"] == [10]
    assert source(snapshot, "杭研").within(0, [(8, size)]) == []
