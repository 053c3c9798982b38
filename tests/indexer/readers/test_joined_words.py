"""Podcast JSON with a segment for each word: words are joined to cues, and their times become marks."""

from __future__ import annotations

from support.transcripts.json_transcripts import read, simple, word_segments


def test_podcast_words_are_joined_to_sentences_and_are_marks() -> None:
    first, second = read(word_segments("我们 今天 说 the GPU 电池 。 Yes , it's ( very ) good")).cues
    assert (first.text, second.text) == ("我们今天说the GPU电池。", "Yes, it's (very) good")
    assert [first.text[at:][:2] for at, _ in first.marks] == ["我们", "今天", "说t", "th", "GP", "电池", "。"]
    assert [time for _, time in first.marks] == [0, 0.4, 0.8, 1.2, 1.6, 2, 2.4]


def test_joined_words_end_where_another_speaks_and_where_nobody_does() -> None:
    assert [cue[2] for cue in simple(word_segments("好 的 那么 开始 吧", speakers="aabba"))] == [
        "好的",
        "那么开始",
        "吧",
    ]
    paused = word_segments("好 的 那么 开始 吧")
    for segment in paused["segments"][2:]:  # type: ignore[index]
        segment["startTime"] += 1
        segment["endTime"] += 1
    assert [cue[2] for cue in simple(paused)] == ["好的", "那么开始吧"]


def test_joined_words_are_at_most_five_seconds_and_twenty_characters() -> None:
    assert all(len(text) <= 20 for _, _, text, _ in simple(word_segments("我们 今天 来 说 " * 40, 0.1)))
    assert all(end - start <= 5.001 for start, end, _, _ in simple(word_segments("我们 今天 来 说 " * 40, 0.9)))
