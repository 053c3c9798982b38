"""JSON of moments: written in pieces, and the same as their record at once."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.types import Episode, Facts
from search import CueLine, Match, Moment
from search.frontends.formats.jsontext import moment_to_json, to_json
from search.results.records import moment_record

TEXTS = st.text(st.sampled_from('哈a"\\\n\x00\x7f\x9b\u202e\u3000\ud800\U0001f600é/')) | st.text(max_size=5)
TIMES = st.integers(0, 10**8).map(lambda ms: ms / 1000)
SPANS = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=3).map(tuple)
CUES = st.builds(CueLine, st.integers(0, 9999), TIMES, TIMES, TEXTS, TEXTS, SPANS, st.sampled_from(("", "loop")))
MATCHES = st.builds(Match, TIMES, TIMES, TEXTS, TEXTS, st.sampled_from(("exact", "alias")), st.just("speech"))
MOMENTS = st.builds(
    Moment,
    st.integers(1, 99),
    st.floats(0, 100),
    st.tuples(TEXTS, TEXTS).map(lambda names: Episode(names[0], names[1], Facts(*names), 1.0)),
    TIMES,
    TIMES,
    st.lists(MATCHES, max_size=4).map(tuple),
    st.lists(CUES, max_size=4).map(tuple),
    chapter=st.none() | TEXTS,
    library=TEXTS,
)


@given(moment=MOMENTS)
def test_a_moment_is_written_like_any_other_record(moment: Moment) -> None:
    written = moment_to_json(moment)
    assert written == to_json(moment_record(moment))
    assert json.loads(written) == json.loads(json.dumps(moment_record(moment)))


@pytest.mark.parametrize("times", [(5, 5.0), (5.0, 5)])
def test_a_whole_number_of_seconds_is_written_as_it_is_given(times: tuple[float, float]) -> None:
    cue, match = CueLine(0, *times, "", "哈", ()), Match(*times, "哈", "哈")
    moment = Moment(1, 1.0, Episode("a", "a", Facts("a"), 1.0), 0.0, 9.0, (match,), (cue,))
    assert moment_to_json(moment) == to_json(moment_record(moment))
