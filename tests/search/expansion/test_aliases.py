"""What a person said stands for what is found in its place, as soon as it is written in the lexicon."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.library import Tools, spaced, write_lines

import search
from indexer.core.errors import IndexProblem
from indexer.core.text.folding import Folding
from indexer.core.words.lexicon import FILE, add_alias
from search.expansion.aliases import Aliases, Run, read_aliases


@pytest.fixture
def cards(tools: Tools, tmp_path: Path) -> Path:
    """An index of a show whose folder has a lexicon, beside it."""
    write_lines(tmp_path / "show" / "a.srt", spaced(["买了显卡", "买了GPU", "说了高商", "买了新显卡的人"], 40.0))
    synonyms, mishearing = '[["显卡", "GPU"]]', '[[heard]]\nright = "信息熵"\nas = ["高商"]\n'
    (tmp_path / "show" / FILE).write_text(f"synonyms = {synonyms}\n{mishearing}", "utf-8")
    return tools.index([tmp_path / "show"], tmp_path / "index")


def found(index: Path, query: str, exact: bool = False) -> list[str]:
    """What is matched and how, best moment first."""
    with search.open_library(index) as library:
        moments = library.search(query, limit=None, exact=exact)
        return [" ".join(f"{match.text}/{match.how}" for match in moment.matches) for moment in moments]


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ("显卡", ["显卡/exact", "显卡/exact", "GPU/alias"]),
        ("GPU", ["GPU/exact", "显卡/alias", "显卡/alias"]),
        ("信息熵", ["高商/alias"]),
        ('"信息熵"', ["高商/alias"]),
        ("高商", ["高商/exact"]),
        ('"新GPU的人"', ["新显卡的人/alias"]),
        ("=GPU", ["GPU/exact"]),
        ("买了 -GPU", ["买了/exact", "买了/exact"]),
    ],
)
def test_aliases_stand_for_what_they_are_an_alias_of(cards: Path, query: str, matches: list[str]) -> None:
    assert found(cards, query) == matches
    assert found(cards, query, exact=True) == [one for one in matches if one.endswith("exact")]


def test_an_alias_added_later_counts_at_once(cards: Path) -> None:
    with search.open_library(cards) as library:
        assert library.lexicons[0] == cards.parent / "show" / FILE
    library.lexicons[0].write_text('synonyms = [["买了", "高商"]]', "utf-8")
    assert found(cards, "显卡") == ["显卡/exact", "显卡/exact"]
    assert found(cards, "高商")[0] == "高商/exact"
    assert found(cards, "高商")[1:] == ["买了/alias"] * 3


def test_a_lexicon_that_became_unreadable_is_named_when_a_query_needs_it(cards: Path) -> None:
    (cards.parent / "show" / FILE).write_text("synonyms = [", "utf-8")
    with pytest.raises(IndexProblem, match=FILE):
        found(cards, "显卡")
    assert found(cards, "显卡", exact=True) == ["显卡/exact", "显卡/exact"]


def test_a_lexicon_that_is_gone_leaves_the_index_as_it_is(cards: Path) -> None:
    (cards.parent / "show" / FILE).unlink()
    assert found(cards, "显卡") == ["显卡/exact", "显卡/exact"]


def test_a_confirmed_mishearing_is_found_from_then_on(cards: Path) -> None:
    assert found(cards, "编译器") == []
    add_alias(cards.parent / "show" / FILE, "编译器", ["新显卡"])
    assert found(cards, "编译器") == ["新显卡/alias"]
    assert found(cards, "显卡")[-1] == "GPU/alias"


@pytest.mark.parametrize(
    ("run", "others"),
    [
        (("显", "卡"), [("gpu",)]),
        (("买", "显", "卡", "了"), [("买", "gpu", "了")]),
        (("显", "卡", "显", "卡"), [("gpu", "显", "卡"), ("显", "卡", "gpu")]),
        (("显",), []),
        ((), []),
    ],
)
def test_an_alias_is_put_in_each_place_where_it_fits(run: Run, others: list[Run]) -> None:
    assert list(Aliases(((("显", "卡"), ("gpu",)),)).of(run)) == others


def test_aliases_are_folded_and_those_that_say_nothing_left_out(tmp_path: Path, folding: Folding) -> None:
    (tmp_path / FILE).write_text('synonyms = [["顯卡", "ＧＰＵ", "。"], ["甲", "甲"], ["gpu", "GPU"]]', "utf-8")
    (tmp_path / "words.txt").write_text("synonyms", "utf-8")
    files = [tmp_path / FILE, tmp_path / "gone.toml", tmp_path / "words.txt"]
    assert set(read_aliases(files, folding).pairs) == {(("显", "卡"), ("gpu",)), (("gpu",), ("显", "卡"))}
