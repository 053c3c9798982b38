"""What regular expressions tell apart: filler in place of all other characters changes no match."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.positions.token_stream import BASIC_RANGES, is_basic
from search.matching.regex_automaton import Automaton
from search.matching.regex_characters import Distinguished, distinguished, looked_for
from search.matching.regex_syntax import parse_regex
from search.matching.regex_tree import CLASSES

PIECES = [
    "a",
    "电",
    ".",
    "[ab车]",
    "[^电]",
    "[^车a]",
    r"\d",
    r"\w",
    r"\W",
    r"\s",
    "[一-三]",
    "[一-龥]",
    "[^一-龥]",
    "[あ-ん]",
]
expressions = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(["", "+", "{1,2}"])), min_size=1, max_size=4)
TEXT = "ab1 _电车一二个龥龦㐀のア々〇⺀ー𠀀"


def apart(expression: str) -> Distinguished | None:
    return distinguished(parse_regex(expression, str.lower), str.lower)


@given(pieces=expressions, text=st.text(TEXT, max_size=12))
def test_filler_matches_where_the_text_does(pieces: list[tuple[str, str]], text: str) -> None:
    expression = "".join(map("".join, pieces))
    found = apart(expression)
    assert found is not None
    named = set(looked_for(found, str.lower, lambda _one: 1))
    filled = "".join(one if one in named or not is_basic(one) else found.filler for one in text)
    automaton = Automaton(parse_regex(expression, str.lower))
    assert list(automaton.matches(filled)) == list(automaton.matches(text))


@pytest.mark.parametrize(
    ("expression", "named"),
    [
        ("好.{0,3}ba", "好"),
        ("[今明]天[^雨雪]", "今明天雨雪"),
        (r"\d+%", ""),
        ("[一-三]个", "".join(map(chr, range(ord("一"), ord("三") + 1))) + "个"),
    ],
)
def test_an_expression_tells_the_characters_apart_that_it_names(expression: str, named: str) -> None:
    found = apart(expression)
    assert found is not None
    assert found.named == set(named)
    assert not list(found.others(str.lower))
    assert found.filler not in named


def test_what_no_text_has_is_not_looked_for() -> None:
    found = apart("[一-龥]")
    assert found is not None
    assert {"の", "㐀"} <= set(found.others(str.lower))
    assert {"の"} == set(looked_for(found, str.lower, lambda one: one == "の")) - found.named


def test_of_more_than_an_automaton_tells_apart_all_of_the_text_is_needed() -> None:
    assert apart("[" + "".join(map(chr, range(0x4E00, 0x5200, 4))) + "]") is None


def test_digits_and_spaces_are_no_characters_that_represent_themselves() -> None:
    codes = [code for first, last in BASIC_RANGES for code in range(first, last + 1)]
    assert not any(CLASSES["d"](chr(code)) or CLASSES["s"](chr(code)) for code in codes)
