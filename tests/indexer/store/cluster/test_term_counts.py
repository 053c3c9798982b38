"""The terms of a library are counted exactly, however few fit into memory."""

from __future__ import annotations

import errno
import io
import random
import tempfile
from collections import Counter

import pytest

from indexer.core.errors import explained
from indexer.store.cluster import term_counts
from indexer.store.cluster.term_counts import TermCounts


@pytest.mark.parametrize(("most", "files"), [(10_000, 64), (20, 64), (1, 3), (1, 2)])
def test_what_does_not_fit_into_memory_is_counted_as_well(
    most: int, files: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(term_counts, "_MOST_FILES", files)
    chance = random.Random(7)
    texts = ["强化", "gpu", "1．5", "𠀀", "词 语", "\ud800", *map(str, range(60))]
    expected: dict[str, Counter[str]] = {kind: Counter() for kind in "cw"}
    episodes: dict[str, Counter[str]] = {kind: Counter() for kind in "cw"}
    with TermCounts(most) as terms:
        for _ in range(40):
            for kind in "wc":
                counts = {text: chance.randint(1, 9) for text in chance.sample(texts, 8)}
                terms.add(kind, counts)
                assert len(terms._counts) < max(most, 8 + 1)
                expected[kind].update(counts)
                episodes[kind].update(counts.keys())
        found = list(terms.totals())
        assert found == list(terms.totals())
    assert found == [
        (kind, text, expected[kind][text], episodes[kind][text]) for kind in "cw" for text in sorted(expected[kind])
    ]


def test_nothing_is_counted_of_nothing() -> None:
    with TermCounts() as terms:
        assert list(terms.totals()) == []


def test_a_full_disk_is_told_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BytesIO):
        def flush(self) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", Full)
    with TermCounts(1) as terms, pytest.raises(OSError, match="No space") as raised:
        terms.add("w", {"强化": 1})
    assert explained(raised.value).startswith(f"{tempfile.gettempdir()}: No space left on device: make room there")
