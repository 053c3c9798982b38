"""Numbers in Han numerals: whether text that begins or ends with a number is part of a longer number where it occurs.

三百 is not in 三百二十, nor 百分之五 in 百分之五十, 第三 in 第三十 or 五年 in 十五年, as 5 is not in 50. Numerals
beside a number that do not go on with it are another number, or a word: 三百 is in 十三百 and 三百一个, 五 in 四五六,
五十 in 三点五十.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from indexer.core.named_tuples import NamedTuple
from indexer.core.native import by_bit
from search.matching.numbers import DIGITS, LARGE, NUMERALS, UNITS, VALUES, spoken_value
from search.matching.sources import PlacesSource

if TYPE_CHECKING:
    from search.backends.episodes import StoredEpisodes
    from search.backends.snapshot import Snapshot
    from search.matching.position_source import PositionSource

_DIGITS = frozenset(DIGITS) | {"〇"}
_LONGEST = 12
"""Characters before and after a number that are looked at."""
_PAUSE_MS = 2000
"""No number goes on after a pause as long as this; shorter ones are within sentences, or between cues that were timed
loosely."""
_ZEROS = frozenset("零〇")
_ORDINALS = frozenset("第之")
"""What a single digit follows as a number: 第三, 三分之一. That of other words is none: 周五, 统一."""


class Numeral(NamedTuple):
    """A text that begins with so many numerals, and ends with so many, which may go on there; 0 where they may not."""

    length: int
    head: int
    tail: int


@lru_cache(256)
def numeral(atoms: tuple[str, ...]) -> Numeral | None:
    """How a text may go on as a longer number; None if it may not.

    >>> numeral(tuple("百分之五")), numeral(tuple("五年"))
    (Numeral(length=4, head=0, tail=1), Numeral(length=2, head=1, tail=0))
    >>> [text for text in ("周五", "千万", "百度", "一个", "一点", "强化学习", "30") if numeral(tuple(text))]
    []
    """
    head = _run(atoms)
    tail = _run(atoms[::-1])[::-1]
    number = head.removesuffix("点")
    # What goes on after 一 is mostly a word: 八十一定, 一点.
    before, after = _is_number(number) and (number != "一" or len(atoms) == 1), _is_number(tail)
    if len(head) == len(atoms):
        whole = len(head)
        return Numeral(whole, whole, whole if after else 0) if before else None
    after = after and (len(tail) > 1 or atoms[-2] in _ORDINALS)
    return Numeral(len(atoms), len(head) * before, len(tail) * after) if before or after else None


def whole(places: Iterable[int], snapshot: StoredEpisodes, episode: int, text: Numeral) -> list[int]:
    """Keeps the positions of a text in an episode at which no number of it goes on, unless after a pause."""
    length, head, tail = text
    stream = snapshot.stream(episode)
    kept = []
    for at in places:
        end = at + length
        around = stream.units(max(0, at - 1), end + 1)
        if (not head or at == 0 or around[0] not in NUMERALS) and (not tail or around[-1] not in NUMERALS):
            kept.append(at)
            continue
        before = _run(stream.units(max(0, at - _LONGEST), at)[::-1])[::-1] if head else ""
        after = _run(stream.units(end, end + _LONGEST)) if tail else ""
        said = stream.units(at, end)
        if _is_inside(before, said, after, text):
            # Rarely: a cluster has to fetch the times.
            pauses = _pauses(snapshot, episode, [*range(at - len(before) + 1, at + 1), *range(end, end + len(after))])
            since = max((place for place in pauses if place <= at), default=at - len(before))
            until = min((place for place in pauses if place >= end), default=end + len(after))
            if not pauses or _is_inside(before[len(before) - (at - since) :], said, after[: until - end], text):
                continue
        kept.append(at)
    return kept


def _is_inside(before: str, said: str, after: str, text: Numeral) -> bool:
    """Whether a number of a text goes on in the numerals around it."""
    length, head, tail = text
    if head == length:
        return _goes_on(before + said + after, len(before), len(before) + length)
    if before and _goes_on(before + said[:head], len(before), len(before) + head):
        return True
    return bool(after) and _goes_on(said[length - tail :] + after, 0, tail)


def _pauses(snapshot: StoredEpisodes, episode: int, places: Sequence[int]) -> list[int]:
    """Returns the positions, of some ascending ones, that come after a pause. After one between cues a word begins,
    which is known even where times are not; a pause inside a word of a cue is overlooked."""
    marks = snapshot.marks(episode)
    _, begins = by_bit(places, marks.packed, marks.atoms)
    if not begins:
        return []
    times = snapshot.times(episode)
    return [place for place in begins if times.at(place) - times.until(place) > _PAUSE_MS]


def whole_numbers(source: PositionSource, snapshot: Snapshot, atoms: tuple[str, ...]) -> PlacesSource:
    """Keeps the positions of a spoken number that are not inside a longer one: 三十 is not part of 三十八."""
    text = numeral(atoms)
    if text is None:
        return PlacesSource(source.length, {episode: source.positions(episode) for episode in source.counts})
    found = {episode: whole(source.positions(episode), snapshot, episode, text) for episode in source.counts}
    return PlacesSource(source.length, {episode: places for episode, places in found.items() if places})


@lru_cache(4096)
def _goes_on(run: str, begin: int, end: int) -> bool:
    """Whether the numerals [begin, end) of a run of numerals are inside a longer number.

    >>> _goes_on("三百二十", 0, 2), _goes_on("三百", 0, 2), _goes_on("十三百", 1, 3), _goes_on("四五六", 1, 2)
    (True, False, False, False)
    """
    return any(
        _is_longer(run[first:stop], run[begin:end]) and not _is_torn(run, first) and not _is_torn(run, stop)
        for first in range(begin + 1)
        for stop in range(end, len(run) + 1)
        if stop - first > end - begin
    )


def _is_longer(said: str, number: str) -> bool:
    """Whether a longer run is one number, of which this is a part; beside one that is read digit by digit, any digit is
    of it."""
    said = said.removesuffix("点") if number.endswith("点") else said
    whole, point, fraction = said.partition("点")
    if point:
        digits = fraction.rstrip("万亿")
        return len(fraction) - len(digits) < 2 and _is_number(whole) and _are_digits(digits)
    if _are_digits(said):  # 五六七 may be three
        return not _ZEROS.isdisjoint(said) or (len(number) > 2 and _are_digits(number))
    return _is_quantity(said)


def _is_quantity(said: str) -> bool:
    """Whether numerals are a quantity of ten or more. 一 counts tens only after hundreds (一百一十), and no tenths of a
    unit: in 三百一个 a word follows. 两 is said before a unit only: 三百两 are 300."""
    if said == "十":
        return True
    if "点" in said or spoken_value(said) is None or said.startswith("一十"):
        return False
    return said[-1] != "两" and not (said[-1] == "一" and said[-2] in "百千万亿")


def _is_torn(run: str, at: int) -> bool:
    """Whether a digit or a smaller unit would be parted from the unit that multiplies it."""
    return 0 < at < len(run) and (run[at] in LARGE or (run[at] in UNITS and run[at - 1] in VALUES))


def _run(atoms: Sequence[str]) -> str:
    """The numerals with which some atoms begin."""
    end = next((at for at, atom in enumerate(atoms) if atom not in NUMERALS), len(atoms))
    return "".join(atoms[:end])


def _is_number(said: str) -> bool:
    """Whether numerals are a number by themselves: one of a single digit, too, and digits side by side."""
    return _are_digits(said) or _is_quantity(said) or ("点" in said and _is_longer(said, ""))


def _are_digits(said: str) -> bool:
    return bool(said) and _DIGITS.issuperset(said)
