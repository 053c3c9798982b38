"""The tree of a regular expression, and what it tells of every text that matches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import TypeAlias

from indexer.core.named_tuples import NamedTuple, distinct


@distinct
class CharacterSet(NamedTuple):
    """One character of a set: `spans` are (first, last); `classes` names of `CLASSES`; or, if `negated`, none of it."""

    spans: tuple[tuple[str, str], ...] = ()
    classes: tuple[str, ...] = ()
    negated: bool = False

    def has(self, character: str) -> bool:
        found = any(low <= character <= high for low, high in self.spans)
        return (found or any(CLASSES[name](character) for name in self.classes)) is not self.negated


@distinct
class InOrder(NamedTuple):
    """One part after the other."""

    parts: tuple[Part, ...]


@distinct
class OneOf(NamedTuple):
    parts: tuple[Part, ...]


@distinct
class Repeated(NamedTuple):
    """A part `least` to `most` times; None for any number."""

    part: Part
    least: int
    most: int | None


Part: TypeAlias = CharacterSet | InOrder | OneOf | Repeated

CLASSES: dict[str, Callable[[str], bool]] = {
    "d": str.isdecimal,
    "D": lambda character: not character.isdecimal(),
    "w": lambda character: character.isalnum() or character == "_",
    "W": lambda character: not (character.isalnum() or character == "_"),
    "s": str.isspace,
    "S": lambda character: not character.isspace(),
}


def size(part: Part) -> int:
    """The number of states that a part needs."""
    match part:
        case CharacterSet():
            return 1
        case InOrder(parts) | OneOf(parts):
            return 1 + sum(map(size, parts))
        case Repeated(inner, low, most):
            return 1 + size(inner) * max(1, low + 1 if most is None else most)


def least(part: Part) -> int:
    """The length of the shortest text that a part matches."""
    match part:
        case CharacterSet():
            return 1
        case InOrder(parts):
            return sum(map(least, parts))
        case OneOf(parts):
            return min(map(least, parts))
        case Repeated(inner, low, _most):
            return low * least(inner)


def longest(part: Part) -> int | None:
    """The length of the longest text that a part matches; None without a limit."""
    match part:
        case CharacterSet():
            return 1
        case InOrder(parts):
            each = [longest(inner) for inner in parts]
            return None if None in each else sum(filter(None, each))
        case OneOf(parts):
            each = [longest(inner) for inner in parts]
            return None if None in each else max(filter(None, each), default=0)
        case Repeated(inner, _low, most):
            once = longest(inner)
            return None if most is None or once is None else most * once


def required(part: Part) -> frozenset[str]:
    """Characters that every match contains."""
    match part:
        case CharacterSet(((low, high),), (), False) if low == high:
            return frozenset(low)
        case InOrder(parts):
            return frozenset().union(*map(required, parts))
        case OneOf(parts):
            return frozenset.intersection(*map(required, parts))
        case Repeated(inner, low, _most) if low:
            return required(inner)
        case _other:
            return frozenset()


def required_runs(part: Part) -> Iterator[str]:
    """Several characters in a row that every match contains so."""
    match part:
        case InOrder(parts):
            for is_told, several in groupby(parts, _is_told):
                if is_told and len(run := "".join(map("".join, map(required, several)))) > 1:
                    yield run
                for inner in () if is_told else several:
                    yield from required_runs(inner)
        case Repeated(inner, low, _most) if low:
            yield from required_runs(inner)


def _is_told(part: Part) -> bool:
    """Whether a part is one character."""
    return isinstance(part, CharacterSet) and bool(required(part))


def reversed_part(part: Part) -> Part:
    """The part that matches the same texts read backwards."""
    match part:
        case InOrder(parts):
            return InOrder(tuple(map(reversed_part, reversed(parts))))
        case OneOf(parts):
            return OneOf(tuple(map(reversed_part, parts)))
        case Repeated(inner, low, most):
            return Repeated(reversed_part(inner), low, most)
        case CharacterSet():
            return part


def sets(part: Part) -> Iterator[CharacterSet]:
    """All sets of characters in a part."""
    match part:
        case CharacterSet():
            yield part
        case InOrder(parts) | OneOf(parts):
            for inner in parts:
                yield from sets(inner)
        case Repeated(inner, _least, _most):
            yield from sets(inner)
