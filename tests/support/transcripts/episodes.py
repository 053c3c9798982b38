"""Random small transcripts for the property tests: few different pieces, so that runs repeat and cross cues."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from support.library import Line

PIECES = (
    *"网络学习强化风水开了哈哈的的",
    *("網絡", "學習", "收音機", "ひらがな", "カタカナ", "ｶﾞ", "強化学习", "今天聊"),
    *("GPU", "gpu", "Ｌ４０Ｓ", "DeepSeek-R1", "C++", "é", "e\u0301", "ﬁ", "5㎏", "Ⅷ"),
    *("7", "1.5", "1.5B", "２０２５", "80/20", "3.", "①"),
    *(" ", "  ", "，", "。", "？", "：", "—", "-", "(", ")", "...", "·", "\u200b", "《", "*", "~", "="),
)
"""Without double quotes, which end a phrase, and without characters that are several atoms in one."""

texts = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
_LENGTHS = st.sampled_from((0.8, 2.0, 3.25, 4.0, 7.5))
"""Made once, as the others: to make a strategy takes longer than to draw from it, and leaves garbage in cycles."""


def _line(start: float, gap: float, length: float, text: str) -> Line:
    return (round(start + gap, 3), round(start + gap + length, 3), text)


@cache
def _gaps(pause: float) -> st.SearchStrategy[float]:
    return st.sampled_from((0.0, 0.0, 0.0, -0.001, 0.4, 1.2, pause))


@cache
def _several(most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(texts, min_size=1, max_size=most)


@st.composite
def episodes(draw: st.DrawFn, most: int = 12, pause: float = 30.0) -> list[Line]:
    """The lines of one episode, in order of time; some overlap, some come after a silence of up to `pause` s."""
    lines: list[Line] = []
    now = 0.0
    gaps = _gaps(pause)
    for text in draw(_several(most)):
        gap, length = draw(gaps), draw(_LENGTHS)
        lines.append(_line(max(now + gap, 0.0), 0.0, length, text))
        now = lines[-1][1]
    return lines


def shows(most_episodes: int = 3, most: int = 12, pause: float = 30.0) -> st.SearchStrategy[dict[str, list[Line]]]:
    """Several episodes by name."""
    names = st.sampled_from("abcdef"[:most_episodes])
    return st.dictionaries(names, episodes(most, pause), min_size=1, max_size=most_episodes)
