"""Bytes to text: the encoding of a transcript is recognised by its bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.text.encoding import decode

SIMPLIFIED = "1\n00:00:01,000 --> 00:00:02,000\n我们今天来说一说这个茶的事情，他是在山上学会的\n"
TRADITIONAL = "1\n00:00:01,000 --> 00:00:02,000\n我們今天來說一說這個茶的事情，他是在山上學會的\n"
ENGLISH = "1\n00:00:01,000 --> 00:00:02,000\nToday we talk about tea\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "gb18030", "gbk"]
)
def test_simplified_chinese_is_read(encoding: str) -> None:
    decoded = decode(SIMPLIFIED.encode(encoding))
    assert decoded.text.lstrip("\ufeff") == SIMPLIFIED
    assert not decoded.damaged
    assert not decoded.guessed


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "big5", "big5hkscs"])
def test_traditional_chinese_is_read(encoding: str) -> None:
    decoded = decode(TRADITIONAL.encode(encoding))
    assert decoded.text.lstrip("\ufeff") == TRADITIONAL
    assert not decoded.guessed


@pytest.mark.parametrize(
    "encoding",
    [
        "ascii",
        "utf-8-sig",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
    ],
)
def test_plain_english_is_read(encoding: str) -> None:
    assert decode(ENGLISH.encode(encoding)).text.lstrip("\ufeff") == ENGLISH


def test_the_byte_order_mark_is_not_part_of_the_text() -> None:
    for encoding in ("utf-8-sig", "utf-16", "utf-32"):
        assert decode(SIMPLIFIED.encode(encoding)).text == SIMPLIFIED


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff\0")))
def test_any_text_in_utf8_is_read(text: str) -> None:
    assert decode(text.encode()).text == text


@given(st.binary(max_size=300))
def test_any_bytes_are_read_and_damage_points_to_replacement_characters(data: bytes) -> None:
    decoded = decode(data)
    assert all(decoded.text[offset] == "\ufffd" for offset in decoded.damaged)


@given(at=st.integers(0, len(SIMPLIFIED)), byte=st.sampled_from([b"\xff", b"\xc0", b"\xfe"]))
def test_one_broken_byte_does_not_change_the_encoding(at: int, byte: bytes) -> None:
    text = SIMPLIFIED * 3
    decoded = decode(text[:at].encode() + byte + text[at:].encode())
    assert decoded.encoding == "utf-8"
    assert decoded.damaged == (at,)
    assert decoded.text == text[:at] + "\ufffd" + text[at:]


@given(cut=st.integers(1, 2))
def test_a_file_cut_inside_its_last_character_is_still_utf8(cut: int) -> None:
    decoded = decode((SIMPLIFIED * 3 + "茶").encode()[:-cut])
    assert decoded.text == SIMPLIFIED * 3 + "\ufffd"


def test_other_encodings_are_guessed_and_the_guess_is_said() -> None:
    decoded = decode("Сегодня мы говорим о чае и о горах, где его собирают каждое утро".encode("cp1251"))
    assert decoded.guessed
    assert decoded.encoding != "utf-8"


def test_nothing_is_nothing() -> None:
    assert decode(b"").text == ""
