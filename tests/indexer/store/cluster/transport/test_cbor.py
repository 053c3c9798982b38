"""Answers in CBOR: decoded as written, and refused if they are anything else."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.store.cluster.transport import cbor
from indexer.store.cluster.transport.cbor import decode

ANSWER = (
    b"\xbf" + b"\x64hits" + b"\x9f" + b"\xa2\x63_id\x61a\x65bytes\x9f\x58\x03\x00\xff\x80\xff" + b"\xff"
    b"\x61n\x39\x01\xf3"  # -500
    b"\x61f\xfa\x3f\x80\x00\x00"  # 1.0
    b"\x61t\xf5\x61u\xf6\x61v\x1b\x00\x00\x00\x01\x00\x00\x00\x00"
    b"\x61w\x7f\x62ab\x61c\xff"
    b"\xff"
)
VALUE = {
    "hits": [{"_id": "a", "bytes": [b"\x00\xff\x80"]}],
    "n": -500,
    "f": 1.0,
    "t": True,
    "u": None,
    "v": 1 << 32,
    "w": "abc",
}


HEADS = ((24, b"\x40"), (1 << 8, b"\x58"), (1 << 16, b"\x59"), (1 << 32, b"\x5a"))
"""The first bytes of byte strings, by what is longer."""


def test_an_answer_is_decoded() -> None:
    assert decode(ANSWER) == VALUE


@pytest.mark.parametrize("size", [0, 23, 24, 255, 256, 70_000])
@pytest.mark.parametrize("others", [b"", b"\x41a", b"\x61a"])
def test_lists_of_bytes_are_decoded(size: int, others: bytes) -> None:
    head = next(b for most, b in HEADS if size < most)
    one = (head[0] + size).to_bytes(1, "big") if size < 24 else head + size.to_bytes(1 << (head[0] & 3), "big")
    after = {b"": [], b"\x41a": [b"a"], b"\x61a": ["a"]}[others]
    data = b"\xbf\x61a\x9f" + one + bytes(size) + others + b"\xff\x61b\x01\xff"
    assert decode(data) == {"a": [bytes(size), *after], "b": 1}
    with pytest.raises(ValueError):
        decode(data[:-5])


def test_an_answer_that_is_cut_off_is_refused_wherever_it_ends() -> None:
    for end in range(len(ANSWER)):
        with pytest.raises(ValueError):
            decode(ANSWER[:end])


WRONG = {
    "deep": b"\x81" * 100_000,
    "html": b"<html>",
    "json": b"{}",
    "end": b"\xff",
    "end inside": b"\x81\xff",
    "list as key": b"\xa1\x80\x00",
    "no length": b"\xfc",
    "text in bytes": b"\x5f\x61a\xff",
    "two": b"\x00\x00",
}


@pytest.mark.parametrize("data", WRONG.values(), ids=WRONG)
def test_what_is_no_answer_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        decode(data)


@pytest.mark.parametrize(
    "data", [b"\x98\x65" + b"\x80" * 101, b"\x5f" + b"\x40" * 101 + b"\xff"], ids=["lists", "parts"]
)
def test_an_answer_of_very_many_values_is_refused_before_they_take_memory(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    decode(data)
    monkeypatch.setattr(cbor, "MOST_VALUES", 100)
    with pytest.raises(ValueError, match="too many values"):
        decode(data)


@given(st.binary(max_size=40))
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    with suppress(ValueError):
        decode(data)
