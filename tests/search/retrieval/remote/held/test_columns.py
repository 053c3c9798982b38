"""What is lacking of an episode follows from what is known of it, and from whether it has decks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from indexer.store import schema
from indexer.store.cluster.documents.layout import CLOCK
from search.retrieval.remote.held.columns import COLUMNS, PARTIAL, lacking

WHOLE = dict.fromkeys(COLUMNS, b"1")
WANTED = (*PARTIAL, "d01", "d02")


@pytest.mark.parametrize(
    ("beside", "wanted"),
    [
        ({}, ["d01", "d02"]),
        ({"d01": b"1"}, ["d02"]),
        ({"d01": b""}, [CLOCK, "d02"]),
        ({"d01": b"", "d02": b""}, [CLOCK]),
        ({"d01": b"", "d02": b"1"}, []),
        ({"d01": b"", CLOCK: b"1"}, ["d02"]),
        ({"d01": b"", CLOCK: b""}, [schema.SOUNDS]),
        ({"d01": b"", schema.SOUNDS: b"1"}, []),
    ],
)
def test_the_clock_tells_whether_empty_decks_are_decks(beside: Mapping[str, bytes], wanted: Sequence[str]) -> None:
    assert list(lacking({**WHOLE, **beside}, WANTED)) == wanted
