"""Nothing is silent: what is damaged in one spot is kept, or told with its place."""

from __future__ import annotations

import random

import pytest
from damages import (
    FORMATS,
    campaign,
    lost,
    sound,
    unharmed,
)

from indexer.readers import find_reader, read_bytes

SILENT = frozenset({"vanished", "another vanished", "merged"})
"""What must not happen without a complaint."""


@pytest.mark.parametrize("make", FORMATS, ids=lambda make: make.__name__)
def test_sound_files_are_read_without_a_complaint(make) -> None:  # type: ignore[no-untyped-def]
    for seed in range(5):
        whole = sound(random.Random(seed), make)
        file = unharmed(whole)
        assert find_reader(file.text) is not None
        assert lost(file) == ""
        assert read_bytes("a", file.text.encode()).complaints == ()


@pytest.mark.parametrize("make", FORMATS, ids=lambda make: make.__name__)
def test_nothing_vanishes_silently(make) -> None:  # type: ignore[no-untyped-def]
    silent = [(what, file.before, file.after) for what, file in campaign(100, 15, [make]) if what in SILENT]
    assert silent == []
