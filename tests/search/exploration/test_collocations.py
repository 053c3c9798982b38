"""What is near a text, against the definition, word by word."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest

from indexer.core.positions.tokens import split_atoms
from search import Library
from search.exploration.collocations import CollocationWindow


def counted(library: Library, text: str, far: int) -> dict[str, Counter[str]]:
    """The words up to `far` words before and after the text, and either: each word counts once, if it is no part of an
    occurrence and in the same stretch of what is kept."""
    words, size = library.explore.words, len(split_atoms(text))
    sides = {side: Counter[str]() for side in ("before", "after", "count", "episodes")}
    for episode, regions in words.everything().kept.items():
        starts = words.starts(episode)
        ends = [*starts[1:], words.snapshot.atoms(episode)]
        before, after, touched = set[int](), set[int](), set[int]()
        places = words.snapshot.stream(episode).find(split_atoms(text))
        for (begin, end), place in product(regions, places):
            if begin <= place <= end - size:
                node = [at for at in range(len(starts)) if starts[at] < place + size and ends[at] > place]
                inside = {at for at in range(len(starts)) if begin <= starts[at] < end}
                touched.update(node)
                before |= inside.intersection(range(node[0] - far, node[0]))
                after |= inside.intersection(range(node[-1] + 1, node[-1] + 1 + far))
        said = {at: words.vocabulary[number] for at, number in enumerate(words[episode])}
        for side, near in {"before": before, "after": after, "count": before | after}.items():
            sides[side].update(said[at] for at in near - touched)
        sides["episodes"].update({said[at] for at in (before | after) - touched})
    return sides


@pytest.mark.parametrize("text", ["水", "水开了", "了", "一壶好水"])
@pytest.mark.parametrize("far", [0, 1, 3, 1000])
def test_collocates_are_counted_as_defined(tiny: Library, text: str, far: int) -> None:
    sides = counted(tiny, text, far)
    rows = tiny.explore.collocates(text, window=CollocationWindow(far), least=1, limit=None, function_words=True)
    for row in rows:
        assert {side: getattr(row, side) for side in sides} == {side: sides[side][row.term] for side in sides}, row.term
    assert rows or far not in (1, 3)
