"""Names that were read out: acronyms by their letters, a name that sounds like a letter, signs spelled out."""

from __future__ import annotations

from string import ascii_lowercase

import pytest
from support.heard import heard
from support.library import Tools, spaced

from search.expansion.similarity.read_aloud import is_acronym, keeps_letters, letter_syllables, sounds_like_letter


@pytest.mark.parametrize(
    ("name", "expected"),
    [("grpo", True), ("llm", True), ("qwq", True), ("rlhf", True), ("vla", False), ("group", False), ("the", False),
     ("three", False), ("v2", False), ("", False), ("привет", False), ("москва", False), ("été", False)],
)  # fmt: skip
def test_an_acronym_cannot_be_read_as_a_word(name: str, expected: bool) -> None:
    assert is_acronym(name) is expected


@pytest.mark.parametrize(
    ("name", "letter"), [("aime", "m"), ("tea", "t"), ("bee", "b"), ("are", "r"), ("home", ""), ("a", ""), ("lime", "")]
)
def test_a_name_may_sound_like_a_letter(name: str, letter: str) -> None:
    assert sounds_like_letter(name) == letter


def test_letters_are_kept_from_the_first_on_and_in_their_order() -> None:
    assert [name for name in ("gruple", "gurple", "grok", "crypto", "agrp", "gpr") if keeps_letters("grpo", name)] == [
        "gruple",
        "gurple",
    ]


def test_a_name_that_keeps_the_letters_of_an_acronym_is_likelier_than_one_that_sounds_alike(tools: Tools) -> None:
    said = ["他喜欢Crypto这个词", "今天讲Carbon问题", "我们用了Gruple训练"]
    assert heard(tools, said, "GRPO")[0] == "Gruple/spelling"
    found = heard(tools, [*said, "我们用了GRPO训练", *["一个Group很大"] * 20], "GRPO")
    assert found[:2] == ["GRPO/exact", "Gruple/spelling"]
    assert not any(one.startswith("Group") for one in found)


def test_letters_are_heard_as_syllables_that_there_are(tools: Tools) -> None:
    """`kei` was one that no character has: a search for NBK failed with a KeyError."""
    said = ["今天讲恩比凯这个东西"]
    with tools.library({"a": spaced(said, 30)}) as library:
        syllables = library.snapshot.readings.syllables
    letters = [piece for letter in ascii_lowercase for piece in letter_syllables(letter)]
    assert letters
    assert all(syllable in syllables for piece in letters for syllable in piece)
    assert heard(tools, said, "NBK 东西") == ["东西/exact"]


def test_a_name_that_sounds_like_a_letter_is_found_before_the_same_number(tools: Tools) -> None:
    said = ["在M24上的准确率", "这辆M25很快", "第24名"]
    assert heard(tools, said, "AIME24") == ["M24/spelling"]
    assert heard(tools, said, "AIME26") == []
    assert heard(tools, said, "AIME") == []


def test_the_words_of_a_name_with_signs_may_be_heard_as_one(tools: Tools) -> None:
    said = ["报告了PiSide1的分数", *["这是Part1的内容"] * 3]
    assert heard(tools, said, "pass@1")[0] == "PiSide1/spelling"
