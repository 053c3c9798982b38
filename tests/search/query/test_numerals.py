"""A number is met as it is said and as it is written; what only looks like a number stays alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.positions.tokens import split_atoms
from search.matching.numbers import LARGEST, spoken_value
from search.query.numerals import MOST_FORMS, NumberForm, is_number, other_forms, quantity

DIGITS = "零一二三四五六七八九"


def forms(text: str) -> set[str]:
    """The other forms of folded text; `%` behind the atom that needs the sign, which may stand in the text, too."""
    before, sign, _ = text.partition("%")
    percent = len(split_atoms(before)) - 1 if sign else None
    return {shown(form) for form in other_forms(split_atoms(text), percent)}


def shown(form: NumberForm) -> str:
    return "".join(atom + "%" * (at == form.percent) for at, atom in enumerate(form.atoms))


@pytest.mark.parametrize(
    ("typed", "others"),
    [
        ("2024", {"二零二四", "二千零二十四", "两千零二十四"}),
        ("2024年", {"二零二四年", "二千零二十四年", "两千零二十四年"}),
        ("二零二四", {"2024"}),
        ("二〇二四年", {"2024年"}),
        ("幺幺零", {"110"}),
        ("007", {"零零七"}),
        ("169", {"一六九", "一百六十九"}),
        ("一百六十九", {"169"}),
        ("10", {"一零", "十"}),
        ("十二", {"12"}),
        ("一百零五", {"105"}),
        ("两千零五", {"2005"}),
        ("十万五千", {"105000"}),
        ("三百万", {"3000000", "300万"}),
        ("两亿", {"200000000", "2亿"}),
        ("20000", {"二零零零零", "二万", "两万"}),
        ("4.5", {"四点五"}),
        ("四点五", {"4.5"}),
        ("0.5", {"零点五"}),
        ("零点五", {"0.5"}),
        ("十二点二五", {"12.25"}),
        ("百分之三十", {"30%"}),
        ("百分之五", {"5%"}),
        ("百分之零点五", {"0.5%"}),
        ("30%", {"百分之三十"}),
        ("5%", {"百分之五"}),
        ("99.9%", {"百分之九十九点九"}),
        ("八零二零", {"8020"}),
        ("250", {"二五零", "二百五十", "两百五十", "二百五", "两百五"}),
        ("30%的人", {"百分之三十的人"}),
        ("百分之三十的人", {"30%的人"}),
        ("第7讲", {"第七讲"}),
        ("第二期", {"第2期"}),
        ("第10集", {"第一零集", "第十集"}),
        ("第十集", {"第10集"}),
        ("第七八个", set()),
        ("gpt4o", set()),
        ("l40s", {"l四零s", "l四十s"}),
    ],
)
def test_a_number_has_these_other_forms(typed: str, others: set[str]) -> None:
    assert forms(typed) == others


@pytest.mark.parametrize(
    ("written", "said"),
    [("2024年", "二零二四年"), ("169", "一百六十九"), ("4.5", "四点五"), ("30%", "百分之三十"), ("12000", "一万二千")],
)
def test_both_directions_meet(written: str, said: str) -> None:
    assert said in forms(written)
    assert written in forms(said)


def test_the_rule_of_80_20_is_said_as_four_digits() -> None:
    assert NumberForm(("80", "20")) in other_forms(list("八零二零"))


NO_NUMBERS = (
    *("一部", "十分", "十分满意", "万一", "千万", "一下", "三国演义", "百分", "百分之", "百合", "一", "十", "万", "零"),
    *("一定", "一样", "四川", "五彩", "六神无主", "七夕", "八卦", "九寨沟", "十字架", "千里", "万物", "点", "一点"),
    *("千方百计", "百分之百", "万亿", "一点点", "第", "两个"),
)


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_number_of_several_digits_stays_alone(text: str) -> None:
    assert forms(text) == set()


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_number_is_cut_into_words(text: str) -> None:
    assert not is_number(split_atoms(text))


@pytest.mark.parametrize(
    ("text", "whole"), [("百分之十五", True), ("二零一七年", True), ("三十个人", False), ("", False), ("30", False)]
)
def test_a_number_and_its_unit_are_one_thing(text: str, whole: bool) -> None:
    assert is_number(split_atoms(text)) == whole


@pytest.mark.parametrize("text", ["七八", "三四个", "一五一十", "五六十", "两三百", "三百六十五六", "一百二百"])
def test_the_end_of_what_is_no_number_is_none_either(text: str) -> None:
    assert forms(text) == set()


@pytest.mark.parametrize(
    ("said", "written"),
    [("一百五", "150"), ("两千三", "2300"), ("一万二", "12000"), ("三万五", "35000"), ("一亿三", "130000000")],
)
def test_a_digit_after_a_unit_counts_the_next_smaller_unit(said: str, written: str) -> None:
    assert written in forms(said)


@pytest.mark.parametrize(("written", "said"), [("200", "两百"), ("250", "两百五十"), ("12000", "一万两千")])
def test_two_before_a_unit_is_said_in_two_ways(written: str, said: str) -> None:
    assert said in forms(written)


@given(number=st.integers(11, LARGEST - 1))
def test_a_quantity_has_the_value_it_was_made_of(number: int) -> None:
    assert spoken_value(quantity(number)) == number


@given(head=st.integers(1, 9999), zeros=st.integers(0, 8))
def test_round_quantities_have_their_value_too(head: int, zeros: int) -> None:
    number = head * 10**zeros
    if 10 < number < LARGEST:
        assert spoken_value(quantity(number)) == number


def test_a_lone_ten_is_no_number_for_it_is_mostly_a_part_of_a_word() -> None:
    assert (quantity(10), spoken_value("十"), spoken_value("一十")) == ("十", None, 10)


@given(number=st.integers(0, LARGEST - 1))
def test_a_quantity_never_says_a_zero_twice_or_at_its_end(number: int) -> None:
    said = quantity(number)
    assert "零零" not in said
    assert number == 0 or not said.endswith("零")


@given(said=st.text("零一二两三四五六七八九〇幺十百千万亿点", max_size=8))
def test_whatever_is_said_its_value_is_none_or_more_than_nine(said: str) -> None:
    value = spoken_value(said.replace("点", ""))
    assert value is None or value > 9


@given(number=st.integers(11, LARGEST - 1))
def test_figures_and_quantity_lead_to_each_other(number: int) -> None:
    assert quantity(number) in forms(str(number))
    assert str(number) in forms(quantity(number))


@given(year=st.integers(1000, 2999))
def test_a_year_is_said_digit_by_digit(year: int) -> None:
    said = "".join(DIGITS[int(digit)] for digit in str(year))
    assert f"{said}年" in forms(f"{year}年")
    assert f"{year}年" in forms(f"{said}年")


@given(number=st.integers(1, 100), fraction=st.text("0123456789", min_size=1, max_size=3))
def test_decimals_and_percentages_lead_to_each_other(number: int, fraction: str) -> None:
    said = f"百分之{quantity(number)}点{''.join(DIGITS[int(digit)] for digit in fraction)}"
    assert said in forms(f"{number}.{fraction}%")
    if number != 10:
        assert f"{number}.{fraction}%" in forms(said)


@given(text=st.text("一二两十百千万零点年的a0123456789. ", max_size=10), percent=st.none() | st.integers(0, 9))
def test_the_forms_of_any_text_are_few_and_never_the_text_itself(text: str, percent: int | None) -> None:
    atoms = split_atoms(text)
    others = other_forms(atoms, percent)
    assert len(others) <= MOST_FORMS
    assert len(set(others)) == len(others)
    assert NumberForm(tuple(atoms)) not in others


@given(text=st.text("的年人在部分下万点a% ", max_size=12))
def test_text_without_a_digit_has_no_forms(text: str) -> None:
    assert forms(text) == set()


class Counted(str):
    """A number that counts how often it is put into a set or dict."""

    times = 0

    def __hash__(self) -> int:
        Counted.times += 1
        return super().__hash__()


def test_many_numbers_do_not_multiply() -> None:
    assert len(other_forms([Counted(number) for number in range(12, 20)])) == MOST_FORMS
    assert Counted.times < 10_000
