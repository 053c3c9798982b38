"""Most of a long quote is found if the whole is nowhere, ordered by how much of it there is."""

from __future__ import annotations

import pytest
from support.heard import APART, heard
from support.library import Tools, spaced

SAID = "我们的目标是星辰大海而不是眼前的利益"


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("我们的目标是星辰大海", ["我们的目标是星辰大海/exact"]),
        ("我们的目标是星座大海而不是", ["我们的目标是星辰大海而不是/quorum"]),
        ("我们的目标是星座", ["我们的目标是星辰/quorum"]),
        ("的目标是星座", []),
        ("他们的标准是日月山川而非目前", []),
    ],
)
def test_most_of_a_long_quote_is_enough(tools: Tools, quote: str, found: list[str]) -> None:
    said = ["天气很好啊", SAID, "我们走了一段很长很长的路"]
    assert heard(tools, said, f'"{quote}"') == found
    assert heard(tools, said, f'"{quote}"', exact=True) == [one for one in found if one.endswith("exact")]


def test_half_right_quotes_are_ordered_by_how_much_of_the_quote_is_there(tools: Tools) -> None:
    """Seven of eight characters come before five of eight, even said twice and earlier."""
    said = {"a": "床前明月光在何处", "b": "床前明月光地上双", "c": "床前明月光在何处床前明月光在何处"}
    with tools.library({name: spaced([text]) for name, text in said.items()}) as library:
        found = library.search('"床前明月光地上霜"')
        assert found[0].episode.id == "show/b"
        assert [moment.score for moment in found] == sorted((moment.score for moment in found), reverse=True)
        assert {match.how for moment in found for match in moment.matches} == {"quorum"}
        assert len(found) == 3


def test_most_of_a_quote_begins_where_the_quote_begins(tools: Tools) -> None:
    """Playing would begin at the cue before."""
    with tools.library({"a": spaced(["天气很好啊", SAID], APART)}) as library:
        assert [moment.start for moment in library.search('"我们的目标是星辰和大海"')] == [APART]


def test_an_episode_shorter_than_the_quote_does_not_disturb_the_search_for_most_of_it(tools: Tools) -> None:
    with tools.library({"a": spaced(["我们的目标是星辰"]), "b": spaced([SAID])}) as library:
        assert [moment.episode.id for moment in library.search('"我们的目标是星辰和大海"')] == ["show/b"]
