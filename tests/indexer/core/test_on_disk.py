"""Collections on disk behave as a dict and a list do."""

from __future__ import annotations

import errno

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.on_disk import MappingOnDisk, Spooled

TEXTS = st.sampled_from(["", "a", "b", "一集.srt", "\udcff.srt"])
CHANGES = st.lists(st.tuples(st.sampled_from(["set", "delete", "move"]), TEXTS, TEXTS))


@given(changes=CHANGES)
def test_a_mapping_on_disk_is_a_dict(changes: list[tuple[str, str, str]]) -> None:
    expected: dict[str, tuple[str, int]] = {}
    found = MappingOnDisk[tuple[str, int]](lambda value: value[0])
    for number, (what, key, name) in enumerate(changes):
        if what == "set":
            expected[key] = found[key] = (name, number)
        elif key in expected:
            value, same = expected.pop(key), found.pop(key)
            assert value == same
            if what == "move":
                expected[name] = found[name] = value
        else:
            with pytest.raises(KeyError):
                del found[key]
    assert (list(found.items()), len(found)) == (list(expected.items()), len(expected))
    assert [key in found for key in ("a", "一集.srt")] == [key in expected for key in ("a", "一集.srt")]
    names = {value[0]: key for key, value in expected.items()}
    assert {name: found.key_of(name) for name in names} == names
    assert found.key_of("nobody") is None


def test_spooled_items_are_a_list() -> None:
    items = [{"path": "\udcff.srt", "number": number} for number in range(1000)]
    spooled = Spooled(items)
    assert list(zip(spooled, spooled, strict=True)) == list(zip(items, items, strict=True))
    spooled.append({})
    assert (len(spooled), list(spooled)[-1], {} in spooled) == (1001, {}, True)
    assert list(Spooled[int]()) == []


def test_a_full_disk_is_an_error_of_the_system() -> None:
    mapping = MappingOnDisk[str](str)
    mapping._database.execute("PRAGMA max_page_count = 4")
    with pytest.raises(OSError, match="full") as caught:
        for number in range(1000):
            mapping[str(number)] = "x" * 1000
    assert (caught.value.errno, bool(caught.value.filename)) == (errno.ENOSPC, True)
