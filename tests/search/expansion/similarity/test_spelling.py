"""Names are alike when their consonants agree, or nearly, and their letters sound alike."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.expansion.similarity.spelling import (
    SpelledNames,
    jaro_winkler,
    likeness,
    skeleton,
    spoken_letters,
    within_one_edit,
)

NAMES = (
    *("qwen", "quin", "koen", "kun", "queen", "kwan", "grpo", "gruple", "grupo", "group", "llama", "lama", "lima"),
    *("deepseek", "deepsick", "dipsick", "deep", "seek", "claude", "cloud", "clawed", "clod", "phi", "fi", "fie"),
    *("pytorch", "pitorch", "torch", "tensor", "tensors", "x", "xx", "gpu", "gpus", "kappa", "capa", "café", "元"),
)
names = st.one_of(st.sampled_from(NAMES), st.text("abcdeghiklmnopqrstuwxyz", min_size=1, max_size=8))
short = st.text("abc", max_size=5)


@pytest.mark.parametrize(
    ("name", "bones"),
    [
        ("qwen", "kn"),
        ("quin", "kn"),
        ("koen", "kn"),
        ("grpo", "krp"),
        ("gruple", "krpl"),
        ("phi", "f"),
        ("vivo", "f"),
        ("llama", "lm"),
        ("xerox", "ksrks"),
        ("cease", "s"),
        ("back", "pk"),
        ("chip", "cp"),
        ("aaa", ""),
        ("why", ""),
        ("", ""),
    ],
)
def test_the_skeleton_of_a_name_is_its_consonants_as_they_sound(name: str, bones: str) -> None:
    assert skeleton(name) == bones


@given(name=names)
def test_a_skeleton_has_no_vowels_and_no_letter_twice_in_a_row(name: str) -> None:
    bones = skeleton(name)
    assert not set(bones) & set("aeiouyhw")
    assert all(one != other for one, other in pairwise(bones))


@given(name=names)
def test_vowels_make_no_difference_to_a_skeleton(name: str) -> None:
    assert skeleton(name) == skeleton(name + "a")


@pytest.mark.parametrize(
    ("one", "other"), [("quick", "kuik"), ("phone", "fone"), ("zebra", "sebra"), ("berry", "pery")]
)
def test_letters_that_sound_alike_are_one(one: str, other: str) -> None:
    assert spoken_letters(one) == spoken_letters(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("grpo", "gruple"),
        ("qwen", "quin"),
        ("qwen", "koen"),
        ("llama", "lama"),
        ("deepseek", "dipsick"),
        ("claude", "cloud"),
    ],
)
def test_what_a_recogniser_writes_for_a_name_is_alike(one: str, other: str) -> None:
    assert likeness(one, other) > 0.6
    assert likeness(other, one) > 0.6


@pytest.mark.parametrize(
    ("one", "other"),
    [("grpo", "tensor"), ("qwen", "python"), ("llama", "alpaca"), ("phi", "gpu"), ("a", "b"), ("aa", "ee")],
)
def test_other_names_are_not(one: str, other: str) -> None:
    assert likeness(one, other) == 0.0


@given(one=names, other=names)
def test_likeness_is_a_share_and_the_same_in_both_directions(one: str, other: str) -> None:
    assert 0.0 <= likeness(one, other) <= 1.0
    assert likeness(one, other) == pytest.approx(likeness(other, one), abs=0.01)


@given(name=names)
def test_a_name_is_most_like_itself(name: str) -> None:
    assert likeness(name, name) == (1.0 if skeleton(name) else 0.0)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("martha", "marhta", 0.961),
        ("dwayne", "duane", 0.84),
        ("dixon", "dicksonx", 0.813),
        ("jellyfish", "smellyfish", 0.896),
        ("crate", "trace", 0.733),
        ("abc", "xyz", 0.0),
        ("abc", "abc", 1.0),
        ("", "", 1.0),
        ("", "a", 0.0),
        ("xbaayz", "xaabyz", 0.95),
    ],
)
def test_jaro_winkler_gives_the_published_values(one: str, other: str, alike: float) -> None:
    assert jaro_winkler(one, other) == pytest.approx(alike, abs=0.0006)


def naive_jaro_winkler(one: str, other: str) -> float:
    """For words of different letters: common ones no further apart than half the longer word, less one."""
    if one == other:
        return 1.0
    reach = max(len(one), len(other)) // 2 - 1
    common = [c for c in one if c in other and abs(one.index(c) - other.index(c)) <= max(0, reach)]
    if not common:
        return 0.0
    swapped = sum(c != d for c, d in zip(common, sorted(common, key=other.index), strict=True)) / 2
    share = len(common)
    jaro = (share / len(one) + share / len(other) + (share - swapped) / share) / 3
    prefix = next((i for i, (c, d) in enumerate(zip(one, other, strict=False)) if c != d), min(len(one), len(other)))
    return jaro + 0.1 * min(4, prefix) * (1 - jaro)


@given(
    one=st.permutations("abcdefgh").map("".join),
    other=st.permutations("abcdefgh").map("".join),
    sizes=st.tuples(st.integers(0, 8), st.integers(0, 8)),
)
def test_jaro_winkler_counts_common_letters_and_swaps(one: str, other: str, sizes: tuple[int, int]) -> None:
    one, other = one[: sizes[0]], other[: sizes[1]]
    assert jaro_winkler(one, other) == pytest.approx(naive_jaro_winkler(one, other))


@given(one=names, other=names)
def test_jaro_winkler_is_a_share(one: str, other: str) -> None:
    assert 0.0 <= jaro_winkler(one, other) <= 1.0


def edit_distance(one: str, other: str) -> int:
    """Levenshtein's, by the textbook."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, row[0] = row[0], at
        for to, also in enumerate(other, 1):
            before, row[to] = row[to], min(row[to] + 1, row[to - 1] + 1, before + (letter != also))
    return row[-1]


@given(one=short, other=short)
def test_one_edit_is_a_distance_of_one_at_most(one: str, other: str) -> None:
    assert within_one_edit(one, other) == (edit_distance(one, other) <= 1)


@given(known=st.lists(names, max_size=30), name=names, most=st.integers(1, 8))
def test_similar_names_are_those_of_a_look_at_all_of_them(known: list[str], name: str, most: int) -> None:
    others = {other for other in known if len(other) > 1 and other != name} if len(name) > 1 else set()
    alike = [(other, likeness(name, other)) for other in others if likeness(name, other)]
    best = sorted(alike, key=lambda pair: (pair[1], pair[0]), reverse=True)[:most]
    assert SpelledNames(known).similar(name, most) == best


def test_similar_names_of_all_pairs_of_a_list() -> None:
    spelled = SpelledNames(NAMES)
    found = {(name, other) for name in NAMES for other, _ in spelled.similar(name, len(NAMES))}
    pairs = {pair for one in combinations(set(NAMES), 2) for pair in (one, one[::-1]) if min(map(len, one)) > 1}
    assert found == {pair for pair in pairs if likeness(*pair)}
