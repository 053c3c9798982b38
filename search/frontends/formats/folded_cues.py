"""Which cues of a long moment a terminal shows, and how much of a long cue."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, pairwise

from search.api import CueLine

_MOST_CUES = 8
"""A moment of more cues is folded to those around its matches."""
_SMALL_GAP = 2
"""Cues between two that are shown: leaving them out would save nothing."""
_LONG_CUE, _AROUND = 160, 40
"""In characters: a longer cue of a folded moment is cut to so many around each match."""


def folded(cues: Sequence[CueLine]) -> list[tuple[Sequence[CueLine], int]]:
    """Splits the cues of a moment into the runs to show, each with the number of cues left out after it.

    A moment of at most _MOST_CUES cues is shown whole. Of others the cues with a match are shown, and those beside
    them unless they are too many; at most _MOST_CUES.
    """
    if len(cues) <= _MOST_CUES:
        return [(cues, 0)]
    marked = [at for at, cue in enumerate(cues) if cue.highlights] or [0]
    kept: list[int] = []
    for reach in (1, 0):
        near = sorted({at + step for at in marked for step in range(-reach, reach + 1) if 0 <= at + step < len(cues)})
        between = (range(one + 1, other) for one, other in pairwise(near) if other - one <= _SMALL_GAP + 1)
        kept = sorted({*near, *chain.from_iterable(between)})
        if len(kept) <= _MOST_CUES:
            break
    kept = kept[:_MOST_CUES]
    runs = []
    for place, at in enumerate(kept):
        if place == 0 or at != kept[place - 1] + 1:
            runs.append((at, at + 1))
        else:
            runs[-1] = (runs[-1][0], at + 1)
    nexts = [begin for begin, _ in runs[1:]] + [len(cues)]
    # What comes after the last match is context, which nobody misses; matches are missed.
    gaps = [after - end for (_, end), after in zip(runs, nexts, strict=True)]
    if not any(cue.highlights for cue in cues[runs[-1][1] :]):
        gaps[-1] = 0
    return [(cues[begin:end], gap) for (begin, end), gap in zip(runs, gaps, strict=True)]


def shortened_cue(cue: CueLine) -> CueLine:
    """Returns a cue of more than _LONG_CUE characters cut to those around its matches, else to its beginning."""
    if len(cue.text) <= _LONG_CUE:
        return cue
    spans: list[tuple[int, int]] = []
    for begin, end in cue.highlights or ((0, _AROUND),):
        low, high = max(0, begin - _AROUND), min(len(cue.text), end + _AROUND)
        if spans and low <= spans[-1][1] + 2:
            low = spans.pop()[0]
        spans.append((low, high))
    text, marks = "", list[tuple[int, int]]()
    for low, high in spans:
        text += "…" if low else ""
        shift = len(text) - low
        marks += [(begin + shift, end + shift) for begin, end in cue.highlights if low <= begin and end <= high]
        text += cue.text[low:high]
    return cue._replace(text=text + ("…" if spans[-1][1] < len(cue.text) else ""), highlights=tuple(marks))
