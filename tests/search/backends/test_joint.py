"""The snapshot of an index among several answers with their counts, and else as the index does."""

from __future__ import annotations

import pytest
from support.library import Tools, spaced, write_lines

from search.backends.embedded.snapshot import EmbeddedSnapshot
from search.backends.joint import joint
from search.backends.snapshot import Snapshot
from search.backends.vocabulary import SummedCounts


def members(protocol: type) -> set[str]:
    """The names that a protocol and those it is made of define."""
    classes = (one for one in protocol.__mro__ if getattr(one, "_is_protocol", False))
    return {name for one in classes for name in vars(one) if not name.startswith("_")}


@pytest.fixture(scope="module")
def pair(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> tuple[Snapshot, Snapshot]:
    folder = tmp_path_factory.mktemp("pair")

    def made(name: str, *said: str) -> Snapshot:
        path = write_lines(folder / name / "a.srt", spaced(said))
        return EmbeddedSnapshot(tools.index([path], folder / f"{name} index"))

    return made("one", "今天学习", "学习网络"), made("other", "网络学习", "下期再见", "学")


def test_counts_are_those_of_all_and_the_rest_is_that_of_the_one(pair: tuple[Snapshot, Snapshot]) -> None:
    one = pair[0]
    both = joint(one, pair)
    assert both.total_atoms == sum(each.total_atoms for each in pair)
    assert both.word_count("学习") == sum(each.word_count("学习") for each in pair)
    assert both.char_count("学") == sum(each.char_count("学") for each in pair)
    assert members(SummedCounts) == {"total_atoms", "word_count", "char_count", "announce_counts"}
    rest = members(Snapshot) - members(SummedCounts)
    assert len(rest) > 40
    for name in rest:
        assert getattr(both, name) == getattr(one, name)
