"""Text parts have every line of an episode once, in the part that its name tells."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.store.cluster.documents.text_parts import NAMES, name_of, pack_parts, size_of, unpack_part
from indexer.store.fields.text import plain
from search.library import open_library

LINES = st.lists(st.tuples(st.text(max_size=12).map(plain), st.sampled_from(("", "", "Ann", "小明"))), max_size=300)


@given(LINES)
def test_each_line_is_in_the_part_of_its_cue(lines: list[tuple[str, str]]) -> None:
    texts, speakers = [text for text, _ in lines], [speaker for _, speaker in lines]
    parts, size = pack_parts(texts, speakers), size_of(len(lines))
    assert list(parts) == list(dict.fromkeys(name_of(cue, len(lines)) for cue in range(len(lines))))
    for cue, line in enumerate(lines):
        name = name_of(cue, len(lines))
        first = NAMES.index(name) * size
        found = unpack_part(parts[name], min(size, len(lines) - first))
        assert (found.texts[cue - first], found.speakers[cue - first]) == line


@pytest.mark.parametrize("cues", [1, 32, 33, 128 * 32, 128 * 32 + 1, 1 << 20])
def test_there_is_a_name_for_every_cue_of_the_longest_episode(cues: int) -> None:
    assert name_of(0, cues) == NAMES[0]
    assert name_of(cues - 1, cues) == NAMES[(cues - 1) // size_of(cues)]


@pytest.mark.parametrize("packed", [b"", b"?", zlib.compress(b"one"), zlib.compress("一\x1e二\x1d我".encode())])
def test_a_part_that_has_another_number_of_cues_or_is_damaged_is_refused(packed: bytes) -> None:
    with pytest.raises((ValueError, zlib.error)):
        unpack_part(packed, 2)


def test_the_parts_of_the_sample_have_its_text(sample_index: Path) -> None:
    with open_library(sample_index) as library:
        for number in library.snapshot.episodes():
            texts, speakers = map(list, library.snapshot.text(number))
            size, parts = size_of(len(texts)), pack_parts(texts, speakers)
            each = [unpack_part(one, len(texts[at * size : (at + 1) * size])) for at, one in enumerate(parts.values())]
            assert [text for one in each for text in one.texts] == texts
            assert [speaker for one in each for speaker in one.speakers] == speakers
