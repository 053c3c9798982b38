"""Spoken and written numbers: the other forms in which a number of the query may occur in the text.

Works both ways, on runs of atoms: 2024 and 二零二四, 4.5 and 四点五, 169 and 一百六十九, 百分之三十 and 30%, 八零二零
and 80/20. Only complete numbers are converted: 一部 and 十分 are left alone, but 第七 is 第7.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, product
from typing import TypeAlias

from indexer.core.named_tuples import NamedTuple
from search.matching.numbers import DIGITS, LARGE, LARGEST, UNITS, VALUES, spoken_value

_BEGINS = VALUES.keys() | UNITS.keys() | LARGE.keys()
_SPOKEN = rf"(百分之)?([{''.join(VALUES)}十百千万亿]+(?:点[{''.join(VALUES)}十百千万亿]*)?)"
_WRITTEN = r"\d+(?:\.\d+)?"
_TWO = "(?<!十)二(?=[百千万亿])"
_PERCENT = ("百", "分", "之")
MOST_FORMS = 12
_MOST_TRIED = 256


class NumberForm(NamedTuple):
    """Another form of the run. `percent` is the index of the atom that a % sign must follow; the sign itself is not an
    atom."""

    atoms: tuple[str, ...]
    percent: int | None = None


_Way: TypeAlias = tuple[tuple[str, ...], bool]
"""One form of a piece of the run, and whether a % sign follows it."""


def other_forms(atoms: Sequence[str], percent: int | None = None) -> list[NumberForm]:
    """Returns the other forms of a run of atoms that contains numbers; `percent` is the index of an atom that a % sign
    follows.

    >>> ["".join(form.atoms) for form in other_forms(["2024", "年"])]
    ['二零二四年', '两千零二十四年', '二千零二十四年']
    >>> other_forms(list("百分之三十的人"))
    [NumberForm(atoms=('30', '的', '人'), percent=0)]
    >>> other_forms(list("十分满意")), other_forms(list("一部")), other_forms(list("五六十"))
    ([], [], [])
    """
    pieces = _pieces(atoms, percent)
    if all(len(ways) == 1 for ways in pieces):
        return []
    given = tuple(atoms)
    forms = map(_joined, islice(product(*pieces), _MOST_TRIED))
    return [form for form in dict.fromkeys(forms) if form.atoms != given][:MOST_FORMS]


def _joined(ways: Sequence[_Way]) -> NumberForm:
    atoms: list[str] = []
    percent = None
    for said, followed in ways:
        atoms += said
        percent = len(atoms) - 1 if followed else percent
    return NumberForm(tuple(atoms), percent)


def is_number(atoms: Sequence[str]) -> bool:
    """True if the atoms are one spoken number, with a unit of at most one character.

    >>> is_number(list("百分之十五")), is_number(list("二零一七年")), is_number(list("三十个苹果"))
    (True, True, False)
    """
    if not atoms or atoms[0] not in _BEGINS or not all(len(atom) == 1 for atom in atoms):
        return False
    match = re.match(_SPOKEN, "".join(atoms))
    return match is not None and len(atoms) - len(match[0]) <= 1 and bool(_written(match[2], bool(match[1])))


def _pieces(atoms: Sequence[str], percent: int | None) -> list[list[_Way]]:
    """Splits the atoms into pieces, each with all its forms, the given one first."""
    pieces: list[list[_Way]] = []
    at = 0
    while at < len(atoms):
        ordinal = at > 0 and atoms[at - 1] == "第"
        if re.fullmatch(_WRITTEN, atoms[at]):
            followed = at == percent
            itself: _Way = ((atoms[at],), followed)
            pieces.append([itself, *((said, False) for said in _spoken(atoms[at], followed, ordinal))])
            at += 1
            continue
        match = re.match(_SPOKEN, "".join(atoms[at:])) if len(atoms[at]) == 1 else None
        if match is None:
            pieces.append([((atoms[at],), False)])
            at += 1
            continue
        # A numeral run is converted as a whole or not at all: 五六十 does not contain 60.
        ways = [(written, bool(match[1])) for written in _written(match[2], bool(match[1]), ordinal)]
        pieces.append([(tuple(match[0]), False), *ways])
        at += len(match[0])
    return pieces


def _spoken(number: str, percent: bool, ordinal: bool) -> Iterator[tuple[str, ...]]:
    """The spoken forms of a written number: digit by digit, and as a quantity."""
    whole, _, fraction = number.partition(".")
    before = _PERCENT if percent else ()
    after = ("点", *(DIGITS[int(digit)] for digit in fraction)) if fraction else ()
    if len(whole) > 1 and not fraction and not percent:
        yield tuple(DIGITS[int(digit)] for digit in whole)
    if len(whole) > 1 and whole.startswith("0"):
        return
    if (len(whole) > 1 or fraction or percent or ordinal) and len(whole) <= len(str(LARGEST)) and int(whole) < LARGEST:
        said = quantity(int(whole))
        for way in dict.fromkeys((re.sub(_TWO, "两", said), said)):
            yield (*before, *way, *after)
            if way.endswith("十") and len(way) > 3 and way[-3] in "百" and not after:
                yield (*before, *way[:-1])  # 二百五十 is also said 二百五


def quantity(number: int) -> str:
    """The spoken form of a whole number.

    >>> quantity(169), quantity(10), quantity(2005), quantity(30_000), quantity(105_000)
    ('一百六十九', '十', '二千零五', '三万', '十万五千')
    """
    said = _groups(number)
    return said[1:] if said.startswith("一十") else said


def _groups(number: int) -> str:
    if number == 0:
        return DIGITS[0]
    for name, size in (("亿", 10**8), ("万", 10**4)):
        if number >= size:
            high, low = divmod(number, size)
            gap = DIGITS[0] if 0 < low < size // 10 else ""
            return quantity(high) + name + gap + (_groups(low) if low else "")
    said, gap = "", ""
    for name, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit, number = divmod(number, size)
        if digit:
            said, gap = said + gap + DIGITS[digit] + name, ""
        elif said:
            gap = DIGITS[0]
    return said


def _written(said: str, percent: bool, ordinal: bool = False) -> list[tuple[str, ...]]:
    """The written forms of a spoken number; empty if it is not a complete number, or a single digit without 第."""
    if ordinal and (said in VALUES or said == "十"):
        return [(str(VALUES.get(said, 10)),)]
    whole, point, fraction = said.partition("点")
    if any(digit not in VALUES for digit in fraction):
        return []  # 八点三十 is a time
    tail = "." + "".join(str(VALUES[digit]) for digit in fraction) if fraction else ""
    if (point and not fraction) or (tail and not whole):
        return []
    if all(character in VALUES for character in whole):
        if not tail and not percent and (len(whole) < 2 or (len(whole) == 2 and not {"零", "〇"} & set(whole))):
            return []  # 七八 is seven or eight
        digits = "".join(str(VALUES[digit]) for digit in whole)
        written: list[tuple[str, ...]] = [(digits + tail,)]
        if len(digits) == 4 and not tail and digits[1] == "0" == digits[3]:
            written.append((digits[:2], digits[2:]))  # 八零二零: the rule of 80/20
        return written
    value = spoken_value(whole)
    return [] if value is None else [(f"{value}{tail}",), *_with_unit(whole, tail)]


def _with_unit(whole: str, tail: str) -> Iterator[tuple[str, ...]]:
    """三百万 is also written 300万."""
    head, unit = whole[:-1], whole[-1]
    if unit in LARGE and not tail:
        value = spoken_value(head) if head and not all(c in VALUES for c in head) else VALUES.get(head)
        if value:
            yield (str(value), unit)
