"""What was typed in Latin letters is read as pinyin, in the fewest syllables first."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.words.pronunciation import Readings
from search.query.pinyin import pinyin_syllables


def ways(name: str, syllables: Collection[str]) -> list[tuple[str, ...]]:
    """Every way to cut a name into syllables."""
    if not name:
        return [()]
    heads = [name[:size] for size in range(1, len(name) + 1) if name[:size] in syllables]
    return [(head, *rest) for head in heads for rest in ways(name[len(head) :], syllables)]


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("gaoshang", "gao shang"),
        ("xian", "xian"),
        ("jingdian", "jing dian"),
        ("zhongguo", "zhong guo"),
        ("nvren", "nv ren"),
        ("qiaoxiongenchun", "qiao xiong en chun"),
    ],
)
def test_pinyin_is_read_in_the_fewest_syllables_first(readings: Readings, name: str, read: str) -> None:
    assert " ".join(pinyin_syllables(name, readings.syllables)[0]) == read


@pytest.mark.parametrize("name", ["", "gpt", "hello", "gaoshangx", "qwen"])
def test_what_is_no_pinyin_is_not_read(readings: Readings, name: str) -> None:
    assert [way for way in pinyin_syllables(name, readings.syllables) if way] == []


@given(data=st.data())
def test_pinyin_is_cut_into_syllables_in_some_of_all_ways(readings: Readings, data: st.DataObject) -> None:
    spoken = data.draw(st.lists(st.sampled_from(sorted(readings.syllables)), max_size=3))
    name = "".join(spoken) + data.draw(st.sampled_from(["", "", "i", "g", "x"]))
    every, some = ways(name, readings.syllables), pinyin_syllables(name, readings.syllables)
    assert set(some) <= set(every)
    assert len(some) == len(set(some)) == min(4, len(every))
    assert [len(way) for way in some] == sorted(len(way) for way in some)
