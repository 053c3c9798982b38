"""Packed cue texts come back as they were, whatever the stream says of them."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.core.positions.timeline import Times, lay_out
from indexer.core.positions.token_stream import Stream
from indexer.core.positions.tokens import HAN, KANA, split_atoms
from indexer.core.text.folding import Folding
from indexer.core.types import Cue
from indexer.store.fields.text import CueTexts, pack_text, unpack_text
from indexer.store.fields.times import pack_times, unpack_times

MARKS = "\0\x01\x1d\x1e"
"""Characters the packed form needs for itself."""

TRICKY = (
    *("網路學習", "网络", "歡迎", "裡里", "着著", "乾干", "\uf900", "㍿", "㎏"),
    *("ｶﾞｷﾞ", "ﾊﾟ", "ﾞ", "か\u3099", "は\u309a", "カ", "ｶ", "\u3099", "が"),
    *("é", "e\u0301", "\u0301", "学\u0301习", "ﬁ", "İ", "ß", "Å"),
    *("\u200b", "\u200d", "\ufeff", "\u202e", "\ufe0f", "\u2060"),
    *("\U00020000", "\U0002a6d6", "\U0002f800", "😀", "\U000e0100", "\ue000", "\uf8ff", "Ā"),
    *("GPU", "gpu", "1.5B", "Ｌ４０Ｓ", "C++", "7", "%", "%s", " ", "　", "，", "。", "\n", "\t", "\x7f", *MARKS),
)
ANYTHING = st.characters(exclude_categories=["Cs"])
TEXTS = st.one_of(
    st.lists(st.sampled_from(TRICKY), max_size=8).map("".join),
    st.text(ANYTHING, max_size=10),
    st.lists(st.one_of(st.sampled_from(TRICKY), ANYTHING), max_size=8).map("".join),
)


def packed_and_back(cues: Sequence[Cue], folding: Folding) -> tuple[list[str], list[str]]:
    """The texts and speakers as a reader has them: from a stream and times that were packed as well."""
    timeline = lay_out(cues, folding)
    packed = pack_text(cues, timeline.stream, timeline.times, folding)
    times, stream = unpack_times(pack_times(timeline.times)), Stream(timeline.stream.pack())
    texts, speakers = unpack_text(packed, stream, times)
    together = list(texts)
    size = len(texts)
    assert together == [texts[cue] for cue in range(size)]
    ranges = ((0, min(3, size)), (1, size), (1, 1))
    assert [together[first:end] for first, end in ranges] == [texts.excerpt(first, end)[0] for first, end in ranges]
    for text, is_plain in zip(*texts.excerpt(0, size), strict=True):
        assert not is_plain or split_atoms(folding.fold(text)) == list(text)
    for text, beside in zip(together, texts.beside_stream(), strict=True):
        others = split_others(folding.fold(text))
        assert all(run in folding.fold(beside) for run in others), (text, beside)
    said = list(speakers)
    assert (said, said[1:3], said[-1]) == ([speakers[cue] for cue in range(size)], list(speakers[1:3]), speakers[-1])
    with pytest.raises(IndexError):
        speakers[size]
    return together, said


def split_others(text: str) -> list[str]:
    """The runs of letters and digits of a folded text that are no Han or kana, and its signs."""
    return re.findall(f"[^\\W{HAN}{KANA}]+|[^\\w\\s{HAN}{KANA}]", text)


def as_kept(text: str) -> str:
    """The text with spaces for what the packed form needs for itself."""
    for mark in MARKS:
        text = text.replace(mark, " ")
    return text


@given(cues=st.lists(st.tuples(TEXTS, st.just("") | TEXTS), min_size=1, max_size=8))
@example(cues=[("か\u3099く", ""), ("學習", "")])
@example(cues=[("㍿学习", ""), ("", "甲"), ("", "")])
@example(cues=[("学习㍿", ""), ("网络", "")])
@example(cues=[(MARKS, MARKS)])
@example(cues=[("", ""), ("", "")])
def test_any_texts_and_speakers_come_back(folding: Folding, cues: list[tuple[str, str]]) -> None:
    texts, speakers = packed_and_back([Cue(n, n + 1, text, by) for n, (text, by) in enumerate(cues)], folding)
    assert texts == [as_kept(text) for text, _ in cues]
    assert speakers == [as_kept(by) for _, by in cues]


@given(texts=st.lists(TEXTS, min_size=1, max_size=8), data=st.data())
def test_each_text_can_be_asked_for_alone(folding: Folding, texts: list[str], data: st.DataObject) -> None:
    cues = [Cue(n, n + 1, text) for n, text in enumerate(texts)]
    timeline = lay_out(cues, folding)
    unpacked, _ = unpack_text(
        pack_text(cues, timeline.stream, timeline.times, folding), timeline.stream, timeline.times
    )
    at = data.draw(st.integers(0, len(texts) - 1))
    assert len(unpacked) == len(texts)
    assert unpacked[at] == as_kept(texts[at])


@pytest.mark.parametrize("mark", MARKS)
def test_a_character_of_the_packed_form_becomes_a_space_and_no_cue_moves(folding: Folding, mark: str) -> None:
    cues = [Cue(0, 1, f"山{mark}高", f"甲{mark}乙"), Cue(1, 2, f"{mark}水", "丙")]
    assert packed_and_back(cues, folding) == (["山 高", " 水"], ["甲 乙", "丙"])


def test_what_the_stream_says_is_not_stored_again(folding: Folding) -> None:
    said = [character for character in map(chr, range(0x4E00, 0x5E00)) if folding.fold(character) == character]
    cues = [Cue(n, n + 1, "".join(said[n * 10 : n * 10 + 10])) for n in range(len(said) // 10)]
    timeline = lay_out(cues, folding)
    packed = pack_text(cues, timeline.stream, timeline.times, folding)
    assert len(packed) < len(zlib.compress("".join(said).encode())) / 50


def test_marks_that_compose_do_not_cost_the_text(folding: Folding) -> None:
    # The stream has one atom for two characters: the texts of this episode are stored whole.
    cues = [Cue(0, 1, "か\u3099きく"), Cue(1, 2, "歡迎光臨")]
    assert packed_and_back(cues, folding)[0] == ["か\u3099きく", "歡迎光臨"]


@pytest.mark.parametrize("others", [("学习学习",), ("学习", "网络，很慢"), ("学习", "網路很慢", "下期")])
def test_the_text_of_another_episode_is_refused(folding: Folding, others: Sequence[str]) -> None:
    def packed(texts: Sequence[str]) -> tuple[bytes, Stream, Times]:
        cues = [Cue(n, n + 1, text) for n, text in enumerate(texts)]
        timeline = lay_out(cues, folding)
        return pack_text(cues, timeline.stream, timeline.times, folding), timeline.stream, timeline.times

    _, stream, times = packed(["学习", "网络"])
    with pytest.raises(ValueError, match="the text is that of another episode"):
        list(unpack_text(packed(others)[0], stream, times)[0])


@pytest.mark.parametrize("text", ["网络很慢", "網路 很慢"])
@pytest.mark.parametrize("seek", [lambda texts: texts[1], lambda texts: texts.excerpt(0, 2)], ids=["one", "excerpt"])
def test_a_text_with_more_than_is_said_is_refused_when_it_is_decoded(
    folding: Folding, text: str, seek: Callable[[CueTexts], object]
) -> None:
    longer, shorter = (lay_out([Cue(0, 1, "学习"), Cue(1, 2, second)], folding) for second in (text, "网络"))
    packed = pack_text([Cue(0, 1, "学习"), Cue(1, 2, text)], longer.stream, longer.times, folding)
    texts, _ = unpack_text(packed, shorter.stream, shorter.times)
    with pytest.raises(ValueError, match="the text is that of another episode"):
        seek(texts)
