"""Folding is one character at a time, keeps the way back to the source, and is done after one pass."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.text.folding import Folding

# Plain Chinese, Traditional, wide, watermarked, decomposed, half-width kana, ligatures, beyond the BMP.
ODD = "网網路語言ＧＰＵgpuÉéİßﬁ㈱Ⅷ㍿①ｶﾞﾊﾟがe\u0301\u200b\u200c\ufeff\u00ad，。！…\U00020000\U0001f600 \n9٣"
TEXTS = st.text(st.one_of(st.sampled_from(ODD), st.characters(exclude_categories=["Cs"])), max_size=40)


def is_mark(character: str) -> bool:
    return unicodedata.combining(character) != 0 or character in "\uff9e\uff9f"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＧＰＵ網路", "gpu网路"),
        ("語言模型", "语言模型"),
        ("DeepSeek Ｒ１", "deepseek r1"),
        ("ｶﾞｰﾄﾞ", "ガード"),
        ("cafe\u0301", "café"),
        ("山\u200b\u200c高\ufeff", "山高"),
        ("㈱ ﬁ", "(株) fi"),
        ("……", "......"),
        ("", ""),
    ],
)
def test_width_case_script_and_watermarks_fold_to_one_form(folding: Folding, text: str, folded: str) -> None:
    assert folding.fold(text) == folded


@given(text=TEXTS)
def test_every_folded_character_points_to_the_cluster_it_came_from(folding: Folding, text: str) -> None:
    folded, offsets = folding.fold_with_offsets(text)
    if offsets is None:
        assert len(folded) == len(text)
        offsets = list(range(len(text) + 1))
    assert len(offsets) == len(folded) + 1
    assert offsets[-1] == len(text)
    assert offsets == sorted(offsets)
    for offset in set(offsets[:-1]):
        end = offset + 1
        while end < len(text) and is_mark(text[end]):
            end += 1
        source = "".join(c for c, at in zip(folded, offsets, strict=False) if at == offset)
        assert folding.fold(text[offset:end]) == source


@given(text=TEXTS, data=st.data())
def test_a_substring_folds_to_the_same_part_of_the_folded_text(
    folding: Folding, text: str, data: st.DataObject
) -> None:
    borders = [at for at in range(len(text) + 1) if at == len(text) or not is_mark(text[at])]
    start = data.draw(st.sampled_from(borders))
    end = data.draw(st.sampled_from([at for at in borders if at >= start]))
    parts = (text[:start], text[start:end], text[end:])
    assert folding.fold(text) == "".join(folding.fold(part) for part in parts)


@given(text=TEXTS)
def test_folding_with_and_without_offsets_gives_the_same_text(folding: Folding, text: str) -> None:
    assert folding.fold(text) == folding.fold_with_offsets(text)[0]


@given(before=TEXTS, text=TEXTS)
def test_folding_does_not_depend_on_what_was_folded_before(before: str, text: str) -> None:
    used = Folding({"網": "网"})
    used.fold(before)
    assert used.fold_with_offsets(text) == Folding({"網": "网"}).fold_with_offsets(text)


def test_folding_any_character_twice_changes_nothing_more(folding: Folding) -> None:
    characters = [chr(code) for code in range(0x32000) if not 0xD800 <= code < 0xE000]
    assert [c for c in characters if folding.fold(folding.fold(c)) != folding.fold(c)] == []


def test_the_table_maps_single_characters_to_single_characters(folding: Folding) -> None:
    assert folding.table["網"] == "网"
    assert all(len(before) == len(after) == 1 for before, after in folding.table.items())
