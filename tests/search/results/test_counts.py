"""Counts are those of the moments themselves, though they are made without them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.library import Tools

from search import Library, open_library
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


@pytest.mark.parametrize("chapters", ["", '[[episodes.two.chapters]]\nstart = 0\ntitle = "别的"\n'])
def test_who_says_part_of_a_match_is_counted_whatever_the_chapters_are(
    tools: Tools, tmp_path: Path, chapters: str
) -> None:
    show = tmp_path / "show"
    show.mkdir()
    said = (("小禾", "今天聊开"), ("Ada", "源社区"), ("老周", "公司"))
    cues = (f"00:0{number}:00.000 --> 00:0{number}:59.000\n<v {who}>{text}" for number, (who, text) in enumerate(said))
    (show / "one.vtt").write_text("WEBVTT\n\n" + "\n\n".join(cues) + "\n", "utf-8")
    (show / "two.srt").write_text("1\n00:00:00,000 --> 00:00:02,000\n软件\n", "utf-8")
    (show / "podcast.toml").write_text(chapters, "utf-8")
    with open_library(tools.index([show], tmp_path / "index")) as library:
        (counted,) = library.count('"开源"', by_speaker=True)
        assert counted.speakers == (("Ada", 1), ("小禾", 1))  # in the same order in every process
