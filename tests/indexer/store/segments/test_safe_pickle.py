"""The unpickler of an index: plain values only, and no more memory than the bytes hold."""

from __future__ import annotations

import pickle
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.store.segments.safe_pickle import UnpicklingError, unpickle, unpickle_first


@pytest.mark.parametrize("asks", [b"r\0\0\0\x02", b"p33554432\n", b"\x96\0\0\0\x10\0\0\0\0"])
@pytest.mark.parametrize("protocol", range(2, 6))
def test_a_pickle_asks_for_no_more_memory_than_it_has_bytes(asks: bytes, protocol: int) -> None:
    whole = pickle.dumps([1, 2, 3, 4, 5, 6, 7], protocol)
    assert (b"\x95" in whole) == (protocol > 3)  # a frame: its bytes are usually read at once
    damaged = whole.replace(b"K\x02K\x03K\x04K\x05K\x06", b"K\x02" + asks)
    assert damaged != whole
    tracemalloc.start()
    try:
        for read in (unpickle, unpickle_first):
            with pytest.raises(UnpicklingError):
                read(damaged)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


@given(value=st.tuples(st.integers(), st.floats(allow_nan=False), st.text(), st.binary()), protocol=st.integers(3, 5))
def test_plain_values_are_unpickled(value: tuple[object, ...], protocol: int) -> None:
    many = [value] * 3 + [(number, str(number)) for number in range(200)]  # more than a byte can number
    pickled = pickle.dumps(many, protocol)
    assert unpickle(pickled) == unpickle(pickled, checked=True) == many
    assert unpickle_first(pickled + b"rest") == (many, len(pickled))
