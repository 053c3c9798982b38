"""What of a sentence a moment does not say is told beside it, in text only."""

from __future__ import annotations

from support.library import Tools, spaced

SAID = ["明天我們一起去公園散步看花吧", "今天天氣不錯"]


def unsaid(tools: Tools, query: str) -> dict[int, tuple[str, ...]]:
    with tools.library({"a": spaced(SAID, 40.0)}) as library:
        found = library.search(query)
        return library.unsaid(found.plan, found)


def test_two_wrong_characters_of_a_sentence_are_told(tools: Tools) -> None:
    assert unsaid(tools, "明天我们一起去公圆伞步看花吧") == {1: ("圆伞",)}
    assert unsaid(tools, "明天我们一起去公司喝水看花吧") == {1: ("司喝水",)}


def test_nothing_is_told_of_a_sentence_as_it_was_said_or_told_by_its_match(tools: Tools) -> None:
    assert unsaid(tools, "明天我们一起去公园散步看花吧") == {}
    assert unsaid(tools, "明天我们一起去公圆散步看花吧") == {}


def test_nothing_is_told_of_words_that_only_join_or_ask(tools: Tools) -> None:
    assert unsaid(tools, "明天我们一起去公园散步看花吧是什么呢") == {}
    assert unsaid(tools, "明天我们是一起去公园散步看花吧") == {}


def test_nothing_is_told_of_other_moments_and_of_short_text(tools: Tools) -> None:
    assert unsaid(tools, "明天我们一起看看今天的天气怎么样") == {}
    assert unsaid(tools, "去公圆伞步") == {}


def test_what_a_short_text_lacks_is_told(tools: Tools) -> None:
    """A text too long to be one word that only a part of is said."""
    with tools.library({"a": spaced(["比方說第一次世界大戰", "今天天氣不錯"], 40.0)}) as library:
        found = library.search("第三次世界大战")
        assert library.unsaid(found.plan, found) == {1: ("第三",)}


def test_a_word_typed_beside_a_sentence_is_told_too(tools: Tools) -> None:
    """Most of the sentence is not most of what was typed if its name is missing."""
    assert unsaid(tools, "transformer 明天我们一起去公圆伞步看花吧") == {1: ("transformer", "圆伞")}
    assert unsaid(tools, "open source 明天我们一起去公圆伞步看花吧") == {1: ("open", "source", "圆伞")}
    assert unsaid(tools, "公園 明天我们一起去公圆伞步看花吧") == {1: ("圆伞",)}
