"""Counts are those of the moments themselves, though they are made without them."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from search import Library
from search.api import Margin, make_request
from search.query.syntax import Filter

word = st.sampled_from(["的", "我们", "今天", "是", "不", "语音", "识别", "电池", "=模型", "~语音", '"我们"', "我*"])
words = st.lists(word, min_size=1, max_size=6)
query = st.one_of(
    words.map(" ".join),
    words.map(" OR ".join),
    words.map(" AND ".join),
    st.tuples(words, word).map(lambda both: f"({' OR '.join(both[0])}) -{both[1]}"),
    st.tuples(words, word).map(lambda both: f"({' OR '.join(both[0])}) AND {both[1]}"),
    st.tuples(word, word).map(lambda both: f"{both[0]} NEAR/6s {both[1]}"),
)
margin = st.sampled_from([Margin(5.0), Margin(0.0), Margin(60.0), Margin(1.0, cues=True)])
filters = st.sampled_from([(), (), (Filter("title", "语音"),), (Filter("date", "2025-03.."),)])


@settings(max_examples=60)
@given(query=query, margin=margin, filters=filters, exact=st.booleans(), damping=st.booleans())
def test_counts_are_those_of_the_whole_stream(
    sample: Library, query: str, margin: Margin, filters: tuple[Filter, ...], exact: bool, damping: bool
) -> None:
    request = make_request(query, limit=None, context=margin, filters=filters, exact=exact, damping=damping)
    moments, matches = Counter[str](), Counter[str]()
    for moment in sample.each(request)[1]:
        moments[moment.episode.id] += 1
        matches[moment.episode.id] += len(moment.matches)
    counts = sample.count(request)
    assert {one.episode.id: one.moments for one in counts} == moments
    assert {one.episode.id: one.matches for one in counts} == matches
    assert sample.search(request._replace(limit=3)).total == moments.total()
