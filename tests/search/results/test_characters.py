"""What the matches of an excerpt say: the same as atom by atom."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from indexer.core.positions.intervals import union
from indexer.core.positions.timeline import lay_out
from indexer.core.text.folding import Folding
from indexer.core.types import Cue
from indexer.store.fields.text import pack_text, unpack_text
from search.results.characters import Characters, Excerpt

TEXTS = st.lists(st.sampled_from(("哈", "学习", "網", "GPU", "1.5B", "㍿", "か\u3099", "，", " ", "")), max_size=6).map(
    "".join
)
TOLD: Any = {0: {0: (1, "one", "exact"), 1: (2, "two", "alias")}, 1: {0: (4, "four", "homophone")}}


@given(texts=st.lists(TEXTS, min_size=1, max_size=6), last=st.sampled_from((900, 9000)), data=st.data())
def test_matches_and_highlights_are_those_of_each_atom(
    folding: Folding, texts: list[str], last: int, data: st.DataObject
) -> None:
    ends = [n + 0.9 for n in range(len(texts) - 1)] + [len(texts) - 1 + last / 1000]
    cues = [Cue(n, end, text) for n, (text, end) in enumerate(zip(texts, ends, strict=True))]
    line = lay_out(cues, folding)
    times, told = line.times, unpack_text(pack_text(cues, line.stream, line.times, folding), line.stream, line.times)[0]
    size = times.first[-1]
    hits = data.draw(
        st.sets(st.sampled_from([(at, *way) for at in range(size) for way in ((0, 0), (0, 1), (1, 0))] or [(0, 0, 0)]))
    )
    kept = sorted(hit for hit in hits if hit[0] + TOLD[hit[1]][hit[2]][0] <= size)
    matches, marks = Excerpt(0, len(texts), told, times, folding).matches(kept, TOLD)
    characters, marked = Characters(texts, times, folding), dict[int, list[tuple[int, int]]]()
    for (place, number, way), match in zip(kept, matches, strict=True):
        length, term, how = TOLD[number][way]
        pieces = characters.pieces(place, place + length)
        for cue, start, stop in pieces:
            marked.setdefault(cue, []).append((start, stop))
        said = "".join(texts[cue][start:stop] for cue, start, stop in pieces)
        when = times.at(place) / 1000, times.until(place + length) / 1000
        assert match == (*when, said, term, how, "speech")
    assert marks == [tuple(union(marked.get(cue, ()))) for cue in range(len(texts))]
