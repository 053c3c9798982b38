"""The timeline leads from an atom back to its cue and its second, and words to their atoms."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.positions.timeline import SILENCE_MS, lay_out, milliseconds
from indexer.core.positions.tokens import find_atoms, is_single, split_atoms
from indexer.core.text.folding import Folding
from indexer.core.types import Cue
from indexer.segmentation.segmenter import Segmenter
from indexer.segmentation.words import place_words

TEXTS = st.lists(
    st.sampled_from(
        [
            "语音识别",
            "大語言模型",
            "小红书",
            "我们",
            "GPU",
            "ＧＰＵ",
            "3倍",
            "R1",
            "\U00020000",
            "山\u200b高",
            "，",
            "。",
            " ",
            "\n",
            "(",
            "…",
        ]
    ),
    max_size=8,
).map("".join)


@st.composite
def cue_lists(draw: st.DrawFn) -> list[Cue]:
    texts = draw(st.lists(TEXTS, max_size=10))
    now, cues = 0.0, []
    for text in texts:
        now += draw(st.sampled_from([0.0, 0.001, 0.5, 1.0, 5.0]))
        end = now + draw(st.sampled_from([0.0, 1.5, 3.25]))
        cues.append(Cue(now, end, text))
        now = end
    return cues


@given(cues=cue_lists())
def test_cue_at_names_the_cue_an_atom_stands_in(folding: Folding, cues: list[Cue]) -> None:
    owners = [index for index, cue in enumerate(cues) for _ in split_atoms(folding.fold(cue.text))]
    times = lay_out(cues, folding).times
    assert [times.cue_at(position) for position in range(len(owners))] == owners


@given(cues=cue_lists())
def test_the_stream_is_the_atoms_of_all_cues_in_order(folding: Folding, cues: list[Cue]) -> None:
    timeline = lay_out(cues, folding)
    assert timeline.stream.atoms() == [atom for cue in cues for atom in split_atoms(folding.fold(cue.text))]
    assert len(timeline.units) == len(timeline.stream) == timeline.times.first[-1]


@given(cues=cue_lists())
def test_times_are_those_of_the_cues_in_milliseconds(folding: Folding, cues: list[Cue]) -> None:
    times = lay_out(cues, folding).times
    assert times.starts == [milliseconds(cue.start) for cue in cues]
    assert [times.end(i) for i in range(len(times))] == [milliseconds(cue.end) for cue in cues]


@given(milli=st.integers(0, 400_000_000))
def test_seconds_read_from_a_file_are_exact_milliseconds(milli: int) -> None:
    assert milliseconds(milli / 1000) == milli


def expected_borders(cues: list[Cue], folding: Folding) -> set[int]:
    """Every atom position before which a mark or a silence stands, told from the folded text itself."""
    borders, before, previous_end = set(), 0, 0
    for cue in cues:
        if milliseconds(cue.start) - previous_end >= SILENCE_MS:
            borders.add(before)
        previous_end = milliseconds(cue.end)
        folded = folding.fold(cue.text)
        atoms = [(match.start(), match.end()) for match in find_atoms(folded)]
        for offset, character in enumerate(folded):
            if character in ",.。(…" and not any(start <= offset < end for start, end in atoms):
                borders.add(before + sum(end <= offset for _, end in atoms))
        before += len(atoms)
    return borders


@given(cues=cue_lists())
def test_borders_stand_at_punctuation_and_silences_and_nowhere_else(folding: Folding, cues: list[Cue]) -> None:
    borders = lay_out(cues, folding).borders
    assert list(borders) == sorted(borders)
    assert set(borders) == expected_borders(cues, folding)


@pytest.mark.parametrize("text", ["1.5", "用1.5倍速", "用1.5倍速，语音识别", "1.5，2.5，3.5，好"])
def test_a_decimal_point_is_no_border_and_moves_none(folding: Folding, text: str) -> None:
    cues = [Cue(0, 1, text)]
    assert set(lay_out(cues, folding).borders) == expected_borders(cues, folding)


def test_a_word_after_a_decimal_number_and_a_comma_is_found(folding: Folding, segmenter: Segmenter) -> None:
    words = place_words(lay_out([Cue(0, 1, "用1.5倍速，语音识别")], folding), segmenter).positions()
    assert words["语音"] == [4]


def test_a_stream_names_only_atoms_it_holds(folding: Folding) -> None:
    timeline = lay_out([Cue(0, 1, "用1.5倍，好")], folding)
    assert set(timeline.stream.names) <= set(timeline.stream.atoms())


@given(cues=cue_lists())
def test_words_are_the_atoms_at_their_positions(folding: Folding, segmenter: Segmenter, cues: list[Cue]) -> None:
    timeline = lay_out(cues, folding)
    atoms = timeline.stream.atoms()
    for word, positions in place_words(timeline, segmenter).positions().items():
        parts = split_atoms(word)
        assert positions == sorted(set(positions))
        for position in positions:
            assert atoms[position : position + len(parts)] == parts


@given(cues=cue_lists())
def test_every_letter_run_number_and_rare_character_is_a_word(
    folding: Folding, segmenter: Segmenter, cues: list[Cue]
) -> None:
    timeline = lay_out(cues, folding)
    words = place_words(timeline, segmenter).positions()
    for position, atom in enumerate(timeline.stream.atoms()):
        if not is_single(atom) or atom > "\uffff":
            assert position in words[atom]


@given(cues=cue_lists())
def test_no_word_crosses_a_border(folding: Folding, segmenter: Segmenter, cues: list[Cue]) -> None:
    timeline = lay_out(cues, folding)
    borders = expected_borders(cues, folding)
    for word, positions in place_words(timeline, segmenter).positions().items():
        for position in positions:
            assert not any(position < border < position + len(split_atoms(word)) for border in borders)


def test_a_word_that_a_cue_border_splits_is_one_word(folding: Folding, segmenter: Segmenter) -> None:
    words = place_words(lay_out([Cue(0, 1, "我们说语音识"), Cue(1, 2, "别的原理")], folding), segmenter).positions()
    assert words["识别"] == [5]


def test_a_silence_of_a_second_ends_a_word(folding: Folding, segmenter: Segmenter) -> None:
    words = place_words(lay_out([Cue(0, 1, "语音识"), Cue(2, 3, "别的原理")], folding), segmenter).positions()
    assert "识别" not in words


def test_traditional_and_simplified_are_the_same_words(folding: Folding, segmenter: Segmenter) -> None:
    simplified, traditional = (
        place_words(lay_out([Cue(0, 1, text)], folding), segmenter) for text in ("语音识别的网络", "語音識別的網絡")
    )
    assert simplified == traditional


def test_words_of_the_lexicon_are_kept_whole(folding: Folding, cache_home: Path) -> None:
    segmenter = Segmenter(["乐小鹿茶馆"], cache_home / "podseek")
    words = place_words(lay_out([Cue(0, 1, "欢迎来到乐小鹿茶馆")], folding), segmenter).positions()
    assert words["乐小鹿茶馆"] == [4]


def test_short_words_inside_long_ones_are_listed_too(folding: Folding, segmenter: Segmenter) -> None:
    words = place_words(lay_out([Cue(0, 1, "中华人民共和国")], folding), segmenter).positions()
    assert words["中华人民共和国"] == [0]
    assert words["人民"] == [2]
    assert words["共和国"] == [4]
