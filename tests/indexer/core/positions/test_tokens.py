"""Atoms: which units a text is made of, wherever in the text they stand."""

from __future__ import annotations

import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.core.positions.tokens import find_atoms, find_few, is_single, split_atoms
from indexer.core.text.folding import Folding

TEXTS = st.text(st.sampled_from("网路训练々〇ガーひabcxyzéя0129.+#@-/_ ，。'\n\U00020000\U0001f600"), max_size=40)


@pytest.mark.parametrize(
    ("folded", "atoms"),
    [
        ("gpu训练1.5b", ["gpu", "训", "练", "1.5", "b"]),
        ("c++和c#", ["c++", "和", "c#"]),
        ("pass@1", ["pass", "1"]),
        ("gpt-4", ["gpt", "4"]),
        ("80/20", ["80", "20"]),
        ("1.2.3", ["1.2", "3"]),
        ("snake_case", ["snake", "case"]),
        ("don't", ["don", "t"]),
        ("人々は", ["人", "々", "は"]),
        ("русский", ["русский"]),
        ("\U00020000字", ["\U00020000", "字"]),
        ("，。！", []),
        ("", []),
    ],
)
def test_a_text_is_cut_into_its_atoms(folded: str, atoms: list[str]) -> None:
    assert split_atoms(folded) == atoms


@given(text=TEXTS)
def test_atoms_are_the_text_at_their_offsets_in_order_and_apart(text: str) -> None:
    end = 0
    for match in find_atoms(text):
        assert match.start() >= end
        assert text[match.start() : match.end()] == match[0]
        end = match.end()


@given(text=st.one_of(TEXTS, st.text(st.characters(codec="utf-8"), max_size=20)))
@example(text="é1²٣Ⅷ⺀〇ｗ")
def test_a_small_pattern_finds_the_same(text: str) -> None:
    found = [(match.span(), match[0]) for match in find_atoms(text)]
    assert [(match.span(), match[0]) for match in find_few(text)] == found
    assert split_atoms(text) == [atom for _, atom in found]


def test_every_character_is_the_same_atom_for_a_small_pattern() -> None:
    for character in map(chr, (*range(0xD800), *range(0xE000, 0x10000), *range(0x10000, sys.maxunicode, 61))):
        text = f"a{character}1"
        assert [match.span() for match in find_few(text)] == [match.span() for match in find_atoms(text)], character


@given(text=TEXTS)
def test_nothing_but_marks_and_spaces_is_left_between_atoms(text: str) -> None:
    left = list(text)
    for match in find_atoms(text):
        left[match.start() : match.end()] = " " * len(match[0])
    assert not any(character.isalnum() for character in left)


@given(before=TEXTS, after=TEXTS)
def test_a_chinese_character_separates_what_stands_around_it(before: str, after: str) -> None:
    assert split_atoms(before + "山" + after) == [*split_atoms(before), "山", *split_atoms(after)]


@given(text=TEXTS)
def test_cutting_an_atom_again_gives_the_atom(text: str) -> None:
    for atom in split_atoms(text):
        assert split_atoms(atom) == [atom]


@given(text=TEXTS)
def test_atoms_have_no_spaces_and_are_single_or_a_run(text: str) -> None:
    for atom in split_atoms(text):
        assert atom.strip() == atom != ""
        assert not is_single(atom) or len(atom) == 1


def test_width_and_case_do_not_change_the_atoms(folding: Folding) -> None:
    assert split_atoms(folding.fold("ＧＰＵ訓練１．５Ｂ")) == split_atoms(folding.fold("gpu训练1.5b"))
