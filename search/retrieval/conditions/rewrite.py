"""Rewrites conditions as equivalent ones that are cheaper to evaluate.

A NEAR with AND or NOT on a side becomes several NEARs without them, each with further conditions on the window: the
hits that bear `(a AND b OR c) NEAR d` are those that bear `a NEAR d` or `b NEAR d` in windows that meet `a AND b`, and
those that bear `c NEAR d`. So extents (`conditions.near_extents`) can find all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import TypeAlias

from search.query.plan import Every, Has, HasNear, Lacks, Need, Passes, Some

_Alternative: TypeAlias = tuple[Need, tuple[Need, ...]]
"""The need that hits must bear, in windows that also meet all the conditions."""

_MOST = 32
"""A NEAR with more alternatives is not split: each takes a pass over all hits."""


def alternatives(need: HasNear) -> list[tuple[HasNear, tuple[Need, ...]]]:
    """NEARs of words, OR and NEAR, and the conditions of each: those of them whose conditions a window meets bear in it
    together what the NEAR does."""
    if has_extents(need):
        return [(need, ())]
    pairs = product(_merged(_alternatives(need.left)), _merged(_alternatives(need.right)))
    return [(need._replace(left=one, right=other), (*on, *also)) for (one, on), (other, also) in pairs]


def can_be_split(need: Need) -> bool:
    """False for a need that contains a NEAR with too many alternatives."""
    match need:
        case HasNear(left, right):
            return has_extents(need) or (
                can_be_split(left) and can_be_split(right) and len(_alternatives(need)) <= _MOST
            )
        case Every(needs) | Some(needs):
            return all(map(can_be_split, needs))
        case Lacks(inner):
            return can_be_split(inner)
        case Has() | Passes():
            return True


def members(need: Need) -> frozenset[int] | None:
    """The terms of which every hit bears and meets the need by itself; None if that depends on its neighbours."""
    match need:
        case Has(terms):
            return frozenset(terms)
        case Some(needs):
            parts = [members(inner) for inner in needs]
            known = [part for part in parts if part is not None]
            return frozenset().union(*known) if len(known) == len(parts) else None
        case Every(needs):
            rest = [inner for inner in needs if inner != Every(())]
            return members(rest[0]) if len(rest) == 1 else None if rest else frozenset()
        case HasNear():
            return None
        case Lacks() | Passes():
            return frozenset()


def flattened(need: Need) -> Need:
    """The same need, with words joined by OR as one Has, however deep their brackets: each level of these would take a
    pass over all hits."""
    whole = members(need)
    if whole:
        return Has(tuple(sorted(whole)))
    match need:
        case Every(needs):
            return Every(tuple(map(flattened, needs)))
        case Some(needs):
            return Some(tuple(map(flattened, needs)))
        case HasNear(left, right, distance, seconds):
            return HasNear(flattened(left), flattened(right), distance, seconds)
        case Lacks(inner):
            return Lacks(flattened(inner))
        case Has() | Passes():
            return need


def has_extents(need: Need) -> bool:
    """True for a need of words, OR and NEAR."""
    match need:
        case HasNear(left, right):
            return has_extents(left) and has_extents(right)
        case Some(needs):
            return all(map(has_extents, needs))
        case _:
            return members(need) is not None


def _alternatives(need: Need) -> list[_Alternative]:
    if has_extents(need):
        return [] if members(need) == frozenset() else [(need, ())]
    match need:
        case HasNear():
            return list[_Alternative](alternatives(need))
        case Every(needs):  # bears what any of them does; whether it is met is for others to ask
            return _merged(each for inner in needs for each in _alternatives(inner))
        case Some(needs):
            return _merged(
                (part, conditions if _is_met_where_borne(inner) else (*conditions, inner))
                for inner in needs
                for part, conditions in _alternatives(inner)
            )
        case _:
            return []


def _is_met_where_borne(need: Need) -> bool:
    """True for a need that is met in every window in which a hit bears it."""
    return not isinstance(need, Every) or members(need) is not None


def _merged(parts: Iterable[_Alternative]) -> list[_Alternative]:
    """Merges alternatives with equal conditions."""
    merged: dict[tuple[int, ...], tuple[list[Need], tuple[Need, ...]]] = {}
    for part, conditions in parts:
        merged.setdefault(tuple(map(id, conditions)), ([], conditions))[0].append(part)
    return [(several[0] if len(several) == 1 else Some(tuple(several)), on) for several, on in merged.values()]
