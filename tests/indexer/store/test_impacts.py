"""No window has more of anything than its peak, and peaks are lower than counts where that can be."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.positions.timeline import Timeline, lay_out
from indexer.core.text.folding import Folding
from indexer.core.types import Cue
from indexer.segmentation.segmenter import Segmenter
from indexer.segmentation.words import place_words
from indexer.store.impacts import WINDOW_ATOMS, WINDOW_MS, find_peaks, places_of_characters
from search.retrieval.windows import Hit, Span, densest, hit_times

WINDOW = Span(WINDOW_MS, WINDOW_ATOMS)
TEXTS = st.lists(st.sampled_from(("学习", "强化学习", "网络", "的", "哈哈哈", "gpu", "今天", "，")), max_size=8).map(
    "".join
)
STEPS = st.sampled_from((0.0, 1.0, 4.0, 9.0, 21.0, 22.0, 30.0, -5.0))


@st.composite
def timelines(draw: st.DrawFn) -> list[Cue]:
    cues, now = [], 10.0
    for text, step, lasts in draw(st.lists(st.tuples(TEXTS, STEPS, st.sampled_from((1.0, 3.0, 12.0))), max_size=30)):
        now = max(0.0, now + step)
        marks = ((0, now + lasts / 2),) if lasts == 3.0 and text else ()
        cues.append(Cue(now, now + lasts, text, marks=marks))
    return cues


def most_in_a_window(places: Sequence[int], timeline: Timeline) -> int:
    hits: list[Hit] = [(place, 0, 0) for place in places]
    return densest(hits, hit_times(hits, timeline.times), WINDOW)


@given(cues=timelines())
def test_no_window_has_more_of_a_word_or_a_run_of_characters(
    folding: Folding, segmenter: Segmenter, cues: list[Cue]
) -> None:
    timeline = lay_out(cues, folding)
    places = {**place_words(timeline, segmenter).positions(), **places_of_characters(timeline.units)}
    peaks = {text: len(at) for text, at in places.items()} | find_peaks(places, timeline.times)
    for text, at in places.items():
        assert most_in_a_window(at, timeline) <= peaks[text]
    for size in (2, 3, 4):
        for start in range(len(timeline.units) - size + 1):
            run = timeline.units[start : start + size]
            if all(unit in peaks for unit in run):
                assert most_in_a_window(timeline.stream.find(run), timeline) <= min(peaks[unit] for unit in run)


@pytest.mark.parametrize(("step", "peak"), [(60.0, None), (10.0, 3), (7.3, 4), (0.0, 3)])
def test_the_peak_is_what_one_window_holds(
    folding: Folding, segmenter: Segmenter, step: float, peak: int | None
) -> None:
    # 80 atoms a cue: where times stand still, the atoms bound a window.
    text = "学习" + ("今天" * 39 if not step else "")
    timeline = lay_out([Cue(number * step, number * step + 3, text) for number in range(20)], folding)
    found = find_peaks({"学习": place_words(timeline, segmenter).positions()["学习"]}, timeline.times)
    assert found == {"学习": peak or 1}


def test_cues_that_overlap_lower_no_peak_below_what_a_window_holds(folding: Folding) -> None:
    # Starts ascend, but the last words of the second cue are said after the first of the third.
    timeline = lay_out([Cue(0, 3, "电"), Cue(20, 50, "今天很好" * 4), Cue(20.5, 50.5, "电话")], folding)
    places = {"电": places_of_characters(timeline.units)["电"]}
    assert most_in_a_window(places["电"], timeline) == 2
    assert find_peaks(places, timeline.times) == {}
