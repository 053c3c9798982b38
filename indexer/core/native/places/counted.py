"""Which hits of groups surely count, whatever part of an episode is looked at."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import chain, compress, repeat
from operator import sub

from indexer.core.native.places.hits import covered, kinds_of, longest


def counted(
    codes: Sequence[int],
    bits: int,
    ranks: Sequence[int],
    ends: Sequence[int],
    around: Sequence[int],
    first: Sequence[int],
    lengths: Sequence[int],
    kinds: Sequence[int],
) -> tuple[list[int], list[int], list[int]]:
    """Leaves out of some groups of hits those that count in no part of the episode which begins with a group or a cue:
    each is inside a longer term that begins in the same group and the same cue. Returns the ranks of the others, and
    `ends` and `around` as indices of these.

    `codes` are the hits in order, their places shifted by `bits`; `ends` and `around` are as in `group_bounds`, `first`
    as in `hit_times`, `lengths` (in atoms) and `kinds` (PART, WHOLE) by rank.
    """
    parts, wholes = kinds_of(bytes(kinds))
    covers = longest([(code >> bits, lengths[rank]) for code, rank in zip(codes, ranks, strict=True) if rank in wholes])
    if not covers:
        return list(ranks), list(ends), list(around)
    said = set(ranks)
    inside = covered(covers, {lengths[rank] for rank in said & parts})
    whole_at = {rank: inside[lengths[rank]] if rank in parts else {} for rank in said}
    # (index, place, place of the longer term) of all that are inside one, in whichever group and cue
    hidden = [
        (index, code >> bits, whole_at[rank][code >> bits])
        for index, (code, rank) in enumerate(zip(codes, ranks, strict=True))
        if code >> bits in whole_at[rank]
    ]
    begins = [codes[low] >> bits if low < high else 0 for low, high in zip(chain((0,), ends), ends, strict=False)]
    gone = _covered_in_any_part(hidden, begins, ends, first)
    left = bytearray(b"\1") * len(codes)
    for index in gone:
        left[index] = 0
    fewer_ends = map(sub, ends, map(bisect_left, repeat(gone), ends))
    fewer_around = map(sub, around, map(bisect_left, repeat(gone), around))
    return list(compress(ranks, left)), list(fewer_ends), list(fewer_around)


def _covered_in_any_part(
    hidden: Sequence[tuple[int, int, int]], begins: Sequence[int], ends: Sequence[int], first: Sequence[int]
) -> list[int]:
    """The indices of the hits of `hidden` (index, place, place of the longer term) whose longer term begins in the same
    group and the same cue; `begins` are the places at which groups begin."""
    cues = map(bisect_right, repeat(first), [place for _, place, _ in hidden])
    groups = map(bisect_right, repeat(ends), [index for index, _, _ in hidden])
    return [
        index
        for (index, _, whole), cue, group in zip(hidden, cues, groups, strict=True)
        if whole >= first[cue - 1] and (group == len(ends) or whole >= begins[group])
    ]
