"""Moments as text: folded to what matters, within the width of a terminal, guesses apart from what was said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.types import Episode, Facts
from search import CueLine, Match, Moment
from search.frontends.formats import text
from search.frontends.formats.display import Page, Style, beginning, columns, ending, unstyled

TALK = Episode("corpus/2025-06-20 海底的光", "", Facts("回声机房", "海底的光 互联网怎么连起来", "2025-06-20"), 600.0)


def cue(index: int, said: str = "说话", marked: bool = False, speaker: str = "") -> CueLine:
    return CueLine(index, index * 2.0, index * 2.0 + 2, speaker, said, ((0, 2),) if marked else ())


def moment(cues: list[CueLine], *matches: Match, rank: int = 1) -> Moment:
    return Moment(rank, 1.0, TALK, 0.0, 9.0, matches or (Match(0.0, 1.0, "说话", "说话"),), tuple(cues))


def shown(cues: list[CueLine]) -> list[list[int]]:
    """The cues of each run that is shown, and the number left out after it, negative."""
    return [[*(one.index for one in run), -gap] for run, gap in text.folded(cues)]


@pytest.mark.parametrize(
    ("size", "marked", "runs"),
    [
        (8, [3], [[0, 1, 2, 3, 4, 5, 6, 7, 0]]),
        (20, [3], [[2, 3, 4, 0]]),
        (20, [0, 10], [[0, 1, -7], [9, 10, 11, 0]]),
        (20, [2, 6], [[1, 2, 3, 4, 5, 6, 7, 0]]),  # one between them: leaving it out saves nothing
        (20, [0, 5, 10, 15], [[0, -4], [5, -4], [10, -4], [15, 0]]),  # too many neighbours
        (40, list(range(0, 40, 4)), [[0, -3], [4, -3], [8, -3], [12, -3], [16, -3], [20, -3], [24, -3], [28, -11]]),
        (20, [], [[0, 1, 0]]),  # found by its chapter
    ],
)
def test_a_long_moment_is_folded_to_the_lines_around_its_matches(
    size: int, marked: list[int], runs: list[list[int]]
) -> None:
    assert shown([cue(at, marked=at in marked) for at in range(size)]) == runs


@given(size=st.integers(1, 60), marked=st.sets(st.integers(0, 59)))
def test_folding_keeps_the_order_and_never_shows_too_much(size: int, marked: set[int]) -> None:
    cues = [cue(at, marked=at in marked) for at in range(size)]
    runs = text.folded(cues)
    kept = [one.index for run, _ in runs for one in run]
    assert kept == sorted(set(kept))
    assert 0 < len(kept) <= 8
    assert (
        len([at for at in kept if at in marked]) == len([at for at in sorted(marked) if at < size][:8])
        or len(kept) == 8
    )


def test_context_that_was_asked_for_is_not_folded() -> None:
    long = moment([cue(at, marked=at == 3) for at in range(20)])
    folded = list(text.moments([long], Page()))
    assert [line.split()[0] for line in folded[2:]] == ["00:00:04", "00:00:06", "00:00:08"]
    assert len(list(text.moments([long], Page(whole=True)))) == 22


def test_a_paragraph_is_cut_to_what_is_around_its_matches() -> None:
    paragraph = "甲" * 300 + "电池" + "乙" * 300 + "电池" + "丙" * 10
    marks = ((300, 302), (602, 604))
    cut = text.shortened_cue(CueLine(0, 0.0, 9.0, "", paragraph, marks))
    assert cut.text == "…" + "甲" * 40 + "电池" + "乙" * 40 + "…" + "乙" * 40 + "电池" + "丙" * 10
    assert [cut.text[begin:end] for begin, end in cut.highlights] == ["电池", "电池"]
    assert text.shortened_cue(CueLine(0, 0.0, 9.0, "", paragraph, ())).text == "甲" * 80 + "…"


def test_a_speaker_is_named_where_another_has_spoken_before() -> None:
    cues = [cue(0, "你好", speaker="林晚"), cue(1, "再说", speaker="林晚"), cue(2, "是", speaker="老周"), cue(3, "嗯")]
    assert list(text.cue_lines(cues, Style())) == [
        "00:00:00  林晚: 你好",
        "00:00:02  再说",
        "00:00:04  老周: 是",
        "00:00:06  嗯",
    ]


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    said = "今天我们聊的是海底光缆 and the machines that lay them " * 4
    found = [moment([cue(at, said, at == 1, speaker="林晚") for at in range(3)], rank=rank) for rank in (1, 10)]
    lines = list(text.moments(found, Page(Style(width=width))))
    assert max(map(columns, lines)) <= width
    assert any(line.endswith("corpus/2025-06-20 海底的光") for line in lines) or width < 60


def test_a_wide_terminal_has_the_id_beside_the_title() -> None:
    (line, *_) = text.moments([moment([cue(0)])], Page(Style(width=120)))
    assert line == "  1  00:00:00  海底的光 互联网怎么连起来  回声机房  2025-06-20  corpus/2025-06-20 海底的光"


LONG = "A Speaker With Very Many Names Who Teaches At The University Of Somewhere Quite Far Away"


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("speaker", ["", "林晚", LONG, "光" * 70])
@pytest.mark.parametrize("said", ["喝茶", "光" * 33, "光" * 34, "the quick brown fox " * 6])
def test_a_speaker_and_a_label_fit_beside_the_text(width: int, speaker: str, said: str) -> None:
    cues = [cue(at, said, speaker=speaker)._replace(damped="loop") for at in range(7)]
    for color in (False, True):
        lines = [unstyled(line) for line in text.cue_lines(cues, Style(width=width, color=color), indent=5)]
        assert max(map(columns, lines)) <= width
        assert lines[-1].endswith("⟳ loop ×7")
        rest = [line[15:] for line in lines]
        assert all(line == line.lstrip() for line in rest)
        wanted = (f"{speaker}: " if speaker else "") + said + "⟳ loop ×7"
        assert "".join(rest).replace(" ", "") == wanted.replace(" ", "")


@pytest.mark.parametrize("width", range(31, 60))
def test_no_line_begins_with_the_space_it_is_broken_at(width: int) -> None:
    said = "the quick brown fox jumps over the lazy dog and runs"
    lines = [line[10:] for line in text.cue_lines([cue(0, said)], Style(width=width))]
    assert [line for line in lines if line.startswith(" ")] == []
    assert " ".join(map(str.strip, lines)) == said


def test_words_of_letters_are_not_broken_where_a_line_ends() -> None:
    lines = list(text.cue_lines([cue(0, "the machines that lay the cables")], Style(width=34)))
    assert [line[10:] for line in lines] == ["the machines that lay ", "the cables"]


@pytest.mark.parametrize(
    ("matches", "lacking", "heading"),
    [
        ([Match(0, 1, "雨树", "宇树", "homophone")], (), "possibly misheard"),
        ([Match(0, 1, "雨树", "宇树", "homophone"), Match(0, 1, "创始人", "创始人")], (), ""),
        ([Match(0, 1, "DeepSeek", "Deep Seek", "spelling")], (), ""),
        ([Match(0, 1, "Quin", "Qwen", "spelling")], (), "possibly misheard"),
        ([Match(0, 1, "2024", "二零二四", "number")], (), ""),
        ([Match(0, 1, "宇宙", "宇宙")], ("元宇宙",), "only part of 元宇宙"),
        ([Match(0, 1, "宇宙", "宇宙")], (), ""),
        ([Match(0, 1, "柯文", "柯文"), Match(0, 1, "柯文哲", "柯文喆", "homophone")], ("柯文喆",), "possibly misheard"),
        ([Match(0, 1, "宇宙", "宇宙"), Match(0, 1, "员", "元", "homophone")], ("元宇宙", "元"), "only part of 元宇宙"),
        ([Match(0, 1, "柯文", "柯文"), Match(0, 1, "演讲", "演讲")], ("柯文喆",), ""),
    ],
)
def test_guesses_have_a_heading_of_their_own(matches: list[Match], lacking: tuple[str, ...], heading: str) -> None:
    assert text.heading_of(moment([cue(0)], *matches), lacking) == heading


@pytest.mark.parametrize(
    ("said", "heading"),
    [("低温时高商Token 很少", "possibly misheard"), ("Token和高商", "only part of 高熵token")],
)
def test_a_word_whose_parts_follow_one_another_is_there_whole(said: str, heading: str) -> None:
    parts = Match(0, 1, "高商", "高熵", "homophone"), Match(0, 1, "Token", "token")
    assert text.heading_of(moment([cue(0, said)], *parts), ("高熵token", "高熵")) == heading


def test_where_all_are_guesses_pinyin_is_no_exception() -> None:
    read = moment([cue(0)], Match(0, 1, "难哦", "Nano", "pinyin"))
    assert next(text.moments([read], Page(guessed=True))) == "possibly misheard:"
    assert next(text.moments([read], Page())).startswith("  1")


def test_a_heading_is_printed_where_the_guesses_begin() -> None:
    said, guess = Match(0, 1, "未来", "未来"), Match(0, 1, "未来", "蔚来", "homophone")
    found = [moment([cue(0)], match, rank=rank) for rank, match in enumerate((said, guess, guess, said), 1)]
    lines = [line for line in text.moments(found, Page()) if line.endswith(":") or line.startswith("  ")]
    assert [line if line.endswith(":") else line.split()[0] for line in lines if not line.startswith("     ")] == [
        *("1", "possibly misheard:", "2", "3", "as typed:", "4")
    ]


def test_another_transcript_of_the_recording_is_one_line() -> None:
    first = moment([cue(0)])
    twin = first._replace(rank=2, start=1.0, episode=first.episode._replace(id="raw/light"))
    assert list(text.moments([first], Page(twins={1: [twin]})))[2] == "  2  = 00:00:01  raw/light"


@given(said=st.text("海底的光 light", max_size=30), width=st.integers(2, 30))
def test_a_text_is_cut_at_either_end_to_a_width(said: str, width: int) -> None:
    for cut in (beginning(said, width), ending(said, width)):
        assert columns(cut) <= width
        assert cut == said or "…" in cut
