"""Bytes of which each is one of those possible at its place are found, compiled as in Python."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.source.compiled import EITHER

from search.backends.sound_scan import scan

FEW = st.binary(max_size=4).map(lambda several: bytes(byte % 5 for byte in several))
SOME = st.lists(FEW, min_size=1, max_size=5)


def fits(data: bytes, at: int, classes: list[bytes]) -> bool:
    return at + len(classes) <= len(data) and all(data[at + number] in one for number, one in enumerate(classes))


@pytest.mark.parametrize("functions", EITHER)
@given(data=st.binary(max_size=200).map(lambda data: bytes(byte % 5 for byte in data)), classes=SOME)
@example(data=b"\0\0\0", classes=[b"\0", b"\0"])
@example(data=b"", classes=[b"\1"])
@example(data=b"]^-\\]", classes=[b"]^-", b"^\\]"])
def test_what_fits_is_found_everywhere(functions: Any, data: bytes, classes: list[bytes]) -> None:
    assert functions.find_classes(data, classes) == [at for at in range(len(data)) if fits(data, at, classes)]


@pytest.mark.parametrize("functions", EITHER)
@pytest.mark.parametrize("length", [2, 7, 64])
def test_long_data_has_what_fits_in_every_part_and_across_parts(functions: Any, length: int) -> None:
    size = 70_003
    part = size // 4
    places = [0, part - 1, 2 * part - length // 2, 3 * part + 5, size - length]
    data = bytearray(size)
    for at in places:
        data[at : at + length] = (b"\1\2" * length)[:length]
    classes = ([b"\1\3", b"\2\4"] * length)[:length]
    assert functions.find_classes(bytes(data), classes) == places


@pytest.mark.parametrize("functions", EITHER)
@pytest.mark.parametrize("amount", [0, 65])
def test_no_classes_and_too_many_are_refused(functions: Any, amount: int) -> None:
    with pytest.raises(ValueError, match="1 to 64 classes"):
        functions.find_classes(b"abc", [b"a"] * amount)


@pytest.mark.parametrize("last", [64, 65, 130])
def test_text_of_any_length_is_found_by_its_sounds(last: int) -> None:
    said = bytes(1 + at % 7 for at in range(last))
    classes = [{number, 9} for number in said]
    data = b"\0\0" + said + b"\0" + said[:-1] + b"\0" + said[:-1]
    assert list(scan(classes, data)) == [2]
