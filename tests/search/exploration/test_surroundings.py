"""The text around a place is cut out of that of the whole episode, however little of it is decoded."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from support.library import Line, Tools, spaced
from support.transcripts.episodes import episodes

from search.exploration.surroundings import Surroundings
from search.results.joined_text import JoinedText


def cut(text: str, start: int, stop: int, reach: int) -> tuple[str, str, str]:
    return text[max(0, start - reach) : start], text[start:stop], text[stop : stop + reach]


@given(lines=episodes(most=60), reach=st.integers(0, 12), data=st.data())
def test_what_is_around_a_place_is_that_of_the_whole_text(
    tools: Tools, lines: list[Line], reach: int, data: st.DataObject
) -> None:
    with tools.library({"a": lines, "z": spaced(["有一句"])}) as library:
        snapshot = library.snapshot
        size = snapshot.times(0).first[-1]
        places = data.draw(st.lists(st.integers(0, max(0, size - 1)), max_size=12)) if size else []
        around, whole = Surroundings(snapshot, 0, reach, 0), Surroundings(snapshot, 0, reach, 10**6)
        assert {whole.of(place, place + 1).text for place in places} <= {JoinedText(snapshot.text(0)[0]).text}
        for place in places:
            end = min(size, place + data.draw(st.integers(1, 5)))
            (text, start, stop, cue), (every, begin, until, first) = around.of(place, end), whole.of(place, end)
            assert cut(text, start, stop, reach) == cut(every, begin, until, reach)
            assert cue == first == snapshot.times(0).cue_at(place)


def test_of_few_places_of_an_episode_only_what_is_near_is_decoded(tools: Tools) -> None:
    with tools.library({"a": spaced(["今天聊聊怎么烧一壶好水"] * 200)}) as library:
        few, many = (Surroundings(library.snapshot, 0, 20, places) for places in (2, 200))
        assert len(few.of(1100, 1102).text) < 100
        assert len(many.of(1100, 1102).text) == 2200
